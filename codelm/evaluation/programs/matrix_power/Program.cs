using System;

class Matrix
{
    const long Modulus = 1000007;
    readonly long[,] cells;

    public Matrix(long[,] cells) { this.cells = cells; }

    int Size => cells.GetLength(0);

    public long Corner => cells[0, Size - 1];

    public static Matrix operator *(Matrix left, Matrix right)
    {
        int size = left.Size;
        var product = new long[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                long sum = 0;
                for (int k = 0; k < size; k++) sum += left.cells[i, k] * right.cells[k, j];
                product[i, j] = (sum % Modulus + Modulus) % Modulus;
            }
        }
        return new Matrix(product);
    }

    public Matrix Power(long exponent)
    {
        var result = new Matrix(new long[Size, Size]);
        for (int i = 0; i < Size; i++) result.cells[i, i] = 1;
        for (var square = this; exponent > 0; exponent /= 2, square *= square)
        {
            if (exponent % 2 == 1) result *= square;
        }
        return result;
    }
}

static class Program
{
    static void Show(string name, long[,] cells)
    {
        var matrix = new Matrix(cells);
        Console.WriteLine(name);
        foreach (long exponent in new[] { 0, 1, 10, 1000000000000 })
        {
            Console.WriteLine($"  {exponent}: {matrix.Power(exponent).Corner}");
        }
    }

    static void Main()
    {
        Show("fibonacci", new long[,] { { 1, 1 }, { 1, 0 } });
        Show("signed", new long[,] { { -1, 2 }, { 1, 0 } });
        Show("paths", new long[,] { { 0, 1, 0 }, { 1, 0, 1 }, { 1, 1, 0 } });
    }
}
