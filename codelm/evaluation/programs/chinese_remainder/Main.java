import java.util.Optional;

public class Main {
    record Bezout(long gcd, long x, long y) {
        static Bezout of(long a, long b) {
            if (b == 0) return new Bezout(a, 1, 0);
            Bezout rest = of(b, a % b);
            return new Bezout(rest.gcd, rest.y, rest.x - a / b * rest.y);
        }
    }

    record Congruence(long remainder, long modulus) {
        Optional<Congruence> and(Congruence other) {
            Bezout bezout = Bezout.of(modulus, other.modulus);
            long distance = other.remainder - remainder;
            if (distance % bezout.gcd != 0) return Optional.empty();
            long period = other.modulus / bezout.gcd;
            long steps = Math.floorMod(distance / bezout.gcd * bezout.x, period);
            return Optional.of(new Congruence(remainder + modulus * steps, modulus * period));
        }

        @Override
        public String toString() {
            return remainder + " modulo " + modulus;
        }
    }

    public static void main(String[] args) {
        var solution = new Congruence(0, 1);
        for (long[] pair : new long[][] {{2, 3}, {3, 5}, {2, 7}, {-1, 6}, {4, 10}, {-10, 99}}) {
            var extra = new Congruence(pair[0], pair[1]);
            var combined = solution.and(extra);
            solution = combined.orElse(solution);
            System.out.println(extra + (combined.isPresent() ? " leaves " + solution : " cannot hold"));
        }
    }
}
