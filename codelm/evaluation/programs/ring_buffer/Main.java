import java.util.stream.Collectors;
import java.util.stream.IntStream;

public class Main {
    static class RingBuffer {
        private final char[] slots;
        private int written;

        RingBuffer(int capacity) {
            slots = ".".repeat(capacity).toCharArray();
        }

        void push(char entry) {
            slots[written % slots.length] = entry;
            written++;
        }

        int size() {
            return Math.min(written, slots.length);
        }

        @Override
        public String toString() {
            return IntStream.range(written - size(), written)
                    .mapToObj(i -> String.valueOf(slots[i % slots.length]))
                    .collect(Collectors.joining());
        }
    }

    static void fill(int capacity, String entries) {
        var log = new RingBuffer(capacity);
        for (char entry : entries.toCharArray()) {
            log.push(entry);
            System.out.printf("%d written, %d kept: %s -> %s%n",
                    log.written, log.size(), new String(log.slots), log);
        }
    }

    public static void main(String[] args) {
        fill(1, "xy");
        fill(3, "abcdefg");
        fill(4, "pqr");
    }
}
