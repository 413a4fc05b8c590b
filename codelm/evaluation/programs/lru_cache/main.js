class LruCache {
  entries = new Map();
  evicted = [];

  constructor(capacity) {
    this.capacity = capacity;
  }

  get(key) {
    const value = this.entries.get(key);
    if (value !== undefined) this.put(key, value);
    return value;
  }

  // A map keeps the order of insertion, so its first key is the oldest.
  put(key, value) {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.capacity) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
      this.evicted.push(oldest);
    }
  }
}

for (let capacity = 0; capacity < 5; capacity++) {
  const cache = new LruCache(capacity);
  let hits = 0;
  for (const [time, page] of [..."abacbdacaab"].entries()) {
    if (cache.get(page) === undefined) cache.put(page, time);
    else hits++;
  }
  cache.put("a", 99);
  const kept = Array.from(cache.entries, ([page, time]) => page + time);
  console.log(`${capacity}: ${hits} hits, evicted [${cache.evicted.join("")}], kept`, ...kept);
}
