Ride = tuple[int, int]


def serve(waiting: list[Ride]) -> int:
    aboard: list[int] = []
    floor, step = 5, 1
    travelled = 0
    while waiting or aboard:
        calls = [*aboard, *(start for start, _ in waiting)]
        ahead = [(call - floor) * step for call in calls if (call - floor) * step >= 0]
        if not ahead:
            step = -step
            continue
        travelled += min(ahead)
        floor += min(ahead) * step
        leaving = aboard.count(floor)
        entering = [goal for start, goal in waiting if start == floor]
        print(f"floor {floor}: {leaving} out, {len(entering)} in")
        waiting = [ride for ride in waiting if ride[0] != floor]
        aboard = [goal for goal in aboard if goal != floor] + entering
    return travelled


def main() -> None:
    for count in (0, 1, 5):
        rides = [(i * 4 % 11, i * 9 % 11) for i in range(1, count + 1)]
        print(f"{count} rides, {serve(rides)} floors travelled")


if __name__ == "__main__":
    main()
