import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

public class Main {
    // Walls all around keep a step in any direction inside the text.
    private static final String GARDEN = """
        #########
        #S..#...#
        #.#...#.#
        #...#..G#
        #########
        """;

    private static final String CELLS = """
        #####
        #S#G#
        #####
        """;

    /** For each place within reach, the one before it on a shortest path. */
    static Map<Integer, Integer> explore(String maze, int start) {
        int width = maze.indexOf('\n') + 1;
        int[] moves = {-width, -1, 1, width};
        var before = new HashMap<>(Map.of(start, start));
        var queue = new ArrayDeque<>(before.keySet());
        while (!queue.isEmpty()) {
            int here = queue.remove();
            for (int move : moves) {
                int there = here + move;
                if (maze.charAt(there) != '#' && before.putIfAbsent(there, here) == null) {
                    queue.add(there);
                }
            }
        }
        return before;
    }

    static String solve(String maze) {
        int start = maze.indexOf('S');
        var before = explore(maze, start);
        Integer at = before.get(maze.indexOf('G'));
        if (at == null) {
            return maze + "no way";
        }
        var drawn = new StringBuilder(maze);
        int steps = 1;
        for (; at != start; at = before.get(at)) {
            drawn.setCharAt(at, '*');
            steps++;
        }
        return drawn.append(steps).append(" steps").toString();
    }

    public static void main(String[] args) {
        System.out.println(solve(GARDEN));
        System.out.println(solve(CELLS));
    }
}
