using System;
using System.Collections.Generic;

class Config
{
    readonly Dictionary<string, string> values = new Dictionary<string, string>();

    public Config(IEnumerable<string> lines)
    {
        string section = "main";
        int number = 0;
        foreach (string raw in lines)
        {
            number++;
            string line = raw.Split(';')[0].Trim();
            string[] parts = line.Split(new[] { '=' }, 2);
            if (line.StartsWith("[") && line.EndsWith("]")) section = line.Trim('[', ']');
            else if (parts.Length == 2) values[$"{section}.{parts[0].Trim()}"] = parts[1].Trim();
            else if (line != "") Console.WriteLine($"line {number}: cannot read <{line}>");
        }
    }

    public int Integer(string name, int fallback)
    {
        if (!values.TryGetValue(name, out string text)) return fallback;
        if (int.TryParse(text, out int value)) return value;
        throw new FormatException($"<{text}> is not an integer");
    }
}

static class Program
{
    static void Main()
    {
        var config = new Config(new[]
        {
            "max = 5", "[web]", "port = 8080  ; not 80",
            "just words", "[job", "[job]", "port = eighty",
        });
        foreach (string name in new[] { "main.max", "web.port", "web.size", "job.port" })
        {
            try
            {
                Console.WriteLine($"{name} + 1 is {config.Integer(name, 3) + 1}");
            }
            catch (FormatException error)
            {
                Console.WriteLine($"{name}: {error.Message}");
            }
        }
    }
}
