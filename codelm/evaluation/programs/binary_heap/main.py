def settle(heap: list[int], i: int) -> None:
    """Moves the job at `i` up or down to where it belongs."""
    while i > 0 and heap[i] < heap[parent := (i - 1) // 2]:
        heap[i], heap[parent] = heap[parent], heap[i]
        i = parent
    while children := range(2 * i + 1, min(2 * i + 3, len(heap))):
        child = min(children, key=lambda child: heap[child])
        if heap[i] <= heap[child]:
            break
        heap[i], heap[child] = heap[child], heap[i]
        i = child


def push(heap: list[int], due: int) -> None:
    heap.append(due)
    settle(heap, len(heap) - 1)


def remove(heap: list[int], i: int) -> int:
    heap[i], heap[-1] = heap[-1], heap[i]
    due = heap.pop()
    if i < len(heap):
        settle(heap, i)
    return due


def main() -> None:
    jobs: list[int] = []
    for due in [20, 1, 3, 30, 25, 10, 3]:
        push(jobs, due)
    for due in [30, 10, 1]:
        remove(jobs, jobs.index(due))
        print("without", due, jobs)
    while jobs:
        print("run", remove(jobs, 0), jobs)


if __name__ == "__main__":
    main()
