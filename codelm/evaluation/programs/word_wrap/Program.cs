using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    const string Text = @"
The quick brown fox jumps over   the lazy dog while an
extraordinarily-minded cat looks on
from the wall.
";

    static IEnumerable<List<string>> Fill(IEnumerable<string> words, int width)
    {
        var line = new List<string>();
        foreach (string word in words)
        {
            if (line.Any() && line.Sum(other => other.Length + 1) + word.Length > width)
            {
                yield return line;
                line = new List<string>();
            }
            line.Add(word);
        }
        yield return line;
    }

    static string Justify(List<string> words, int width)
    {
        int spare = width - words.Sum(word => word.Length);
        string line = words[0];
        for (int gaps = words.Count - 1; gaps > 0; gaps--)
        {
            // Rounded up: the gaps on the left take the spaces that are left over.
            int spaces = (spare + gaps - 1) / gaps;
            line += new string(' ', spaces) + words[words.Count - gaps];
            spare -= spaces;
        }
        return line;
    }

    static void Main()
    {
        string[] words = Text.Split(new char[0], StringSplitOptions.RemoveEmptyEntries);
        words[0] = "   " + words[0];
        foreach (int width in new[] { 18, 30, 90 })
        {
            var lines = Fill(words, width).ToList();
            foreach (var line in lines.Take(lines.Count - 1))
            {
                Console.WriteLine(Justify(line, width));
            }
            Console.WriteLine(string.Join(" ", lines.Last()));
        }
    }
}
