using System;
using System.Collections.Generic;

class JobQueue
{
    private readonly List<int> heap = new List<int>();

    public int Count => heap.Count;

    public void Push(int due)
    {
        heap.Add(due);
        Settle(heap.Count - 1);
    }

    public void Cancel(int due) => RemoveAt(heap.IndexOf(due));

    public int RemoveAt(int i)
    {
        int due = heap[i], last = heap.Count - 1;
        heap[i] = heap[last];
        heap.RemoveAt(last);
        if (i < last) Settle(i);
        return due;
    }

    private void Settle(int i)
    {
        while (i > 0 && heap[i] < heap[(i - 1) / 2]) i = Swap(i, (i - 1) / 2);
        for (int child = 2 * i + 1; child < heap.Count; child = 2 * i + 1)
        {
            if (child + 1 < heap.Count && heap[child + 1] < heap[child]) child++;
            if (heap[i] <= heap[child]) break;
            i = Swap(i, child);
        }
    }

    private int Swap(int from, int to)
    {
        int due = heap[from];
        heap[from] = heap[to];
        heap[to] = due;
        return to;
    }

    public override string ToString() => $"[{string.Join(", ", heap)}]";
}

static class Program
{
    static void Main()
    {
        var jobs = new JobQueue();
        foreach (int due in new[] { 20, 1, 3, 30, 25, 10, 3 }) jobs.Push(due);
        foreach (int due in new[] { 30, 10, 1 })
        {
            jobs.Cancel(due);
            Console.WriteLine($"without {due} {jobs}");
        }
        while (jobs.Count > 0) Console.WriteLine($"run {jobs.RemoveAt(0)} {jobs}");
    }
}
