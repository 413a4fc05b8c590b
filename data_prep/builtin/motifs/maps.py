"""Motifs of maps: counting, grouping, looking up."""

MOTIFS = {
    "word counts": '''
def count_words(text: str) -> dict[str, int]:
    """How often each word occurs."""
    counts: dict[str, int] = {}
    for word in text.split(" "):
        if EITHER:
            counts[word] += 1
        elif EITHER:
            counts[word] = counts.get(word, 0) + 1
        else:
            if word in counts:
                counts[word] = counts[word] + 1
            else:
                counts[word] = 1
    return counts

counts = count_words(SENTENCE(5, 8))
if EITHER:
    for word, count in sorted(counts.items()):
        print(f"{word}: {count}")
elif EITHER:
    for word in sorted(counts):
        if counts[word] > 1:
            print(f"{word} occurs {counts[word]} times")
    print(len(counts))
else:
    repeated = [word for word in sorted(counts) if counts[word] > 1]
    print(f"repeated: {', '.join(repeated)}")
    print(f"different: {len(counts)}")
''',
    "letter counts": """
counts: dict[char, int] = {}
text = CHOICE("banana", "mississippi", "level", LETTERS(8, 14))
for letter in text:
    if MAYBE:
        if letter not in "aeiou":
            counts[letter] += 1
    else:
        counts[letter] += 1
if EITHER:
    most = 0
    for letter, count in sorted(counts.items()):
        most = max(most, count)
    for letter, count in sorted(counts.items()):
        if count == most:
            print(f"{letter}: {count}")
else:
    parts: list[str] = []
    for letter, count in sorted(counts.items()):
        parts.append(f"{count}{letter}")
    print(CHOICE(" ", "", "-").join(parts))
""",
    "votes": '''
def winner(ballots: list[str]) -> str:
    """Who has the most votes; of equals, the first by name."""
    tally: dict[str, int] = {}
    for name in ballots:
        tally[name] += 1
    leader = ""
    most = 0
    for name, votes in sorted(tally.items()):
        if votes > most:
            leader = name
            most = votes
    return leader

def winner(ballots: list[str]) -> str:
    names = ballots[:]
    names.sort()
    names.sort(key=lambda name: sum(1 for vote in ballots if vote == name), reverse=True)
    return names[0]

def winner(ballots: list[str]) -> str:
    """Who has more than half of the votes."""
    tally: dict[str, int] = {}
    for name in ballots:
        tally[name] += 1
        if tally[name] * 2 > len(ballots):
            return name
    return CHOICE("nobody", "none", "undecided")

print(f"winner: {winner(VOTES(5, 9))}")
''',
    "group totals": '''
class Sale:
    """One sale of a shop."""
    product: str
    price: int

def totals(sales: list[Sale]) -> dict[str, int]:
    """Sum of the prices for each product."""
    sums: dict[str, int] = {}
    for sale in sales:
        sums[sale.product] += sale.price
    return sums

first = WORD()
second = WORD()
sales = [Sale(first, INT(2, 50)), Sale(second, INT(2, 50)), Sale(first, INT(2, 50)), Sale(WORD(), INT(2, 50))]
for product, amount in sorted(totals(sales).items()):
    print(f"{product}: {amount}")
''',
    "inventory": '''
def remove(stock: dict[str, int], product: str, amount: int) -> bool:
    """Take from the stock, if there is enough."""
    if stock.get(product, 0) < amount:
        return False
    stock[product] = stock[product] - amount
    return True

def remove(stock: dict[str, int], product: str, amount: int) -> bool:
    if product not in stock:
        return False
    rest = stock[product] - amount
    if rest < 0:
        return False
    stock[product] = rest
    return True

stock: dict[str, int] = {}
product = WORD()
stock[product] = INT(3, 20)
stock[CHOICE("nails", "paper", "glue")] = INT(1, 9)
if MAYBE:
    stock[product] += INT(1, 9)
if remove(stock, product, INT(1, 15)):
    print("sold")
else:
    print("out of stock")
for name, amount in sorted(stock.items()):
    print(f"{name}: {amount}")
''',
    "first places": '''
def first_places(words: list[str]) -> dict[str, int]:
    """Position at which each word comes first."""
    places: dict[str, int] = {}
    for i, word in enumerate(words):
        if word not in places:
            places[word] = i
    return places

def first_places(words: list[str]) -> dict[str, int]:
    """Position at which each word comes last."""
    places: dict[str, int] = {}
    for i, word in enumerate(words):
        places[word] = i
    return places

words = VOTES(5, 8)
places = first_places(words)
if EITHER:
    for word, place in sorted(places.items()):
        print(f"{word}: {place}")
else:
    print(f"different: {len(places)}")
    print(f"{words[2]} at {places[words[2]]}")
''',
    "translation": '''
def translate(text: str, dictionary: dict[str, str]) -> str:
    """Replace the words that the dictionary has."""
    return " ".join([dictionary.get(word, word) for word in text.split(" ")])

def translate(text: str, dictionary: dict[str, str]) -> str:
    """Words that the dictionary has, in the other language."""
    parts: list[str] = []
    for word in text.split(" "):
        if word in dictionary:
            parts.append(dictionary[word])
        else:
            parts.append(CHOICE("?", "...", word + "?"))
    return " ".join(parts)

dictionary: dict[str, str] = {}
dictionary["red"] = CHOICE("rouge", "rot", "rojo")
dictionary["blue"] = CHOICE("bleu", "blau", "azul")
dictionary["green"] = CHOICE("vert", "verde")
text = CHOICE("red and blue", "green or red", "blue", "red green red", "blue with green")
if EITHER:
    print(translate(text, dictionary))
elif EITHER:
    print(translate(text, dictionary).upper())
    for word in text.split(" "):
        if word in dictionary:
            print(f"{word}: {dictionary[word]}")
        else:
            print(f"{word} is unknown")
else:
    print(translate(text, dictionary))
    for english, other in sorted(dictionary.items()):
        print(f"{other} means {english}")
''',
    "histogram": '''
def histogram(values: list[int], width: int) -> dict[int, int]:
    """Number of values in each interval."""
    bins: dict[int, int] = {}
    for value in values:
        bins[value // width * width] += 1
    return bins

def histogram(values: list[int], width: int) -> dict[int, int]:
    bins: dict[int, int] = {}
    for value in values:
        start = value - value % width
        bins[start] = bins.get(start, 0) + 1
    return bins

width = CHOICE(5, 10, 20)
bins = histogram(INTS(6, 10, 0, 49), width)
for start, count in sorted(bins.items()):
    if MAYBE:
        print(f"{start}: {count}")
    else:
        bar = ""
        for k in range(count):
            bar += CHOICE("*", "#", "=")
        print(f"{start} {bar}")
''',
    "pairs by difference": '''
def count_pairs(values: list[int], gap: int) -> int:
    """Pairs of values that lie so far apart."""
    seen: dict[int, int] = {}
    pairs = 0
    for value in values:
        pairs += seen.get(value - gap, 0) + seen.get(value + gap, 0)
        seen[value] += 1
    return pairs

def count_pairs(values: list[int], gap: int) -> int:
    pairs = 0
    for i in range(len(values)):
        for j in range(i):
            if abs(values[i] - values[j]) == gap:
                pairs += 1
    return pairs

values = INTS(5, 9, 1, 12)
for gap in range(1, INT(3, 6)):
    print(f"{gap}: {count_pairs(values, gap)}")
''',
    "routes": '''
def follow(roads: dict[str, str], start: str) -> list[str]:
    """Places on the way until there is no road."""
    way = [start]
    here = start
    while here in roads:
        here = roads[here]
        way.append(here)
    return way

def follow(roads: dict[str, str], start: str) -> list[str]:
    way: list[str] = []
    here = start
    while here != "":
        way.append(here)
        here = roads.get(here, "")
    return way

roads: dict[str, str] = {}
roads["home"] = CHOICE("park", "bridge")
roads["park"] = CHOICE("bridge", "station")
roads["bridge"] = CHOICE("station", "harbor")
for start in [CHOICE("home", "park"), "bridge"]:
    print(CHOICE(" > ", ", ", " - ").join(follow(roads, start)))
''',
    "memory": '''
def count_paths(n: int, known: dict[int, int]) -> int:
    """Ways to climb n stairs, each computed once."""
    if n < INT(2, 3):
        return 1
    if n in known:
        return known[n]
    total = count_paths(n - 1, known) + count_paths(n - 2, known)
    known[n] = total
    return total

known: dict[int, int] = {}
print(f"ways: {count_paths(INT(5, 25), known)}")
print(f"stored: {len(known)}")
''',
    "caches": """
capacity = INT(2, 3)
cache: list[int] = []
hits = 0
for page in INTS(6, 10, 1, 5):
    if page in cache:
        hits += 1
        if MAYBE:
            print(f"page {page} is there")
    else:
        if len(cache) == capacity:
            "the oldest page goes"
            cache = cache[1:]
        cache.append(page)
print(f"hits: {hits}")
print(CHOICE(" ", ", ").join([str(page) for page in cache]))
""",
}
