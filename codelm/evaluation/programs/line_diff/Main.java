import java.util.ArrayList;
import java.util.List;

public class Main {
    static List<String> diff(List<String> old, List<String> revised) {
        int rows = old.size();
        int columns = revised.size();
        // The longest common subsequence of what follows line i and line j.
        int[][] common = new int[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(revised.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> edits = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            if (i < rows && j < columns && old.get(i).equals(revised.get(j))) {
                edits.add("  " + old.get(i++));
                j++;
            } else if (j == columns || i < rows && common[i + 1][j] >= common[i][j + 1]) {
                edits.add("- " + old.get(i++));
            } else {
                edits.add("+ " + revised.get(j++));
            }
        }
        return edits;
    }

    public static void main(String[] args) {
        List<String> before = """
                boil
                add salt
                add rice
                wait
                eat
                """.lines().toList();
        List<String> after = """
                add salt
                boil
                add rice
                stir
                eat
                rest
                """.lines().toList();
        diff(before, after).forEach(System.out::println);
        System.out.println();
        diff(after, before).forEach(System.out::println);
        System.out.println();
        diff(List.of(), before.subList(0, 1)).forEach(System.out::println);
    }
}
