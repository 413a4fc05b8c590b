using System;
using System.Collections.Generic;

static class Program
{
    static void Run(string source)
    {
        string[] code = source.Split(';');
        var stack = new Stack<int>();
        var calls = new Stack<int>(new[] { code.Length });
        int pc = 0;
        while (pc < code.Length)
        {
            string[] words = code[pc++].Trim().Split();
            int operand = words.Length > 1 ? int.Parse(words[1]) : 0;
            switch (words[0])
            {
                case "push":
                    stack.Push(operand);
                    break;
                case "dup":
                    stack.Push(stack.Peek());
                    break;
                case "add":
                    stack.Push(stack.Pop() + stack.Pop());
                    break;
                case "print":
                    Console.WriteLine(stack.Pop());
                    break;
                case "jnz":
                    pc = stack.Pop() == 0 ? pc : operand;
                    break;
                case "call":
                    calls.Push(pc);
                    pc = operand;
                    break;
                case "ret":
                    pc = calls.Pop();
                    break;
                default:
                    Console.WriteLine($"unknown instruction {words[0]}");
                    return;
            }
        }
    }

    static void Main()
    {
        string[] programs =
        {
            "push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
            "push 7; print; add",
            "push 0; jnz 9; fly",
        };
        foreach (string program in programs)
        {
            try
            {
                Run(program);
            }
            catch (InvalidOperationException)
            {
                Console.WriteLine("the stack is empty");
            }
        }
    }
}
