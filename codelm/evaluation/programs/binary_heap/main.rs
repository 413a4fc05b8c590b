#[derive(Default)]
struct JobQueue {
    heap: Vec<u32>,
}

impl JobQueue {
    fn push(&mut self, due: u32) {
        self.heap.push(due);
        self.settle(self.heap.len() - 1);
    }

    fn remove(&mut self, i: usize) -> u32 {
        let due = self.heap.swap_remove(i);
        if i < self.heap.len() {
            self.settle(i);
        }
        due
    }

    fn settle(&mut self, mut i: usize) {
        let heap = &mut self.heap;
        while i > 0 && heap[i] < heap[(i - 1) / 2] {
            heap.swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
        loop {
            let children = 2 * i + 1..heap.len().min(2 * i + 3);
            match children.min_by_key(|&child| heap[child]) {
                Some(child) if heap[child] < heap[i] => {
                    heap.swap(i, child);
                    i = child;
                }
                _ => break,
            }
        }
    }
}

fn main() {
    let mut jobs = JobQueue::default();
    for due in [20, 1, 3, 30, 25, 10, 3] {
        jobs.push(due);
    }
    for due in [30, 10, 1] {
        if let Some(i) = jobs.heap.iter().position(|&job| job == due) {
            jobs.remove(i);
            println!("without {due} {:?}", jobs.heap);
        }
    }
    while !jobs.heap.is_empty() {
        println!("run {} {:?}", jobs.remove(0), jobs.heap);
    }
}
