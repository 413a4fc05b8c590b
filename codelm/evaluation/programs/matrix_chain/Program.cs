using System;
using System.Linq;

static class Program
{
    static (long Cost, string Order) Plan(long[] sizes)
    {
        int count = sizes.Length - 1;
        var best = new (long Cost, string Order)[count, count];
        for (int first = count - 1; first >= 0; first--)
        {
            best[first, first] = (0, $"{(char)('A' + first)}");
            for (int last = first + 1; last < count; last++)
            {
                best[first, last].Cost = long.MaxValue;
                for (int middle = first; middle < last; middle++)
                {
                    var left = best[first, middle];
                    var right = best[middle + 1, last];
                    long product = sizes[first] * sizes[middle + 1] * sizes[last + 1];
                    long cost = left.Cost + right.Cost + product;
                    if (cost < best[first, last].Cost) best[first, last] = (cost, $"({left.Order}{right.Order})");
                }
            }
        }
        return best[0, count - 1];
    }

    static void Main()
    {
        string[] chains =
        {
            "4 7",
            "4 7 2",
            "40 20 30 10 30",
            "7 7 7 7 7",
            "30 35 15 5 10 20 25",
            "5000 3000 4000 6000",
        };
        foreach (string sizes in chains)
        {
            var plan = Plan(sizes.Split(' ').Select(long.Parse).ToArray());
            Console.WriteLine($"{sizes}: {plan.Order} costs {plan.Cost}");
        }
    }
}
