"""Motifs of texts: letters, words, codes."""

MOTIFS = {
    "caesar cipher": '''
def encode(text: str, shift: int) -> str:
    """Move every letter on in the alphabet."""
    result = ""
    for c in text:
        if c.isalpha():
            code = (ord(c) - ord("a") + shift) % 26
            result += chr(ord("a") + code)
        else:
            result += c
    return result

def encode(text: str, shift: int) -> str:
    """Shift small letters and keep the rest."""
    coded: list[char] = []
    for c in text:
        if c == b" ":
            coded.append(CHOICE(b"_", b"-", b"."))
            continue
        coded.append(chr(ord("a") + (ord(c) - ord("a") + shift) % 26))
    return "".join(coded)

def encode(text: str, shift: int) -> str:
    """Shift each letter of each word."""
    coded: list[str] = []
    for word in text.split(" "):
        coded.append("".join([chr(ord("a") + (ord(c) - ord("a") + shift) % 26) for c in word]))
    return " ".join(coded)

secret = encode(SENTENCE(2, 4), INT(1, 25))
print(secret)
if MAYBE:
    print(secret.upper())
''',
    "palindrome": '''
def is_palindrome(text: str) -> bool:
    """Whether a text reads the same from both ends."""
    low = 0
    high = len(text) - 1
    while low < high:
        if text[low] != text[high]:
            return False
        low += 1
        high -= 1
    return True

def is_palindrome(text: str) -> bool:
    return text == text[::-1]

def is_palindrome(text: str) -> bool:
    if len(text) < 2:
        return True
    last = len(text) - 1
    return text[0] == text[last] and is_palindrome(text[1:last])

def is_palindrome(text: str) -> bool:
    """Compare each character with its mirror image."""
    last = len(text) - 1
    return all(text[i] == text[last - i] for i in range(0, len(text) // 2))

if EITHER:
    for word in [WORD(), CHOICE("level", "radar", "noon", "kayak", "rotor"), WORD(), CHOICE("refer", "abba", "civic")]:
        if is_palindrome(word):
            print(f"{word} is a palindrome")
        else:
            print(f"{word} is not")
else:
    words = [CHOICE("level", "noon"), WORD(), CHOICE("stats", "civic"), WORD(), WORD()]
    print(f"palindromes: {sum(1 for word in words if is_palindrome(word))}")
    print(f"longest: {max(len(word) for word in words)}")
''',
    "brackets": '''
def is_balanced(text: str) -> bool:
    """Whether every bracket is closed in the right order."""
    stack: list[char] = []
    for c in text:
        if c in "([":
            stack.append(c)
        elif c == b")" or c == b"]":
            if len(stack) == 0:
                return False
            top = stack.pop()
            if not (top == b"(" and c == b")" or top == b"[" and c == b"]"):
                return False
    return len(stack) == 0

def is_balanced(text: str) -> bool:
    """Whether every round bracket is closed, and none too early."""
    depth = 0
    for c in text:
        if c == b"(":
            depth += 1
        elif c == b")":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0

for line in [CHOICE("(a[b])", "[x](y)", "((a)b)"), CHOICE("(]", "([)]", ")("), CHOICE("(()", "]", "(a)(b)")]:
    if is_balanced(line):
        print(f"{line}: balanced")
    else:
        print(f"{line}: broken")
''',
    "vowels": '''
def count_vowels(text: str) -> int:
    """How many vowels a text has."""
    return sum(1 for c in text if c in "aeiou")

def count_vowels(text: str) -> int:
    count = 0
    for letter in text:
        if letter == b"a" or letter == b"e" or letter == b"i" or letter == b"o" or letter == b"u":
            count += 1
    return count

def count_vowels(text: str) -> int:
    """How many consonants a text has."""
    return sum(1 for c in text if c.isalpha() and c not in "aeiou")

text = SENTENCE(2, 5)
if EITHER:
    print(f"vowels: {count_vowels(text)}")
    print(f"letters: {sum(1 for c in text if c != b' ')}")
else:
    for word in text.split(" "):
        print(f"{word}: {count_vowels(word)}")
''',
    "run lengths": '''
def compress(text: str) -> str:
    """Write each run of a character as the character and its length."""
    result = ""
    i = 0
    while i < len(text):
        start = i
        while i < len(text) and text[i] == text[start]:
            i += 1
        result += f"{text[start]}{i - start}"
    return result

def compress(text: str) -> str:
    parts: list[str] = []
    count = 0
    for i, c in enumerate(text):
        count += 1
        "a run ends before another character and at the end"
        if i + 1 == len(text) or text[i + 1] != c:
            parts.append(f"{c}{count}")
            count = 0
    return CHOICE("", "-", " ").join(parts)

text = LETTERS(6, 14)
print(f"{text}: {compress(text)}")
''',
    "expanded runs": '''
def expand(code: str) -> str:
    """Repeat each letter as often as the digit before it says."""
    result = ""
    times = 0
    for c in code:
        if c.isdigit():
            times = times * 10 + (ord(c) - ord("0"))
        else:
            for k in range(max(times, 1)):
                result += c
            times = 0
    return result

for code in [CHOICE("3a2b", "4xy", "2a3b"), CHOICE("10z", "a5c", "12w"), CHOICE("abc", "2o2k", "1a2b3c")]:
    print(expand(code))
''',
    "word lengths": '''
def longest_word(text: str) -> str:
    """Longest word of a text, the first of several."""
    best = ""
    for word in text.split(" "):
        if len(word) > len(best):
            best = word
    return best

def longest_word(text: str) -> str:
    words = text.split(" ")
    words.sort(key=lambda word: len(word), reverse=True)
    return words[0]

text = SENTENCE(3, 6)
print(longest_word(text))
if EITHER:
    print(" ".join([str(len(word)) for word in text.split(" ")]))
elif EITHER:
    lengths = [len(word) for word in text.split(" ") if len(word) > INT(2, 5)]
    print(f"sum: {sum(x for x in lengths)}")
''',
    "anagrams": '''
def sorted_letters(word: str) -> str:
    """The letters of a word in order."""
    letters = [c for c in word]
    letters.sort()
    return "".join(letters)

def are_anagrams(first: str, second: str) -> bool:
    return sorted_letters(first) == sorted_letters(second)

def are_anagrams(first: str, second: str) -> bool:
    """Whether two words have the same letters."""
    if len(first) != len(second):
        return False
    return sorted_letters(first) == sorted_letters(second)

first = CHOICE("listen", "stone", "later", "night")
for word in [CHOICE("silent", "notes", "alert", "thing"), CHOICE("onset", "tones", "alter", "enlist"), WORD()]:
    answer = "yes" if are_anagrams(first, word) else "no"
    print(f"{word}: {answer}")
''',
    "anagrams by counting": '''
def letter_counts(word: str) -> dict[char, int]:
    """How often each letter occurs."""
    counts: dict[char, int] = {}
    for letter in word:
        counts[letter] += 1
    return counts

def are_anagrams(first: str, second: str) -> bool:
    if len(first) != len(second):
        return False
    counts = letter_counts(first)
    for letter, count in sorted(letter_counts(second).items()):
        if counts.get(letter, 0) != count:
            return False
    return True

for word in [CHOICE("silent", "notes", "alert", "listen"), CHOICE("inlets", "tones", "alter"), WORD()]:
    if are_anagrams(CHOICE("listen", "stone", "later"), word):
        print(f"{word} matches")
    else:
        print(f"{word} differs")
''',
    "reversed words": '''
def reverse_words(text: str) -> str:
    """The words of a text from last to first."""
    result = ""
    for word in text.split(" "):
        result = word if result == "" else word + " " + result
    return result

def reverse_words(text: str) -> str:
    return " ".join(text.split(" ")[::-1])

def reverse_words(text: str) -> str:
    """Each word of a text backwards."""
    return CHOICE(" ", "-", " ").join([word[::-1] for word in text.split(" ")])

def reverse_words(text: str) -> str:
    words = text.split(" ")
    stack: list[str] = []
    while len(words) > 0:
        last = words.pop()
        stack.append(last)
    return " ".join(stack)

print(reverse_words(SENTENCE(2, 5)))
if MAYBE:
    print(reverse_words(reverse_words(SENTENCE(2, 4))))
''',
    "capitals": '''
def capitalize(word: str) -> str:
    """The word with a capital at its start."""
    return word[:1].upper() + word[1:]

def capitalize(word: str) -> str:
    result = ""
    for i, c in enumerate(word):
        if i % INT(2, 3) == 0:
            result += c.upper()
        else:
            result += c
    return result

if EITHER:
    print(CHOICE(" ", "-", "").join([capitalize(word) for word in WORDS(2, 5)]))
elif EITHER:
    text = SENTENCE(2, 5)
    print("".join([word[0].upper() for word in text.split(" ")]))
    print(capitalize(text))
else:
    mixed = capitalize(WORD()) + capitalize(WORD())
    capitals = sum(1 for c in mixed if c.isupper())
    print(f"{mixed}: {capitals}")
    print(mixed.lower())
''',
    "snake case": '''
def to_snake(name: str) -> str:
    """Words of a name in small letters, with underscores between."""
    result = ""
    for c in name:
        if c.isupper():
            result += "_" + c.lower()
        else:
            result += c
    return result

def to_camel(name: str) -> str:
    """Words of a name run together, each with a capital."""
    result = ""
    raised = False
    for c in name:
        if c == b"_":
            raised = True
        elif raised:
            result += c.upper()
            raised = False
        else:
            result += c
    return result

name = CHOICE("maxValue", "userName", "fileSizeLimit", "itemCount", "totalPrice", "isReady")
print(to_snake(name))
print(to_camel(CHOICE("max_value", "user_name", "file_size_limit", "item_count", "total_price", "is_ready")))
''',
    "number texts": '''
def read_numbers(text: str) -> list[int]:
    """Numbers between the commas."""
    return [int(part) for part in text.split(",") if part != ""]

def digit_total(text: str) -> int:
    total = 0
    for c in text:
        if c.isdigit():
            total += ord(c) - ord("0")
    return total

text = CHOICE("12,7,30", "4,18,9,21", "100,20,3", "8,,16", "5,55,25,1")
numbers = read_numbers(text)
print(f"sum: {sum(n for n in numbers)}")
print(f"digits: {digit_total(text)}")
if EITHER:
    largest = max(n for n in numbers)
    print(f"range: {abs(min(n for n in numbers) - largest)}")
else:
    print(-numbers[0])
''',
    "check digit": '''
def check_digit(code: str) -> int:
    """Weighted sum of the digits of a code."""
    total = 0
    for i, c in enumerate(code):
        digit = ord(c) - ord("0")
        if i % 2 == INT(0, 1):
            digit *= INT(2, 3)
            if digit > 9:
                digit -= 9
        total += digit
    return (10 - total % 10) % 10

def check_digit(code: str) -> int:
    return sum((i + 1) * (ord(code[i]) - ord("0")) for i in range(0, len(code))) % INT(7, 11)

for code in [CHOICE("7992", "4539", "1234"), CHOICE("80840", "55555", "10203"), CHOICE("9", "31", "676")]:
    print(f"{code}: {check_digit(code)}")
''',
    "common start": '''
def common_start(first: str, second: str) -> str:
    """Longest start that two words share."""
    i = 0
    while i < min(len(first), len(second)) and first[i] == second[i]:
        i += 1
    return first[:i]

def count_same(first: str, second: str) -> int:
    """At how many places two words have the same letter."""
    return sum(1 for i in range(0, min(len(first), len(second))) if first[i] == second[i])

first = CHOICE("interest", "starting", "carpet", "overall")
second = CHOICE("internet", "start", "cargo", "overlap")
print(f"start: {common_start(first, second)}")
print(f"same: {count_same(first, second)}")
''',
    "acronym": '''
def shorten(text: str, limit: int) -> str:
    """Cut a text that is too long."""
    if len(text) <= limit:
        return text
    return text[:limit] + CHOICE("...", "~", "--")

def shorten(text: str, limit: int) -> str:
    """Leave out vowels until the text is short enough."""
    result = ""
    dropped = 0
    for c in text:
        if c in "aeiou" and len(text) - dropped > limit:
            dropped += 1
        else:
            result += c
    return result

for word in WORDS(3, 5):
    print(shorten(word, INT(2, 4)))
''',
    "padding": '''
def pad(text: str, width: int) -> str:
    """Fill a text up to a width."""
    result = text
    while len(result) < width:
        result = CHOICE("." + result, result + ".", "*" + result)
    return result

def pad(text: str, width: int) -> str:
    fill = [CHOICE("-", ".", "_")] * max(width - len(text), 0)
    return CHOICE("".join(fill) + text, text + "".join(fill))

for value in INTS(3, 5, 1, 9999):
    print(pad(str(value), INT(4, 7)))
''',
}
