import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

public class Main {
    static String decode(String text) {
        return URLDecoder.decode(text, UTF_8);
    }

    // URLEncoder writes HTML forms, where a space is a plus and a tilde is escaped.
    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("%7E", "~");
    }

    static Map<String, List<String>> parse(String query) {
        var values = new TreeMap<String, List<String>>();
        for (String part : query.split("&+")) {
            String[] pair = part.split("=", 2);
            String value = pair.length == 2 ? decode(pair[1]) : "";
            values.computeIfAbsent(decode(pair[0]), key -> new ArrayList<>()).add(value);
        }
        return values;
    }

    public static void main(String[] args) {
        String[] queries = {
            "q=fish+%26+chips",
            "tag=red&id=7&tag=a%2db%7E",
            "name=caf%c3%a9&flag&&=x",
            "sum=1%2b1=2&%25",
        };
        for (String query : queries) {
            var rebuilt = new StringJoiner("&");
            parse(query).forEach((key, values) -> {
                for (String value : values) rebuilt.add(encode(key) + "=" + encode(value));
            });
            System.out.println(rebuilt);
        }
    }
}
