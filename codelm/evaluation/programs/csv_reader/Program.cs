using System;
using System.Collections.Generic;
using System.Text;

static class Program
{
    const string Table = @"lamp,""desk, white"",20
chair,oak
""vase"",,7
cup,""a """"b"""" c"",""3""
pan,""open,12";

    static string[] SplitRow(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        char previous = '\0';
        foreach (char c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
                if (quoted && previous == '"') field.Append(c);
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(c);
            previous = c;
        }
        fields.Add(field.ToString());
        if (quoted) throw new FormatException("unclosed quote");
        if (fields.Count != 3) throw new FormatException($"expected 3 fields, got {fields.Count}");
        return fields.ToArray();
    }

    static void Main()
    {
        int number = 0;
        int rejected = 0;
        foreach (string line in Table.Split('\n'))
        {
            number++;
            try
            {
                Console.WriteLine("{0,-6}[{1}] {2}", SplitRow(line.TrimEnd()));
            }
            catch (FormatException error)
            {
                rejected++;
                Console.WriteLine($"line {number}: {error.Message}");
            }
        }
        Console.WriteLine($"{number - rejected} rows, {rejected} rejected");
    }
}
