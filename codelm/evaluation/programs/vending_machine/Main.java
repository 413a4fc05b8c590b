import java.util.List;
import java.util.StringJoiner;

public class Main {
    static final List<Integer> COINS = List.of(50, 20, 10, 5);
    static final int PRICE = 45;

    private int stock;
    private int credit;

    Main(int stock) {
        this.stock = stock;
    }

    String handle(String event) {
        return switch (event) {
            case "back" -> payOut("returned");
            case "tea" -> sell();
            default -> accept(Integer.parseInt(event));
        };
    }

    private String accept(int coin) {
        if (!COINS.contains(coin)) {
            return "refused";
        }
        credit += coin;
        return "credit " + credit;
    }

    private String sell() {
        if (stock == 0) {
            return "sold out";
        }
        if (credit < PRICE) {
            return (PRICE - credit) + " missing";
        }
        stock--;
        credit -= PRICE;
        return payOut("served, change");
    }

    private String payOut(String label) {
        var message = new StringJoiner(" ").add(label);
        for (int coin : COINS) {
            for (; credit >= coin; credit -= coin) {
                message.add(String.valueOf(coin));
            }
        }
        return message.toString();
    }

    public static void main(String[] args) {
        var machine = new Main(2);
        for (String event : "tea 50 50 tea 3 20 20 tea 5 tea 10 tea back".split(" ")) {
            System.out.println(event + ": " + machine.handle(event));
        }
    }
}
