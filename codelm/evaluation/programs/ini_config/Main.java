import java.util.HashMap;
import java.util.List;
import java.util.Map;

public class Main {
    static final String SOURCE = """
        max = 5
        [web]
        port = 8080  ; not 80
        just words
        [job
        [job]
        port = eighty
        """;

    static Map<String, String> parse(String source) {
        var settings = new HashMap<String, String>();
        String section = "main";
        int number = 0;
        for (String raw : source.split("\n")) {
            number++;
            String line = raw.split(";", 2)[0].strip();
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else if (equals >= 0) {
                String key = line.substring(0, equals).strip();
                settings.put(section + "." + key, line.substring(equals + 1).strip());
            } else if (!line.isEmpty()) {
                System.out.printf("line %d: cannot read <%s>%n", number, line);
            }
        }
        return settings;
    }

    static int integer(Map<String, String> settings, String name, int fallback) {
        String text = settings.get(name);
        return text == null ? fallback : Integer.parseInt(text);
    }

    public static void main(String[] args) {
        var settings = parse(SOURCE);
        for (String name : List.of("main.max", "web.port", "web.size", "job.port")) {
            try {
                System.out.println(name + " + 1 is " + (integer(settings, name, 3) + 1));
            } catch (NumberFormatException e) {
                System.out.printf("%s: <%s> is not an integer%n", name, settings.get(name));
            }
        }
    }
}
