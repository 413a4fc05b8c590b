import java.util.stream.IntStream;

public class Main {
    static int dayNumber(int year, int month, int day) {
        // Years run from March, so that the leap day comes last.
        if (month < 3) {
            return dayNumber(year - 1, month + 12, day);
        }
        int leapDays = year / 4 - year / 100 + year / 400;
        return 365 * year + leapDays + (153 * month + 3) / 5 + day - 399;
    }

    static int weekOne(int year) {
        // A multiple of 7 is a Monday; 4 January is always in week 1.
        return dayNumber(year, 1, 4) / 7 * 7;
    }

    static String isoWeek(int number) {
        int year = number / 365 + 2;
        while (weekOne(year) > number) {
            year--;
        }
        int past = number - weekOne(year);
        return "%d-W%02d-%d".formatted(year, past / 7 + 1, past % 7 + 1);
    }

    public static void main(String[] args) {
        int start = dayNumber(2024, 12, 30);
        int end = dayNumber(2027, 1, 3);
        System.out.println(isoWeek(start));
        System.out.println(isoWeek(end));
        System.out.println(end - start + " days");
        IntStream years = IntStream.rangeClosed(1, 400);
        long longYears = years.filter(year -> weekOne(year + 1) - weekOne(year) > 364).count();
        System.out.println(longYears + " long years");
    }
}
