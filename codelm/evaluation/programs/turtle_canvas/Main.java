import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

public class Main {
    private static final int WIDTH = 12;
    private static final int HEIGHT = 5;

    static String expand(Iterator<String> commands) {
        StringBuilder plain = new StringBuilder();
        int count = 1;
        while (commands.hasNext()) {
            String command = commands.next();
            if (command.equals(")")) {
                break;
            }
            if (command.matches("\\d")) {
                count = Integer.parseInt(command);
            } else {
                String body = command.equals("(") ? expand(commands) : command;
                plain.append(body.repeat(count));
                count = 1;
            }
        }
        return plain.toString();
    }

    static char[][] draw(String commands) {
        char[][] canvas = new char[HEIGHT][WIDTH];
        for (char[] row : canvas) {
            Arrays.fill(row, '.');
        }
        int x = 0;
        int y = 0;
        int dx = 1;
        int dy = 0;
        for (char command : commands.toCharArray()) {
            switch (command) {
                case 'F' -> {
                    x = Math.floorMod(x + dx, WIDTH);
                    y = Math.floorMod(y + dy, HEIGHT);
                }
                case 'R' -> {
                    int turned = -dy;
                    dy = dx;
                    dx = turned;
                }
                default -> canvas[y][x] = command;
            }
        }
        return canvas;
    }

    public static void main(String[] args) {
        for (String program : List.of("2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o")) {
            System.out.println(program);
            for (char[] row : draw(expand(List.of(program.split("")).iterator()))) {
                System.out.println(row);
            }
        }
    }
}
