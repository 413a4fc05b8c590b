from functools import cache


def plan(sizes: list[int]) -> tuple[int, str]:
    """Returns the fewest multiplications of numbers and an order that needs no more."""

    @cache
    def best(first: int, last: int) -> tuple[int, str]:
        if first == last:
            return 0, chr(ord("A") + first)
        plans = []
        for middle in range(first, last):
            left_cost, left = best(first, middle)
            right_cost, right = best(middle + 1, last)
            product = sizes[first] * sizes[middle + 1] * sizes[last + 1]
            plans.append((left_cost + right_cost + product, f"({left}{right})"))
        return min(plans, key=lambda plan: plan[0])

    return best(0, len(sizes) - 2)


def main() -> None:
    for chain in [
        "4 7",
        "4 7 2",
        "40 20 30 10 30",
        "7 7 7 7 7",
        "30 35 15 5 10 20 25",
        "5000 3000 4000 6000",
    ]:
        cost, order = plan([int(size) for size in chain.split()])
        print(f"{chain}: {order} costs {cost}")


if __name__ == "__main__":
    main()
