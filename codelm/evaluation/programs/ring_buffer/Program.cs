using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

class RingBuffer : IEnumerable<char>
{
    private readonly char[] slots;

    public RingBuffer(int capacity)
    {
        slots = Enumerable.Repeat('.', capacity).ToArray();
    }

    public int Written { get; private set; }

    public int Count => Math.Min(Written, slots.Length);

    public string Slots => new string(slots);

    public void Push(char entry) => slots[Written++ % slots.Length] = entry;

    public IEnumerator<char> GetEnumerator()
    {
        for (int i = Written - Count; i < Written; i++) yield return slots[i % slots.Length];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

static class Program
{
    static void Fill(int capacity, string entries)
    {
        var log = new RingBuffer(capacity);
        foreach (char entry in entries)
        {
            log.Push(entry);
            string kept = string.Concat(log);
            Console.WriteLine($"{log.Written} written, {log.Count} kept: {log.Slots} -> {kept}");
        }
    }

    static void Main()
    {
        Fill(1, "xy");
        Fill(3, "abcdefg");
        Fill(4, "pqr");
    }
}
