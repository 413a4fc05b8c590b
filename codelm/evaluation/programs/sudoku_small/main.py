"""Solves sudokus of four by four by backtracking."""

SIDE = 4


def clash(a: int, b: int) -> bool:
    """Whether two places share a row, a column or a box."""
    (r, c), (s, d) = divmod(a, SIDE), divmod(b, SIDE)
    return r == s or c == d or (r // 2, c // 2) == (s // 2, d // 2)


def solve(cells: str) -> list[str]:
    hole = cells.find(".")
    if hole < 0:
        return [cells]
    taken = {digit for place, digit in enumerate(cells) if clash(place, hole)}
    return [
        solution
        for digit in "1234"
        if digit not in taken
        for solution in solve(cells[:hole] + digit + cells[hole + 1 :])
    ]


def main() -> None:
    for cells in ("1....2....3....4", "123....4........", "..1.4......2.3..", "." * 16):
        solutions = solve(cells)
        print(f"{cells} has {len(solutions)} solutions")
        for solution in solutions[:1]:
            for start in range(0, len(cells), SIDE):
                print(solution[start : start + SIDE])


if __name__ == "__main__":
    main()
