import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

public class Main {
    /** Every task left here waits for another, so that a walk along the needs must come round. */
    static List<String> findCycle(SortedMap<String, Set<String>> waiting) {
        var walk = new ArrayList<String>();
        String task = waiting.firstKey();
        while (!walk.contains(task)) {
            walk.add(task);
            task = waiting.get(task).stream().filter(waiting::containsKey).min(String::compareTo).orElseThrow();
        }
        walk.add(task);
        return walk.subList(walk.indexOf(task), walk.size());
    }

    static void build(Map<String, Set<String>> tasks) {
        var waiting = new TreeMap<>(tasks);
        for (int level = 1; !waiting.isEmpty(); level++) {
            List<String> ready = waiting.keySet().stream()
                .filter(task -> waiting.get(task).stream().noneMatch(waiting::containsKey))
                .toList();
            if (ready.isEmpty()) {
                System.out.println("cycle: " + String.join(" > ", findCycle(waiting)));
                return;
            }
            System.out.println(level + ". " + String.join(" ", ready));
            waiting.keySet().removeAll(ready);
        }
    }

    public static void main(String[] args) {
        build(Map.of(
            "deploy", Set.of("lint", "test", "pack"),
            "pack", Set.of("build"),
            "test", Set.of("build"),
            "build", Set.of(),
            "lint", Set.of()));
        build(Map.of("cake", Set.of("egg"), "egg", Set.of("hen"), "hen", Set.of("barn", "egg"), "barn", Set.of()));
    }
}
