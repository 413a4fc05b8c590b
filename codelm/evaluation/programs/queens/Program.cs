using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    static IEnumerable<int[]> Solutions(int size, params int[] board)
    {
        int row = board.Length;
        if (row == size)
        {
            return new[] { board };
        }
        return Enumerable.Range(0, size)
            .Where(column => !board.Where((c, r) => c == column || Math.Abs(c - column) == row - r).Any())
            .SelectMany(column => Solutions(size, board.Append(column).ToArray()));
    }

    static IEnumerable<int[]> Images(int[] board)
    {
        for (int turn = 0; turn < 4; turn++)
        {
            int[] mirrored = Enumerable.Reverse(board).ToArray();
            yield return mirrored;
            board = mirrored.Select((_, row) => Array.IndexOf(mirrored, row)).ToArray();
            yield return board;
        }
    }

    static bool IsDistinct(int[] board)
    {
        string key = string.Concat(board);
        return Images(board).All(image => string.CompareOrdinal(key, string.Concat(image)) <= 0);
    }

    static void Main()
    {
        for (int size = 1; size <= 8; size++)
        {
            var boards = Solutions(size).ToList();
            Console.WriteLine($"{size}: {boards.Count} solutions, {boards.Count(IsDistinct)} distinct");
        }
        foreach (int column in Solutions(6).First())
        {
            Console.WriteLine("Q".PadLeft(column + 1, '.').PadRight(6, '.'));
        }
    }
}
