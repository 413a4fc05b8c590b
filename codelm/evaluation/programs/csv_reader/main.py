TABLE = """\
lamp,"desk, white",20
chair,oak
"vase",,7
cup,"a ""b"" c","3"
pan,"open,12
"""


def split_row(line: str) -> list[str]:
    fields = [""]
    quoted = False
    previous = ""
    for char in line:
        if char == '"':
            quoted = not quoted
            if quoted and previous == '"':
                fields[-1] += char
        elif char == "," and not quoted:
            fields.append("")
        else:
            fields[-1] += char
        previous = char
    if quoted:
        raise ValueError("unclosed quote")
    if len(fields) != 3:
        raise ValueError(f"expected 3 fields, got {len(fields)}")
    return fields


def main() -> None:
    accepted = 0
    lines = TABLE.splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            item, note, price = split_row(line)
        except ValueError as error:
            print(f"line {number}: {error}")
        else:
            print(f"{item:<6}[{note}] {price}")
            accepted += 1
    print(f"{accepted} rows, {len(lines) - accepted} rejected")


if __name__ == "__main__":
    main()
