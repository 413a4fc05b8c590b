using System;
using System.Collections.Generic;
using System.Linq;

// Tarjan's search.
class ComponentSearch
{
    readonly SortedDictionary<char, string> links;
    readonly Dictionary<char, int> low = new Dictionary<char, int>();
    readonly List<char> stack = new List<char>();

    public List<string> Components { get; } = new List<string>();

    public ComponentSearch(SortedDictionary<char, string> links)
    {
        this.links = links;
        foreach (char page in links.Keys)
            Visit(page);
    }

    int Visit(char page)
    {
        if (low.TryGetValue(page, out int known)) return known;
        int number = low.Count, depth = stack.Count;
        low[page] = number;
        stack.Add(page);
        low[page] = links[page].Select(Visit).Append(number).Min();
        if (low[page] == number)
        {
            Components.Add(string.Concat(stack.Skip(depth)));
            stack.Skip(depth).ToList().ForEach(member => low[member] = int.MaxValue);
            stack.RemoveRange(depth, stack.Count - depth);
        }
        return low[page];
    }
}

static class Program
{
    static void Main()
    {
        var links = new SortedDictionary<char, string>
        {
            ['a'] = "e", ['b'] = "ig", ['c'] = "h", ['d'] = "", ['e'] = "gc",
            ['f'] = "cd", ['g'] = "a", ['h'] = "f", ['i'] = "bd", ['j'] = "j"
        };
        var ordered = new ComponentSearch(links).Components.AsEnumerable().Reverse();
        foreach (var line in ordered.Select((component, i) => $"{i + 1}. {component}"))
            Console.WriteLine(line);
    }
}
