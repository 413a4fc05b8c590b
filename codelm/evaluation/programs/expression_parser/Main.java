import java.util.List;

public class Main {
    private final String text;
    private int position;

    Main(String text) {
        this.text = text + "$";
    }

    private char peek() {
        return text.charAt(position);
    }

    private IllegalStateException error() {
        return new IllegalStateException("error at " + position);
    }

    int sumUpTo(char end) {
        int value = product();
        while (peek() == '+' || peek() == '-') {
            value += text.charAt(position++) == '+' ? product() : -product();
        }
        if (peek() != end) {
            throw error();
        }
        position++;
        return value;
    }

    private int product() {
        int value = factor();
        while (peek() == '*') {
            position++;
            value *= factor();
        }
        return value;
    }

    private int factor() {
        char symbol = peek();
        if (!Character.isDigit(symbol) && "-(xy".indexOf(symbol) < 0) {
            throw error();
        }
        position++;
        return switch (symbol) {
            case '-' -> -factor();
            case '(' -> sumUpTo(')');
            case 'x' -> 7;
            case 'y' -> 2;
            default -> Character.digit(symbol, 10);
        };
    }

    public static void main(String[] args) {
        for (String text : List.of("9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", "")) {
            try {
                System.out.printf("[%s] = %d%n", text, new Main(text).sumUpTo('$'));
            } catch (IllegalStateException e) {
                System.out.printf("[%s] %s%n", text, e.getMessage());
            }
        }
    }
}
