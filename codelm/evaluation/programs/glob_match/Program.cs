using System;
using System.Linq;

static class Program
{
    static bool Matches(string pattern, string text, int p = 0, int t = 0)
    {
        if (p == pattern.Length) return t == text.Length;
        char head = pattern[p];
        if (head == '*')
        {
            return Matches(pattern, text, p + 1, t) || t < text.Length && Matches(pattern, text, p, t + 1);
        }
        if (t == text.Length) return false;
        bool accepted = head == '?' || head == text[t];
        int close = pattern.IndexOf(']', p);
        if (head == '[' && close > 0)
        {
            bool negated = pattern[p + 1] == '!';
            int start = negated ? p + 2 : p + 1;
            accepted = (pattern.IndexOf(text[t], start, close - start) >= 0) != negated;
            p = close;
        }
        return accepted && Matches(pattern, text, p + 1, t + 1);
    }

    static void Main()
    {
        string[] names = { "notes.txt", "n1.txt", "data-07", "[ab" };
        string[] patterns = { "*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?" };
        foreach (string pattern in patterns)
        {
            var found = names.Where(name => Matches(pattern, name)).DefaultIfEmpty("nothing");
            Console.WriteLine($"{pattern,-8} matches {string.Join(", ", found)}");
        }
    }
}
