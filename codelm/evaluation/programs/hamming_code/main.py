"""Extended Hamming code: four bits in eight; one error is corrected, two are detected."""

from collections.abc import Iterable

# Each data bit with its parity bits.
GENERATOR = (0x0F, 0x33, 0x55, 0x96)


def fold(values: Iterable[int], mask: int) -> int:
    total = 0
    for i, value in enumerate(values):
        if mask >> i & 1:
            total ^= value
    return total


def decode(code: int) -> int | None:
    error = fold(range(8), code)
    if code.bit_count() % 2:
        code ^= 1 << error
    elif error:
        return None
    return code >> 4 & 14 | code >> 3 & 1


def main() -> None:
    corrected = detected = 0
    for nibble in range(16):
        code = fold(GENERATOR, nibble)
        print(f"{code:08b} {decode(code)}")
        for a in range(8):
            corrected += decode(code ^ 1 << a) == nibble
            for b in range(a):
                detected += decode(code ^ 1 << a ^ 1 << b) is None
    print(f"corrected {corrected}, detected {detected}")


if __name__ == "__main__":
    main()
