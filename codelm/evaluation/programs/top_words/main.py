import re
from collections import Counter

TEXT = """
The cat saw the dog; the dog didn't see the cat. Didn't it? It saw 'a' bird!
A bird saw them all -- the cat, the dog and it. That's life: dogs, cats, birds.
"""


def top(counts: Counter[str], size: int) -> list[tuple[str, int]]:
    """The most frequent words; those with equal counts come by the alphabet."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]


def main() -> None:
    # An apostrophe belongs to a word only inside it.
    counts = Counter(re.findall(r"[a-z]+(?:'[a-z]+)*", TEXT.lower()))
    best = top(counts, 8)
    width = max(len(word) for word, _ in best)
    for word, count in best:
        print(f"{word:>{width}} | {count:2} {'#' * count}")
    print(f"{counts.total()} words, {len(counts)} distinct")


if __name__ == "__main__":
    main()
