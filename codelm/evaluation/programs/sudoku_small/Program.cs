using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    const int Side = 4;

    static bool Clash(int a, int b)
    {
        int r = a / Side, c = a % Side, s = b / Side, d = b % Side;
        return r == s || c == d || (r / 2 == s / 2 && c / 2 == d / 2);
    }

    static IEnumerable<string> Solve(string cells)
    {
        int hole = cells.IndexOf('.');
        if (hole < 0)
        {
            return new[] { cells };
        }
        var taken = cells.Where((_, place) => Clash(place, hole));
        return "1234".Except(taken)
            .SelectMany(digit => Solve(cells.Substring(0, hole) + digit + cells.Substring(hole + 1)));
    }

    static void Main()
    {
        string[] puzzles = { "1....2....3....4", "123....4........", "..1.4......2.3..", new string('.', 16) };
        foreach (string cells in puzzles)
        {
            var solutions = Solve(cells).ToList();
            Console.WriteLine($"{cells} has {solutions.Count} solutions");
            foreach (string first in solutions.Take(1))
            {
                for (int start = 0; start < first.Length; start += Side)
                {
                    Console.WriteLine(first.Substring(start, Side));
                }
            }
        }
    }
}
