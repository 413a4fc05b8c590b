import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

public class Main {
    static class League {
        private final int[][] rivals;
        private final int[] sides;

        /** The players from the first of a group to the one being visited. */
        private final List<Integer> path = new ArrayList<>();

        League(int[]... rivals) {
            this.rivals = rivals;
            this.sides = new int[rivals.length];
        }

        /** Whether the player and all within reach can be placed; if not, the path ends in an odd cycle. */
        boolean place(int player, int side) {
            path.add(player);
            sides[player] = side;
            for (int rival : rivals[player]) {
                if (sides[rival] == side) {
                    path.subList(0, path.indexOf(rival)).clear();
                    return false;
                }
                if (sides[rival] == 0 && !place(rival, -side)) {
                    return false;
                }
            }
            path.remove(path.size() - 1);
            return true;
        }

        List<Integer> team(int side) {
            return IntStream.range(0, sides.length).filter(player -> sides[player] == side).boxed().toList();
        }

        String verdict() {
            for (int player = 0; player < rivals.length; player++) {
                if (sides[player] == 0 && !place(player, 1)) {
                    return "odd cycle " + path;
                }
            }
            return team(1) + " against " + team(-1);
        }
    }

    public static void main(String[] args) {
        System.out.println(new League(new int[][] {{1, 3}, {0, 2}, {1, 3}, {0, 2}, {5}, {4}}).verdict());
        System.out.println(new League(new int[][] {{1}, {0, 2}, {1, 3, 4}, {2, 4}, {2, 3}}).verdict());
        System.out.println(new League(new int[][] {{}, {1}}).verdict());
    }
}
