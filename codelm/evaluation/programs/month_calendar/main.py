"""Prints calendar pages by arithmetic."""


def month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def first_weekday(year: int, month: int) -> int:
    # Year 1 began on a Monday.
    past = year - 1
    days = 365 * past + past // 4 - past // 100 + past // 400
    return (days + sum(month_length(year, m) for m in range(1, month))) % 7


def print_page(year: int, month: int) -> None:
    print(f"      {year}-{month:02}")
    print("Mo Tu We Th Fr Sa Su")
    cells = ["  "] * first_weekday(year, month)
    cells += [f"{day:2}" for day in range(1, month_length(year, month) + 1)]
    for start in range(0, len(cells), 7):
        print(" ".join(cells[start : start + 7]))


def main() -> None:
    print_page(1900, 2)
    print_page(2000, 10)


if __name__ == "__main__":
    main()
