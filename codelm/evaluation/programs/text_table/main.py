"""Prints stock as a table: items to the left, numbers to the right, totals below a rule."""

STOCK = [("hook", 250, 2000), ("a long rope", 12, 23940), ("returned", -3, -5)]


def table(stock: list[tuple[str, int, int]]) -> list[str]:
    _, counts, prices = zip(("", 0, 0), *stock, strict=True)
    rows = [("item", "count", "price"), *stock, ("total", sum(counts), sum(prices))]
    a, b, c = (max(len(str(cell)) for cell in column) for column in zip(*rows, strict=True))
    lines = [f"{item:{a}}  {count:>{b}}  {price:>{c}}" for item, count, price in rows]
    rule = "-" * len(lines[0])
    return [lines[0], rule, *lines[1:-1], rule, lines[-1]]


def main() -> None:
    print(*table(STOCK), sep="\n")
    print(*table([]), sep="\n")


if __name__ == "__main__":
    main()
