"""Motifs of simulation: queues, machines, generated chance."""

MOTIFS = {
    "balance": """
balance = INT(50, 100)
changes = [INT(5, 40), -INT(5, 60), INT(1, 9), -INT(20, 60)]
for i, change in enumerate(changes):
    "a withdrawal must be covered"
    if balance + change < 0:
        print(f"step {i}: refused")
        continue
    balance += change
    print(f"step {i}: {balance}")
if MAYBE:
    print("rich" if balance > INT(50, 90) else "poor")
""",
    "savings": '''
def grow(balance: int, rate: int) -> int:
    """Balance after a year, with interest in percent."""
    return balance + balance * rate // 100

def grow(balance: int, rate: int) -> int:
    interest = balance * rate // 100
    return balance + interest - CHOICE(1, 2, 5)

balance = INT(200, 2000)
rate = INT(2, 12)
if EITHER:
    target = balance + INT(50, 400)
    years = 0
    while balance < target and years < 50:
        balance = grow(balance, rate)
        years += 1
    print(f"years: {years}")
else:
    for year in range(1, INT(4, 7)):
        balance = grow(balance, rate)
        print(f"year {year}: {balance}")
''',
    "waiting line": """
queue: list[str] = []
for name in VOTES(3, 5):
    if name not in queue:
        queue.append(name)
        print(f"{name} waits")
while len(queue) > INT(0, 1):
    "the first in the line is next"
    print(f"{queue[0]} is served")
    queue = queue[1:]
if MAYBE:
    print(f"waiting: {len(queue)}")
""",
    "elevator": '''
def travel(start: int, stops: list[int]) -> int:
    """Floors that an elevator passes."""
    floors = 0
    here = start
    for stop in stops:
        floors += abs(stop - here)
        here = stop
    return floors

def travel(start: int, stops: list[int]) -> int:
    """How often an elevator changes its direction."""
    turns = 0
    here = start
    rising = True
    for stop in stops:
        if (stop > here) != rising:
            turns += 1
            rising = not rising
        here = stop
    return turns

def travel(start: int, stops: list[int]) -> int:
    """Floors that an elevator goes up."""
    floors = 0
    here = start
    for stop in stops:
        if stop > here:
            floors += stop - here
        here = stop
    return floors

stops = INTS(3, 7, 0, 12)
print(f"floors: {travel(INT(0, 9), stops)}")
''',
    "dice": '''
def next_state(state: int) -> int:
    """Next number of a simple random generator."""
    return (state * CHOICE(13, 21, 45) + CHOICE(7, 11, 17)) % CHOICE(64, 97, 101)

state = INT(1, 60)
total = 0
for turn in range(INT(3, 6)):
    state = next_state(state)
    roll = state % 6 + 1
    total += roll
    if MAYBE:
        print(f"roll {turn + 1}: {roll}")
print(f"total: {total}")
''',
    "rolls": """
state = INT(1, 90)
counts = [0] * 6
for turn in range(INT(10, 30)):
    state = (state * INT(11, 61) + INT(3, 29)) % 101
    counts[state % 6] += 1
for i, count in enumerate(counts):
    print(f"{i + 1}: {count}")
""",
    "random walk": '''
def walk(state: int, steps: int) -> int:
    """Place after so many steps to one side or the other."""
    number = state
    place = 0
    for i in range(steps):
        number = (number * INT(11, 61) + INT(3, 29)) % 97
        if number % 2 == 0:
            place += 1
        else:
            place -= 1
    return place

def walk(state: int, steps: int) -> int:
    number = state
    place = 0
    farthest = 0
    for i in range(steps):
        number = (number * INT(11, 61) + INT(3, 29)) % 97
        place += 1 if number % INT(2, 3) == 0 else -1
        farthest = max(farthest, abs(place))
    return farthest

for start in range(1, INT(3, 6)):
    print(f"walk {start}: {walk(start, INT(6, 30))}")
''',
    "population": """
foxes = INT(2, 20)
rabbits = INT(40, 120)
for year in range(INT(3, 6)):
    rabbits += rabbits // INT(2, 4)
    eaten = min(rabbits, foxes * INT(1, 3))
    rabbits -= eaten
    foxes = foxes + eaten // INT(8, 20) - foxes // INT(4, 9)
    print(f"year {year}: {rabbits} rabbits, {foxes} foxes")
""",
    "vending machine": '''
def sell(price: int, coins: list[int]) -> str:
    """What a machine does with the coins."""
    paid = 0
    for coin in coins:
        paid += coin
        if paid >= price:
            return f"change: {paid - price}"
    return f"missing: {price - paid}"

def sell(price: int, coins: list[int]) -> str:
    paid = sum(coin for coin in coins if coin != 1)
    if paid < price:
        return CHOICE("too little", "more please")
    if paid == price:
        return CHOICE("thanks", "exact")
    return f"{paid - price} back"

price = INT(10, 40)
print(sell(price, INTS(2, 4, 1, 20)))
print(sell(price, CHOICE([20, 20], [10, 5, 5, 20], [5, 10], [50])))
''',
    "cells": '''
def next_cells(cells: list[int]) -> list[int]:
    """Each cell lives if exactly one neighbour does."""
    result = [0] * len(cells)
    for i in range(1, len(cells) - 1):
        if cells[i - 1] != cells[i + 1]:
            result[i] = 1
    return result

def next_cells(cells: list[int]) -> list[int]:
    last = len(cells) - 1
    return [1 if cells[max(i - 1, 0)] != cells[min(i + 1, last)] else 0 for i in range(0, len(cells))]

def show(cells: list[int]) -> str:
    return "".join(["#" if cell == 1 else "." for cell in cells])

cells = [0] * INT(7, 15)
cells[INT(2, 5)] = 1
if MAYBE:
    cells[1] = 1
for turn in range(INT(3, 6)):
    print(show(cells))
    cells = next_cells(cells)
''',
    "traffic light": '''
def next_color(color: str) -> str:
    """What a traffic light shows next."""
    if color == "red":
        return "green"
    if color == "green":
        return CHOICE("yellow", "amber")
    return "red"

color = CHOICE("red", "green")
for minute in range(INT(3, 7)):
    if MAYBE:
        if minute % 2 == INT(0, 1):
            color = next_color(color)
    else:
        color = next_color(color)
    print(f"{minute}: {color}")
''',
    "turnstile": """
locked = CHOICE(True, False)
passed = 0
coins = 0
for signal in CHOICE("CPPCP", "PCCP", "CPCPP", "PPCP", "CCPP"):
    if signal == b"C":
        coins += 1
        locked = False
    elif locked:
        print(CHOICE("locked", "insert a coin", "no entry"))
    else:
        passed += 1
        locked = CHOICE(True, coins < INT(2, 4))
print(f"passed: {passed}, coins: {coins}")
""",
    "tokens": '''
def tokenize(line: str) -> list[str]:
    """Numbers and signs of a line."""
    tokens: list[str] = []
    number = ""
    for c in line:
        if c.isdigit():
            number += c
        else:
            if number != "":
                tokens.append(number)
                number = ""
            if c != b" ":
                tokens.append(str(c))
    if number != "":
        tokens.append(number)
    return tokens

tokens = tokenize(CHOICE("12+7 - 3", "4 * (15-2)", "100/5+1", "8-6-1", "(1 + 2)*33"))
if EITHER:
    print(CHOICE(" ", ", ", "|").join(tokens))
else:
    for token in tokens:
        kind = "number" if token[0].isdigit() else "sign"
        print(f"{kind} {token}")
''',
    "sums as text": '''
def evaluate(line: str) -> int:
    """What a sum or difference comes to."""
    result = 0
    number = 0
    sign = 1
    for c in line:
        if c.isdigit():
            number = number * 10 + (ord(c) - ord("0"))
        else:
            result += sign * number
            number = 0
            sign = 1 if c == b"+" else -1
    return result + sign * number

def evaluate(line: str) -> int:
    """Sum of the terms, each a number or a product."""
    total = 0
    for term in line.split("+"):
        product = 1
        for factor in term.split("*"):
            product *= int(factor)
        total += product
    return total

print(evaluate(CHOICE("12+7", "4+15", "100+5+1", "8+6+31")))
print(evaluate(CHOICE("2+3+4", "10+20", "7+70+700")))
''',
    "reverse notation": '''
def calculate(line: str) -> int:
    """What an expression with its signs after the numbers comes to."""
    stack: list[int] = []
    for token in line.split(" "):
        if token[0].isdigit():
            stack.append(int(token))
        else:
            second = stack.pop()
            first = stack.pop()
            if token == "+":
                stack.append(first + second)
            elif token == "*":
                stack.append(first * second)
            else:
                stack.append(first - second)
    return stack[0]

for line in [CHOICE("3 4 +", "8 2 - 5 *", "6 7 *"), CHOICE("2 3 4 * +", "9 1 - 2 -", "5 5 + 3 -")]:
    print(f"{line} gives {calculate(line)}")
''',
    "checksums": '''
def checksum(values: list[int]) -> int:
    """A number that changes with any of the values."""
    a = 1
    b = 0
    for value in values:
        a = (a + value) % CHOICE(97, 251)
        b = (b + a) % CHOICE(97, 251)
    return b * 256 + a

def checksum(values: list[int]) -> int:
    result = INT(3, 17)
    for value in values:
        result = (result * 31 + value) % INT(500, 9000)
    return result

values = INTS(4, 7, 0, 99)
print(f"checksum: {checksum(values)}")
if MAYBE:
    changed = values[:]
    changed[INT(0, 3)] += 1
    print(f"changed: {checksum(changed)}")
''',
    "bits": '''
def count_bits(number: int) -> int:
    """Ones in the binary form of a number."""
    bits = 0
    rest = number
    while rest > 0:
        bits += rest % 2
        rest = rest // 2
    return bits

def has_bit(number: int, place: int) -> bool:
    """Whether the bit at a place is set."""
    rest = number
    for i in range(place):
        rest = rest // 2
    return rest % 2 == 1

flags = INT(5, 250)
print(f"{flags} has {count_bits(flags)} bits")
for place in range(INT(2, 5)):
    if has_bit(flags, place):
        print(f"bit {place} is set")
''',
    "hot plates": """
rod = INTS(4, 6, 0, 90)
for turn in range(INT(2, 4)):
    cooler = rod[:]
    for i in range(1, len(rod) - 1):
        cooler[i] = (rod[i - 1] + rod[i] + rod[i + 1]) // 3
    rod = cooler[:]
    print(" ".join([str(heat) for heat in rod]))
""",
    "board game": '''
def play(rolls: list[int], size: int) -> int:
    """Field on which a player ends."""
    field = 0
    for roll in rolls:
        if field + roll > size:
            "the last field must be met exactly"
            continue
        field += roll
        if field % INT(4, 9) == 0:
            field -= INT(1, 2)
        if field == size:
            break
    return field

rolls = INTS(5, 9, 1, 6)
for size in [INT(10, 15), INT(18, 25)]:
    print(f"field: {play(rolls, size)} of {size}")
''',
    "last one": '''
def survivor(people: int, step: int) -> int:
    """Who remains when every so many-th leaves the circle."""
    place = 0
    for n in range(2, people + 1):
        place = (place + step) % n
    return place + 1

def survivor(people: int, step: int) -> int:
    circle = [number + 1 for number in range(0, people)]
    i = 0
    while len(circle) > 1:
        i = (i + step - 1) % len(circle)
        for j in range(i, len(circle) - 1):
            circle[j] = circle[j + 1]
        circle = circle[:len(circle) - 1]
    return circle[0]

for people in range(INT(3, 6), INT(7, 10)):
    print(f"{people}: {survivor(people, INT(2, 5))}")
''',
}
