from collections import deque
from heapq import heappop, heappush

LEAVING = -1  # sorts before the customers who come in at the same minute


def simulate(clerks: int) -> None:
    arrivals = [customer * 3 // 2 for customer in range(9)]
    events = [(time, customer) for customer, time in enumerate(arrivals)]
    line: deque[int] = deque()
    waits: list[int] = []
    longest = now = 0
    while events:
        now, customer = heappop(events)
        if customer == LEAVING:
            clerks += 1
        else:
            line.append(customer)
        if clerks and line:
            clerks -= 1
            served = line.popleft()
            waits.append(now - arrivals[served])
            heappush(events, (now + 1 + served * 5 % 7, LEAVING))
        longest = max(longest, len(line))
    print("waits", *waits)
    print(f"longest line {longest}, closed at {now}")


def main() -> None:
    for clerks in range(1, 5):
        simulate(clerks)


if __name__ == "__main__":
    main()
