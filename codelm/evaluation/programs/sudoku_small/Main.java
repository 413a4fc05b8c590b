import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

public class Main {
    private static final int SIDE = 4;

    record Place(int row, int column) {
        static Place of(int index) {
            return new Place(index / SIDE, index % SIDE);
        }

        boolean clashes(Place other) {
            boolean sameBox = row / 2 == other.row / 2 && column / 2 == other.column / 2;
            return row == other.row || column == other.column || sameBox;
        }
    }

    static boolean fits(String cells, int hole, char digit) {
        return IntStream.range(0, cells.length())
            .filter(i -> cells.charAt(i) == digit)
            .noneMatch(i -> Place.of(i).clashes(Place.of(hole)));
    }

    static Stream<String> solve(String cells) {
        int hole = cells.indexOf('.');
        if (hole < 0) {
            return Stream.of(cells);
        }
        return Stream.of('1', '2', '3', '4')
            .filter(digit -> fits(cells, hole, digit))
            .flatMap(digit -> solve(cells.substring(0, hole) + digit + cells.substring(hole + 1)));
    }

    public static void main(String[] args) {
        for (String cells : List.of("1....2....3....4", "123....4........", "..1.4......2.3..", ".".repeat(16))) {
            List<String> solutions = solve(cells).toList();
            System.out.println(cells + " has " + solutions.size() + " solutions");
            String first = solutions.isEmpty() ? "" : solutions.get(0);
            for (int start = 0; start < first.length(); start += SIDE) {
                System.out.println(first.substring(start, start + SIDE));
            }
        }
    }
}
