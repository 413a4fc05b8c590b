import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;

public class Main {
    /** A cell's two digits are its row and its column. */
    static Set<Integer> step(Set<Integer> live) {
        var crowd = new HashMap<Integer, Integer>();
        for (int cell : live) {
            for (int row : new int[] {-10, 0, 10}) {
                for (int column = -1; column <= 1; column++) {
                    crowd.merge(cell + row + column, 1, Integer::sum);
                }
            }
        }
        var next = new HashSet<Integer>();
        crowd.forEach((cell, count) -> {
            if (count == 3 || count == 4 && live.contains(cell)) {
                next.add(cell);
            }
        });
        return next;
    }

    static String draw(Set<Integer> live) {
        int first = Collections.min(live);
        var picture = new StringBuilder();
        for (int row = first; row < first + 40; row += 10) {
            for (int cell = row - 2; cell <= row + 2; cell++) {
                picture.append(live.contains(cell) ? '#' : '.');
            }
            picture.append(' ');
        }
        return picture.toString().strip();
    }

    static void report(Set<Integer> seed) {
        var live = seed;
        for (int period = 1; period < 9; period++) {
            System.out.println(draw(live));
            live = step(live);
            if (draw(live).equals(draw(seed))) {
                System.out.println("period " + period);
                return;
            }
        }
    }

    public static void main(String[] args) {
        report(Set.of(22, 23, 32, 33));
        report(Set.of(22, 23, 24));
        report(Set.of(22, 33, 41, 42, 43));
    }
}
