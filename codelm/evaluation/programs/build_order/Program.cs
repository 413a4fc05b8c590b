using System;
using System.Collections.Generic;
using System.Linq;

class TaskGraph
{
    readonly SortedDictionary<string, string[]> waiting =
        new SortedDictionary<string, string[]>(StringComparer.Ordinal);

    public TaskGraph Add(string task, params string[] needs)
    {
        waiting.Add(task, needs);
        return this;
    }

    public void Build()
    {
        for (int level = 1; waiting.Count > 0; level++)
        {
            var ready = waiting.Keys.Where(task => !OpenNeeds(task).Any()).ToList();
            if (ready.Count == 0)
            {
                Console.WriteLine("cycle: " + string.Join(" > ", FindCycle()));
                return;
            }
            Console.WriteLine($"{level}. {string.Join(" ", ready)}");
            ready.ForEach(task => waiting.Remove(task));
        }
    }

    IEnumerable<string> OpenNeeds(string task) => waiting[task].Where(waiting.ContainsKey);

    IEnumerable<string> FindCycle()
    {
        var walk = new List<string>();
        string task = waiting.Keys.First();
        while (!walk.Contains(task))
        {
            walk.Add(task);
            task = OpenNeeds(task).First();
        }
        return walk.SkipWhile(step => step != task).Append(task);
    }
}

static class Program
{
    static void Main()
    {
        new TaskGraph()
            .Add("deploy", "lint", "test", "pack")
            .Add("pack", "build")
            .Add("test", "build")
            .Add("build")
            .Add("lint")
            .Build();
        new TaskGraph().Add("cake", "egg").Add("egg", "hen").Add("hen", "barn", "egg").Add("barn").Build();
    }
}
