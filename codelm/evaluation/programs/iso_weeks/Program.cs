using System;
using System.Linq;

static class Program
{
    static int DayNumber(int year, int month, int day)
    {
        // Years run from March, so that the leap day comes last.
        if (month < 3)
        {
            return DayNumber(year - 1, month + 12, day);
        }
        int leapDays = year / 4 - year / 100 + year / 400;
        return 365 * year + leapDays + (153 * month + 3) / 5 + day - 399;
    }

    // A multiple of 7 is a Monday; 4 January is always in week 1.
    static int WeekOne(int year) => DayNumber(year, 1, 4) / 7 * 7;

    static string IsoWeek(int number)
    {
        int year = number / 365 + 2;
        while (WeekOne(year) > number)
        {
            year--;
        }
        int past = number - WeekOne(year);
        return $"{year}-W{past / 7 + 1:00}-{past % 7 + 1}";
    }

    static void Main()
    {
        int start = DayNumber(2024, 12, 30), end = DayNumber(2027, 1, 3);
        Console.WriteLine(IsoWeek(start));
        Console.WriteLine(IsoWeek(end));
        Console.WriteLine($"{end - start} days");
        int longYears = Enumerable.Range(1, 400).Count(year => WeekOne(year + 1) - WeekOne(year) > 364);
        Console.WriteLine($"{longYears} long years");
    }
}
