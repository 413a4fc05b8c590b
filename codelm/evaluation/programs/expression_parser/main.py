VARIABLES = {"x": 7, "y": 2}


# The rest of the text is a stack with the next character on top.
def sum_up_to(end: str, rest: list[str]) -> int:
    value = product(rest)
    while rest[-1] in "+-":
        sign = 1 if rest.pop() == "+" else -1
        value += sign * product(rest)
    if rest.pop() != end:
        raise SyntaxError
    return value


def product(rest: list[str]) -> int:
    value = factor(rest)
    while rest[-1] == "*":
        rest.pop()
        value *= factor(rest)
    return value


def factor(rest: list[str]) -> int:
    match rest.pop():
        case "-":
            return -factor(rest)
        case "(":
            return sum_up_to(")", rest)
        case digit if digit.isdigit():
            return int(digit)
        case name if name in VARIABLES:
            return VARIABLES[name]
    raise SyntaxError


def main() -> None:
    for text in ("9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", ""):
        rest = ["$", *reversed(text)]
        try:
            print(f"[{text}] = {sum_up_to('$', rest)}")
        except SyntaxError:
            print(f"[{text}] error at {len(text) - len(rest)}")


if __name__ == "__main__":
    main()
