using System;
using System.Collections.Generic;
using System.Linq;

class Item
{
    public string Name { get; set; }
    public int Count { get; set; }
    public int Price { get; set; }
}

static class Program
{
    static List<string> Table(params Item[] stock)
    {
        var total = new Item
        {
            Name = "total",
            Count = stock.Sum(item => item.Count),
            Price = stock.Sum(item => item.Price),
        };
        var rows = new List<string[]> { new[] { "item", "count", "price" } };
        rows.AddRange(stock.Append(total).Select(item => new[] { item.Name, $"{item.Count}", $"{item.Price}" }));

        int[] widths = Enumerable.Range(0, 3).Select(i => rows.Max(row => row[i].Length)).ToArray();
        string format = $"{{0,{-widths[0]}}}  {{1,{widths[1]}}}  {{2,{widths[2]}}}";
        var lines = rows.Select(row => string.Format(format, row)).ToList();
        string rule = new string('-', lines[0].Length);
        lines.Insert(lines.Count - 1, rule);
        lines.Insert(1, rule);
        return lines;
    }

    static void Main()
    {
        var table = Table(
            new Item { Name = "hook", Count = 250, Price = 2000 },
            new Item { Name = "a long rope", Count = 12, Price = 23940 },
            new Item { Name = "returned", Count = -3, Price = -5 });
        foreach (string line in table.Concat(Table()))
        {
            Console.WriteLine(line);
        }
    }
}
