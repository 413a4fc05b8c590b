Congruence = tuple[int, int]


def extended_gcd(a: int, b: int) -> tuple[int, int]:
    """Return g = gcd(a, b) and an x with a * x = g modulo b."""
    x, next_x = 1, 0
    while b:
        quotient, rest = divmod(a, b)
        a, b = b, rest
        x, next_x = next_x, x - quotient * next_x
    return a, x


def combine(first: Congruence, second: Congruence) -> Congruence:
    (r, m), (s, n) = first, second
    gcd, inverse = extended_gcd(m, n)
    steps, rest = divmod(s - r, gcd)
    if rest:
        raise ValueError("cannot hold")
    period = n // gcd
    return r + m * (steps * inverse % period), m * period


def main() -> None:
    solution = (0, 1)
    for extra in ((2, 3), (3, 5), (2, 7), (-1, 6), (4, 10), (-10, 99)):
        try:
            solution = combine(solution, extra)
            outcome = "leaves {} modulo {}".format(*solution)
        except ValueError as error:
            outcome = str(error)
        print("{} modulo {}".format(*extra), outcome)


if __name__ == "__main__":
    main()
