using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static IEnumerable<(int Value, char Name)> Merge(Dictionary<char, int[]> runs)
    {
        // One entry for each run at a time, so that no two are equal.
        var queue = new SortedSet<(int Value, char Name, int Place)>();
        foreach (var run in runs.Where(run => run.Value.Length > 0))
            queue.Add((run.Value[0], run.Key, 0));
        while (queue.Count > 0)
        {
            var least = queue.Min;
            queue.Remove(least);
            yield return (least.Value, least.Name);
            var values = runs[least.Name];
            int next = least.Place + 1;
            if (next < values.Length) queue.Add((values[next], least.Name, next));
        }
    }

    static void Main()
    {
        var runs = new Dictionary<char, int[]>
        {
            ['A'] = new[] { 1, 4, 4, 9, 12 },
            ['B'] = new int[0],
            ['C'] = new[] { -3, 4, 9, 12 },
            ['D'] = new[] { -3, 0, 1, 12, 12, 40 }
        };
        foreach (var entry in Merge(runs))
            Console.WriteLine($"{entry.Value,3} {entry.Name}");
    }
}
