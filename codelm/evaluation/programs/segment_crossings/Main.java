import java.util.List;

public class Main {
    record Point(int x, int y) {
        /** Orders points by x, then by y, where these are below 100. */
        int rank() {
            return 100 * x + y;
        }
    }

    record Segment(Point low, Point high) {
        Segment(int x1, int y1, int x2, int y2) {
            this(new Point(x1, y1), new Point(x2, y2));
        }

        int side(Point p) {
            return (high.x - low.x) * (p.y - low.y) - (high.y - low.y) * (p.x - low.x);
        }

        String relationTo(Segment other) {
            int a = side(other.low);
            int b = side(other.high);
            boolean sameLine = a == 0 && b == 0;
            int gap = sameLine
                ? Math.max(low.rank(), other.low.rank()) - Math.min(high.rank(), other.high.rank())
                : Math.max(a * b, other.side(low) * other.side(high));
            if (gap >= 0) {
                return gap == 0 ? "touches" : "misses";
            }
            return sameLine ? "overlaps" : "crosses";
        }
    }

    public static void main(String[] args) {
        var segments = List.of(new Segment(0, 0, 6, 6), new Segment(0, 6, 6, 0),
            new Segment(3, 3, 9, 9), new Segment(9, 9, 10, 10));
        for (int i = 0; i < segments.size(); i++) {
            for (int j = i + 1; j < segments.size(); j++) {
                System.out.printf("%d %s %d%n", i, segments.get(i).relationTo(segments.get(j)), j);
            }
        }
    }
}
