import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;

public class Main {
    static void run(String... code) {
        Deque<Integer> stack = new ArrayDeque<>();
        Deque<Integer> calls = new ArrayDeque<>();
        calls.push(code.length);
        int pc = 0;
        while (pc < code.length) {
            String[] words = code[pc++].split(" ");
            int operand = words.length > 1 ? Integer.parseInt(words[1]) : 0;
            switch (words[0]) {
                case "push" -> stack.push(operand);
                case "dup" -> stack.push(stack.element());
                case "add" -> stack.push(stack.pop() + stack.pop());
                case "print" -> System.out.println(stack.pop());
                case "jnz" -> pc = stack.pop() == 0 ? pc : operand;
                case "call" -> {
                    calls.push(pc);
                    pc = operand;
                }
                case "ret" -> pc = calls.pop();
                default -> {
                    System.out.println("unknown instruction " + words[0]);
                    return;
                }
            }
        }
    }

    public static void main(String[] args) {
        String[] programs = {
            "push 3; dup; call 9; print; push -1; add; dup; jnz 1; ret; dup; add; ret",
            "push 7; print; add",
            "push 0; jnz 9; fly",
        };
        for (String program : programs) {
            try {
                run(program.split("; "));
            } catch (NoSuchElementException e) {
                System.out.println("the stack is empty");
            }
        }
    }
}
