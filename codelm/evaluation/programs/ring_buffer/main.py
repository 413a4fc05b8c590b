from collections.abc import Iterator


class RingBuffer:
    """Keeps the latest entries of a log in a fixed number of slots."""

    def __init__(self, capacity: int) -> None:
        self.slots = ["."] * capacity
        self.written = 0

    def push(self, entry: str) -> None:
        self.slots[self.written % len(self.slots)] = entry
        self.written += 1

    def __len__(self) -> int:
        return min(self.written, len(self.slots))

    def __iter__(self) -> Iterator[str]:
        for i in range(self.written - len(self), self.written):
            yield self.slots[i % len(self.slots)]


def main() -> None:
    for capacity, entries in [(1, "xy"), (3, "abcdefg"), (4, "pqr")]:
        log = RingBuffer(capacity)
        for entry in entries:
            log.push(entry)
            print(f"{log.written} written, {len(log)} kept:", "".join(log.slots), "->", "".join(log))


if __name__ == "__main__":
    main()
