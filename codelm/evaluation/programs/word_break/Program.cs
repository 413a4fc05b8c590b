using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static readonly string[] Words =
        { "sandy", "cats", "dogs", "sand", "aaa", "and", "cat", "dog", "aa", "do", "a" };

    static (long Ways, string[] Best) Split(string text)
    {
        var ways = new long[text.Length + 1];
        var best = new string[text.Length + 1][];
        ways[text.Length] = 1;
        best[text.Length] = new string[0];
        for (int start = text.Length - 1; start >= 0; start--)
        {
            var splits = new List<string[]>();
            foreach (string word in Words)
            {
                if (string.CompareOrdinal(text, start, word, 0, word.Length) != 0) continue;
                int next = start + word.Length;
                ways[start] += ways[next];
                if (ways[next] > 0) splits.Add(best[next].Prepend(word).ToArray());
            }
            best[start] = splits.OrderBy(split => split.Length).FirstOrDefault();
        }
        return (ways[0], best[0]);
    }

    static void Main()
    {
        string many = new string('a', 40);
        foreach (string text in new[] { "catsanddogs", "catsandog", "dogsandcats", "sandydogsandaacat", "", many })
        {
            var splits = Split(text);
            string best = string.Join(" ", splits.Best ?? new[] { "none" });
            Console.WriteLine($"{text}: {splits.Ways} ways, best '{best}'");
        }
    }
}
