using System;
using System.Collections.Generic;
using System.Linq;

static class Program
{
    const int Width = 12;
    const int Height = 5;

    static string Expand(Queue<char> commands)
    {
        string plain = "";
        int count = 1;
        while (commands.Count > 0)
        {
            char command = commands.Dequeue();
            if (command == ')')
            {
                break;
            }
            if (char.IsDigit(command))
            {
                count = command - '0';
                continue;
            }
            string body = command == '(' ? Expand(commands) : command.ToString();
            plain += string.Concat(Enumerable.Repeat(body, count));
            count = 1;
        }
        return plain;
    }

    static IEnumerable<string> Draw(string commands)
    {
        var canvas = Enumerable.Range(0, Height).Select(_ => new string('.', Width).ToCharArray()).ToList();
        int x = 0, y = 0, dx = 1, dy = 0;
        foreach (char command in commands)
        {
            switch (command)
            {
                case 'F':
                    x = (x + dx + Width) % Width;
                    y = (y + dy + Height) % Height;
                    break;
                case 'R':
                    int turned = -dy;
                    dy = dx;
                    dx = turned;
                    break;
                default:
                    canvas[y][x] = command;
                    break;
            }
        }
        return canvas.Select(row => new string(row));
    }

    static void Main()
    {
        foreach (string program in new[] { "2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o" })
        {
            Console.WriteLine(program);
            Console.WriteLine(string.Join("\n", Draw(Expand(new Queue<char>(program)))));
        }
    }
}
