using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    // A cell's two digits are its row and its column.
    static readonly int[] Around = { -11, -10, -9, -1, 0, 1, 9, 10, 11 };

    static HashSet<int> Step(HashSet<int> live)
    {
        var crowds = live.SelectMany(cell => Around, (cell, shift) => cell + shift).GroupBy(cell => cell);
        return new HashSet<int>(
            from crowd in crowds
            let count = crowd.Count()
            where count == 3 || count == 4 && live.Contains(crowd.Key)
            select crowd.Key);
    }

    static string Draw(HashSet<int> live)
    {
        int first = live.Min();
        var rows = from row in Enumerable.Range(0, 4)
                   let cells = Enumerable.Range(first + 10 * row - 2, 5)
                   select string.Concat(cells.Select(cell => live.Contains(cell) ? '#' : '.'));
        return string.Join(" ", rows);
    }

    static void Report(params int[] seed)
    {
        var start = new HashSet<int>(seed);
        var live = start;
        for (int period = 1; period < 9; period++)
        {
            Console.WriteLine(Draw(live));
            live = Step(live);
            if (Draw(live) == Draw(start))
            {
                Console.WriteLine($"period {period}");
                return;
            }
        }
    }

    static void Main()
    {
        Report(22, 23, 32, 33);
        Report(22, 23, 24);
        Report(22, 33, 41, 42, 43);
    }
}
