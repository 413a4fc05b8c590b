from fractions import Fraction

SYSTEMS = (
    [[0, 2, 1, 1], [3, 0, 1, 2], [1, 1, 2, 1]],
    [[3, -6, 3], [-2, 4, 7]],
    [[-4, 6]],
    [[0, 1]],
)


def solve(system: list[list[int]]) -> list[Fraction]:
    """Solve as many equations as unknowns by Gauss-Jordan elimination."""
    rows = [[Fraction(value) for value in row] for row in system]
    for column in range(len(rows)):
        found = next((i for i in range(column, len(rows)) if rows[i][column]), None)
        if found is None:
            raise ValueError(f"singular in column {column + 1}")
        rows[column], rows[found] = rows[found], rows[column]
        pivot = [value / rows[column][column] for value in rows[column]]
        for i, row in enumerate(rows):
            rows[i] = [value - row[column] * other for value, other in zip(row, pivot, strict=True)]
        rows[column] = pivot
    return [row[-1] for row in rows]


def main() -> None:
    for system in SYSTEMS:
        try:
            print(*solve(system))
        except ValueError as error:
            print(error)


if __name__ == "__main__":
    main()
