import java.util.*;

public class Main {
    record Expr(String name, List<Expr> args) {}

    private final Map<String, Long> env = new HashMap<>();

    static Expr read(Iterator<String> tokens) {
        String token = tokens.next();
        if (!token.equals("(")) {
            return new Expr(token, List.of());
        }
        String name = tokens.next();
        List<Expr> args = new ArrayList<>();
        for (Expr arg = read(tokens); !arg.name.equals(")"); arg = read(tokens)) {
            args.add(arg);
        }
        return new Expr(name, args);
    }

    long evaluate(Expr expr) {
        String name = expr.name;
        List<Expr> args = expr.args;
        if (args.isEmpty()) {
            return env.containsKey(name) ? env.get(name) : Long.parseLong(name);
        }
        switch (name) {
            case "define":
                env.put(args.get(0).name, evaluate(args.get(1)));
                return evaluate(args.get(0));
            case "if":
                return evaluate(args.get(evaluate(args.get(0)) != 0 ? 1 : 2));
            case "-":
                return evaluate(args.get(0)) - evaluate(args.get(1));
            case "*":
                return evaluate(args.get(0)) * evaluate(args.get(1));
            default:
                throw new IllegalArgumentException(name);
        }
    }

    public static void main(String[] args) {
        String program = """
            (define n (* 2 (- 9 3)))
            (if (- n 12) missing (- 5 n))
            (define n (* n 1000000000))
            (- n -5)
            """;
        Main lisp = new Main();
        program.replace("(", "( ").replace(")", " )").lines()
            .map(line -> read(List.of(line.split(" ")).iterator()))
            .forEach(expr -> System.out.println(lisp.evaluate(expr)));
    }
}
