import java.util.ArrayList;
import java.util.List;

public class Main {
    record Item(String name, int count, int price) {
        String[] cells() {
            return new String[] {name, String.valueOf(count), String.valueOf(price)};
        }
    }

    static int width(List<String[]> rows, int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }

    static List<String> table(List<Item> stock) {
        int count = stock.stream().mapToInt(Item::count).sum();
        int price = stock.stream().mapToInt(Item::price).sum();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"item", "count", "price"});
        stock.forEach(item -> rows.add(item.cells()));
        rows.add(new Item("total", count, price).cells());

        String format = "%-" + width(rows, 0) + "s  %" + width(rows, 1) + "s  %" + width(rows, 2) + "s";
        List<String> lines = new ArrayList<>();
        for (Object[] row : rows) {
            lines.add(format.formatted(row));
        }
        String rule = "-".repeat(lines.get(0).length());
        lines.add(lines.size() - 1, rule);
        lines.add(1, rule);
        return lines;
    }

    public static void main(String[] args) {
        List<Item> stock = List.of(
            new Item("hook", 250, 2000), new Item("a long rope", 12, 23940), new Item("returned", -3, -5));
        table(stock).forEach(System.out::println);
        table(List.of()).forEach(System.out::println);
    }
}
