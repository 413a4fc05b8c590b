import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

public class Main {
    static class JobQueue {
        final List<Integer> heap = new ArrayList<>();

        void push(int due) {
            heap.add(due);
            settle(heap.size() - 1);
        }

        int remove(int i) {
            int last = heap.size() - 1;
            Collections.swap(heap, i, last);
            int due = heap.remove(last);
            if (i < last) settle(i);
            return due;
        }

        private void settle(int i) {
            while (i > 0 && heap.get(i) < heap.get((i - 1) / 2)) {
                Collections.swap(heap, i, (i - 1) / 2);
                i = (i - 1) / 2;
            }
            for (int child = 2 * i + 1; child < heap.size(); child = 2 * i + 1) {
                if (child + 1 < heap.size() && heap.get(child + 1) < heap.get(child)) child++;
                if (heap.get(i) <= heap.get(child)) break;
                Collections.swap(heap, i, child);
                i = child;
            }
        }
    }

    public static void main(String[] args) {
        var jobs = new JobQueue();
        List.of(20, 1, 3, 30, 25, 10, 3).forEach(jobs::push);
        for (int due : List.of(30, 10, 1)) {
            jobs.remove(jobs.heap.indexOf(due));
            System.out.println("without " + due + " " + jobs.heap);
        }
        while (!jobs.heap.isEmpty()) {
            System.out.println("run " + jobs.remove(0) + " " + jobs.heap);
        }
    }
}
