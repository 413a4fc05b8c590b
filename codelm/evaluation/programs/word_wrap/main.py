"""Fills a paragraph to a width, its first line indented, and justifies all lines but the last."""

from collections.abc import Iterator

TEXT = """
The quick brown fox jumps over   the lazy dog while an
extraordinarily-minded cat looks on
from the wall.
"""


def fill(words: list[str], width: int) -> Iterator[list[str]]:
    line: list[str] = []
    for word in words:
        if line and len(" ".join([*line, word])) > width:
            yield line
            line = []
        line.append(word)
    yield line


def justify(words: list[str], width: int) -> str:
    gaps = len(words) - 1
    if gaps == 0:
        return words[0]
    every, extra = divmod(width - sum(map(len, words)), gaps)
    # The gaps on the left take the spaces that are left over.
    start = (" " * (every + 1)).join(words[: extra + 1])
    return (" " * every).join([start, *words[extra + 1 :]])


def main() -> None:
    first, *rest = TEXT.split()
    for width in (18, 30, 90):
        *lines, last = fill([f"   {first}", *rest], width)
        for line in lines:
            print(justify(line, width))
        print(" ".join(last))


if __name__ == "__main__":
    main()
