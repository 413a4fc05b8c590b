from itertools import pairwise

Point = tuple[int, int]


def cross(o: Point, a: Point, b: Point) -> int:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def half_hull(points: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and cross(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def report(size: int) -> None:
    points = sorted({(i * i % 11 - 5, i * 3 % 7) for i in range(size)})
    # A closed ring: the last point repeats the first.
    ring = half_hull(points) + half_hull(points[::-1])[1:]
    area = sum(cross((0, 0), a, b) for a, b in pairwise(ring))
    print(f"{len(points)} points, doubled area {area}:", *(f"({x},{y})" for x, y in ring))


def main() -> None:
    for size in (1, 2, 3, 9, 40):
        report(size)


if __name__ == "__main__":
    main()
