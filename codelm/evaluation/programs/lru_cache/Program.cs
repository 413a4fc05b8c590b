using System;
using System.Collections.Generic;
using System.Linq;

class Entry
{
    public char Page;
    public int Time;

    public override string ToString() => $" {Page}{Time}";
}

class LruCache
{
    private readonly int capacity;
    private readonly LinkedList<Entry> order = new LinkedList<Entry>();
    private readonly Dictionary<char, LinkedListNode<Entry>> nodes = new Dictionary<char, LinkedListNode<Entry>>();

    public LruCache(int capacity)
    {
        this.capacity = capacity;
    }

    public string Evicted { get; private set; } = "";

    public string Kept => string.Concat(order);

    public int? Get(char page)
    {
        if (!nodes.TryGetValue(page, out var node)) return null;
        order.Remove(node);
        order.AddLast(node);
        return node.Value.Time;
    }

    public void Put(char page, int time)
    {
        if (nodes.TryGetValue(page, out var old)) order.Remove(old);
        nodes[page] = order.AddLast(new Entry { Page = page, Time = time });
        if (order.Count <= capacity) return;
        char oldest = order.First.Value.Page;
        order.RemoveFirst();
        nodes.Remove(oldest);
        Evicted += oldest;
    }
}

static class Program
{
    static void Main()
    {
        for (int capacity = 0; capacity < 5; capacity++)
        {
            var cache = new LruCache(capacity);
            int hits = 0, time = 0;
            foreach (char page in "abacbdacaab")
            {
                if (cache.Get(page) == null) cache.Put(page, time);
                else hits++;
                time++;
            }
            cache.Put('a', 99);
            Console.WriteLine($"{capacity}: {hits} hits, evicted [{cache.Evicted}], kept{cache.Kept}");
        }
    }
}
