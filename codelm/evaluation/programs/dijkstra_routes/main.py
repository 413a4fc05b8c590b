import heapq

# One-way roads: from a town to others, with their lengths.
ROADS = {
    "A": {"B": 4, "C": 1},
    "B": {"D": 5, "E": 10},
    "C": {"B": 2, "D": 9},
    "D": {"A": 1, "E": 3},
    "E": {"G": 0},
    "F": {"A": 1},
    "G": {"C": 6},
}


def shortest_routes(roads: dict[str, dict[str, int]], start: str) -> dict[str, tuple[int, str]]:
    """Length and towns of the best route to every town that can be reached."""
    routes: dict[str, tuple[int, str]] = {}
    queue = [(0, start)]
    while queue:
        length, route = heapq.heappop(queue)
        town = route[-1]
        if town in routes:
            continue
        routes[town] = length, route
        for neighbour, step in roads[town].items():
            heapq.heappush(queue, (length + step, route + neighbour))
    return routes


def main() -> None:
    routes = shortest_routes(ROADS, "A")
    for town in ROADS:
        length, route = routes.get(town, ("-", "no road"))
        print(f"{town} {length:>2} {route}")


if __name__ == "__main__":
    main()
