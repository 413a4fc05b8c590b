class RingBuffer {
  constructor(capacity) {
    this.slots = Array(capacity).fill(".");
    this.written = 0;
  }

  get length() {
    return Math.min(this.written, this.slots.length);
  }

  push(entry) {
    this.slots[this.written % this.slots.length] = entry;
    this.written++;
  }

  *[Symbol.iterator]() {
    for (let i = this.written - this.length; i < this.written; i++) {
      yield this.slots[i % this.slots.length];
    }
  }
}

for (const [capacity, entries] of [[1, "xy"], [3, "abcdefg"], [4, "pqr"]]) {
  const log = new RingBuffer(capacity);
  for (const entry of entries) {
    log.push(entry);
    const kept = [...log].join("");
    console.log(`${log.written} written, ${log.length} kept: ${log.slots.join("")} -> ${kept}`);
  }
}
