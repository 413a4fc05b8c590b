from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


CLOSED = [Span(0, 8), Span(18, 24)]


def merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            last = merged.pop()
            span = Span(last.start, max(last.end, span.end))
        merged.append(span)
    return merged


def report(*spans: Span) -> None:
    busy = merge(spans)
    free = [Span(before.end, after.start) for before, after in pairwise(merge(CLOSED + busy))]
    hours = sum(end - start for start, end in free)
    print("busy:", *busy)
    print(f"free {hours}h:", *free)


def main() -> None:
    report(Span(10, 12), Span(9, 11), Span(12, 13), Span(16, 19), Span(5, 7))
    report()
    report(Span(11, 18), Span(8, 12), Span(9, 10))


if __name__ == "__main__":
    main()
