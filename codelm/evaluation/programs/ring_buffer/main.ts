class RingBuffer<T> implements Iterable<T> {
  private readonly slots: T[] = [];
  written = 0;

  constructor(private readonly capacity: number) {}

  push(entry: T): void {
    this.slots[this.written % this.capacity] = entry;
    this.written++;
  }

  *[Symbol.iterator](): Generator<T> {
    const first = this.written - this.slots.length;
    for (let i = first; i < this.written; i++) {
      yield this.slots[i % this.capacity];
    }
  }

  layout(empty: T): T[] {
    return Array.from({ length: this.capacity }, (_, i) => this.slots[i] ?? empty);
  }
}

const logs: readonly [capacity: number, entries: string][] = [
  [1, "xy"],
  [3, "abcdefg"],
  [4, "pqr"],
];
for (const [capacity, entries] of logs) {
  const log = new RingBuffer<string>(capacity);
  for (const entry of entries) {
    log.push(entry);
    const kept = [...log];
    const slots = log.layout(".").join("");
    console.log(`${log.written} written, ${kept.length} kept: ${slots} -> ${kept.join("")}`);
  }
}
