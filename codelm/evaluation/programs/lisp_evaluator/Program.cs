using System;
using System.Collections.Generic;

class Expr
{
    string name;
    readonly List<Expr> args = new List<Expr>();

    public static Expr Read(Queue<string> tokens)
    {
        var expr = new Expr { name = tokens.Dequeue() };
        if (expr.name == "(")
        {
            expr.name = tokens.Dequeue();
            while (tokens.Peek() != ")")
            {
                expr.args.Add(Read(tokens));
            }
            tokens.Dequeue();
        }
        return expr;
    }

    public long Evaluate(Dictionary<string, long> env)
    {
        if (args.Count == 0)
        {
            return env.TryGetValue(name, out long value) ? value : long.Parse(name);
        }
        switch (name)
        {
            case "define": return env[args[0].name] = args[1].Evaluate(env);
            case "if": return args[args[0].Evaluate(env) != 0 ? 1 : 2].Evaluate(env);
            case "-": return args[0].Evaluate(env) - args[1].Evaluate(env);
            case "*": return args[0].Evaluate(env) * args[1].Evaluate(env);
            default: throw new InvalidOperationException($"unknown form {name}");
        }
    }
}

static class Program
{
    static void Main()
    {
        string[] program =
        {
            "(define n (* 2 (- 9 3)))",
            "(if (- n 12) missing (- 5 n))",
            "(define n (* n 1000000000))",
            "(- n -5)",
        };
        var env = new Dictionary<string, long>();
        foreach (string line in program)
        {
            var tokens = new Queue<string>(line.Replace("(", "( ").Replace(")", " )").Split(' '));
            Console.WriteLine(Expr.Read(tokens).Evaluate(env));
        }
    }
}
