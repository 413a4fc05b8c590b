MODULUS = 1_000_007

Matrix = list[list[int]]

MATRICES: dict[str, Matrix] = {
    "fibonacci": [[1, 1], [1, 0]],
    "signed": [[-1, 2], [1, 0]],
    "paths": [[0, 1, 0], [1, 0, 1], [1, 1, 0]],
}


def multiply(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, column, strict=True)) % MODULUS for column in columns] for row in left]


def identity(size: int) -> Matrix:
    return [[int(row == column) for column in range(size)] for row in range(size)]


def power(base: Matrix, exponent: int) -> Matrix:
    result = identity(len(base))
    while exponent:
        if exponent % 2:
            result = multiply(result, base)
        base = multiply(base, base)
        exponent //= 2
    return result


def main() -> None:
    for name, matrix in MATRICES.items():
        print(name)
        for exponent in (0, 1, 10, 10**12):
            *_, corner = power(matrix, exponent)[0]
            print(f"  {exponent}: {corner}")


if __name__ == "__main__":
    main()
