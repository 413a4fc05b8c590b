using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    static IEnumerable<int> Regroup(IEnumerable<int> values, int size, int wanted)
    {
        int bits = 0, held = 0;
        foreach (int value in values)
        {
            bits = bits << size | value;
            held += size;
            while (held >= wanted)
            {
                held -= wanted;
                yield return bits >> held & (1 << wanted) - 1;
            }
        }
    }

    static string Encode(string data)
    {
        int length = (4 * data.Length + 2) / 3;
        var values = Regroup((data + "\0\0").Select(c => (int)c), 8, 6).Take(length);
        return string.Concat(values.Select(value => Alphabet[value])).PadRight((length + 3) / 4 * 4, '=');
    }

    static bool TryDecode(string text, out string data)
    {
        var values = text.TrimEnd('=').Select(letter => Alphabet.IndexOf(letter));
        data = string.Concat(Regroup(values, 6, 8).Select(value => (char)value));
        // Only what Encode would write is good.
        return Encode(data) == text;
    }

    static void Main()
    {
        foreach (string text in new[] { "bWFu", "bWE=", "fn4/", "bR==", "b*E=" })
        {
            Console.WriteLine($"{text} {(TryDecode(text, out string data) ? data : "refused")}");
        }
    }
}
