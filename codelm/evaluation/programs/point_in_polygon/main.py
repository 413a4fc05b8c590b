Point = tuple[int, int]


def locate(polygon: list[Point], x: int, y: int) -> str:
    inside = False
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if side == 0 and (x - x1) * (x - x2) <= 0 and (y - y1) * (y - y2) <= 0:
            return "+"
        # Half-open in y, so that a ray through a corner meets only one of its edges.
        if (y1 > y) != (y2 > y) and (side > 0) == (y2 > y1):
            inside = not inside
        x1, y1 = x2, y2
    return "#" if inside else "."


def main() -> None:
    crown = [(0, 0), (9, 0), (9, 5), (6, 2), (4, 6), (2, 2), (0, 5)]
    rows = ["".join(locate(crown, x, y) for x in range(-1, 11)) for y in range(6, -2, -1)]
    for row in rows:
        print(row)
    print("inside:", sum(row.count("#") for row in rows))


if __name__ == "__main__":
    main()
