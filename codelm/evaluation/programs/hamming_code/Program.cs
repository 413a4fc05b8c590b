using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    // Each data bit with its parity bits.
    static readonly int[] Generator = { 0x0F, 0x33, 0x55, 0x96 };

    static IEnumerable<int> Places(int code) => Enumerable.Range(0, 8).Where(place => (code >> place & 1) == 1);

    static int Encode(int nibble) => Places(nibble).Aggregate(0, (code, place) => code ^ Generator[place]);

    static int? Decode(int code)
    {
        int error = Places(code).Aggregate(0, (a, b) => a ^ b);
        if (Places(code).Count() % 2 == 1)
        {
            code ^= 1 << error;
        }
        else if (error != 0)
        {
            return null;
        }
        return code >> 4 & 14 | code >> 3 & 1;
    }

    static void Main()
    {
        int corrected = 0, detected = 0;
        for (int nibble = 0; nibble < 16; nibble++)
        {
            int code = Encode(nibble);
            Console.WriteLine($"{Convert.ToString(code, 2).PadLeft(8, '0')} {Decode(code)}");
            for (int a = 0; a < 8; a++)
            {
                int received = code ^ 1 << a;
                corrected += Decode(received) == nibble ? 1 : 0;
                detected += Enumerable.Range(0, a).Count(b => Decode(received ^ 1 << b) == null);
            }
        }
        Console.WriteLine($"corrected {corrected}, detected {detected}");
    }
}
