import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

public class Main {
    private static final Pattern WORD = Pattern.compile("[a-z]+(?:'[a-z]+)*");

    private static final String TEXT = """
        The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
        A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.
        """;

    static Map<String, Long> countWords(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT)).results()
            .map(MatchResult::group)
            .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    static List<Map.Entry<String, Long>> top(Map<String, Long> counts, int size) {
        // A stable sort: equal counts stay in the order of the alphabet.
        return counts.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(size)
            .toList();
    }

    public static void main(String[] args) {
        var counts = countWords(TEXT);
        var best = top(counts, 8);
        int width = best.stream().mapToInt(entry -> entry.getKey().length()).max().orElse(1);
        for (var entry : best) {
            long count = entry.getValue();
            System.out.printf("%" + width + "s | %2d %s%n", entry.getKey(), count, "#".repeat((int) count));
        }
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        System.out.printf("%d words, %d distinct%n", total, counts.size());
    }
}
