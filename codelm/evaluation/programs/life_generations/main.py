from collections import Counter


# The digits of a cell are its row and its column.
def step(live: set[int]) -> set[int]:
    crowd = Counter(cell + row + column for cell in live for row in (-10, 0, 10) for column in (-1, 0, 1))
    # A live cell has counted itself too, so that four leaves it as it is.
    return {cell for cell, count in crowd.items() if count == 3 or (count == 4 and cell in live)}


def draw(live: set[int]) -> str:
    first = min(live)
    rows = (range(first + row - 2, first + row + 3) for row in (0, 10, 20, 30))
    return " ".join("".join(".#"[cell in live] for cell in row) for row in rows)


def main() -> None:
    for seed in ({22, 23, 32, 33}, {22, 23, 24}, {22, 33, 41, 42, 43}):
        live = seed
        for period in range(1, 9):
            print(draw(live))
            live = step(live)
            if draw(live) == draw(seed):
                print("period", period)
                break


if __name__ == "__main__":
    main()
