using System;
using System.Collections.Generic;
using System.Linq;

class Ride
{
    public int Start { get; set; }
    public int Goal { get; set; }
}

static class Program
{
    static int Serve(List<Ride> waiting)
    {
        var aboard = new List<Ride>();
        int floor = 5, step = 1, travelled = 0;
        while (waiting.Count + aboard.Count > 0)
        {
            var calls = waiting.Select(ride => ride.Start).Concat(aboard.Select(ride => ride.Goal));
            var ahead = calls.Select(call => (call - floor) * step).Where(way => way >= 0).ToList();
            if (ahead.Count == 0)
            {
                step = -step;
                continue;
            }
            travelled += ahead.Min();
            floor += ahead.Min() * step;
            int left = aboard.RemoveAll(ride => ride.Goal == floor);
            aboard.AddRange(waiting.Where(ride => ride.Start == floor));
            int entered = waiting.RemoveAll(ride => ride.Start == floor);
            Console.WriteLine($"floor {floor}: {left} out, {entered} in");
        }
        return travelled;
    }

    static void Main()
    {
        foreach (int count in new[] { 0, 1, 5 })
        {
            var rides = Enumerable.Range(1, count)
                .Select(i => new Ride { Start = i * 4 % 11, Goal = i * 9 % 11 });
            Console.WriteLine($"{count} rides, {Serve(rides.ToList())} floors travelled");
        }
    }
}
