import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

public class Main {
    /** Tarjan's search. */
    static class Search {
        private final Map<Character, String> links;
        private final Map<Character, Integer> low = new HashMap<>();
        private final StringBuilder stack = new StringBuilder();
        private final Deque<String> components = new ArrayDeque<>();

        Search(Map<Character, String> links) {
            this.links = new TreeMap<>(links);
            this.links.keySet().forEach(this::visit);
        }

        private int visit(char page) {
            if (!low.containsKey(page)) {
                int number = low.size();
                int depth = stack.length();
                low.put(page, number);
                stack.append(page);
                int lowest = links.get(page).chars().map(next -> visit((char) next)).min().orElse(number);
                low.put(page, Math.min(lowest, number));
                if (lowest >= number) {
                    close(stack.substring(depth));
                    stack.setLength(depth);
                }
            }
            return low.get(page);
        }

        private void close(String component) {
            for (char page : component.toCharArray()) {
                low.put(page, links.size());
            }
            // A component is closed after those that it leads to.
            components.push(component);
        }
    }

    public static void main(String[] args) {
        var search = new Search(Map.of(
            'a', "e", 'b', "ig", 'c', "h", 'd', "", 'e', "gc", 'f', "cd", 'g', "a", 'h', "f", 'i', "bd", 'j', "j"));
        int place = 1;
        for (String component : search.components) {
            System.out.println(place++ + ". " + component);
        }
    }
}
