import java.util.OptionalInt;
import java.util.stream.IntStream;

public class Main {
    // Each data bit with its parity bits.
    private static final int[] GENERATOR = {0x0F, 0x33, 0x55, 0x96};

    static IntStream places(int code) {
        return IntStream.range(0, 8).filter(place -> (code >> place & 1) == 1);
    }

    static int encode(int nibble) {
        return places(nibble).reduce(0, (code, place) -> code ^ GENERATOR[place]);
    }

    static OptionalInt decode(int code) {
        int error = places(code).reduce(0, (a, b) -> a ^ b);
        if (Integer.bitCount(code) % 2 == 1) {
            code ^= 1 << error;
        } else if (error != 0) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(code >> 4 & 14 | code >> 3 & 1);
    }

    public static void main(String[] args) {
        int corrected = 0;
        int detected = 0;
        for (int nibble = 0; nibble < 16; nibble++) {
            int code = encode(nibble);
            String bits = Integer.toBinaryString(code | 256).substring(1);
            System.out.println(bits + " " + decode(code).getAsInt());
            for (int a = 0; a < 8; a++) {
                corrected += decode(code ^ 1 << a).getAsInt() == nibble ? 1 : 0;
                for (int b = 0; b < a; b++) {
                    detected += decode(code ^ 1 << a ^ 1 << b).isEmpty() ? 1 : 0;
                }
            }
        }
        System.out.printf("corrected %d, detected %d%n", corrected, detected);
    }
}
