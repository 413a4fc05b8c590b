class Islands:
    """Land on a grid, where cell 34 lies in row 3 and column 4."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}
        self.size: dict[int, int] = {}

    def find(self, cell: int) -> int:
        if self.parent[cell] != cell:
            self.parent[cell] = self.find(self.parent[cell])
        return self.parent[cell]

    def add(self, cell: int) -> None:
        if cell in self.parent:
            return
        self.parent[cell] = cell
        self.size[cell] = 1
        for neighbour in (cell - 10, cell - 1, cell + 1, cell + 10):
            if neighbour in self.parent and (root := self.find(neighbour)) != cell:
                self.parent[root] = cell
                self.size[cell] += self.size.pop(root)


def main() -> None:
    islands = Islands()
    for cell in [11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44]:
        islands.add(cell)
        print(f"{cell}:", *sorted(islands.size.values()))


if __name__ == "__main__":
    main()
