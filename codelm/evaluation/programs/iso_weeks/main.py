"""ISO week dates by arithmetic on days."""


def day_number(year: int, month: int, day: int) -> int:
    # Years run from March, so that the leap day comes last.
    if month < 3:
        year, month = year - 1, month + 12
    leap_days = year // 4 - year // 100 + year // 400
    return 365 * year + leap_days + (153 * month + 3) // 5 + day - 399


def week_one(year: int) -> int:
    # A multiple of 7 is a Monday; 4 January is always in week 1.
    return day_number(year, 1, 4) // 7 * 7


def iso_week(number: int) -> str:
    year = number // 365 + 2
    while week_one(year) > number:
        year -= 1
    weeks, weekday = divmod(number - week_one(year), 7)
    return f"{year}-W{weeks + 1:02}-{weekday + 1}"


def main() -> None:
    start, end = day_number(2024, 12, 30), day_number(2027, 1, 3)
    print(iso_week(start))
    print(iso_week(end))
    print(end - start, "days")
    long_years = sum(week_one(year + 1) - week_one(year) > 364 for year in range(1, 401))
    print(long_years, "long years")


if __name__ == "__main__":
    main()
