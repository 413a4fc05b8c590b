import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

public class Main {
    record Cable(int cost, int one, int other) {}

    static class Parts {
        private final int[] parent;

        Parts(int size) {
            parent = IntStream.range(0, size).toArray();
        }

        int root(int house) {
            return parent[house] == house ? house : (parent[house] = root(parent[house]));
        }

        boolean join(int one, int other) {
            int from = root(one);
            int to = root(other);
            parent[from] = to;
            return from != to;
        }
    }

    static List<Cable> cheapestNetwork(int size, Cable... cables) {
        var parts = new Parts(size);
        var chosen = new ArrayList<Cable>();
        for (Cable cable : Stream.of(cables).sorted(Comparator.comparingInt(Cable::cost)).toList()) {
            if (parts.join(cable.one(), cable.other())) {
                chosen.add(cable);
            }
        }
        return chosen;
    }

    static void report(int size, Cable... cables) {
        List<Cable> chosen = cheapestNetwork(size, cables);
        chosen.forEach(c -> System.out.printf("%d-%d for %d%n", c.one(), c.other(), c.cost()));
        int total = chosen.stream().mapToInt(Cable::cost).sum();
        System.out.printf("total %d, parts %d%n", total, size - chosen.size());
    }

    public static void main(String[] args) {
        report(5, new Cable(7, 0, 1), new Cable(3, 0, 2), new Cable(1, 1, 2), new Cable(5, 2, 3), new Cable(2, 3, 4));
        report(5, new Cable(9, 1, 2), new Cable(9, 0, 2), new Cable(9, 0, 1), new Cable(0, 3, 4));
    }
}
