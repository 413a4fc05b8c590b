from __future__ import annotations

from random import Random

import pytest

from data_prep.builtin import interpreter
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.motifs import MOTIFS
from data_prep.builtin.reader import Reader, parse
from data_prep.builtin.tree import mark_changes
from data_prep.builtin.variations import vary


def variants(text: str) -> list[str]:
    """Every way in which one program comes out, in Python."""
    program = Reader(Random(0), {}).program(parse(text))
    return [PythonEmitter().emit(mark_changes(vary(Random(seed), program))) for seed in range(200)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("total = sum(n for n in [1, 2])\nprint(total)", "total = 0\n    for n in [1, 2]:\n        total += n\n"),
        ("kept = [n for n in [1, 2] if n > 1]\nprint(len(kept))", "if n > 1:\n            kept.append(n)\n"),
        ("values = [1, 2]\nfor value in values:\n    print(value)", "value = values[i]\n"),
        ("for n in range(4):\n    print(n)", "n = 0\n    while n < 4:\n        print(n)\n        n += 1\n"),
        ("for n in range(3, 0, -1):\n    print(n)", "while n >= 1:\n"),
        ("best = 0\nfor n in [1, 2]:\n    best = max(best, n)\nprint(best)", "if n > best:\n            best = n\n"),
        ("n = 5\nif n == 3:\n    print(1)\nelse:\n    print(2)", "if n != 3:\n        print(2)\n"),
        ("n = 5\nn += 2\nprint(n)", "n = n + 2\n"),
        ("n = 5\nprint(f'n: {n + 1}')", "result = n + 1\n"),
        ("n = 5\nsign = 1 if n > 3 else 2\nprint(sign)", "sign = 2\n    if n > 3:\n        sign = 1\n"),
        ("n = 5\nif n > 3:\n    print(n)", "if n >= 4:\n"),
        (
            "def f(n: int) -> bool:\n    return any(k == n for k in [1, 2])\nif f(2):\n    print(1)",
            "return True\n    return False",
        ),
        (
            "def f(n: int) -> int:\n    if n > 2:\n        return 1\n    return 0\nprint(f(2))",
            "return 1 if n > 2 else 0\n",
        ),
    ],
)
def test_a_program_comes_as_written_and_in_another_form(text: str, other: str) -> None:
    found = [other in variant for variant in variants(text)]
    assert any(found)
    assert not all(found)


def test_a_variation_prints_the_same_as_the_original() -> None:
    for seed, motif in enumerate(MOTIFS.values()):
        program = Reader(Random(seed), {}).program(parse(motif))
        lines = interpreter.run(program)
        for choice in range(4):
            assert interpreter.run(vary(Random(choice), program)) == lines


def test_a_variable_that_a_lambda_uses_is_never_made_to_change() -> None:
    text = "limit = sum(n for n in [1, 2])\nprint(sum(k for k in [1, 2, 3] if k < limit))"
    assert all("limit = sum([1, 2])\n" in variant for variant in variants(text))
