import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

public class Main {
    record Route(char town, int length, String path) {
        Route extend(char next, int step) {
            return new Route(next, length + step, path + next);
        }
    }

    static Map<Character, Route> shortestRoutes(Map<Character, Map<Character, Integer>> roads, char start) {
        var best = new HashMap<Character, Route>();
        var queue = new PriorityQueue<>(Comparator.comparingInt(Route::length));
        queue.add(new Route(start, 0, "" + start));
        while (!queue.isEmpty()) {
            Route route = queue.remove();
            if (best.putIfAbsent(route.town(), route) == null) {
                roads.get(route.town()).forEach((next, step) -> queue.add(route.extend(next, step)));
            }
        }
        return best;
    }

    public static void main(String[] args) {
        var roads = new TreeMap<>(Map.of(
            'A', Map.of('B', 4, 'C', 1),
            'B', Map.of('D', 5, 'E', 10),
            'C', Map.of('B', 2, 'D', 9),
            'D', Map.of('A', 1, 'E', 3),
            'E', Map.of('G', 0),
            'F', Map.of('A', 1),
            'G', Map.of('C', 6)));
        var routes = shortestRoutes(roads, 'A');
        for (char town : roads.keySet()) {
            Route route = routes.get(town);
            System.out.println(route == null
                ? town + "  - no road"
                : String.format("%c %2d %s", town, route.length(), route.path()));
        }
    }
}
