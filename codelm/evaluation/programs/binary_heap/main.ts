class JobQueue {
  private readonly heap: number[] = [];

  push(due: number): void {
    this.heap.push(due);
    this.settle(this.heap.length - 1, due);
  }

  remove(due: number): void {
    const i = this.heap.indexOf(due);
    const last = this.heap.pop();
    if (last !== undefined && i < this.heap.length) this.settle(i, last);
  }

  /** Puts the job in the gap at `i`, or above or below it. */
  private settle(i: number, due: number): void {
    const { heap } = this;
    for (let parent = (i - 1) >> 1; i > 0 && due < heap[parent]; parent = (i - 1) >> 1) {
      heap[i] = heap[parent];
      i = parent;
    }
    for (let child = 2 * i + 1; child < heap.length; child = 2 * i + 1) {
      if (heap[child + 1] < heap[child]) child++;
      if (due <= heap[child]) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = due;
  }

  *drain(): Generator<number> {
    while (this.heap.length > 0) {
      const [due] = this.heap;
      this.remove(due);
      yield due;
    }
  }

  toString(): string {
    return `[${this.heap.join(", ")}]`;
  }
}

const jobs = new JobQueue();
for (const due of [20, 1, 3, 30, 25, 10, 3]) jobs.push(due);
for (const due of [30, 10, 1]) {
  jobs.remove(due);
  console.log(`without ${due} ${jobs}`);
}
for (const due of jobs.drain()) console.log(`run ${due} ${jobs}`);
