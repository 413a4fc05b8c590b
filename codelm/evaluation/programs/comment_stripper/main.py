SOURCE = r"""half = total / 2;// not a "string"
text = "/* not \"a\" comment //"; /* but this
is one // */ next = 1 /*/ and this **/ + 2;
done = "";// "never"""


def strip_comments(source: str) -> str:
    kept, state, i = "", "code", 0
    while i < len(source):
        char, pair = source[i], source[i : i + 2]
        taken = char
        match state:
            case "code" if pair in ("//", "/*"):
                taken = pair
                state = "line" if pair == "//" else "comment"
            case "code":
                kept += char
                state = "string" if char == '"' else "code"
            case "string":
                taken = pair if char == "\\" else char
                kept += taken
                state = "code" if char == '"' else "string"
            case "line" if char == "\n":
                kept += char
                state = "code"
            case "comment" if pair == "*/":
                taken = pair
                kept += " "
                state = "code"
        i += len(taken)
    return kept


def main() -> None:
    print(strip_comments(SOURCE))


if __name__ == "__main__":
    main()
