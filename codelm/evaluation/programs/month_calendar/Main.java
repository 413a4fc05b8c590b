import java.util.stream.IntStream;

public class Main {
    record Month(int year, int number) {
        int length() {
            return switch (number) {
                case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
                case 4, 6, 9, 11 -> 30;
                default -> 31;
            };
        }

        int firstWeekday() {
            // Year 1 began on a Monday.
            int past = year - 1;
            int days = 365 * past + past / 4 - past / 100 + past / 400;
            return (days + IntStream.range(1, number).map(m -> new Month(year, m).length()).sum()) % 7;
        }

        void print() {
            System.out.printf("      %d-%02d%nMo Tu We Th Fr Sa Su%n", year, number);
            int before = firstWeekday();
            System.out.print("   ".repeat(before));
            for (int day = 1; day <= length(); day++) {
                boolean endsLine = day == length() || (before + day) % 7 == 0;
                System.out.printf("%2d%s", day, endsLine ? "\n" : " ");
            }
        }
    }

    public static void main(String[] args) {
        new Month(1900, 2).print();
        new Month(2000, 10).print();
    }
}
