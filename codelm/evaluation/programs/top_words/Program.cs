using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

static class Program
{
    const string Text = @"
        The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
        A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.";

    static Dictionary<string, int> CountWords(string text) =>
        Regex.Matches(text.ToLowerInvariant(), "[a-z]+(?:'[a-z]+)*")
            .Cast<Match>()
            .GroupBy(match => match.Value)
            .ToDictionary(group => group.Key, group => group.Count());

    static List<KeyValuePair<string, int>> Top(Dictionary<string, int> counts, int size) =>
        counts
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(size)
            .ToList();

    static void Main()
    {
        var counts = CountWords(Text);
        var best = Top(counts, 8);
        int width = best.Max(pair => pair.Key.Length);
        foreach (var pair in best)
        {
            var bar = new string('#', pair.Value);
            Console.WriteLine($"{pair.Key.PadLeft(width)} | {pair.Value,2} {bar}");
        }
        Console.WriteLine($"{counts.Values.Sum()} words, {counts.Count} distinct");
    }
}
