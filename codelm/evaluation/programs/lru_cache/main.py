from collections import OrderedDict


class LruCache:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.entries: OrderedDict[str, int] = OrderedDict()
        self.evicted: list[str] = []

    def get(self, key: str) -> int | None:
        if key in self.entries:
            self.entries.move_to_end(key)
        return self.entries.get(key)

    def put(self, key: str, value: int) -> None:
        self.entries[key] = value
        self.entries.move_to_end(key)
        if len(self.entries) > self.capacity:
            oldest, _ = self.entries.popitem(last=False)
            self.evicted.append(oldest)


def main() -> None:
    for capacity in range(5):
        cache = LruCache(capacity)
        hits = 0
        for time, page in enumerate("abacbdacaab"):
            if cache.get(page) is None:
                cache.put(page, time)
            else:
                hits += 1
        cache.put("a", 99)
        kept = (f"{page}{time}" for page, time in cache.entries.items())
        print(f"{capacity}: {hits} hits, evicted [{''.join(cache.evicted)}], kept", *kept)


if __name__ == "__main__":
    main()
