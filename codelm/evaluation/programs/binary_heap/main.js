class JobQueue {
  heap = [];

  push(due) {
    this.heap.push(due);
    this.#settle(this.heap.length - 1);
  }

  remove(i) {
    const { heap } = this;
    this.#swap(i, heap.length - 1);
    const due = heap.pop();
    if (i < heap.length) this.#settle(i);
    return due;
  }

  #swap(i, j) {
    const { heap } = this;
    [heap[i], heap[j]] = [heap[j], heap[i]];
  }

  // The job may belong above its place, or below it after a removal.
  #settle(i) {
    const { heap } = this;
    for (let parent = (i - 1) >> 1; i > 0 && heap[i] < heap[parent]; parent = (i - 1) >> 1) {
      this.#swap(i, parent);
      i = parent;
    }
    for (;;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      const child = heap[right] < heap[left] ? right : left;
      if (child >= heap.length || heap[i] <= heap[child]) return;
      this.#swap(i, child);
      i = child;
    }
  }

  toString() {
    return `[${this.heap.join(", ")}]`;
  }
}

const jobs = new JobQueue();
[20, 1, 3, 30, 25, 10, 3].forEach((due) => jobs.push(due));
for (const due of [30, 10, 1]) {
  jobs.remove(jobs.heap.indexOf(due));
  console.log(`without ${due} ${jobs}`);
}
while (jobs.heap.length > 0) console.log(`run ${jobs.remove(0)} ${jobs}`);
