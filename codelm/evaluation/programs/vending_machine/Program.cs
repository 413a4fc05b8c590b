using System;
using System.Collections.Generic;
using System.Linq;

class Machine
{
    const int Price = 45;
    static readonly int[] Coins = { 50, 20, 10, 5 };

    int credit;

    public int Stock { get; set; }

    public string Handle(string input)
    {
        switch (input)
        {
            case "back":
                return "returned" + string.Concat(PayOut());
            case "tea":
                return Sell();
            default:
                return Accept(int.Parse(input));
        }
    }

    string Accept(int coin)
    {
        if (!Coins.Contains(coin))
            return "refused";
        credit += coin;
        return $"credit {credit}";
    }

    string Sell()
    {
        if (Stock == 0)
            return "sold out";
        if (credit < Price)
            return $"{Price - credit} missing";
        Stock--;
        credit -= Price;
        return "served, change" + string.Concat(PayOut());
    }

    IEnumerable<string> PayOut()
    {
        foreach (int coin in Coins)
            for (; credit >= coin; credit -= coin)
                yield return $" {coin}";
    }
}

static class Program
{
    static void Main()
    {
        var machine = new Machine { Stock = 2 };
        foreach (var input in "tea 50 50 tea 3 20 20 tea 5 tea 10 tea back".Split())
            Console.WriteLine($"{input}: {machine.Handle(input)}");
    }
}
