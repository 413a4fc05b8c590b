using System;
using System.Collections.Generic;

static class Program
{
    static readonly Dictionary<char, (char Town, int Length)[]> Roads = new Dictionary<char, (char, int)[]>
    {
        ['A'] = new[] { ('B', 4), ('C', 1) },
        ['B'] = new[] { ('D', 5), ('E', 10) },
        ['C'] = new[] { ('B', 2), ('D', 9) },
        ['D'] = new[] { ('A', 1), ('E', 3) },
        ['E'] = new[] { ('G', 0) },
        ['F'] = new[] { ('A', 1) },
        ['G'] = new[] { ('C', 6) }
    };

    static Dictionary<char, (int Length, string Path)> ShortestRoutes(char start)
    {
        var best = new Dictionary<char, (int, string)>();
        var queue = new SortedSet<(int Length, string Path)> { (0, start.ToString()) };
        while (queue.Count > 0)
        {
            var route = queue.Min;
            queue.Remove(route);
            char town = route.Path[route.Path.Length - 1];
            if (best.ContainsKey(town)) continue;
            best[town] = route;
            foreach (var road in Roads[town])
                queue.Add((route.Length + road.Length, route.Path + road.Town));
        }
        return best;
    }

    static void Main()
    {
        var routes = ShortestRoutes('A');
        foreach (char town in "ABCDEFG")
        {
            bool reached = routes.TryGetValue(town, out var route);
            Console.WriteLine($"{town} " + (reached ? $"{route.Length,2} {route.Path}" : " - no road"));
        }
    }
}
