using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    const string Before = "boil|add salt|add rice|wait|eat";
    const string After = "add salt|boil|add rice|stir|eat|rest";

    static int[,] CommonLengths(string[] before, string[] after)
    {
        var lengths = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = before[i] == after[j]
                    ? lengths[i + 1, j + 1] + 1
                    : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }
        return lengths;
    }

    static IEnumerable<string> Diff(string[] before, string[] after)
    {
        var common = CommonLengths(before, after);
        int i = 0, j = 0;
        while (i < before.Length && j < after.Length)
        {
            if (before[i] == after[j])
            {
                yield return $"  {before[i++]}";
                j++;
            }
            else if (common[i + 1, j] >= common[i, j + 1]) yield return $"- {before[i++]}";
            else yield return $"+ {after[j++]}";
        }
        foreach (string line in before.Skip(i)) yield return $"- {line}";
        foreach (string line in after.Skip(j)) yield return $"+ {line}";
    }

    static void Main()
    {
        string[] before = Before.Split('|'), after = After.Split('|');
        foreach (string edit in Diff(before, after)) Console.WriteLine(edit);
        Console.WriteLine();
        foreach (string edit in Diff(after, before)) Console.WriteLine(edit);
        Console.WriteLine();
        foreach (string edit in Diff(new string[0], new[] { "boil" })) Console.WriteLine(edit);
    }
}
