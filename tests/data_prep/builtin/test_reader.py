from __future__ import annotations

from random import Random
from textwrap import dedent

import pytest

from data_prep.builtin import program as ir
from data_prep.builtin.reader import Reader, parse
from data_prep.builtin.tree import integer

N = ir.Var("n", ir.INT)
COUNTS = ir.Var("counts", ir.MapType(ir.STRING, ir.INT))


def read(text: str, seed: int = 0, renamed: dict[str, str] | None = None) -> ir.Program:
    return Reader(Random(seed), renamed or {}).program(parse(dedent(text)))


def test_a_motif_reads_as_functions_and_main() -> None:
    program = read(
        '''
        def twice(n: int) -> int:
            """Two times a number."""
            return n * 2

        print(twice(4))
        '''
    )
    body = (ir.Return(ir.Arithmetic("*", N, integer(2))),)
    assert program.functions == (
        ir.Function("twice", (ir.Parameter("n", ir.INT),), ir.INT, body, "Two times a number."),
    )
    assert program.main == (ir.Print(ir.Call("twice", (integer(4),), ir.INT)),)


def test_the_first_assignment_declares_and_later_ones_assign() -> None:
    assert read("n = 1\nn = 2").main == (ir.Let("n", integer(1)), ir.Set(N, integer(2)))


def test_types_are_found_from_the_values() -> None:
    (_, each) = read('text = "fig"\nfor c in text:\n    print(c)').main
    assert isinstance(each, ir.ForEach)
    assert each.body == (ir.Print(ir.Var("c", ir.CHAR)),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "for n in range(5, 0, -1):\n    print(n)",
            ir.ForRange("n", integer(5), integer(1), (ir.Print(N),), descending=True),
        ),
        ('counts["a"] += 2', ir.MapAdd(COUNTS, ir.Constant("a", ir.STRING), integer(2))),
        ("print(sum(1 for n in range(3) if n > 1))", ir.Print(
            ir.Aggregate("count", "n", ir.Range(integer(0), integer(3)), condition=ir.Compare(">", N, integer(1)))
        )),
        ('print(chr(ord("a") + 2))', ir.Print(ir.CharFrom(integer(2), "a"))),
        ('"now comes the sum"', ir.Comment("now comes the sum")),
    ],
)  # fmt: skip
def test_a_line_of_python_reads_as_a_statement(text: str, expected: ir.Stmt) -> None:
    assert read("counts: dict[str, int] = {}\n" + text).main[1] == expected


def test_of_alternatives_each_is_taken_sometimes() -> None:
    text = "if EITHER:\n    print(1)\nelif EITHER:\n    print(2)\nelse:\n    print(CHOICE(3, 4))"
    assert {read(text, seed).main for seed in range(40)} == {(ir.Print(integer(n)),) for n in (1, 2, 3, 4)}


def test_of_functions_with_one_name_one_is_taken() -> None:
    text = "def f() -> int:\n    return 1\ndef f() -> int:\n    return 2\nprint(f())"
    assert {read(text, seed).functions[0].body for seed in range(20)} == {(ir.Return(integer(n)),) for n in (1, 2)}


def test_a_function_that_no_choice_calls_is_left_out() -> None:
    text = "def f() -> int:\n    return 1\nif EITHER:\n    print(f())\nelse:\n    print(2)"
    assert {len(read(text, seed).functions) for seed in range(20)} == {0, 1}


def test_words_are_renamed_in_names_and_comments_alike() -> None:
    program = read(
        'def sum_values(values: list[int]) -> int:\n    """Values together."""\n    return sum(v for v in values)\n'
        'print(sum_values([1]))',
        renamed={"values": "prices"},
    )  # fmt: skip
    (function,) = program.functions
    assert (function.name, function.parameters[0].name, function.doc) == ("sum_prices", "prices", "Prices together.")


def test_what_is_not_in_the_notation_is_an_error_that_shows_it() -> None:
    with pytest.raises(TypeError, match="import os"):
        read("import os")
