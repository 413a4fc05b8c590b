using System;
using System.Linq;

class Parts
{
    readonly int[] parent;

    public Parts(int size)
    {
        parent = Enumerable.Range(0, size).ToArray();
    }

    public bool Join(int one, int other)
    {
        int from = Root(one), to = Root(other);
        parent[from] = to;
        return from != to;
    }

    int Root(int house)
    {
        while (parent[house] != house)
            house = parent[house] = parent[parent[house]];
        return house;
    }
}

static class Program
{
    static void Report(int size, params (int Cost, int One, int Other)[] cables)
    {
        var parts = new Parts(size);
        var chosen = cables.OrderBy(cable => cable.Cost).Where(cable => parts.Join(cable.One, cable.Other)).ToList();
        foreach (var cable in chosen)
            Console.WriteLine($"{cable.One}-{cable.Other} for {cable.Cost}");
        Console.WriteLine($"total {chosen.Sum(cable => cable.Cost)}, parts {size - chosen.Count}");
    }

    static void Main()
    {
        Report(5, (7, 0, 1), (3, 0, 2), (1, 1, 2), (5, 2, 3), (2, 3, 4));
        Report(5, (9, 1, 2), (9, 0, 2), (9, 0, 1), (0, 3, 4));
    }
}
