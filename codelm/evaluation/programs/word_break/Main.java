import java.util.ArrayList;
import java.util.List;

public class Main {
    private static final List<String> WORDS =
            List.of("sandy", "cats", "dogs", "sand", "aaa", "and", "cat", "dog", "aa", "do", "a");

    /** The number of splits of a text, and one of the fewest words or null. */
    record Splits(long ways, List<String> best) {}

    static Splits split(String text) {
        var tails = new Splits[text.length() + 1];
        tails[text.length()] = new Splits(1, List.of());
        for (int start = text.length() - 1; start >= 0; start--) {
            long ways = 0;
            List<String> best = null;
            for (String word : WORDS) {
                if (!text.startsWith(word, start)) {
                    continue;
                }
                Splits rest = tails[start + word.length()];
                ways += rest.ways;
                if (rest.best != null && (best == null || rest.best.size() + 1 < best.size())) {
                    best = new ArrayList<>(List.of(word));
                    best.addAll(rest.best);
                }
            }
            tails[start] = new Splits(ways, best);
        }
        return tails[0];
    }

    public static void main(String[] args) {
        String many = "a".repeat(40);
        for (String text : List.of("catsanddogs", "catsandog", "dogsandcats", "sandydogsandaacat", "", many)) {
            Splits splits = split(text);
            String best = splits.best == null ? "none" : String.join(" ", splits.best);
            System.out.printf("%s: %d ways, best '%s'%n", text, splits.ways, best);
        }
    }
}
