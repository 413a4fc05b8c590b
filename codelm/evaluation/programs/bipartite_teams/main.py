# For each league, the rivals of player 0, 1, 2, ...
LEAGUES = [
    [[1, 3], [0, 2], [1, 3], [0, 2], [5], [4]],
    [[1], [0, 2], [1, 3, 4], [2, 4], [2, 3]],
    [[], [1]],
]


def split(rivals: list[list[int]]) -> list[list[int]]:
    """Two teams such that rivals are never in the same one."""
    side: dict[int, int] = {}

    def place(player: int, path: list[int]) -> None:
        side[player] = len(path) % 2
        path = [*path, player]
        for rival in rivals[player]:
            if rival not in side:
                place(rival, path)
            elif side[rival] == side[player]:
                raise ValueError(f"odd cycle {path[path.index(rival) :]}")

    for player in range(len(rivals)):
        if player not in side:
            place(player, [])
    return [[player for player in sorted(side) if side[player] == team] for team in (0, 1)]


def main() -> None:
    for rivals in LEAGUES:
        try:
            print(*split(rivals), sep=" against ")
        except ValueError as error:
            print(error)


if __name__ == "__main__":
    main()
