using System;
using System.Linq;

static class Program
{
    static int Gcd(int a, int b) => b == 0 ? Math.Abs(a) : Gcd(b, a % b);

    static string Ratio(int numerator, int denominator)
    {
        int divisor = Gcd(numerator, denominator) * Math.Sign(denominator);
        int top = numerator / divisor;
        return divisor == denominator ? $"{top}" : $"{top}/{denominator / divisor}";
    }

    static int[] Clear(int[] row, int[] pivot, int column) =>
        row.Zip(pivot, (value, other) => pivot[column] * value - row[column] * other).ToArray();

    static string Solve(params int[][] rows)
    {
        int size = rows.Length;
        for (int column = 0; column < size; column++)
        {
            int found = Array.FindIndex(rows, column, row => row[column] != 0);
            if (found < 0) return $"singular in column {column + 1}";
            int[] pivot = rows[found];
            rows[found] = rows[column];
            rows = Array.ConvertAll(rows, row => Clear(row, pivot, column));
            rows[column] = pivot;
        }
        return string.Join(" ", rows.Select((row, i) => Ratio(row[size], row[i])));
    }

    static void Main()
    {
        Console.WriteLine(Solve(new[] { 0, 2, 1, 1 }, new[] { 3, 0, 1, 2 }, new[] { 1, 1, 2, 1 }));
        Console.WriteLine(Solve(new[] { 3, -6, 3 }, new[] { -2, 4, 7 }));
        Console.WriteLine(Solve(new[] { -4, 6 }));
        Console.WriteLine(Solve(new[] { 0, 1 }));
    }
}
