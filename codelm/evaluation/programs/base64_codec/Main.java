import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

public class Main {
    private static final String ALPHABET =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    static IntStream regroup(IntStream values, int size, int wanted) {
        IntStream.Builder groups = IntStream.builder();
        int bits = 0;
        int held = 0;
        for (int value : values.toArray()) {
            bits = bits << size | value;
            held += size;
            while (held >= wanted) {
                held -= wanted;
                groups.add(bits >> held & (1 << wanted) - 1);
            }
        }
        return groups.build();
    }

    static String encode(String data) {
        StringBuilder text = new StringBuilder();
        regroup((data + "\0\0").chars(), 8, 6).forEach(value -> text.append(ALPHABET.charAt(value)));
        text.setLength((4 * data.length() + 2) / 3);
        return text + "=".repeat(-text.length() & 3);
    }

    static Optional<String> decode(String text) {
        StringBuilder data = new StringBuilder();
        IntStream values = text.replace("=", "").chars().map(ALPHABET::indexOf);
        regroup(values, 6, 8).forEach(value -> data.append((char) value));
        // Only what encode would write is good.
        return Optional.of(data.toString()).filter(decoded -> encode(decoded).equals(text));
    }

    public static void main(String[] args) {
        for (String text : List.of("bWFu", "bWE=", "fn4/", "bR==", "b*E=")) {
            System.out.println(text + " " + decode(text).orElse("refused"));
        }
    }
}
