using System;
using System.Collections.Generic;
using System.Linq;

class Trie
{
    private readonly SortedDictionary<char, Trie> children = new SortedDictionary<char, Trie>();
    private int ending;

    public int Passing { get; private set; }

    public void Add(string word, int copies)
    {
        Passing += copies;
        if (word == "")
        {
            ending += copies;
            return;
        }
        if (!children.ContainsKey(word[0])) children[word[0]] = new Trie();
        children[word[0]].Add(word.Substring(1), copies);
    }

    public Trie Find(string prefix)
    {
        Trie node = this;
        foreach (char letter in prefix)
            if (!node.children.TryGetValue(letter, out node)) return new Trie();
        return node;
    }

    public IEnumerable<string> Words(string prefix) =>
        Enumerable.Repeat(prefix, ending)
            .Concat(children.SelectMany(pair => pair.Value.Words(prefix + pair.Key)));
}

static class Program
{
    static void Main()
    {
        var root = new Trie();
        foreach (string word in new[] { "ten", "tea", "in", "tent", "inn", "ten", "to" }) root.Add(word, 1);
        foreach (string removed in new[] { "ten", "in", "inn", "ten" })
        {
            root.Add(removed, -1);
            foreach (string prefix in new[] { "", "te", "in" })
            {
                Trie node = root.Find(prefix);
                var line = node.Words(prefix).Prepend($"{prefix}* {node.Passing}");
                Console.WriteLine(string.Join(" ", line));
            }
        }
    }
}
