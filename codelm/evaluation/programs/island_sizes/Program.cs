using System;
using System.Collections.Generic;
using System.Linq;

/// <summary>Cells are known by two digits, row and column.</summary>
class Islands
{
    private readonly Dictionary<int, int> parent = new Dictionary<int, int>();
    private readonly Dictionary<int, int> sizes = new Dictionary<int, int>();

    public IEnumerable<int> Sizes => sizes.Values.OrderBy(size => size);

    public void Add(int cell)
    {
        if (parent.ContainsKey(cell)) return;
        parent[cell] = cell;
        sizes[cell] = 1;
        foreach (int neighbour in new[] { cell - 10, cell - 1, cell + 1, cell + 10 }.Where(parent.ContainsKey))
        {
            int root = Find(neighbour);
            if (root == cell) continue;
            parent[root] = cell;
            sizes[cell] += sizes[root];
            sizes.Remove(root);
        }
    }

    private int Find(int cell) => parent[cell] == cell ? cell : parent[cell] = Find(parent[cell]);
}

static class Program
{
    static void Main()
    {
        var islands = new Islands();
        foreach (int cell in new[] { 11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44 })
        {
            islands.Add(cell);
            Console.WriteLine($"{cell}: {string.Join(" ", islands.Sizes)}");
        }
    }
}
