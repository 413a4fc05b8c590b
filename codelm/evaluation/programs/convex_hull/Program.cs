using System;
using System.Collections.Generic;
using System.Linq;

struct Point
{
    public Point(int x, int y)
    {
        X = x;
        Y = y;
    }

    public int X { get; }
    public int Y { get; }

    public int Cross(Point a, Point b) => (a.X - X) * (b.Y - Y) - (a.Y - Y) * (b.X - X);

    public override string ToString() => $"({X},{Y})";
}

static class Program
{
    static List<Point> HalfHull(IEnumerable<Point> points)
    {
        var chain = new List<Point>();
        foreach (var point in points)
        {
            int last = chain.Count - 1;
            while (last > 0 && chain[last - 1].Cross(chain[last], point) <= 0)
                chain.RemoveAt(last--);
            chain.Add(point);
        }
        return chain;
    }

    static void Report(int size)
    {
        var points = Enumerable.Range(0, size)
            .Select(i => new Point(i * i % 11 - 5, i * 3 % 7))
            .Distinct().OrderBy(p => p.X).ThenBy(p => p.Y).ToList();
        var upper = HalfHull(Enumerable.Reverse(points));
        var ring = HalfHull(points).Concat(upper.Skip(1)).ToList();
        int area = ring.Zip(ring.Skip(1), default(Point).Cross).Sum();
        Console.WriteLine($"{points.Count} points, doubled area {area}: {string.Join(" ", ring)}");
    }

    static void Main()
    {
        foreach (int size in new[] { 1, 2, 3, 9, 40 })
            Report(size);
    }
}
