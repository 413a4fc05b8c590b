NAMES = ("notes.txt", "n1.txt", "data-07", "[ab")
PATTERNS = ("*.txt", "?[123]*", "[!n]*", "*o*t?t", "*a[-_]??", "[ab", "?")


def matches(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    head, rest = pattern[0], pattern[1:]
    if head == "*":
        return any(matches(rest, text[skip:]) for skip in range(len(text) + 1))
    if not text:
        return False
    members, closed, after = rest.partition("]")
    if head == "[" and closed:
        rest = after
        accepted = (text[0] in members.removeprefix("!")) != members.startswith("!")
    else:
        accepted = head in ("?", text[0])
    return accepted and matches(rest, text[1:])


def main() -> None:
    for pattern in PATTERNS:
        found = [name for name in NAMES if matches(pattern, name)]
        print(f"{pattern:<8} matches {', '.join(found) or 'nothing'}")


if __name__ == "__main__":
    main()
