using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    static SortedDictionary<string, List<string>> Parse(string query)
    {
        var values = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (string part in query.Split('&'))
        {
            if (part == "") continue;
            string[] pair = part.Split(new[] { '=' }, 2);
            string key = Decode(pair[0]);
            if (!values.ContainsKey(key)) values[key] = new List<string>();
            values[key].Add(pair.Length == 2 ? Decode(pair[1]) : "");
        }
        return values;
    }

    static string Build(IEnumerable<KeyValuePair<string, List<string>>> values)
    {
        var pairs =
            from entry in values
            from value in entry.Value
            select Uri.EscapeDataString(entry.Key) + "=" + Uri.EscapeDataString(value);
        return string.Join("&", pairs);
    }

    static void Main()
    {
        string[] queries =
        {
            "q=fish+%26+chips",
            "tag=red&id=7&tag=a%2db%7E",
            "name=caf%c3%a9&flag&&=x",
            "sum=1%2b1=2&%25",
        };
        foreach (string query in queries) Console.WriteLine(Build(Parse(query)));
    }
}
