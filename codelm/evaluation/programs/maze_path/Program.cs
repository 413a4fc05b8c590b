using System;
using System.Collections.Generic;

static class Program
{
    static string Solve(params string[] rows)
    {
        var maze = string.Join("\n", rows).ToCharArray();
        int start = Array.IndexOf(maze, 'S'), goal = Array.IndexOf(maze, 'G');
        var before = Explore(maze, start, rows[0].Length + 1);
        if (!before.ContainsKey(goal)) return new string(maze) + "\nno way";

        int steps = 1;
        for (int at = before[goal]; at != start; at = before[at])
        {
            maze[at] = '*';
            steps++;
        }
        return new string(maze) + $"\n{steps} steps";
    }

    // A breadth-first search, which keeps the first way to each place.
    static Dictionary<int, int> Explore(char[] maze, int start, int width)
    {
        var before = new Dictionary<int, int> { [start] = start };
        var queue = new Queue<int>(before.Keys);
        while (queue.Count > 0)
        {
            int here = queue.Dequeue();
            foreach (int there in new[] { here - width, here - 1, here + 1, here + width })
            {
                if (maze[there] == '#' || before.ContainsKey(there)) continue;
                before[there] = here;
                queue.Enqueue(there);
            }
        }
        return before;
    }

    static void Main()
    {
        Console.WriteLine(Solve("#########", "#S..#...#", "#.#...#.#", "#...#..G#", "#########"));
        Console.WriteLine(Solve("#####", "#S#G#", "#####"));
    }
}
