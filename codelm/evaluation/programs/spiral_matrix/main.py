from collections.abc import Iterator


def spiral(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield the cells of a grid clockwise, from the corner inwards."""
    row, column = 0, -1
    down, right = 0, 1
    ahead, aside = columns, rows
    while ahead > 0:
        for _ in range(ahead):
            row += down
            column += right
            yield row, column
        ahead, aside = aside - 1, ahead
        down, right = right, -down


def fill(rows: int, columns: int) -> list[list[int]]:
    grid = [[0] * columns for _ in range(rows)]
    for number, (row, column) in enumerate(spiral(rows, columns), start=1):
        grid[row][column] = number
    return grid


def read(grid: list[list[int]]) -> list[int]:
    return [grid[row][column] for row, column in spiral(len(grid), len(grid[0]))]


def main() -> None:
    for rows, columns in ((3, 4), (4, 2), (1, 3)):
        grid = fill(rows, columns)
        for line in grid:
            print("".join(f"{number:3}" for number in line))
        turned = [list(line) for line in zip(*reversed(grid), strict=True)]
        print("turned:", *read(turned))


if __name__ == "__main__":
    main()
