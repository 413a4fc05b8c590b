import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

public class Main {
    record Cell(int row, int column) {}

    static List<Cell> spiral(int rows, int columns) {
        var cells = new ArrayList<Cell>();
        int row = 0, column = -1, direction = 1;
        for (int across = columns, down = rows - 1; across > 0 && down >= 0; across--, down--) {
            for (int step = 0; step < across; step++) {
                column += direction;
                cells.add(new Cell(row, column));
            }
            for (int step = 0; step < down; step++) {
                row += direction;
                cells.add(new Cell(row, column));
            }
            direction = -direction;
        }
        return cells;
    }

    static int[][] fill(int rows, int columns) {
        var grid = new int[rows][columns];
        int number = 0;
        for (Cell cell : spiral(rows, columns)) grid[cell.row][cell.column] = ++number;
        return grid;
    }

    static void show(int rows, int columns) {
        int[][] grid = fill(rows, columns);
        for (int[] line : grid) {
            for (int number : line) System.out.printf("%3d", number);
            System.out.println();
        }
        String turned = spiral(columns, rows).stream()
            .map(cell -> " " + grid[rows - 1 - cell.column][cell.row])
            .collect(Collectors.joining());
        System.out.println("turned:" + turned);
    }

    public static void main(String[] args) {
        show(3, 4);
        show(4, 2);
        show(1, 3);
    }
}
