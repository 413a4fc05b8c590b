import java.util.ArrayList;
import java.util.List;

public class Main {
    private static final String TEXT = """
        The quick brown fox jumps over   the lazy dog while an
        extraordinarily-minded cat looks on
        from the wall.
        """;

    static List<List<String>> fill(List<String> words, int width) {
        List<List<String>> lines = new ArrayList<>();
        int length = width;
        for (String word : words) {
            length += 1 + word.length();
            if (length > width) {
                lines.add(new ArrayList<>());
                length = word.length();
            }
            lines.get(lines.size() - 1).add(word);
        }
        return lines;
    }

    static String justify(List<String> words, int width) {
        int gaps = words.size() - 1;
        int spare = width - String.join("", words).length();
        StringBuilder line = new StringBuilder(words.get(0));
        for (int gap = 0; gap < gaps; gap++) {
            // The gaps on the left take the spaces that are left over.
            int spaces = spare / gaps + (gap < spare % gaps ? 1 : 0);
            line.append(" ".repeat(spaces)).append(words.get(gap + 1));
        }
        return line.toString();
    }

    public static void main(String[] args) {
        String[] words = TEXT.split("\\s+");
        words[0] = "   " + words[0];
        for (int width : List.of(18, 30, 90)) {
            List<List<String>> lines = fill(List.of(words), width);
            List<String> last = lines.remove(lines.size() - 1);
            lines.forEach(line -> System.out.println(justify(line, width)));
            System.out.println(String.join(" ", last));
        }
    }
}
