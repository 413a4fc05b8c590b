"""Places queens by backtracking, and counts solutions that no turn or mirror makes equal."""

from collections.abc import Iterator

Board = tuple[int, ...]


def solutions(size: int, board: Board = ()) -> Iterator[Board]:
    """Boards in order; board[row] is the column of the row's queen."""
    row = len(board)
    if row == size:
        yield board
        return
    for column in range(size):
        if all(column != c and abs(column - c) != row - r for r, c in enumerate(board)):
            yield from solutions(size, (*board, column))


def images(board: Board) -> Iterator[Board]:
    for _ in range(4):
        mirrored = board[::-1]
        yield mirrored
        board = tuple(mirrored.index(row) for row in range(len(board)))
        yield board


def main() -> None:
    for size in range(1, 9):
        boards = list(solutions(size))
        distinct = sum(board == min(images(board)) for board in boards)
        print(f"{size}: {len(boards)} solutions, {distinct} distinct")
    for column in next(solutions(6)):
        print("." * column + "Q" + "." * (5 - column))


if __name__ == "__main__":
    main()
