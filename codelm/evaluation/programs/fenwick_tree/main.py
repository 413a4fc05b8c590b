class FenwickTree:
    """How often each value from 1 to `size` occurs."""

    def __init__(self, size: int) -> None:
        self.sums = [0] * (size + 1)

    def add(self, value: int, count: int) -> None:
        while value < len(self.sums):
            self.sums[value] += count
            value += value & -value

    def up_to(self, value: int) -> int:
        total = 0
        while value > 0:
            total += self.sums[value]
            value &= value - 1
        return total

    def ranked(self, rank: int) -> int:
        value = 0
        for bit in reversed(range(len(self.sums).bit_length())):
            step = value + (1 << bit)
            if step < len(self.sums) and self.sums[step] < rank:
                rank -= self.sums[step]
                value = step
        return value + 1


def main() -> None:
    ages = FenwickTree(100)
    for age, count in [(34, 2), (7, 1), (100, 1), (61, 3), (7, -1), (1, 4), (64, 5), (100, -1)]:
        ages.add(age, count)
        total = ages.up_to(100)
        median, oldest = ages.ranked((total + 1) // 2), ages.ranked(total)
        print(f"{total} people, {ages.up_to(17)} minors, median {median}, oldest {oldest}")


if __name__ == "__main__":
    main()
