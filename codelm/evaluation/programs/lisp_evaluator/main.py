"""A tiny Lisp of integers."""

from collections.abc import Iterator

PROGRAM = [
    "(define n (* 2 (- 9 3)))",
    "(if (- n 12) missing (- 5 n))",
    "(define n (* n 1000000000))",
    "(- n -5)",
]

Expr = str | list["Expr"]


def read(tokens: Iterator[str]) -> Expr:
    token = next(tokens)
    return list(iter(lambda: read(tokens), ")")) if token == "(" else token


def evaluate(expr: Expr, env: dict[str, int]) -> int:
    match expr:
        case str():
            return env[expr] if expr in env else int(expr)
        case ["define", str(name), value]:
            env[name] = evaluate(value, env)
            return env[name]
        case ["if", test, yes, no]:
            return evaluate(yes if evaluate(test, env) else no, env)
        case ["-", a, b]:
            return evaluate(a, env) - evaluate(b, env)
        case ["*", a, b]:
            return evaluate(a, env) * evaluate(b, env)
    raise ValueError(f"cannot evaluate {expr}")


def main() -> None:
    env: dict[str, int] = {}
    for line in PROGRAM:
        tokens = line.replace("(", "( ").replace(")", " )").split()
        print(evaluate(read(iter(tokens)), env))


if __name__ == "__main__":
    main()
