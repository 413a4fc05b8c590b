import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

public class Main {
    record Point(int x, int y) {
        int cross(Point a, Point b) {
            return (a.x - x) * (b.y - y) - (a.y - y) * (b.x - x);
        }

        @Override
        public String toString() {
            return "(" + x + "," + y + ")";
        }
    }

    static List<Point> halfHull(Iterable<Point> points) {
        var chain = new ArrayList<Point>();
        for (Point point : points) {
            int last = chain.size() - 1;
            while (last > 0 && chain.get(last - 1).cross(chain.get(last), point) <= 0) {
                chain.remove(last--);
            }
            chain.add(point);
        }
        return chain;
    }

    static void report(int size) {
        var points = new TreeSet<>(Comparator.comparingInt(Point::x).thenComparingInt(Point::y));
        for (int i = 0; i < size; i++) {
            points.add(new Point(i * i % 11 - 5, i * 3 % 7));
        }
        var ring = halfHull(points);
        var upper = halfHull(points.descendingSet());
        ring.addAll(upper.subList(1, upper.size()));

        var origin = new Point(0, 0);
        int area = 0;
        for (int i = 1; i < ring.size(); i++) {
            area += origin.cross(ring.get(i - 1), ring.get(i));
        }
        System.out.printf("%d points, doubled area %d:", points.size(), area);
        ring.forEach(point -> System.out.print(" " + point));
        System.out.println();
    }

    public static void main(String[] args) {
        for (int size : new int[] {1, 2, 3, 9, 40}) {
            report(size);
        }
    }
}
