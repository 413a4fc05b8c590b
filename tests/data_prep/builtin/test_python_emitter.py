from __future__ import annotations

import contextlib
import io

import pytest

from data_prep.builtin import interpreter
from data_prep.builtin import program as ir
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.sampler import sample_program
from data_prep.builtin.tree import integer

N = ir.Var("n", ir.INT)
C = ir.Var("c", ir.CHAR)
VALUES = ir.Var("values", ir.ListType(ir.INT))
TEXT = ir.Var("text", ir.STRING)
COUNTS = ir.Var("counts", ir.MapType(ir.STRING, ir.INT))
EVEN = ir.Compare("==", ir.Arithmetic("%", N, integer(2)), integer(0))


def output(source: str) -> list[str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "program", "exec"), {"__name__": "__main__"})
    return printed.getvalue().splitlines()


def body(*statements: ir.Stmt) -> str:
    """The emitted statements of main, without their common indentation."""
    source = PythonEmitter().emit(ir.Program(statements))
    inside = source.removeprefix("def main() -> None:\n").partition("\n\n\n")[0]
    return "\n".join(line.removeprefix("    ") for line in inside.splitlines())


def text(expression: ir.Expr) -> str:
    return body(ir.Let("x", expression)).removeprefix("x = ")


def test_emitted_programs_print_what_the_interpreter_says() -> None:
    for seed in range(150):
        program = sample_program(seed)
        assert output(PythonEmitter().emit(program)) == interpreter.run(program), f"seed {seed}"


def test_a_file_has_its_imports_records_functions_and_main_in_order() -> None:
    item = ir.Var("item", ir.RecordType("Item"))
    price = ir.Function(
        "price_of", (ir.Parameter("item", item.type),), ir.INT, (ir.Return(ir.Field(item, "price", ir.INT)),)
    )
    record = ir.Record("Item", (("name", ir.STRING), ("price", ir.INT)), "A thing for sale.")
    new = ir.NewRecord("Item", (ir.Constant("fig", ir.STRING), integer(3)))
    program = ir.Program((ir.Print(ir.Call("price_of", (new,), ir.INT)),), (price,), (record,))
    assert PythonEmitter().emit(program) == (
        "from dataclasses import dataclass\n"
        "\n\n"
        "@dataclass\n"
        "class Item:\n"
        '    """A thing for sale."""\n'
        "\n"
        "    name: str\n"
        "    price: int\n"
        "\n\n"
        "def price_of(item: Item) -> int:\n"
        "    return item.price\n"
        "\n\n"
        "def main() -> None:\n"
        '    print(price_of(Item("fig", 3)))\n'
        "\n\n"
        'if __name__ == "__main__":\n'
        "    main()\n"
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (ir.Comprehension(ir.Arithmetic("*", N, N), "n", VALUES, EVEN), "[n * n for n in values if n % 2 == 0]"),
        (ir.Aggregate("sum", "n", VALUES, N, EVEN), "sum(n for n in values if n % 2 == 0)"),
        (ir.Aggregate("max", "n", VALUES, N), "max(values)"),
        (ir.Aggregate("count", "n", VALUES, condition=EVEN), "sum(1 for n in values if n % 2 == 0)"),
        (ir.Aggregate("count", "n", VALUES, condition=ir.Compare("==", N, integer(3))), "values.count(3)"),
        (
            ir.Aggregate("any", "n", ir.Range(integer(0), integer(5)), condition=EVEN),
            "any(n % 2 == 0 for n in range(5))",
        ),
        (ir.Join(VALUES, ", "), '", ".join(map(str, values))'),
        (ir.Join(ir.Comprehension(ir.ToString(N), "n", VALUES), " "), '" ".join(str(n) for n in values)'),
        (ir.Format(("n: ", ir.Join(VALUES, ","), "{")), "f\"n: {','.join(map(str, values))}{{\""),
        (ir.Index(VALUES, ir.Arithmetic("-", ir.Length(VALUES), integer(1))), "values[-1]"),
        (ir.Slice(VALUES, ir.Arithmetic("+", N, integer(1)), None), "values[n + 1 :]"),
        (ir.Slice(VALUES, integer(0), N), "values[:n]"),
        (ir.Compare("==", ir.Length(VALUES), integer(0)), "not values"),
        (ir.Not(ir.Contains(VALUES, N)), "n not in values"),
        (ir.Logical("and", ir.Compare("<=", integer(1), N), ir.Compare("<", N, integer(9))), "1 <= n < 9"),
        (ir.Extreme("max", ir.Extreme("max", N, integer(1)), integer(2)), "max(n, 1, 2)"),
        (ir.Filled(ir.Filled(integer(0), N), integer(2)), "[[0] * n for _ in range(2)]"),
        (ir.Arithmetic("-", N, ir.Arithmetic("-", N, integer(1))), "n - (n - 1)"),
        (ir.Arithmetic("%", ir.Arithmetic("+", ir.CharCode(C, "a"), N), integer(26)), '(ord(c) - ord("a") + n) % 26'),
        (ir.CharFrom(N, "a"), 'chr(ord("a") + n)'),
        (ir.Constant('say "hi"', ir.STRING), '"say \\"hi\\""'),
        (ir.Negate(ir.Arithmetic("+", N, integer(1))), "-(n + 1)"),
    ],
)
def test_expressions_are_idiomatic(expression: ir.Expr, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (ir.Let("values", ir.ListOf(ir.INT)), "values: list[int] = []"),
        (ir.Let("counts", ir.EmptyMap(COUNTS.type)), "counts: dict[str, int] = {}"),
        (ir.MapAdd(COUNTS, TEXT, integer(1)), "counts[text] = counts.get(text, 0) + 1"),
        (ir.Swap(VALUES, N, integer(0)), "values[n], values[0] = values[0], values[n]"),
        (ir.Sort(VALUES, "n", ir.Negate(N), True), "values.sort(key=lambda n: -n, reverse=True)"),
        (
            ir.ForRange("n", integer(9), integer(1), (ir.Print(N),), descending=True),
            "for n in range(9, 0, -1):\n    print(n)",
        ),
        (ir.ForRange("n", integer(0), integer(3), (ir.Print(TEXT),)), "for _ in range(3):\n    print(text)"),
        (
            ir.ForIndexed("i", "n", VALUES, (ir.Print(ir.Var("i", ir.INT)), ir.Print(N))),
            "for i, n in enumerate(values):\n    print(i)\n    print(n)",
        ),
        (
            ir.ForEntries("text", "n", COUNTS, (ir.Print(ir.Format((TEXT, ": ", N))),)),
            'for text, n in sorted(counts.items()):\n    print(f"{text}: {n}")',
        ),
        (ir.ForEach("n", ir.Reversed(VALUES), (ir.Print(N),)), "for n in reversed(values):\n    print(n)"),
        (
            ir.If(EVEN, (ir.Print(N),), (ir.If(ir.Compare("<", N, integer(3)), (ir.Break(),), (ir.Continue(),)),)),
            "if n % 2 == 0:\n    print(n)\nelif n < 3:\n    break\nelse:\n    continue",
        ),
    ],
)
def test_statements_are_idiomatic(statement: ir.Stmt, expected: str) -> None:
    assert body(statement) == expected


def test_a_long_list_has_one_item_to_a_line() -> None:
    words = ir.ListOf(ir.STRING, tuple(ir.Constant("considerable", ir.STRING) for _ in range(8)))
    assert body(ir.Let("words", words)).splitlines() == ["words = [", *['    "considerable",'] * 8, "]"]
