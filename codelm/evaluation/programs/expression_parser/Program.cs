using System;

class Parser
{
    readonly string text;

    public Parser(string text)
    {
        this.text = text + '$';
    }

    public int Position { get; private set; }

    public int SumUpTo(char end)
    {
        int value = Product();
        while (text[Position] == '+' || text[Position] == '-')
            value += text[Position++] == '+' ? Product() : -Product();
        if (text[Position] != end)
            throw new FormatException();
        Position++;
        return value;
    }

    int Product()
    {
        int value = Factor();
        while (text[Position] == '*')
        {
            Position++;
            value *= Factor();
        }
        return value;
    }

    int Factor()
    {
        char symbol = text[Position];
        if (!char.IsDigit(symbol) && "-(xy".IndexOf(symbol) < 0)
            throw new FormatException();
        Position++;
        switch (symbol)
        {
            case '-':
                return -Factor();
            case '(':
                return SumUpTo(')');
            case 'x':
                return 7;
            case 'y':
                return 2;
            default:
                return symbol - '0';
        }
    }
}

static class Program
{
    static void Main()
    {
        foreach (var text in new[] { "9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", "" })
        {
            var parser = new Parser(text);
            try
            {
                Console.WriteLine($"[{text}] = {parser.SumUpTo('$')}");
            }
            catch (FormatException)
            {
                Console.WriteLine($"[{text}] error at {parser.Position}");
            }
        }
    }
}
