class LruCache<K, V> {
  private readonly entries = new Map<K, V>();

  constructor(
    private readonly capacity: number,
    private readonly onEvict: (key: K) => void,
  ) {}

  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) this.put(key, value);
    return value;
  }

  put(key: K, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.capacity) {
      const [oldest] = this.entries.keys();
      this.entries.delete(oldest);
      this.onEvict(oldest);
    }
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    return this.entries[Symbol.iterator]();
  }
}

for (const capacity of [0, 1, 2, 3, 4]) {
  let hits = 0;
  let evicted = "";
  const cache = new LruCache<string, number>(capacity, (page) => {
    evicted += page;
  });
  [..."abacbdacaab"].forEach((page, time) => {
    if (cache.get(page) === undefined) cache.put(page, time);
    else hits++;
  });
  cache.put("a", 99);
  const kept = [...cache].map((entry) => entry.join(""));
  console.log(`${capacity}: ${hits} hits, evicted [${evicted}], kept`, ...kept);
}
