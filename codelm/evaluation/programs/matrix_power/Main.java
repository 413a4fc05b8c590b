public class Main {
    static final long MODULUS = 1_000_007;

    record Matrix(long[][] rows) {
        static Matrix identity(int size) {
            var rows = new long[size][size];
            for (int i = 0; i < size; i++) rows[i][i] = 1;
            return new Matrix(rows);
        }

        Matrix times(Matrix other) {
            int size = rows.length;
            var product = new long[size][size];
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    long sum = 0;
                    for (int k = 0; k < size; k++) sum += rows[i][k] * other.rows[k][j];
                    product[i][j] = Math.floorMod(sum, MODULUS);
                }
            }
            return new Matrix(product);
        }

        Matrix power(long exponent) {
            if (exponent == 0) return identity(rows.length);
            Matrix half = power(exponent / 2);
            Matrix even = half.times(half);
            return exponent % 2 == 0 ? even : even.times(this);
        }
    }

    static void show(String name, long[][] rows) {
        System.out.println(name);
        for (long exponent : new long[] {0, 1, 10, 1_000_000_000_000L}) {
            long corner = new Matrix(rows).power(exponent).rows[0][rows.length - 1];
            System.out.printf("  %d: %d%n", exponent, corner);
        }
    }

    public static void main(String[] args) {
        show("fibonacci", new long[][] {{1, 1}, {1, 0}});
        show("signed", new long[][] {{-1, 2}, {1, 0}});
        show("paths", new long[][] {{0, 1, 0}, {1, 0, 1}, {1, 1, 0}});
    }
}
