"""Motifs of dynamic programming and recursion over choices."""

MOTIFS = {
    "coin ways": '''
def count_ways(coins: list[int], target: int) -> int:
    """Number of ways to pay an amount."""
    ways = [0] * (target + 1)
    ways[0] = 1
    for coin in coins:
        for amount in range(coin, target + 1):
            ways[amount] += ways[amount - coin]
    return ways[target]

def count_ways(coins: list[int], target: int) -> int:
    """Ways to pay an amount, where the order counts."""
    ways = [0] * (target + 1)
    ways[0] = 1
    for amount in range(1, target + 1):
        for coin in coins:
            if coin <= amount:
                ways[amount] += ways[amount - coin]
    return ways[target]

coins = CHOICE([1, 2, 5], [2, 3, 7], [1, 5, 10], [3, 4], [2, 5, 6])
if EITHER:
    print(f"ways: {count_ways(coins, INT(5, 20))}")
else:
    for amount in INTS(2, 4, 4, 20):
        print(f"{amount}: {count_ways(coins, amount)} ways")
''',
    "fewest coins": '''
def fewest_coins(coins: list[int], target: int) -> int:
    """Smallest number of coins that make an amount, or -1."""
    fewest = [target + 1] * (target + 1)
    fewest[0] = 0
    for amount in range(1, target + 1):
        for coin in coins:
            if coin <= amount:
                fewest[amount] = min(fewest[amount], fewest[amount - coin] + 1)
    return fewest[target] if fewest[target] <= target else -1

def fewest_coins(coins: list[int], target: int) -> int:
    """Number of coins when the largest that fits is taken each time."""
    rest = target
    count = 0
    for coin in coins:
        while rest >= coin:
            rest -= coin
            count += 1
    return count if rest == 0 else -1

coins = CHOICE([5, 2, 1], [7, 3, 2], [10, 5, 1], [6, 4], [9, 4, 1])
for amount in INTS(2, 4, 4, 30):
    print(f"{amount}: {fewest_coins(coins, amount)}")
''',
    "change": '''
def give_change(amount: int) -> list[int]:
    """Coins for an amount, the largest first."""
    coins: list[int] = []
    rest = amount
    for coin in CHOICE([50, 20, 10, 5, 2, 1], [25, 10, 5, 1], [20, 5, 1]):
        while rest >= coin:
            coins.append(coin)
            rest -= coin
    return coins

change = give_change(INT(11, 99))
print(CHOICE(" ", ", ").join([str(coin) for coin in change]))
if MAYBE:
    print(f"coins: {len(change)}")
''',
    "knapsack": '''
def best_load(weights: list[int], gains: list[int], capacity: int) -> int:
    """Largest gain that fits into the bag."""
    best = [0] * (capacity + 1)
    for i, weight in enumerate(weights):
        "from the top, so that nothing is packed twice"
        for room in range(capacity, weight - 1, -1):
            best[room] = max(best[room], best[room - weight] + gains[i])
    return best[capacity]

def best_load(weights: list[int], gains: list[int], capacity: int) -> int:
    return pack(weights, gains, 0, capacity)

def pack(weights: list[int], gains: list[int], i: int, room: int) -> int:
    """Largest gain from the things that are left."""
    if i == len(weights):
        return 0
    without = pack(weights, gains, i + 1, room)
    if weights[i] > room:
        return without
    return max(without, gains[i] + pack(weights, gains, i + 1, room - weights[i]))

weights = [INT(1, 6), INT(1, 6), INT(2, 8), INT(2, 8)]
gains = [INT(1, 20), INT(1, 20), INT(5, 30), INT(5, 30)]
print(f"gain: {best_load(weights, gains, INT(5, 14))}")
''',
    "common letters": '''
def common_length(first: str, second: str) -> int:
    """Length of the longest common subsequence."""
    lengths = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first)):
        for j in range(len(second)):
            if first[i] == second[j]:
                lengths[i + 1][j + 1] = lengths[i][j] + 1
            else:
                lengths[i + 1][j + 1] = max(lengths[i][j + 1], lengths[i + 1][j])
    return lengths[len(first)][len(second)]

def common_length(first: str, second: str) -> int:
    """Length of the longest common substring."""
    longest = 0
    for i in range(len(first)):
        for j in range(len(second)):
            k = 0
            while i + k < len(first) and j + k < len(second) and first[i + k] == second[j + k]:
                k += 1
            longest = max(longest, k)
    return longest

first = CHOICE(WORD(), LETTERS(4, 7))
second = CHOICE(WORD(), LETTERS(4, 7))
print(f"{first} and {second}: {common_length(first, second)}")
''',
    "edit distance": '''
def edit_distance(first: str, second: str) -> int:
    """Changes that turn one word into another."""
    row = [0] * (len(second) + 1)
    for j in range(len(second) + 1):
        row[j] = j
    for i in range(len(first)):
        corner = row[0]
        row[0] = i + 1
        for j in range(len(second)):
            price = corner if first[i] == second[j] else corner + 1
            corner = row[j + 1]
            row[j + 1] = min(price, min(row[j], corner) + 1)
    return row[len(second)]

def edit_distance(first: str, second: str) -> int:
    """Changes that turn one word into another."""
    if len(first) == 0 or len(second) == 0:
        return max(len(first), len(second))
    if first[0] == second[0]:
        return edit_distance(first[1:], second[1:])
    shorter = min(edit_distance(first[1:], second), edit_distance(first, second[1:]))
    return 1 + min(shorter, edit_distance(first[1:], second[1:]))

word = CHOICE("tree", "cart", "bone", "lane")
for other in [CHOICE("three", "free", "cat"), CHOICE("car", "stone", "plane"), CHOICE("one", "tea", "land")]:
    print(f"{word} {other}: {edit_distance(word, other)}")
''',
    "stairs": '''
def climb(stairs: int) -> int:
    """Ways to climb stairs by one or two at a time."""
    ways = [1] * (stairs + 1)
    for i in range(2, stairs + 1):
        ways[i] = ways[i - 1] + ways[i - 2]
    return ways[stairs]

def climb(stairs: int) -> int:
    """Ways to climb stairs by up to three at a time."""
    if stairs < 0:
        return 0
    if stairs == 0:
        return 1
    return climb(stairs - 1) + climb(stairs - 2) + climb(stairs - 3)

def climb(stairs: int) -> int:
    before = 1
    ways = 1
    for i in range(1, stairs):
        both = before + ways
        before = ways
        ways = both
    return ways

if EITHER:
    print(f"ways: {climb(INT(3, 9))}")
else:
    for stairs in range(INT(2, 4), INT(6, 9)):
        print(f"{stairs} stairs: {climb(stairs)}")
''',
    "grid paths": '''
def count_paths(rows: int, columns: int) -> int:
    """Ways from corner to corner, down and to the right."""
    paths = [[1] * columns for _ in range(rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            paths[i][j] = paths[i - 1][j] + paths[i][j - 1]
    return paths[rows - 1][columns - 1]

def count_paths(rows: int, columns: int) -> int:
    if rows == 1 or columns == 1:
        return 1
    return count_paths(rows - 1, columns) + count_paths(rows, columns - 1)

def count_paths(rows: int, columns: int) -> int:
    row = [1] * columns
    for i in range(1, rows):
        for j in range(1, columns):
            row[j] += row[j - 1]
    return row[columns - 1]

print(f"paths: {count_paths(INT(2, 6), INT(2, 6))}")
if MAYBE:
    print(count_paths(INT(3, 5), INT(3, 5)))
''',
    "cheapest path": '''
def cheapest(grid: list[list[int]]) -> int:
    """Smallest cost of a way down and to the right."""
    costs = grid[0][:]
    for j in range(1, len(costs)):
        costs[j] += costs[j - 1]
    for row in grid[1:]:
        costs[0] += row[0]
        for j in range(1, len(row)):
            costs[j] = row[j] + min(costs[j], costs[j - 1])
    return costs[len(costs) - 1]

def cheapest(grid: list[list[int]]) -> int:
    """Smallest sum when each row gives one value."""
    total = 0
    for row in grid:
        total += CHOICE(min(cost for cost in row), max(cost for cost in row))
    return total

grid = [[INT(1, 9), INT(1, 9), INT(1, 9)], [INT(1, 9), INT(1, 9), INT(1, 9)], [INT(1, 9), INT(1, 9), INT(1, 9)]]
print(f"cost: {cheapest(grid)}")
''',
    "rising subsequence": '''
def longest_rise(values: list[int]) -> int:
    """Length of the longest rising subsequence."""
    lengths = [1] * len(values)
    for i in range(len(values)):
        for j in range(i):
            if CHOICE(values[j] < values[i], values[j] <= values[i], values[j] > values[i]):
                lengths[i] = max(lengths[i], lengths[j] + 1)
    return max(length for length in lengths)

values = INTS(5, 9, 1, 40)
print(f"longest: {longest_rise(values)}")
''',
    "subset sums": '''
def can_reach(values: list[int], target: int) -> bool:
    """Whether some of the values add up to the target."""
    reachable = [False] * (target + 1)
    reachable[0] = True
    for value in values:
        for total in range(target, value - 1, -1):
            if reachable[total - value]:
                reachable[total] = True
    return reachable[target]

def can_reach(values: list[int], target: int) -> bool:
    if target == 0:
        return True
    if target < 0 or len(values) == 0:
        return False
    rest = values[1:]
    return can_reach(rest, target - values[0]) or can_reach(rest, target)

values = INTS(3, 5, 2, 15)
for target in RISING(2, 4, 5, 40):
    if can_reach(values, target):
        print(f"{target} can be reached")
    else:
        print(f"{target} cannot")
''',
    "no neighbours": '''
def best_harvest(values: list[int]) -> int:
    """Largest sum without taking two neighbours."""
    taken = 0
    skipped = 0
    for value in values:
        before = skipped
        skipped = max(skipped, taken)
        taken = before + value
    return max(taken, skipped)

def best_harvest(values: list[int]) -> int:
    best = [0] * (len(values) + 2)
    for i in range(len(values) - 1, -1, -1):
        best[i] = max(best[i + 1], values[i] + best[i + 2])
    return best[0]

values = INTS(4, 8, 1, 30)
print(f"best: {best_harvest(values)}")
''',
    "triangle of Pascal": '''
def next_row(row: list[int]) -> list[int]:
    """Row of the triangle below another one."""
    below = [1]
    for i in range(1, len(row)):
        below.append(row[i - 1] + row[i])
    below.append(1)
    return below

row = [1]
for level in range(INT(3, 7)):
    print(" ".join([str(entry) for entry in row]))
    row = next_row(row)
''',
    "combinations": '''
def choose(n: int, k: int) -> int:
    """Ways to choose k of n things."""
    if k == 0 or k == n:
        return 1
    return choose(n - 1, k - 1) + choose(n - 1, k)

def choose(n: int, k: int) -> int:
    result = 1
    for i in range(1, k + 1):
        result = result * (n - k + i) // i
    return result

n = INT(4, 9)
if EITHER:
    print(f"ways: {choose(n, INT(1, 4))}")
else:
    print(" ".join([str(choose(n, k)) for k in range(INT(0, 2), INT(3, 5))]))
''',
    "jumps": '''
def fewest_jumps(reach: list[int]) -> int:
    """Jumps to the end, each as far as its place allows."""
    jumps = 0
    farthest = 0
    edge = 0
    for i in range(len(reach) - 1):
        farthest = max(farthest, i + reach[i])
        if i == edge:
            jumps += 1
            edge = farthest
    return jumps

def fewest_jumps(reach: list[int]) -> int:
    needed = [len(reach)] * len(reach)
    needed[0] = 0
    for i in range(len(reach)):
        for j in range(i + 1, min(i + reach[i] + 1, len(reach))):
            needed[j] = min(needed[j], needed[i] + 1)
    return needed[len(reach) - 1]

print(f"jumps: {fewest_jumps(INTS(5, 9, 1, 4))}")
''',
}
