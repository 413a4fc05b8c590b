import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

public class Main {
    static final int BASE = 10;

    static Map<Integer, Integer> factorise(int number) {
        var factors = new TreeMap<Integer, Integer>();
        for (int divisor = 2; divisor * divisor <= number; divisor++) {
            for (; number % divisor == 0; number /= divisor) {
                factors.merge(divisor, 1, Integer::sum);
            }
        }
        if (number > 1) factors.merge(number, 1, Integer::sum);
        return factors;
    }

    static int order(int base, int modulus) {
        int power = base % modulus, k = 1;
        while (power != 1) {
            power = power * base % modulus;
            k++;
        }
        return k;
    }

    static void show(int number) {
        var factors = factorise(number);
        int totient = number;
        for (int prime : factors.keySet()) totient = totient / prime * (prime - 1);
        boolean coprime = factors.keySet().stream().noneMatch(prime -> BASE % prime == 0);
        String order = coprime ? String.valueOf(order(BASE, number)) : "-";
        String product = factors.entrySet().stream()
            .map(factor -> factor.getValue() > 1 ? factor.toString().replace('=', '^') : "" + factor.getKey())
            .collect(Collectors.joining(" * "));
        System.out.printf("%6d %6d %6s  %s%n", number, totient, order, product);
    }

    public static void main(String[] args) {
        for (int number : new int[] {7, 97, 360, 1001, 2048, 5929, 9999, 65537}) show(number);
    }
}
