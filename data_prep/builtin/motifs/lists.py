"""Motifs of lists of numbers: sums, searching, sorting, grids."""

MOTIFS = {
    "selection sort": '''
def sort_values(values: list[int]) -> None:
    """Sort in place by taking the smallest of the rest again and again."""
    for i in range(len(values)):
        chosen = i
        for j in range(i + 1, len(values)):
            if CHOICE(values[j] < values[chosen], values[j] > values[chosen]):
                chosen = j
        if MAYBE:
            if chosen != i:
                values[i], values[chosen] = values[chosen], values[i]
        else:
            values[i], values[chosen] = values[chosen], values[i]

values = INTS(4, 7, 1, 60)
if MAYBE:
    print(f"before: {CHOICE(', ', ' ').join([str(value) for value in values])}")
sort_values(values)
print(CHOICE(", ", " ").join([str(value) for value in values]))
''',
    "bubble sort": '''
def sort_values(values: list[int]) -> list[int]:
    """Sort by swapping neighbours until nothing changes."""
    result = values[:]
    swapped = True
    while swapped:
        swapped = False
        for i in range(len(result) - 1):
            if CHOICE(result[i] > result[i + 1], result[i] < result[i + 1]):
                "the pair is in the wrong order"
                result[i], result[i + 1] = result[i + 1], result[i]
                swapped = True
    return result

def sort_values(values: list[int]) -> list[int]:
    result = values[:]
    for last in range(len(result) - 1, 0, -1):
        for i in range(last):
            if CHOICE(result[i] > result[i + 1], result[i] < result[i + 1]):
                result[i], result[i + 1] = result[i + 1], result[i]
    return result

if EITHER:
    for value in sort_values(INTS(4, 6, 1, 60)):
        print(value)
else:
    ordered = sort_values(INTS(5, 7, 1, 90))
    print(f"median: {ordered[len(ordered) // 2]}")
''',
    "insertion sort": '''
def insert_sorted(values: list[int], value: int) -> None:
    """Put a value at its place in a sorted list."""
    values.append(value)
    i = len(values) - 1
    while i > 0 and values[i - 1] > values[i]:
        values[i - 1], values[i] = values[i], values[i - 1]
        i -= 1

ordered: list[int] = []
for value in INTS(4, 7, 1, 80):
    insert_sorted(ordered, value)
    if MAYBE:
        print(" ".join([str(part) for part in ordered]))
print(f"sorted: {', '.join([str(part) for part in ordered])}")
''',
    "insertion sort in place": '''
def sort_values(values: list[int]) -> None:
    """Move each value down to its place."""
    for i in range(1, len(values)):
        current = values[i]
        j = i
        while j > 0 and CHOICE(values[j - 1] > current, values[j - 1] < current):
            values[j] = values[j - 1]
            j -= 1
        values[j] = current

values = INTS(4, 8, 1, 99)
sort_values(values)
if EITHER:
    print(" ".join([str(value) for value in values]))
else:
    for i, value in enumerate(values):
        print(f"{i}: {value}")
''',
    "counting sort": '''
def counting_sort(values: list[int], limit: int) -> list[int]:
    """Sort small numbers by counting each of them."""
    counts = [0] * (limit + 1)
    for value in values:
        counts[value] += 1
    ordered: list[int] = []
    for number in range(limit + 1):
        for k in range(counts[number]):
            ordered.append(number)
    return ordered

def counting_sort(values: list[int], limit: int) -> list[int]:
    counts = [0] * (limit + 1)
    for value in values:
        counts[value] += 1
    ordered: list[int] = []
    for number, count in enumerate(counts):
        rest = count
        while rest > 0:
            ordered.append(number)
            rest -= 1
    return ordered

values = INTS(5, 9, 0, 9)
print(CHOICE(" ", ", ").join([str(number) for number in counting_sort(values, 9)]))
''',
    "quick sort": '''
def quick_sort(values: list[int]) -> list[int]:
    """Sort by parting the values around the first one."""
    if len(values) < 2:
        return values[:]
    pivot = values[0]
    result = quick_sort([x for x in values[1:] if x < pivot])
    result.append(pivot)
    for above in quick_sort([x for x in values[1:] if x >= pivot]):
        result.append(above)
    return result

ordered = quick_sort(INTS(5, 8, 1, 99))
print(CHOICE(" ", ", ").join([str(value) for value in ordered]))
''',
    "merge": '''
def merge(first: list[int], second: list[int]) -> list[int]:
    """Merge two sorted lists into one."""
    merged: list[int] = []
    i = 0
    j = 0
    while i < len(first) and j < len(second):
        if first[i] <= second[j]:
            merged.append(first[i])
            i += 1
        else:
            merged.append(second[j])
            j += 1
    while i < len(first):
        merged.append(first[i])
        i += 1
    while j < len(second):
        merged.append(second[j])
        j += 1
    return merged

def merge(first: list[int], second: list[int]) -> list[int]:
    """Take the smaller head of two sorted lists each time."""
    merged: list[int] = []
    j = 0
    for x in first:
        while j < len(second) and second[j] < x:
            merged.append(second[j])
            j += 1
        merged.append(x)
    for x in second[j:]:
        merged.append(x)
    return merged

merged = merge(RISING(2, 4, 1, 50), RISING(2, 4, 1, 50))
print(CHOICE(" ", ", ").join([str(value) for value in merged]))
''',
    "binary search": '''
def find_position(values: list[int], target: int) -> int:
    """Position of a value in a sorted list, or -1."""
    low = 0
    high = len(values) - 1
    while low <= high:
        mid = (low + high) // 2
        if values[mid] == target:
            return mid
        if values[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1

def find_position(values: list[int], target: int) -> int:
    """First position that is not below the target."""
    low = 0
    high = len(values)
    while low < high:
        mid = (low + high) // 2
        if values[mid] < target:
            low = mid + 1
        else:
            high = mid
    return low

values = RISING(5, 8, 1, 60)
if EITHER:
    print(f"position: {find_position(values, INT(1, 60))}")
    print(f"position: {find_position(values, values[INT(0, 4)])}")
else:
    for target in INTS(2, 4, 1, 60):
        print(f"{target} at {find_position(values, target)}")
''',
    "recursive search": '''
def search(values: list[int], target: int, low: int, high: int) -> bool:
    """Whether a sorted part of the list has the value."""
    if low > high:
        return False
    mid = (low + high) // 2
    if values[mid] == target:
        return True
    if values[mid] > target:
        return search(values, target, low, mid - 1)
    return search(values, target, mid + 1, high)

values = RISING(5, 8, 1, 40)
known = values[INT(0, 4)]
for target in [known, INT(1, 40), INT(1, 40)]:
    if search(values, target, 0, len(values) - 1):
        print(f"{target} found")
    else:
        print(f"{target} missing")
''',
    "linear search": '''
def find_first(values: list[int], limit: int) -> int:
    """Position of the first value above a limit."""
    for i, value in enumerate(values):
        if CHOICE(value > limit, value < limit, value % limit == 0):
            return i
    return -1

def find_first(values: list[int], limit: int) -> int:
    i = 0
    while i < len(values) and CHOICE(values[i] <= limit, values[i] != limit):
        i += 1
    return i if i < len(values) else -1

position = find_first(INTS(4, 8, 1, 50), INT(5, 45))
if position < 0:
    print(CHOICE("not found", "nothing found", "no such value"))
else:
    print(f"found at {position}")
''',
    "running sums": '''
def running_sums(values: list[int]) -> list[int]:
    """Sum of the values up to each place."""
    sums: list[int] = []
    total = 0
    for value in values:
        total += value
        sums.append(total)
    return sums

def running_sums(values: list[int]) -> list[int]:
    sums = values[:]
    for i in range(1, len(sums)):
        sums[i] += sums[i - 1]
    return sums

values = INTS(4, 7, 1, 40)
sums = running_sums(values)
if EITHER:
    print(" ".join([str(total) for total in sums]))
elif EITHER:
    print(f"sum of the middle: {sums[INT(2, 3)] - sums[0]}")
else:
    half = sums[len(sums) - 1] // 2
    print(f"half is reached after {1 + sum(1 for total in sums if total < half)}")
''',
    "best stretch": '''
def best_stretch(values: list[int]) -> int:
    """Largest sum of neighbouring values."""
    best = values[0]
    current = values[0]
    for value in values[1:]:
        current = max(value, current + value)
        best = max(best, current)
    return best

def best_stretch(values: list[int]) -> int:
    best = values[0]
    for i in range(len(values)):
        total = 0
        for j in range(i, len(values)):
            total += values[j]
            best = max(best, total)
    return best

values = INTS(4, 8, -20, 30)
print(f"best: {best_stretch(values)}")
''',
    "rotation": '''
def rotate(values: list[int], shift: int) -> list[int]:
    """Move the first values to the end."""
    result = values[shift:]
    for value in values[:shift]:
        result.append(value)
    return result

def rotate(values: list[int], shift: int) -> list[int]:
    count = len(values)
    return [values[(i + shift) % count] for i in range(count)]

def rotate(values: list[int], shift: int) -> list[int]:
    rotated = values[:]
    for turn in range(shift):
        "one place at a time"
        first = rotated[0]
        for i in range(len(rotated) - 1):
            rotated[i] = rotated[i + 1]
        rotated[len(rotated) - 1] = first
    return rotated

values = INTS(4, 7, 1, 99)
rotated = rotate(values, INT(1, 3))
print(CHOICE(" ", ", ").join([str(value) for value in rotated]))
''',
    "without repeats": '''
def unique(values: list[int]) -> list[int]:
    """Each value once, in the order of its first place."""
    result: list[int] = []
    for value in values:
        if value not in result:
            result.append(value)
    return result

def unique(values: list[int]) -> list[int]:
    """Each value once, sorted."""
    ordered = values[:]
    ordered.sort()
    first = ordered[0]
    kept = [first]
    for value in ordered:
        if value != kept[len(kept) - 1]:
            kept.append(value)
    return kept

values = INTS(6, 10, 1, 8)
different = unique(values)
print(CHOICE(" ", ", ").join([str(value) for value in different]))
if MAYBE:
    print(f"repeats: {len(values) - len(different)}")
''',
    "second largest": '''
def second_largest(values: list[int]) -> int:
    """Largest value but one."""
    best = max(values[0], values[1])
    second = min(values[0], values[1])
    for value in values[2:]:
        if value > best:
            second = best
            best = value
        elif value > second:
            second = value
    return second

def second_largest(values: list[int]) -> int:
    ordered = values[:]
    ordered.sort(reverse=True)
    return ordered[1]

values = INTS(4, 8, 1, 99)
print(f"second: {second_largest(values)}")
''',
    "pair with a sum": '''
def has_pair(values: list[int], target: int) -> bool:
    """Whether two of the values add up to the target."""
    for i in range(len(values)):
        for j in range(i + 1, len(values)):
            if values[i] + values[j] == target:
                return True
    return False

def has_pair(values: list[int], target: int) -> bool:
    seen: list[int] = []
    for value in values:
        if target - value in seen:
            return True
        seen.append(value)
    return False

def has_pair(values: list[int], target: int) -> bool:
    low = 0
    high = len(values) - 1
    while low < high:
        total = values[low] + values[high]
        if total == target:
            return True
        if total < target:
            low += 1
        else:
            high -= 1
    return False

values = RISING(4, 7, 1, 30)
for target in INTS(2, 4, 10, 50):
    if has_pair(values, target):
        print(f"{target}: possible")
    else:
        print(f"{target}: impossible")
''',
    "partition": """
limit = INT(10, 40)
small: list[int] = []
large: list[int] = []
for value in INTS(5, 9, 1, 50):
    if CHOICE(value < limit, value <= limit, value * 2 > limit, limit % value == 0):
        small.append(value)
    else:
        large.append(value)
if EITHER:
    print(f"{len(small)} and {len(large)}")
else:
    print(CHOICE(" ", ", ").join([str(value) for value in small]))
print(f"difference: {abs(sum(value for value in large) - sum(value for value in small))}")
""",
    "moving average": '''
def moving_average(values: list[int], width: int) -> list[int]:
    """Mean of each window of neighbours."""
    means: list[int] = []
    for i in range(len(values) - width + 1):
        total = 0
        for value in values[i:i + width]:
            total += value
        means.append(total // width)
    return means

def moving_average(values: list[int], width: int) -> list[int]:
    means: list[int] = []
    total = 0
    for i, value in enumerate(values):
        total += value
        if i >= width:
            total -= values[i - width]
        if i >= width - 1:
            means.append(total // width)
    return means

values = INTS(5, 8, 1, 60)
for mean in moving_average(values, INT(2, 4)):
    print(mean)
''',
    "filter and change": '''
def adjust(value: int) -> int:
    """Change one value."""
    return CHANGE(value)

def adjust(value: int) -> int:
    if TEST(value):
        return CHANGE(value)
    return value

values = INTS(4, 8, 1, 40)
if EITHER:
    adjusted = [adjust(value) for value in values if TEST(value)]
    print(f"count: {len(adjusted)}")
    print(f"total: {sum(x for x in adjusted)}")
elif EITHER:
    print(f"total: {sum(adjust(value) for value in values)}")
    print(f"largest: {max(adjust(value) for value in values)}")
elif EITHER:
    if all(TEST(value) for value in values):
        print("all pass")
    elif any(TEST(value) for value in values):
        print("some pass")
    else:
        print("none pass")
    print(adjust(values[0]))
else:
    for value in values:
        if TEST(value):
            print(f"{value} becomes {adjust(value)}")
''',
    "longest climb": '''
def longest_climb(values: list[int]) -> int:
    """Length of the longest rising run."""
    best = 1
    current = 1
    for i in range(1, len(values)):
        if CHOICE(values[i] > values[i - 1], values[i] >= values[i - 1], values[i] < values[i - 1]):
            current += 1
        else:
            current = 1
        best = max(best, current)
    return best

values = INTS(5, 9, 1, 30)
print(f"longest: {longest_climb(values)}")
''',
    "grid sums": '''
def row_sums(grid: list[list[int]]) -> list[int]:
    """Sum of every row."""
    return [sum(value for value in row) for row in grid]

def column_sums(grid: list[list[int]], width: int) -> list[int]:
    """Sum of every column."""
    sums = [0] * width
    for row in grid:
        for j in range(width):
            sums[j] += row[j]
    return sums

height = INT(2, 4)
width = INT(2, 4)
grid = [[0] * width for _ in range(height)]
for i in range(height):
    for j in range(width):
        grid[i][j] = CHOICE(i * width + j, i * INT(2, 5) + j, (i + 1) * (j + INT(1, 3)), i + j * INT(2, 6))
for total in row_sums(grid):
    print(f"row: {total}")
print(CHOICE(" ", ", ").join([str(total) for total in column_sums(grid, width)]))
''',
    "diagonal": '''
def diagonal_sum(grid: list[list[int]]) -> int:
    """Sum along the main diagonal."""
    total = 0
    for i in range(len(grid)):
        total += CHOICE(grid[i][i], grid[i][len(grid) - 1 - i])
    return total

def diagonal_sum(grid: list[list[int]]) -> int:
    """Sum of the values above the diagonal."""
    total = 0
    for i, row in enumerate(grid):
        for j in range(i + 1, len(row)):
            total += row[j]
    return total

if EITHER:
    grid = [[INT(0, 9), INT(0, 9), INT(0, 9)], [INT(0, 9), INT(0, 9), INT(0, 9)], [INT(0, 9), INT(0, 9), INT(0, 9)]]
else:
    grid = [[INT(1, 9), INT(1, 9)], [INT(1, 9), INT(1, 9)]]
print(f"sum: {diagonal_sum(grid)}")
for row in grid:
    print(" ".join([str(cell) for cell in row]))
''',
    "neighbours": '''
def count_near(grid: list[list[int]], row: int, column: int) -> int:
    """Number of marked cells around a cell."""
    count = 0
    for i in range(max(0, row - 1), min(len(grid), row + 2)):
        for j in range(max(0, column - 1), min(len(grid[i]), column + 2)):
            if grid[i][j] == 1 and (i != row or j != column):
                count += 1
    return count

grid = [[INT(0, 1), 1, INT(0, 1)], [INT(0, 1), INT(0, 1), 1], [1, INT(0, 1), INT(0, 1)]]
for i in range(len(grid)):
    print(f"{i}: {count_near(grid, i, INT(0, 2))}")
''',
}
