from operator import itemgetter

Cable = tuple[int, int, int]

TOWN: list[Cable] = [(7, 0, 1), (3, 0, 2), (1, 1, 2), (5, 2, 3), (2, 3, 4)]
ISLANDS: list[Cable] = [(9, 1, 2), (9, 0, 2), (9, 0, 1), (0, 3, 4)]


def cheapest_network(size: int, cables: list[Cable]) -> list[Cable]:
    """Kruskal: of equal costs the cable listed first is tried first."""
    parent = list(range(size))

    def root(house: int) -> int:
        while parent[house] != house:
            parent[house] = house = parent[parent[house]]
        return house

    chosen = []
    for cost, one, other in sorted(cables, key=itemgetter(0)):
        if root(one) != root(other):
            parent[root(one)] = root(other)
            chosen.append((cost, one, other))
    return chosen


def report(size: int, cables: list[Cable]) -> None:
    chosen = cheapest_network(size, cables)
    for cost, one, other in chosen:
        print(f"{one}-{other} for {cost}")
    total = sum(cost for cost, _, _ in chosen)
    print(f"total {total}, parts {size - len(chosen)}")


def main() -> None:
    report(5, TOWN)
    report(5, ISLANDS)


if __name__ == "__main__":
    main()
