using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    const int Base = 10;

    static IEnumerable<int> PrimeFactors(int number)
    {
        for (int divisor = 2; divisor * divisor <= number; divisor++)
        {
            while (number % divisor == 0)
            {
                yield return divisor;
                number /= divisor;
            }
        }
        if (number > 1) yield return number;
    }

    static int Order(int modulus)
    {
        int k = 1;
        for (int power = Base % modulus; power != 1; power = power * Base % modulus) k++;
        return k;
    }

    static void Main()
    {
        foreach (int number in new[] { 7, 97, 360, 1001, 2048, 5929, 9999, 65537 })
        {
            var factors = PrimeFactors(number).GroupBy(prime => prime).ToList();
            int totient = factors.Aggregate(number, (total, factor) => total / factor.Key * (factor.Key - 1));
            string order = factors.Any(factor => Base % factor.Key == 0) ? "-" : $"{Order(number)}";
            var product = factors.Select(
                factor => factor.Count() > 1 ? $"{factor.Key}^{factor.Count()}" : $"{factor.Key}");
            Console.WriteLine($"{number,6} {totient,6} {order,6}  {string.Join(" * ", product)}");
        }
    }
}
