using System;
using System.Collections.Generic;
using System.Linq;

class Span
{
    public int Start { get; }
    public int End { get; private set; }

    public Span(int start, int end)
    {
        Start = start;
        End = end;
    }

    public static List<Span> Merge(IEnumerable<Span> spans)
    {
        var merged = new List<Span>();
        foreach (var span in spans.OrderBy(s => s.Start))
        {
            var last = merged.LastOrDefault();
            if (last != null && span.Start <= last.End)
                last.End = Math.Max(last.End, span.End);
            else
                merged.Add(new Span(span.Start, span.End));
        }
        return merged;
    }

    public override string ToString() => $" {Start}-{End}";
}

static class Program
{
    static void Report(params Span[] spans)
    {
        var closed = new[] { new Span(0, 8), new Span(18, 24) };
        var taken = Span.Merge(closed.Concat(spans));
        var free = taken.Zip(taken.Skip(1), (before, after) => new Span(before.End, after.Start)).ToList();
        Console.WriteLine("busy:" + string.Concat(Span.Merge(spans)));
        Console.WriteLine($"free {free.Sum(gap => gap.End - gap.Start)}h:" + string.Concat(free));
    }

    static void Main()
    {
        Report(new Span(10, 12), new Span(9, 11), new Span(12, 13), new Span(16, 19), new Span(5, 7));
        Report();
        Report(new Span(11, 18), new Span(8, 12), new Span(9, 10));
    }
}
