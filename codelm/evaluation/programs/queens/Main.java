import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public class Main {
    static List<int[]> solve(int[] board, int row) {
        if (row == board.length) {
            return List.of(board.clone());
        }
        List<int[]> found = new ArrayList<>();
        for (int column = 0; column < board.length; column++) {
            if (isFree(board, row, column)) {
                board[row] = column;
                found.addAll(solve(board, row + 1));
            }
        }
        return found;
    }

    private static boolean isFree(int[] board, int row, int column) {
        for (int r = 0; r < row; r++) {
            if (board[r] == column || Math.abs(board[r] - column) == row - r) {
                return false;
            }
        }
        return true;
    }

    // No turned or mirrored image sorts before a distinct board.
    static boolean isDistinct(int[] board) {
        int[] image = board;
        for (int turn = 0; turn < 4; turn++) {
            int[] mirrored = new int[board.length];
            int[] turned = new int[board.length];
            for (int row = 0; row < board.length; row++) {
                int last = board.length - 1 - row;
                mirrored[last] = image[row];
                turned[image[row]] = last;
            }
            if (Arrays.compare(mirrored, board) < 0 || Arrays.compare(turned, board) < 0) {
                return false;
            }
            image = turned;
        }
        return true;
    }

    public static void main(String[] args) {
        for (int size = 1; size <= 8; size++) {
            List<int[]> boards = solve(new int[size], 0);
            long distinct = boards.stream().filter(Main::isDistinct).count();
            System.out.printf("%d: %d solutions, %d distinct%n", size, boards.size(), distinct);
        }
        for (int column : solve(new int[6], 0).get(0)) {
            System.out.println(".".repeat(column) + "Q" + ".".repeat(5 - column));
        }
    }
}
