import re

FILES = ["img12", "img2", "IMG10", "img002", "21", "3d", "v1.10", "v1.9.2", "v1.9", "V1.9.10"]
FILES += ["x5y3", "x5y", "a0", "A7b", "a9", "a20000000000000000000"]


def natural_key(name: str) -> list[tuple[str, int]]:
    """Pairs of text and the number after it; no number at all sorts before any number."""
    return [(text, int(digits or -1)) for text, digits in re.findall(r"(\D*)(\d*)", name.lower())]


def main() -> None:
    # The sort is stable: names with equal keys keep their order.
    for place, name in enumerate(sorted(FILES, key=natural_key), start=1):
        print(f"{place:2}. {name}")


if __name__ == "__main__":
    main()
