using System;

static class Program
{
    static (long Gcd, long X) ExtendedGcd(long a, long b)
    {
        long x = 1, next = 0;
        while (b != 0)
        {
            long quotient = a / b;
            (a, b) = (b, a % b);
            (x, next) = (next, x - quotient * next);
        }
        return (a, x);
    }

    static (long R, long M)? Combine((long R, long M) first, (long R, long M) second)
    {
        var (gcd, x) = ExtendedGcd(first.M, second.M);
        long distance = second.R - first.R;
        if (distance % gcd != 0) return null;
        long period = second.M / gcd;
        long steps = distance / gcd * x % period;
        if (steps < 0) steps += period;
        return (first.R + first.M * steps, first.M * period);
    }

    static void Main()
    {
        (long R, long M) solution = (0, 1);
        foreach (var extra in new (long R, long M)[] { (2, 3), (3, 5), (2, 7), (-1, 6), (4, 10), (-10, 99) })
        {
            var combined = Combine(solution, extra);
            solution = combined ?? solution;
            string outcome = combined == null ? "cannot hold" : $"leaves {solution.R} modulo {solution.M}";
            Console.WriteLine($"{extra.R} modulo {extra.M} {outcome}");
        }
    }
}
