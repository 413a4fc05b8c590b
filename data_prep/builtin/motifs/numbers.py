"""Motifs of whole numbers: divisors, digits, primes, recursion."""

MOTIFS = {
    "greatest common divisor": '''
def find_divisor(first: int, second: int) -> int:
    """Greatest common divisor of two numbers."""
    "the remainder shrinks in every round"
    a = first
    b = second
    while b != 0:
        rest = a % b
        a = b
        b = rest
    return a

def find_divisor(first: int, second: int) -> int:
    """Greatest number that divides both."""
    if second == 0:
        return first
    return find_divisor(second, first % second)

def find_divisor(first: int, second: int) -> int:
    best = 1
    for i in range(2, min(first, second) + 1):
        if first % i == 0 and second % i == 0:
            best = i
    return best

def find_divisor(first: int, second: int) -> int:
    """Divisor by repeated subtraction."""
    a = first
    b = second
    while a != b:
        if a > b:
            a -= b
        else:
            b -= a
    return a

if EITHER:
    print(f"divisor: {find_divisor(INT(12, 90), INT(8, 60))}")
    if MAYBE:
        print(find_divisor(INT(20, 99), INT(20, 99)))
elif EITHER:
    a = INT(12, 96)
    b = INT(12, 96)
    divisor = find_divisor(a, b)
    print(f"gcd: {divisor}")
    print(f"lcm: {a // divisor * b}")
else:
    values = INTS(3, 5, 10, 90)
    for value in values:
        print(f"{value}: {find_divisor(value, INT(12, 60))}")
''',
    "primes": '''
def is_prime(number: int) -> bool:
    """Whether a number has no divisor but one and itself."""
    if number < 2:
        return False
    i = 2
    while i * i <= number:
        if number % i == 0:
            return False
        i += 1
    return True

def is_prime(number: int) -> bool:
    return number > 1 and all(number % i != 0 for i in range(2, number))

def is_prime(number: int) -> bool:
    if number < 2:
        return False
    for i in range(2, number):
        if i * i > number:
            break
        if number % i == 0:
            "a divisor was found"
            return False
    return True

if EITHER:
    limit = INT(15, 40)
    primes = [n for n in range(2, limit) if is_prime(n)]
    print(" ".join([str(p) for p in primes]))
    if MAYBE:
        print(f"count: {len(primes)}")
elif EITHER:
    count = sum(1 for n in range(INT(0, 10), INT(30, 60)) if is_prime(n))
    print(f"primes: {count}")
elif EITHER:
    candidate = INT(20, 90)
    while not is_prime(candidate):
        candidate += 1
    print(f"next prime: {candidate}")
else:
    for value in INTS(3, 5, 2, 50):
        if is_prime(value):
            print(f"{value} is prime")
        else:
            print(f"{value} is not prime")
''',
    "sieve": '''
def sieve(limit: int) -> list[int]:
    """All primes up to a limit."""
    crossed = [False] * (limit + 1)
    primes: list[int] = []
    for n in range(2, limit + 1):
        if not crossed[n]:
            primes.append(n)
            "cross out the multiples"
            multiple = n * n
            while multiple <= limit:
                crossed[multiple] = True
                multiple += n
    return primes

def sieve(limit: int) -> list[int]:
    is_prime = [True] * (limit + 1)
    for i in range(2, limit + 1):
        if is_prime[i]:
            for multiple in range(i + 1, limit + 1):
                if multiple % i == 0:
                    is_prime[multiple] = False
    primes: list[int] = []
    for n in range(2, limit + 1):
        if is_prime[n]:
            primes.append(n)
    return primes

primes = sieve(INT(12, 40))
if EITHER:
    print(", ".join([str(p) for p in primes]))
else:
    print(f"count: {len(primes)}")
    print(f"largest: {primes[len(primes) - 1]}")
if MAYBE:
    print(f"sum: {sum(p for p in primes if TEST(p))}")
''',
    "digits": '''
def sum_digits(number: int) -> int:
    """Sum of the decimal digits."""
    total = 0
    rest = number
    while rest > 0:
        total += rest % 10
        rest = rest // 10
    return total

def sum_digits(number: int) -> int:
    if number < 10:
        return number
    return number % 10 + sum_digits(number // 10)

def sum_digits(number: int) -> int:
    """Add up the digits of a number."""
    return sum(ord(digit) - ord("0") for digit in str(number))

if EITHER:
    number = INT(1000, 99999)
    print(f"digits of {number}: {sum_digits(number)}")
    root = number
    while root > 9:
        root = sum_digits(root)
    print(f"root: {root}")
elif EITHER:
    factor = INT(3, 9)
    for n in range(INT(10, 40), INT(60, 90)):
        if sum_digits(n) == factor:
            print(n)
else:
    values = INTS(4, 6, 10, 999)
    values.sort(key=lambda x: sum_digits(x))
    print(" ".join([str(value) for value in values]))
''',
    "reversed number": '''
def reverse_number(number: int) -> int:
    """The number with its digits in reverse."""
    result = 0
    rest = number
    while rest != 0:
        result = result * 10 + rest % 10
        rest = rest // 10
    return result

def reverse_number(number: int) -> int:
    return int(str(number)[::-1])

def is_symmetric(number: int) -> bool:
    return number == reverse_number(number)

if EITHER:
    number = INT(101, 999)
    steps = 0
    "add the reverse until the number reads the same from both ends"
    while not is_symmetric(number) and steps < INT(4, 6):
        number += reverse_number(number)
        steps += 1
    print(f"{number} after {steps} steps")
else:
    start = INT(90, 200)
    symmetric = [n for n in range(start, start + INT(30, 60)) if is_symmetric(n)]
    for n in symmetric:
        print(n)
''',
    "divisors": '''
def divisors(number: int) -> list[int]:
    """Proper divisors of a number."""
    return [d for d in range(1, number // 2 + 1) if number % d == 0]

def divisors(number: int) -> list[int]:
    """All numbers below that divide it."""
    found: list[int] = []
    d = 1
    while d * 2 <= number:
        if number % d == 0:
            found.append(d)
        d += 1
    return found

def classify(number: int) -> str:
    total = sum(d for d in divisors(number))
    if total == number:
        return "perfect"
    if total > number:
        return "abundant"
    return "deficient"

def classify(number: int) -> str:
    """Compare a number with the sum of its divisors."""
    total = sum(d for d in divisors(number))
    return "perfect" if total == number else CHOICE("ordinary", "imperfect")

for value in [CHOICE(6, 28), INT(8, 30), INT(8, 40)]:
    print(f"{value}: {classify(value)}")
if MAYBE:
    print(" ".join([str(d) for d in divisors(INT(24, 60))]))
''',
    "collatz": '''
def next_number(n: int) -> int:
    return n // 2 if n % 2 == 0 else 3 * n + 1

def count_steps(start: int) -> int:
    """Steps until the sequence reaches one."""
    steps = 0
    n = start
    while n != 1:
        n = next_number(n)
        steps += 1
    return steps

def count_steps(start: int) -> int:
    if start == 1:
        return 0
    return 1 + count_steps(next_number(start))

if EITHER:
    print(f"steps: {count_steps(INT(3, 26))}")
elif EITHER:
    longest = 0
    starter = 1
    for candidate in range(2, INT(8, 20)):
        steps = count_steps(candidate)
        if steps > longest:
            longest = steps
            starter = candidate
    print(f"{starter} takes {longest} steps")
else:
    for start in range(INT(2, 9), INT(10, 13)):
        print(f"{start}: {count_steps(start)}")
''',
    "modular power": '''
def power_mod(factor: int, exponent: int, modulus: int) -> int:
    """Power of a number, reduced in every step."""
    result = 1
    square = factor % modulus
    rest = exponent
    while rest > 0:
        "an odd exponent needs one more factor"
        if rest % 2 == 1:
            result = result * square % modulus
        square = square * square % modulus
        rest = rest // 2
    return result

def power_mod(factor: int, exponent: int, modulus: int) -> int:
    result = 1
    for i in range(exponent):
        result = result * factor % modulus
    return result

def power_mod(factor: int, exponent: int, modulus: int) -> int:
    if exponent == 0:
        return 1
    half = power_mod(factor, exponent // 2, modulus)
    square = half * half % modulus
    return square if exponent % 2 == 0 else square * factor % modulus

modulus = INT(7, 101)
if EITHER:
    print(power_mod(INT(2, 12), INT(5, 20), modulus))
else:
    for exponent in range(INT(1, 4), INT(5, 9)):
        print(f"{exponent}: {power_mod(INT(2, 12), exponent, modulus)}")
''',
    "number bases": '''
def to_base(number: int, radix: int) -> str:
    """Digits of a number in another base."""
    digits = ""
    rest = number
    while rest > 0:
        digits = str(rest % radix) + digits
        rest = rest // radix
    return digits

def to_base(number: int, radix: int) -> str:
    if number < radix:
        return str(number)
    return to_base(number // radix, radix) + str(number % radix)

def to_base(number: int, radix: int) -> str:
    """Write a number in a smaller base."""
    digits: list[int] = []
    rest = number
    while rest > 0:
        digits.append(rest % radix)
        rest = rest // radix
    return "".join([str(digit) for digit in digits[::-1]])

if EITHER:
    for radix in range(INT(2, 4), INT(5, 9)):
        print(f"base {radix}: {to_base(INT(20, 200), radix)}")
elif EITHER:
    binary = to_base(INT(9, 200), 2)
    ones = sum(1 for bit in binary if bit == b"1")
    print(f"{binary} has {ones} ones")
else:
    values = INTS(3, 5, 1, 60)
    print(" ".join([to_base(value, INT(2, 7)) for value in values]))
''',
    "from binary": '''
def from_binary(bits: str) -> int:
    """Number written in binary."""
    result = 0
    for bit in bits:
        result = result * 2 + (ord(bit) - ord("0"))
    return result

def from_binary(bits: str) -> int:
    result = 0
    weight = 1
    for i in range(len(bits) - 1, -1, -1):
        if bits[i] == b"1":
            result += weight
        weight *= 2
    return result

for bits in [CHOICE("1011", "110", "10001"), CHOICE("111", "100101"), CHOICE("1", "0", "11110")]:
    print(f"{bits}: {from_binary(bits)}")
''',
    "factorial": '''
def factorial(n: int) -> int:
    """Product of the numbers from one to n."""
    if n < 2:
        return 1
    return n * factorial(n - 1)

def factorial(n: int) -> int:
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result

def factorial(n: int) -> int:
    product = 1
    rest = n
    while rest > 1:
        product *= rest
        rest -= 1
    return product

if EITHER:
    print(f"factorial: {factorial(INT(3, 10))}")
    if MAYBE:
        print(f"sum: {sum(factorial(n) for n in range(1, INT(4, 8)))}")
elif EITHER:
    n = INT(5, 10)
    k = INT(2, 4)
    ways = factorial(n) // (factorial(k) * factorial(n - k))
    print(f"{k} of {n}: {ways} ways")
else:
    limit = INT(100, 5000)
    n = 1
    while factorial(n) < limit:
        n += 1
    print(f"first above {limit}: {n}")
''',
    "fibonacci": '''
def fibonacci(n: int) -> int:
    """Number at a place of the sequence."""
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)

def fibonacci(n: int) -> int:
    a = 0
    b = 1
    for i in range(n):
        following = a + b
        a = b
        b = following
    return a

def fibonacci(n: int) -> int:
    """Build the sequence up to its n-th number."""
    terms = [0, 1]
    while len(terms) <= n:
        last = len(terms) - 1
        terms.append(terms[last] + terms[last - 1])
    return terms[n]

if EITHER:
    print(fibonacci(INT(5, 11)))
elif EITHER:
    print(" ".join([str(fibonacci(k)) for k in range(INT(1, 3), INT(6, 10))]))
else:
    total = 0
    for k in range(1, INT(6, 10)):
        term = fibonacci(k)
        if TEST(term):
            total += term
    print(f"total: {total}")
''',
    "power": '''
def power(factor: int, exponent: int) -> int:
    """A factor multiplied by itself."""
    if exponent == 0:
        return 1
    return factor * power(factor, exponent - 1)

def power(factor: int, exponent: int) -> int:
    """Power by repeated squaring."""
    if exponent == 0:
        return 1
    half = power(factor, exponent // 2)
    return half * half if exponent % 2 == 0 else half * half * factor

def power(factor: int, exponent: int) -> int:
    result = 1
    for i in range(exponent):
        result *= factor
    return result

if EITHER:
    print(f"power: {power(INT(2, 9), INT(2, 8))}")
elif EITHER:
    for exponent in range(INT(0, 3), INT(5, 8)):
        print(f"{exponent}: {power(INT(2, 5), exponent)}")
else:
    limit = INT(200, 9000)
    factor = INT(2, 6)
    exponent = 0
    while power(factor, exponent + 1) <= limit:
        exponent += 1
    print(f"largest power below {limit}: {power(factor, exponent)}")
''',
    "towers": '''
def count_moves(disks: int) -> int:
    """Moves that the towers of Hanoi need."""
    if disks == 0:
        return 0
    return 2 * count_moves(disks - 1) + 1

for disks in range(INT(1, 3), INT(5, 8)):
    print(f"{disks} disks: {count_moves(disks)} moves")
''',
    "towers with moves": '''
def move_disks(disks: int, source: str, target: str, spare: str) -> None:
    """Print how a tower gets to another place."""
    if disks == 0:
        return
    move_disks(disks - 1, source, spare, target)
    print(f"disk {disks}: {source} to {target}")
    move_disks(disks - 1, spare, target, source)

move_disks(INT(2, 3), CHOICE("a", "x", "left", "first"), CHOICE("c", "z", "right", "third"), CHOICE("b", "y", "middle"))
''',
    "ackermann": '''
def ackermann(m: int, n: int) -> int:
    """A function that grows very fast."""
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))

for n in range(INT(0, 2), INT(3, 5)):
    print(f"{CHOICE('n', 'value', 'step')} {n}: {ackermann(INT(1, 2), n)}")
''',
    "fizz buzz": '''
def say(n: int) -> str:
    """The word that stands for a number."""
    if n % CHOICE(6, 10, 12, 15) == 0:
        return CHOICE("fizzbuzz", "both", "tiptop")
    if n % INT(2, 3) == 0:
        return CHOICE("fizz", "tip", "ping")
    if n % CHOICE(5, 6, 7) == 0:
        return CHOICE("buzz", "top", "pong")
    return str(n)

def say(n: int) -> str:
    result = ""
    if n % INT(2, 4) == 0:
        result += CHOICE("fizz", "tip", "ping")
    if n % CHOICE(5, 6, 7) == 0:
        result += CHOICE("buzz", "top", "pong")
    return str(n) if result == "" else result

start = INT(1, 20)
if EITHER:
    for n in range(start, start + INT(4, 8)):
        print(say(n))
else:
    print(CHOICE(" ", ", ", "-").join([say(n) for n in range(start, start + INT(4, 12))]))
''',
    "square roots": '''
def square_root(number: int) -> int:
    """Largest whole number whose square is not above."""
    root = 0
    while (root + 1) * (root + 1) <= number:
        root += 1
    return root

def square_root(number: int) -> int:
    low = 0
    high = number + 1
    while high - low > 1:
        mid = (low + high) // 2
        if mid * mid <= number:
            low = mid
        else:
            high = mid
    return low

def square_root(number: int) -> int:
    """Newton's method with whole numbers."""
    guess = number
    while guess * guess > number:
        guess = (guess + number // guess) // 2
    return guess

if EITHER:
    for value in INTS(3, 5, 1, 400):
        print(f"root of {value}: {square_root(value)}")
else:
    squares = [n for n in range(INT(1, 30), INT(50, 120)) if square_root(n) * square_root(n) == n]
    print(", ".join([str(n) for n in squares]))
''',
    "right triangles": """
limit = INT(10, 21)
count = 0
for a in range(1, limit):
    for b in range(a, limit):
        for c in range(b, limit):
            if a * a + b * b == c * c:
                count += 1
                print(f"{a} {b} {c}")
print(f"count: {count}")
""",
    "armstrong": '''
def cube_sum(number: int) -> int:
    """Sum of the cubes of the digits."""
    total = 0
    rest = number
    while rest > 0:
        digit = rest % 10
        total += CHOICE(digit * digit * digit, digit * digit)
        rest = rest // 10
    return total

if EITHER:
    number = INT(10, 999)
    for i in range(INT(3, 6)):
        number = cube_sum(number)
        print(number)
else:
    values = INTS(3, 5, 5, 500)
    sums = [cube_sum(value) for value in values]
    print(" ".join([str(total) for total in sums]))
''',
}
