import java.util.ArrayList;
import java.util.List;

public class Main {
    static final String TABLE = """
        lamp,"desk, white",20
        chair,oak
        "vase",,7
        cup,"a ""b"" c","3"
        pan,"open,12
        """;

    static List<String> splitRow(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        char previous = 0;
        for (char c : line.toCharArray()) {
            if (c == '"') {
                quoted = !quoted;
                if (quoted && previous == '"') field.append(c);
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
            previous = c;
        }
        fields.add(field.toString());
        if (quoted) throw new IllegalArgumentException("unclosed quote");
        if (fields.size() != 3) {
            throw new IllegalArgumentException("expected 3 fields, got " + fields.size());
        }
        return fields;
    }

    public static void main(String[] args) {
        int number = 0;
        int rejected = 0;
        for (String line : TABLE.split("\n")) {
            number++;
            try {
                System.out.printf("%-6s[%s] %s%n", splitRow(line).toArray());
            } catch (IllegalArgumentException e) {
                System.out.println("line " + number + ": " + e.getMessage());
                rejected++;
            }
        }
        System.out.printf("%d rows, %d rejected%n", number - rejected, rejected);
    }
}
