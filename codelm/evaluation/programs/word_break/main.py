from functools import cache

# The longest come first, to decide between splits of as many words.
WORDS = ["sandy", "cats", "dogs", "sand", "aaa", "and", "cat", "dog", "aa", "do", "a"]


@cache
def ways(text: str) -> int:
    if not text:
        return 1
    return sum(ways(text.removeprefix(word)) for word in WORDS if text.startswith(word))


@cache
def best(text: str) -> list[str] | None:
    if not text:
        return []
    splits = []
    for word in WORDS:
        if text.startswith(word) and (rest := best(text.removeprefix(word))) is not None:
            splits.append([word, *rest])
    return min(splits, key=len, default=None)


def main() -> None:
    for text in ["catsanddogs", "catsandog", "dogsandcats", "sandydogsandaacat", "", "a" * 40]:
        split = best(text)
        shown = "none" if split is None else " ".join(split)
        print(f"{text}: {ways(text)} ways, best '{shown}'")


if __name__ == "__main__":
    main()
