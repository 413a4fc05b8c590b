import java.util.StringJoiner;

public class Main {
    static long gcd(long a, long b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }

    static String ratio(long numerator, long denominator) {
        long divisor = gcd(numerator, denominator) * Long.signum(denominator);
        String top = "" + numerator / divisor;
        return denominator == divisor ? top : top + "/" + denominator / divisor;
    }

    static String solve(long[][] rows) {
        int size = rows.length;
        for (int column = 0; column < size; column++) {
            int found = column;
            while (found < size && rows[found][column] == 0) found++;
            if (found == size) return "singular in column " + (column + 1);
            long[] pivot = rows[found];
            rows[found] = rows[column];
            rows[column] = pivot;
            for (long[] row : rows) {
                if (row == pivot) continue;
                // Multiplying crosswise keeps every value an integer.
                long factor = row[column];
                for (int j = 0; j <= size; j++) row[j] = pivot[column] * row[j] - factor * pivot[j];
            }
        }
        var values = new StringJoiner(" ");
        for (int i = 0; i < size; i++) values.add(ratio(rows[i][size], rows[i][i]));
        return values.toString();
    }

    public static void main(String[] args) {
        System.out.println(solve(new long[][] {{0, 2, 1, 1}, {3, 0, 1, 2}, {1, 1, 2, 1}}));
        System.out.println(solve(new long[][] {{3, -6, 3}, {-2, 4, 7}}));
        System.out.println(solve(new long[][] {{-4, 6}}));
        System.out.println(solve(new long[][] {{0, 1}}));
    }
}
