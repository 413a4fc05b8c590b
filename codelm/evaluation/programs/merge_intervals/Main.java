import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

public class Main {
    record Span(int start, int end) {}

    private static final List<Span> CLOSED = List.of(new Span(0, 8), new Span(18, 24));

    static List<Span> merge(Stream<Span> spans) {
        var merged = new ArrayList<Span>();
        for (Span span : spans.sorted(Comparator.comparingInt(Span::start)).toList()) {
            int last = merged.size() - 1;
            if (last < 0 || merged.get(last).end() < span.start()) {
                merged.add(span);
            } else {
                Span open = merged.get(last);
                merged.set(last, new Span(open.start(), Math.max(open.end(), span.end())));
            }
        }
        return merged;
    }

    static String format(List<Span> spans) {
        return spans.stream().map(span -> " " + span.start() + "-" + span.end()).collect(Collectors.joining());
    }

    static void report(Span... spans) {
        List<Span> taken = merge(Stream.concat(CLOSED.stream(), Stream.of(spans)));
        List<Span> free = IntStream.range(1, taken.size())
            .mapToObj(i -> new Span(taken.get(i - 1).end(), taken.get(i).start()))
            .toList();
        int hours = free.stream().mapToInt(gap -> gap.end() - gap.start()).sum();
        System.out.println("busy:" + format(merge(Stream.of(spans))));
        System.out.println("free " + hours + "h:" + format(free));
    }

    public static void main(String[] args) {
        report(new Span(10, 12), new Span(9, 11), new Span(12, 13), new Span(16, 19), new Span(5, 7));
        report();
        report(new Span(11, 18), new Span(8, 12), new Span(9, 10));
    }
}
