import java.util.stream.Collectors;
import java.util.stream.Stream;

public class Main {
    static boolean matches(String pattern, String text) {
        if (pattern.isEmpty()) return text.isEmpty();
        char head = pattern.charAt(0);
        String rest = pattern.substring(1);
        if (head == '*') {
            return matches(rest, text) || !text.isEmpty() && matches(pattern, text.substring(1));
        }
        if (text.isEmpty()) return false;
        char first = text.charAt(0);
        boolean accepted = head == '?' || head == first;
        int close = rest.indexOf(']');
        if (head == '[' && close >= 0) {
            boolean negated = rest.startsWith("!");
            String members = rest.substring(negated ? 1 : 0, close);
            accepted = (members.indexOf(first) >= 0) != negated;
            rest = rest.substring(close + 1);
        }
        return accepted && matches(rest, text.substring(1));
    }

    public static void main(String[] args) {
        String[] names = {"notes.txt", "n1.txt", "data-07", "[ab"};
        String[] patterns = {"*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?"};
        for (String pattern : patterns) {
            String found = Stream.of(names)
                .filter(name -> matches(pattern, name))
                .collect(Collectors.joining(", "));
            System.out.printf("%-8s matches %s%n", pattern, found.isEmpty() ? "nothing" : found);
        }
    }
}
