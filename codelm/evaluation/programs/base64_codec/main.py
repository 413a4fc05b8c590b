"""Base64 by hand."""

import string
from collections.abc import Iterable, Iterator

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"


def regroup(values: Iterable[int], size: int, wanted: int) -> Iterator[int]:
    """Cut a stream of bits anew."""
    bits = held = 0
    for value in values:
        bits = bits << size | value
        held += size
        while held >= wanted:
            held -= wanted
            yield bits >> held & (1 << wanted) - 1


def encode(data: bytes) -> str:
    letters = "".join(ALPHABET[value] for value in regroup([*data, 0, 0], 8, 6))
    text = letters[: (4 * len(data) + 2) // 3]
    return text + "=" * (-len(text) % 4)


def decode(text: str) -> bytes | None:
    data = bytes(regroup(map(ALPHABET.find, text.rstrip("=")), 6, 8))
    # Only what encode would write is good.
    return data if encode(data) == text else None


def main() -> None:
    for text in ("bWFu", "bWE=", "fn4/", "bR==", "b*E="):
        data = decode(text)
        print(text, "refused" if data is None else data.decode())


if __name__ == "__main__":
    main()
