using System;
using System.Linq;

static class Program
{
    static int MonthLength(int year, int month)
    {
        switch (month)
        {
            case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4: case 6: case 9: case 11: return 30;
            default: return 31;
        }
    }

    static int FirstWeekday(int year, int month)
    {
        // Year 1 began on a Monday.
        int past = year - 1;
        int days = 365 * past + past / 4 - past / 100 + past / 400;
        return (days + Enumerable.Range(1, month - 1).Sum(m => MonthLength(year, m))) % 7;
    }

    static void PrintPage(int year, int month)
    {
        Console.WriteLine($"      {year}-{month:00}");
        Console.WriteLine("Mo Tu We Th Fr Sa Su");
        var days = Enumerable.Range(1, MonthLength(year, month)).Select(day => $"{day,2}");
        var cells = Enumerable.Repeat("  ", FirstWeekday(year, month)).Concat(days).ToList();
        for (int start = 0; start < cells.Count; start += 7)
        {
            Console.WriteLine(string.Join(" ", cells.Skip(start).Take(7)));
        }
    }

    static void Main()
    {
        PrintPage(1900, 2);
        PrintPage(2000, 10);
    }
}
