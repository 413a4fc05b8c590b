import heapq
from collections.abc import Iterator

RUNS = {"A": [1, 4, 4, 9, 12], "B": [], "C": [-3, 4, 9, 12], "D": [-3, 0, 1, 12, 12, 40]}


def merge(runs: dict[str, list[int]]) -> Iterator[tuple[int, str]]:
    """Yield every value with its run, in order; the heap holds one place in each run."""
    heap = [(values[0], name, 0) for name, values in runs.items() if values]
    heapq.heapify(heap)
    while heap:
        value, name, place = heap[0]
        yield value, name
        if place + 1 < len(runs[name]):
            heapq.heapreplace(heap, (runs[name][place + 1], name, place + 1))
        else:
            heapq.heappop(heap)


def main() -> None:
    for value, name in merge(RUNS):
        print(f"{value:3} {name}")


if __name__ == "__main__":
    main()
