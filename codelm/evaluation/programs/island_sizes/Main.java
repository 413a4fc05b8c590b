import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

public class Main {
    // The tens of a cell are its row, the units its column.
    private static final Map<Integer, Integer> parent = new HashMap<>();
    private static final Map<Integer, Integer> sizes = new HashMap<>();

    static int find(int cell) {
        int next = parent.get(cell);
        if (next == cell) {
            return cell;
        }
        int root = find(next);
        parent.put(cell, root);
        return root;
    }

    static void add(int cell) {
        if (parent.putIfAbsent(cell, cell) != null) {
            return;
        }
        sizes.put(cell, 1);
        for (int neighbour : List.of(cell - 10, cell - 1, cell + 1, cell + 10)) {
            if (parent.containsKey(neighbour) && find(neighbour) != cell) {
                int root = find(neighbour);
                parent.put(root, cell);
                sizes.merge(cell, sizes.remove(root), Integer::sum);
            }
        }
    }

    public static void main(String[] args) {
        for (int cell : List.of(11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44)) {
            add(cell);
            System.out.println(cell + ": " + sizes.values().stream().sorted()
                    .map(String::valueOf).collect(Collectors.joining(" ")));
        }
    }
}
