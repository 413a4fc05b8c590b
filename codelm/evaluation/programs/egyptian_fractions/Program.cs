using System;
using System.Collections.Generic;

struct Fraction
{
    public readonly long Numerator, Denominator;

    public Fraction(long numerator, long denominator)
    {
        long divisor = Gcd(numerator, denominator);
        Numerator = numerator / divisor;
        Denominator = denominator / divisor;
    }

    static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    public IEnumerable<Fraction> EgyptianTerms()
    {
        long whole = Numerator / Denominator;
        var rest = new Fraction(Numerator % Denominator, Denominator);
        if (whole > 0 || rest.Numerator == 0) yield return new Fraction(whole, 1);
        while (rest.Numerator > 0)
        {
            long unit = (rest.Denominator + rest.Numerator - 1) / rest.Numerator;
            yield return new Fraction(1, unit);
            rest = new Fraction(rest.Numerator * unit - rest.Denominator, rest.Denominator * unit);
        }
    }

    public override string ToString() => Denominator == 1 ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}

static class Program
{
    static void Main()
    {
        var examples = new (long, long)[] { (0, 7), (6, 14), (7, 3), (12, 4), (19, 20), (4, 17), (8, 11) };
        foreach (var pair in examples)
        {
            var value = new Fraction(pair.Item1, pair.Item2);
            Console.WriteLine($"{value} = {string.Join(" + ", value.EgyptianTerms())}");
        }
    }
}
