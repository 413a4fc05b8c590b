using System;
using System.Text;

enum State { Code, String, Line, Comment }

static class Program
{
    const string Source = @"half = total / 2;// not a ""string""
text = ""/* not \""a\"" comment //""; /* but this
is one // */ next = 1 /*/ and this **/ + 2;
done = """";// ""never";

    static string StripComments(string source)
    {
        var kept = new StringBuilder();
        var state = State.Code;
        for (int i = 0; i < source.Length; i++)
        {
            char c = source[i];
            char next = i + 1 < source.Length ? source[i + 1] : '\0';
            if (state == State.Code && c == '/' && (next == '/' || next == '*'))
            {
                state = next == '/' ? State.Line : State.Comment;
                i++;
            }
            else if (state == State.Comment && c == '*' && next == '/')
            {
                kept.Append(' ');
                state = State.Code;
                i++;
            }
            else if (state == State.String && c == '\\' && next != '\0')
            {
                kept.Append(c).Append(next);
                i++;
            }
            else if (state == State.Code || state == State.String)
            {
                kept.Append(c);
                if (c == '"')
                    state = state == State.Code ? State.String : State.Code;
            }
            else if (state == State.Line && c == '\n')
            {
                kept.Append(c);
                state = State.Code;
            }
        }
        return kept.ToString();
    }

    static void Main()
    {
        Console.WriteLine(StripComments(Source));
    }
}
