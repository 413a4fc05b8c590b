import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public class Main {
    static class Trie {
        private int passing;
        private int ending;
        private final Map<Character, Trie> children = new TreeMap<>();

        /** Inserts the word so many times, or removes it if negative. */
        void add(String word, int copies) {
            passing += copies;
            if (word.isEmpty()) {
                ending += copies;
            } else {
                children.computeIfAbsent(word.charAt(0), letter -> new Trie()).add(word.substring(1), copies);
            }
        }

        Trie find(String prefix) {
            if (prefix.isEmpty()) {
                return this;
            }
            Trie child = children.getOrDefault(prefix.charAt(0), new Trie());
            return child.find(prefix.substring(1));
        }

        void collect(String prefix, List<String> words) {
            words.addAll(Collections.nCopies(ending, prefix));
            children.forEach((letter, child) -> child.collect(prefix + letter, words));
        }
    }

    public static void main(String[] args) {
        Trie root = new Trie();
        for (String word : List.of("ten", "tea", "in", "tent", "inn", "ten", "to")) {
            root.add(word, 1);
        }
        for (String removed : List.of("ten", "in", "inn", "ten")) {
            root.add(removed, -1);
            for (String prefix : List.of("", "te", "in")) {
                Trie node = root.find(prefix);
                List<String> line = new ArrayList<>(List.of(prefix + "* " + node.passing));
                node.collect(prefix, line);
                System.out.println(String.join(" ", line));
            }
        }
    }
}
