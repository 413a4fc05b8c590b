import java.util.StringJoiner;

public class Main {
    record Fraction(long numerator, long denominator) {
        Fraction {
            long divisor = gcd(numerator, denominator);
            numerator /= divisor;
            denominator /= divisor;
        }

        static long gcd(long a, long b) {
            return b == 0 ? a : gcd(b, a % b);
        }

        Fraction minusUnit(long unit) {
            return new Fraction(numerator * unit - denominator, denominator * unit);
        }

        @Override
        public String toString() {
            return denominator == 1 ? "" + numerator : numerator + "/" + denominator;
        }
    }

    static String egyptian(Fraction value) {
        var terms = new StringJoiner(" + ");
        long whole = value.numerator / value.denominator;
        var rest = new Fraction(value.numerator % value.denominator, value.denominator);
        if (whole > 0 || rest.numerator == 0) terms.add("" + whole);
        while (rest.numerator > 0) {
            long unit = (rest.denominator + rest.numerator - 1) / rest.numerator;
            terms.add("1/" + unit);
            rest = rest.minusUnit(unit);
        }
        return terms.toString();
    }

    public static void main(String[] args) {
        long[][] examples = {{0, 7}, {6, 14}, {7, 3}, {12, 4}, {19, 20}, {4, 17}, {8, 11}};
        for (long[] pair : examples) {
            var value = new Fraction(pair[0], pair[1]);
            System.out.println(value + " = " + egyptian(value));
        }
    }
}
