public class Main {
    /** Counts of the values from 1 to a given size. */
    static class FenwickTree {
        private final int[] sums;

        FenwickTree(int size) {
            sums = new int[size + 1];
        }

        void add(int value, int count) {
            for (int i = value; i < sums.length; i += Integer.lowestOneBit(i)) {
                sums[i] += count;
            }
        }

        int upTo(int value) {
            int total = 0;
            for (int i = value; i > 0; i -= Integer.lowestOneBit(i)) {
                total += sums[i];
            }
            return total;
        }

        int ranked(int rank) {
            int value = 0;
            for (int step = Integer.highestOneBit(sums.length); step > 0; step /= 2) {
                if (value + step < sums.length && sums[value + step] < rank) {
                    value += step;
                    rank -= sums[value];
                }
            }
            return value + 1;
        }
    }

    public static void main(String[] args) {
        var ages = new FenwickTree(100);
        int[][] changes = {{34, 2}, {7, 1}, {100, 1}, {61, 3}, {7, -1}, {1, 4}, {64, 5}, {100, -1}};
        for (int[] change : changes) {
            ages.add(change[0], change[1]);
            int total = ages.upTo(100);
            System.out.printf("%d people, %d minors, median %d, oldest %d%n",
                    total, ages.upTo(17), ages.ranked((total + 1) / 2), ages.ranked(total));
        }
    }
}
