from itertools import combinations

Point = tuple[int, int]
Segment = tuple[Point, Point]

# The two ends of a segment are in order.
SEGMENTS: list[Segment] = [((0, 0), (6, 6)), ((0, 6), (6, 0)), ((3, 3), (9, 9)), ((9, 9), (10, 10))]


def side(s: Segment, p: Point) -> int:
    (x1, y1), (x2, y2) = s
    return (x2 - x1) * (p[1] - y1) - (y2 - y1) * (p[0] - x1)


def relation(s: Segment, t: Segment) -> str:
    a, b = (side(s, end) for end in t)
    if a == b == 0:
        first, last = max(s[0], t[0]), min(s[1], t[1])
        return "overlaps" if first < last else "touches" if first == last else "misses"
    apart = max(a * b, side(t, s[0]) * side(t, s[1]))
    return "crosses" if apart < 0 else "touches" if apart == 0 else "misses"


def main() -> None:
    for (i, s), (j, t) in combinations(enumerate(SEGMENTS), 2):
        print(i, relation(s, t), j)


if __name__ == "__main__":
    main()
