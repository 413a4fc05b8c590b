from math import gcd, prod

BASE = 10


def factorise(number: int) -> dict[int, int]:
    exponents: dict[int, int] = {}
    divisor = 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            exponents[divisor] = exponents.get(divisor, 0) + 1
            number //= divisor
        divisor += 1
    if number > 1:
        exponents[number] = exponents.get(number, 0) + 1
    return exponents


def order(base: int, modulus: int) -> int | None:
    """The smallest k > 0 with base ** k = 1 modulo the modulus."""
    if gcd(base, modulus) > 1:
        return None
    power, k = base % modulus, 1
    while power != 1:
        power = power * base % modulus
        k += 1
    return k


def main() -> None:
    for number in (7, 97, 360, 1001, 2048, 5929, 9999, 65537):
        factors = factorise(number)
        totient = prod(p ** (k - 1) * (p - 1) for p, k in factors.items())
        product = " * ".join(f"{p}^{k}" if k > 1 else str(p) for p, k in factors.items())
        print(f"{number:6} {totient:6} {order(BASE, number) or '-':>6}  {product}")


if __name__ == "__main__":
    main()
