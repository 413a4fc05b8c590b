public class Main {
    static final String SOURCE = """
        half = total / 2;// not a "string"
        text = "/* not \\"a\\" comment //"; /* but this
        is one // */ next = 1 /*/ and this **/ + 2;
        done = "";// "never""";

    enum State { CODE, STRING, LINE, BLOCK }

    static String stripComments(String source) {
        var kept = new StringBuilder();
        var state = State.CODE;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            switch (state) {
                case CODE -> {
                    if (source.startsWith("//", i)) {
                        state = State.LINE;
                    } else if (source.startsWith("/*", i)) {
                        state = State.BLOCK;
                        i++;
                    } else {
                        kept.append(c);
                        state = c == '"' ? State.STRING : State.CODE;
                    }
                }
                case STRING -> {
                    kept.append(c);
                    if (c == '\\' && i + 1 < source.length()) {
                        kept.append(source.charAt(++i));
                    } else if (c == '"') {
                        state = State.CODE;
                    }
                }
                case LINE -> {
                    if (c == '\n') {
                        kept.append(c);
                        state = State.CODE;
                    }
                }
                case BLOCK -> {
                    if (source.startsWith("*/", i)) {
                        kept.append(' ');
                        state = State.CODE;
                        i++;
                    }
                }
            }
        }
        return kept.toString();
    }

    public static void main(String[] args) {
        System.out.println(stripComments(SOURCE));
    }
}
