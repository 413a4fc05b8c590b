using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    // The odd cycle among the players within reach, or null if all can be placed.
    static IEnumerable<int> Place(int[][] rivals, bool?[] isHome, int player, bool home, IEnumerable<int> before)
    {
        var path = before.Append(player);
        isHome[player] = home;
        foreach (int rival in rivals[player])
        {
            if (isHome[rival] == home) return path.SkipWhile(step => step != rival);
            var cycle = isHome[rival] == null ? Place(rivals, isHome, rival, !home, path) : null;
            if (cycle != null) return cycle;
        }
        return null;
    }

    static string Split(params int[][] rivals)
    {
        var isHome = new bool?[rivals.Length];
        var players = Enumerable.Range(0, rivals.Length);
        foreach (int player in players.Where(player => isHome[player] == null))
        {
            var cycle = Place(rivals, isHome, player, true, Enumerable.Empty<int>());
            if (cycle != null) return "odd cycle " + Format(cycle);
        }
        var teams = players.ToLookup(player => isHome[player] == true);
        return Format(teams[true]) + " against " + Format(teams[false]);
    }

    static string Format(IEnumerable<int> players) => $"[{string.Join(", ", players)}]";

    static void Main()
    {
        Console.WriteLine(Split(
            new[] { 1, 3 }, new[] { 0, 2 }, new[] { 1, 3 }, new[] { 0, 2 }, new[] { 5 }, new[] { 4 }));
        Console.WriteLine(Split(new[] { 1 }, new[] { 0, 2 }, new[] { 1, 3, 4 }, new[] { 2, 4 }, new[] { 2, 3 }));
        Console.WriteLine(Split(new int[0], new[] { 1 }));
    }
}
