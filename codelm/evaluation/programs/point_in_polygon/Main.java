import java.util.List;

public class Main {
    enum Place { INSIDE, EDGE, OUTSIDE }

    record Point(int x, int y) {
        int side(Point a, Point b) {
            return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
        }

        boolean isOn(Point a, Point b) {
            return side(a, b) == 0 && (x - a.x) * (x - b.x) <= 0 && (y - a.y) * (y - b.y) <= 0;
        }
    }

    static Place locate(List<Point> polygon, Point p) {
        boolean inside = false;
        Point a = polygon.get(polygon.size() - 1);
        for (Point b : polygon) {
            if (p.isOn(a, b)) {
                return Place.EDGE;
            }
            if (a.y > p.y != b.y > p.y && p.side(a, b) > 0 == b.y > a.y) {
                inside = !inside;
            }
            a = b;
        }
        return inside ? Place.INSIDE : Place.OUTSIDE;
    }

    public static void main(String[] args) {
        var crown = List.of(new Point(0, 0), new Point(9, 0), new Point(9, 5), new Point(6, 2),
            new Point(4, 6), new Point(2, 2), new Point(0, 5));
        int inside = 0;
        for (int y = 6; y > -2; y--) {
            for (int x = -1; x < 11; x++) {
                Place place = locate(crown, new Point(x, y));
                inside += place == Place.INSIDE ? 1 : 0;
                System.out.print("#+.".charAt(place.ordinal()));
            }
            System.out.println();
        }
        System.out.println("inside: " + inside);
    }
}
