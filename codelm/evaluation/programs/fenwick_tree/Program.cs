using System;

class FenwickTree
{
    private readonly int[] sums;

    public FenwickTree(int size)
    {
        sums = new int[size + 1];
    }

    public void Add(int value, int count)
    {
        for (int i = value; i < sums.Length; i += i & -i) sums[i] += count;
    }

    public int UpTo(int value)
    {
        int total = 0;
        for (int i = value; i > 0; i &= i - 1) total += sums[i];
        return total;
    }

    public int Ranked(int rank)
    {
        int value = 0, step = 1;
        while (2 * step < sums.Length) step *= 2;
        for (; step > 0; step /= 2)
        {
            if (value + step >= sums.Length || sums[value + step] >= rank) continue;
            value += step;
            rank -= sums[value];
        }
        return value + 1;
    }
}

static class Program
{
    static void Main()
    {
        var ages = new FenwickTree(100);
        (int Age, int Count)[] changes = { (34, 2), (7, 1), (100, 1), (61, 3), (7, -1), (1, 4), (64, 5), (100, -1) };
        foreach (var change in changes)
        {
            ages.Add(change.Age, change.Count);
            int total = ages.UpTo(100), minors = ages.UpTo(17);
            int median = ages.Ranked((total + 1) / 2), oldest = ages.Ranked(total);
            Console.WriteLine($"{total} people, {minors} minors, median {median}, oldest {oldest}");
        }
    }
}
