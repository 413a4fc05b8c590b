import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

public class Main {
    record Entry(int value, String name, Iterator<Integer> rest) {}

    static void push(Queue<Entry> queue, String name, Iterator<Integer> rest) {
        if (rest.hasNext()) {
            queue.add(new Entry(rest.next(), name, rest));
        }
    }

    static List<Entry> merge(Map<String, List<Integer>> runs) {
        var queue = new PriorityQueue<>(Comparator.comparingInt(Entry::value).thenComparing(Entry::name));
        runs.forEach((name, values) -> push(queue, name, values.iterator()));

        var merged = new ArrayList<Entry>();
        while (!queue.isEmpty()) {
            Entry least = queue.remove();
            merged.add(least);
            push(queue, least.name(), least.rest());
        }
        return merged;
    }

    public static void main(String[] args) {
        var runs = Map.of(
            "A", List.of(1, 4, 4, 9, 12),
            "B", List.<Integer>of(),
            "C", List.of(-3, 4, 9, 12),
            "D", List.of(-3, 0, 1, 12, 12, 40));
        merge(runs).forEach(entry -> System.out.printf("%3d %s%n", entry.value(), entry.name()));
    }
}
