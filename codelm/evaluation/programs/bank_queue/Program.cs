using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static void Simulate(int clerks)
    {
        var arrivals = Enumerable.Range(0, 9).Select(i => i * 3 / 2).ToArray();
        // Customer i arrives as i and leaves as ~i, which sorts first within a minute.
        var events = new SortedSet<(int Time, int Id)>(arrivals.Select((time, i) => (time, i)));
        var line = new Queue<int>();
        var waits = new List<int>();
        int longest = 0, now = 0;
        while (events.Count > 0)
        {
            var next = events.Min;
            events.Remove(next);
            now = next.Time;
            if (next.Id < 0)
                clerks++;
            else
                line.Enqueue(next.Id);

            if (clerks > 0 && line.Count > 0)
            {
                clerks--;
                int served = line.Dequeue();
                waits.Add(now - arrivals[served]);
                events.Add((now + 1 + served * 5 % 7, ~served));
            }
            longest = Math.Max(longest, line.Count);
        }
        Console.WriteLine("waits " + string.Join(" ", waits));
        Console.WriteLine($"longest line {longest}, closed at {now}");
    }

    static void Main()
    {
        for (int clerks = 1; clerks < 5; clerks++)
            Simulate(clerks);
    }
}
