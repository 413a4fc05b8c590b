import java.util.List;

public class Main {
    record Item(String name, int weight, int value) {}

    private static final List<Item> ITEMS = List.of(
            new Item("tent", 9, 15), new Item("pan", 4, 7), new Item("rope", 5, 8),
            new Item("map", 0, 3), new Item("lamp", 2, 2));

    /** The best value by the number of items considered and by capacity. */
    static int[][] bestValues(int limit) {
        int[][] table = new int[ITEMS.size() + 1][limit + 1];
        for (int n = 1; n <= ITEMS.size(); n++) {
            Item item = ITEMS.get(n - 1);
            for (int room = 0; room <= limit; room++) {
                int without = table[n - 1][room];
                table[n][room] = item.weight() > room
                        ? without
                        : Math.max(without, table[n - 1][room - item.weight()] + item.value());
            }
        }
        return table;
    }

    public static void main(String[] args) {
        int[][] table = bestValues(30);
        for (int capacity : new int[] {0, 1, 5, 8, 9, 12, 19, 30}) {
            int room = capacity;
            var chosen = new StringBuilder();
            for (int n = ITEMS.size(); n > 0; n--) {
                if (table[n][room] > table[n - 1][room]) {
                    Item item = ITEMS.get(n - 1);
                    chosen.append(" ").append(item.name());
                    room -= item.weight();
                }
            }
            System.out.printf("%d kg: value %d, spare %d,%s%n",
                    capacity, table[ITEMS.size()][capacity], room, chosen);
        }
    }
}
