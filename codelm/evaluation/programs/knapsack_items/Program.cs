using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static readonly (string Name, int Weight, int Value)[] Items =
    {
        ("tent", 9, 15), ("pan", 4, 7), ("rope", 5, 8), ("map", 0, 3), ("lamp", 2, 2),
    };

    static int[,] BestValues(int limit)
    {
        var table = new int[Items.Length + 1, limit + 1];
        for (int n = 1; n <= Items.Length; n++)
        {
            var item = Items[n - 1];
            for (int room = 0; room <= limit; room++)
            {
                int with = room < item.Weight ? 0 : table[n - 1, room - item.Weight] + item.Value;
                table[n, room] = Math.Max(table[n - 1, room], with);
            }
        }
        return table;
    }

    static IEnumerable<int> Choose(int[,] table, int room)
    {
        for (int n = Items.Length; n > 0; n--)
        {
            if (table[n, room] == table[n - 1, room]) continue;
            yield return n - 1;
            room -= Items[n - 1].Weight;
        }
    }

    static void Main()
    {
        var table = BestValues(30);
        foreach (int capacity in new[] { 0, 1, 5, 8, 9, 12, 19, 30 })
        {
            var chosen = Choose(table, capacity).Select(i => Items[i]).ToList();
            int value = chosen.Sum(item => item.Value);
            int spare = capacity - chosen.Sum(item => item.Weight);
            string names = string.Join(" ", chosen.Select(item => item.Name));
            Console.WriteLine($"{capacity} kg: value {value}, spare {spare}, {names}");
        }
    }
}
