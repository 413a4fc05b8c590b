from collections.abc import Iterator
from fractions import Fraction


def egyptian(value: Fraction) -> Iterator[Fraction]:
    """Yield the whole part, then the largest unit fraction that fits until nothing is left."""
    whole, rest = divmod(value, 1)
    if whole or not rest:
        yield Fraction(whole)
    while rest:
        # The negations turn the floor division into a ceiling.
        unit = Fraction(1, -(-rest.denominator // rest.numerator))
        yield unit
        rest -= unit


def main() -> None:
    examples = ((0, 7), (6, 14), (7, 3), (12, 4), (19, 20), (4, 17), (8, 11))
    for numerator, denominator in examples:
        value = Fraction(numerator, denominator)
        terms = list(egyptian(value))
        assert sum(terms) == value
        print(value, "=", " + ".join(map(str, terms)))


if __name__ == "__main__":
    main()
