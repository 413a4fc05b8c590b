using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static IEnumerable<(int Row, int Column)> Spiral(int rows, int columns)
    {
        int row = 0, column = -1;
        int[] lengths = { columns, rows - 1 };
        for (int turn = 0; lengths[turn % 2] > 0; turn++)
        {
            int forward = turn % 4 < 2 ? 1 : -1;
            for (int step = 0; step < lengths[turn % 2]; step++)
            {
                if (turn % 2 == 0) column += forward;
                else row += forward;
                yield return (row, column);
            }
            lengths[turn % 2]--;
        }
    }

    static int[,] Fill(int rows, int columns)
    {
        var grid = new int[rows, columns];
        int number = 0;
        foreach (var cell in Spiral(rows, columns)) grid[cell.Row, cell.Column] = ++number;
        return grid;
    }

    static IEnumerable<int> ReadTurned(int[,] grid)
    {
        int rows = grid.GetLength(0);
        return Spiral(grid.GetLength(1), rows).Select(cell => grid[rows - 1 - cell.Column, cell.Row]);
    }

    static void Show(int rows, int columns)
    {
        int[,] grid = Fill(rows, columns);
        for (int row = 0; row < rows; row++)
        {
            var line = Enumerable.Range(0, columns).Select(column => $"{grid[row, column],3}");
            Console.WriteLine(string.Concat(line));
        }
        Console.WriteLine("turned: " + string.Join(" ", ReadTurned(grid)));
    }

    static void Main()
    {
        Show(3, 4);
        Show(4, 2);
        Show(1, 3);
    }
}
