using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

class NaturalComparer : IComparer<string>
{
    public int Compare(string x, string y)
    {
        string[] left = Chunks(x), right = Chunks(y);
        int order = left.Zip(right, CompareChunks).FirstOrDefault(o => o != 0);
        return order != 0 ? order : left.Length.CompareTo(right.Length);
    }

    static string[] Chunks(string name) =>
        Regex.Matches(name.ToLowerInvariant(), "[0-9]+|[^0-9]+").Cast<Match>().Select(m => m.Value).ToArray();

    // A decimal holds 28 digits, a long only 18.
    static int CompareChunks(string a, string b) =>
        char.IsDigit(a[0]) && char.IsDigit(b[0])
            ? decimal.Parse(a).CompareTo(decimal.Parse(b))
            : string.CompareOrdinal(a, b);
}

static class Program
{
    static void Main()
    {
        var files = "img12 img2 IMG10 img002 21 3d v1.10 v1.9.2 v1.9 V1.9.10 x5y3 x5y a0 A7b a9 a20000000000000000000";
        int place = 0;
        foreach (var name in files.Split(' ').OrderBy(name => name, new NaturalComparer()))
            Console.WriteLine($"{++place,2}. {name}");
    }
}
