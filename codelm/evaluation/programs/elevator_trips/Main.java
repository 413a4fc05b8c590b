import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

public class Main {
    record Ride(int start, int goal) {}

    static int serve(List<Ride> waiting) {
        var aboard = new ArrayList<Ride>();
        int floor = 5;
        int step = 1;
        int travelled = 0;
        while (!waiting.isEmpty() || !aboard.isEmpty()) {
            var calls = new ArrayList<Integer>();
            waiting.forEach(ride -> calls.add(ride.start));
            aboard.forEach(ride -> calls.add(ride.goal));
            int way = Integer.MAX_VALUE;
            for (int call : calls) {
                int distance = (call - floor) * step;
                way = distance < 0 ? way : Math.min(way, distance);
            }
            if (way == Integer.MAX_VALUE) {
                step = -step;
                continue;
            }
            travelled += way;
            floor += way * step;
            int stop = floor;
            int before = aboard.size();
            aboard.removeIf(ride -> ride.goal == stop);
            int left = before - aboard.size();
            var entering = waiting.stream().filter(ride -> ride.start == stop).toList();
            waiting.removeAll(entering);
            aboard.addAll(entering);
            System.out.printf("floor %d: %d out, %d in%n", floor, left, entering.size());
        }
        return travelled;
    }

    public static void main(String[] args) {
        for (int count : new int[] {0, 1, 5}) {
            var rides = IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Ride(i * 4 % 11, i * 9 % 11)).toList();
            int travelled = serve(new ArrayList<>(rides));
            System.out.printf("%d rides, %d floors travelled%n", count, travelled);
        }
    }
}
