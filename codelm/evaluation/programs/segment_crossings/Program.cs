using System;

class Segment
{
    readonly (int X, int Y) low, high;

    public Segment((int, int) low, (int, int) high)
    {
        this.low = low;
        this.high = high;
    }

    int Side((int X, int Y) p) =>
        (high.X - low.X) * (p.Y - low.Y) - (high.Y - low.Y) * (p.X - low.X);

    public string RelationTo(Segment other)
    {
        int a = Side(other.low), b = Side(other.high);
        if (a == 0 && b == 0)
        {
            var first = low.CompareTo(other.low) < 0 ? other.low : low;
            var last = high.CompareTo(other.high) < 0 ? high : other.high;
            return Describe(first.CompareTo(last), "overlaps");
        }
        return Describe(Math.Max(a * b, other.Side(low) * other.Side(high)), "crosses");
    }

    static string Describe(int gap, string close) => gap < 0 ? close : gap == 0 ? "touches" : "misses";
}

static class Program
{
    static void Main()
    {
        Segment[] segments =
        {
            new Segment((0, 0), (6, 6)), new Segment((0, 6), (6, 0)),
            new Segment((3, 3), (9, 9)), new Segment((9, 9), (10, 10)),
        };
        for (int i = 0; i < segments.Length; i++)
            for (int j = i + 1; j < segments.Length; j++)
                Console.WriteLine($"{i} {segments[i].RelationTo(segments[j])} {j}");
    }
}
