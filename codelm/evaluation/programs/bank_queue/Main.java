import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

public class Main {
    static final int LEAVING = -1;

    record Event(int time, int customer) {}

    static int arrival(int customer) {
        return customer * 3 / 2;
    }

    static void simulate(int clerks) {
        var events = new PriorityQueue<>(
            Comparator.comparingInt(Event::time).thenComparingInt(Event::customer));
        for (int customer = 0; customer < 9; customer++) {
            events.add(new Event(arrival(customer), customer));
        }
        Queue<Integer> line = new ArrayDeque<>();
        int free = clerks;
        int longest = 0;
        int now = 0;
        System.out.print("waits");
        while (!events.isEmpty()) {
            Event event = events.remove();
            now = event.time;
            if (event.customer == LEAVING) {
                free++;
            } else {
                line.add(event.customer);
            }
            if (free > 0 && !line.isEmpty()) {
                free--;
                int served = line.remove();
                System.out.print(" " + (now - arrival(served)));
                events.add(new Event(now + 1 + served * 5 % 7, LEAVING));
            }
            longest = Math.max(longest, line.size());
        }
        System.out.printf("%nlongest line %d, closed at %d%n", longest, now);
    }

    public static void main(String[] args) {
        for (int clerks = 1; clerks < 5; clerks++) {
            simulate(clerks);
        }
    }
}
