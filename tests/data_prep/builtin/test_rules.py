from __future__ import annotations

from random import Random
from textwrap import dedent

import pytest

from data_prep.builtin import program as ir
from data_prep.builtin.reader import Reader, parse
from data_prep.builtin.rules import broken_rules
from data_prep.builtin.tree import integer, mark_changes


def complaints(text: str) -> list[str]:
    return broken_rules(mark_changes(Reader(Random(0), {}).program(parse(dedent(text)))))


def test_a_good_program_breaks_no_rule() -> None:
    assert complaints("values = [1, 2]\nfor value in values:\n    print(value)") == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("lambda_ = 1\nstring = 2\nprint(lambda_ + string)", "string is a reserved name"),
        ("value = 1\nprint(2)", "value is unused"),
        ("for n in [1]:\n    print(n)\nn = 2\nprint(n)", "n is declared twice"),
        ("n = 1\nn += 1\nprint(sum(k * n for k in [1, 2]))", "n changes, and is used in a lambda"),
        ("for i in range(3):\n    print(sum(k * i for k in [1, 2]))", "i changes, and is used in a lambda"),
        ("a = [1]\nb = a\nprint(len(a) + len(b))", "b shares what another variable holds"),
        (
            "def f(a: list[int]) -> list[int]:\n    return a\nprint(len(f([1])))",
            "the result is not a local variable or fresh",
        ),
        ("def f(n: int) -> int:\n    while n > 0:\n        return 1\nprint(f(1))", "ends without a result"),
        ("for n in [1]:\n    break\n    print(n)", "code that is never reached"),
        ("def f(n: int) -> int:\n    n += 1\n    return n\nprint(f(1))", "parameter n is assigned"),
        ("if 1 < 2:\n    'nothing to do'\nprint(1)", "an empty block"),
        ("a = 1\nif not a == 2:\n    print(a)", "a comparison is negated instead of reversed"),
    ],
)
def test_a_broken_rule_is_named(text: str, complaint: str) -> None:
    assert any(complaint in found for found in complaints(text))


def test_a_loop_inside_another_needs_a_variable_of_its_own() -> None:
    inner = ir.ForRange("n", integer(0), integer(2), (ir.Print(ir.Var("n", ir.INT)),))
    outer = ir.ForRange("n", integer(0), integer(2), (inner,))
    assert broken_rules(ir.Program((outer,))) == ["main: n is declared twice, one inside the other"]
    assert broken_rules(ir.Program((inner, inner))) == []
