using System;
using System.Linq;

class Polygon
{
    readonly int[] xs, ys;

    public Polygon(int[] xs, int[] ys)
    {
        this.xs = xs;
        this.ys = ys;
    }

    public char Locate(int x, int y)
    {
        bool inside = false;
        for (int i = 0, last = xs.Length - 1; i < xs.Length; last = i++)
        {
            int x1 = xs[last], y1 = ys[last], x2 = xs[i], y2 = ys[i];
            int side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
            if (side == 0 && (x - x1) * (x - x2) <= 0 && (y - y1) * (y - y2) <= 0)
                return '+';
            if (y1 > y != y2 > y)
                inside ^= side > 0 == y2 > y1;
        }
        return inside ? '#' : '.';
    }
}

static class Program
{
    static void Main()
    {
        var crown = new Polygon(new[] { 0, 9, 9, 6, 4, 2, 0 }, new[] { 0, 0, 5, 2, 6, 2, 5 });
        var columns = Enumerable.Range(-1, 12);
        var rows = Enumerable.Range(-1, 8).Reverse()
            .Select(y => string.Concat(columns.Select(x => crown.Locate(x, y))))
            .ToList();
        rows.ForEach(Console.WriteLine);
        Console.WriteLine($"inside: {string.Concat(rows).Count(mark => mark == '#')}");
    }
}
