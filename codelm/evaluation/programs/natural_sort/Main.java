import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

public class Main {
    private static final Pattern CHUNK = Pattern.compile("(\\D*)(\\d*)");

    record Chunk(String text, BigInteger number) {
        static final Comparator<Chunk> ORDER = Comparator.comparing(Chunk::text).thenComparing(Chunk::number);
    }

    static Chunk[] chunks(String name) {
        return CHUNK.matcher(name.toLowerCase(Locale.ROOT)).results()
            .map(m -> new Chunk(m.group(1), new BigInteger(m.group(2).isEmpty() ? "-1" : m.group(2))))
            .toArray(Chunk[]::new);
    }

    public static void main(String[] args) {
        var files = "img12 img2 IMG10 img002 21 3d v1.10 v1.9.2 v1.9 V1.9.10 x5y3 x5y a0 A7b a9 a20000000000000000000";
        List<String> sorted = Arrays.stream(files.split(" "))
            .sorted((a, b) -> Arrays.compare(chunks(a), chunks(b), Chunk.ORDER))
            .toList();
        for (int i = 0; i < sorted.size(); i++) {
            System.out.printf("%2d. %s%n", i + 1, sorted.get(i));
        }
    }
}
