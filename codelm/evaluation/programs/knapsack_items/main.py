from typing import NamedTuple


class Item(NamedTuple):
    name: str
    weight: int
    value: int


ITEMS = [Item("tent", 9, 15), Item("pan", 4, 7), Item("rope", 5, 8), Item("map", 0, 3), Item("lamp", 2, 2)]


def best_values(limit: int) -> list[list[int]]:
    """Row n holds the best value of the first n items for each capacity."""
    table = [[0] * (limit + 1)]
    for item in ITEMS:
        row = table[-1].copy()
        for room in range(item.weight, limit + 1):
            row[room] = max(row[room], table[-1][room - item.weight] + item.value)
        table.append(row)
    return table


def main() -> None:
    table = best_values(30)
    for capacity in [0, 1, 5, 8, 9, 12, 19, 30]:
        room, chosen = capacity, []
        for n in range(len(ITEMS), 0, -1):
            if table[n][room] > table[n - 1][room]:
                item = ITEMS[n - 1]
                chosen.append(item.name)
                room -= item.weight
        print(f"{capacity} kg: value {table[-1][capacity]}, spare {room},", *chosen)


if __name__ == "__main__":
    main()
