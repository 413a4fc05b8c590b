"""What becomes of expressions that a language lacks."""

from __future__ import annotations

import pytest
from motif import program_of

from data_prep.builtin import interpreter
from data_prep.builtin import program as ir
from data_prep.builtin.emitters.lowering import Lowering, negate, sort_keys
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.sampler import sample_program
from data_prep.builtin.tree import mark_changes, walk

LACKING = (ir.Conditional, ir.Comprehension, ir.Aggregate, ir.Contains, ir.ParseInt)


class PlainLowering(Lowering):
    """The lowering of a language with hardly any expressions."""

    def lacks(self, node: ir.Expr) -> bool:
        return isinstance(node, LACKING)


def lowered(program: ir.Program) -> ir.Program:
    functions = tuple(
        ir.Function(item.name, item.parameters, item.result, PlainLowering(item.body, set()).block(item.body))
        for item in program.functions
    )
    main = PlainLowering(program.main, set()).block(program.main)
    return mark_changes(ir.Program(main, functions, program.records))


def python(motif: str) -> list[str]:
    """Return main of the lowered program, in Python for reading."""
    text = PythonEmitter().emit(lowered(program_of(motif)))
    body = text.split("def main() -> None:\n")[1].split("\n\n\nif __name__")[0]
    return [line.removeprefix("    ") for line in body.splitlines()]


def test_a_lowered_program_prints_the_same() -> None:
    for seed in range(200):
        program = sample_program(seed)
        assert interpreter.run(lowered(program)) == interpreter.run(program)


def test_what_is_lacking_remains_only_as_the_whole_value_of_a_declaration_or_in_a_sort_key() -> None:
    for seed in range(200):
        program = lowered(sample_program(seed))
        blocks = [program.main, *(function.body for function in program.functions)]
        nodes = [node for block in blocks for node in walk(tuple(block))]
        declared = {id(node.value) for node in nodes if isinstance(node, ir.Let)}
        keyed = {id(part) for node in nodes if isinstance(node, ir.Sort) for part in walk(node.key)}
        assert not [node for node in nodes if isinstance(node, LACKING) and id(node) not in declared | keyed]


def test_a_value_that_could_fail_is_computed_only_in_its_branch() -> None:
    assert python("n = 2\nmean = 0 if n == 0 else 6 // n\nprint(mean)")[1:4] == [
        "mean = 0",
        "if n != 0:",
        "    mean = 6 // n",
    ]


def test_the_right_side_of_a_logical_operator_is_evaluated_only_if_it_decides() -> None:
    assert python("items = [1]\nif len(items) > 3 or items[0] in items:\n    print(1)")[1:7] == [
        "valid = len(items) > 3",
        "if not valid:",
        "    found = items[0] in items",
        "    valid = found",
        "if valid:",
        "    print(1)",
    ]


def test_the_condition_of_a_loop_is_evaluated_in_every_round() -> None:
    assert python("n = 1\nwhile n in [1, 2]:\n    n += 1\nprint(n)")[1:6] == [
        "while True:",
        "    found = n in [1, 2]",
        "    if not found:",
        "        break",
        "    n += 1",
    ]


def test_a_comprehension_inside_an_aggregate_makes_no_list() -> None:
    assert python("total = sum(n for n in [k * k for k in [1, 2] if k > 1])\nprint(total)") == [
        "total = 0",
        "for k in [1, 2]:",
        "    if k > 1:",
        "        n = k * k",
        "        total += n",
        "print(total)",
    ]


def test_a_new_name_is_one_that_the_function_does_not_have() -> None:
    lowering = PlainLowering((ir.Let("total", ir.Constant(1, ir.INT)),), {"sum"})
    assert [lowering.fresh("total", "sum", "amount"), lowering.fresh("total")] == ["amount", "total2"]


@pytest.mark.parametrize(
    ("condition", "opposite"),
    [
        ("a < b", "a >= b"),
        ("not (a == 1)", "a == 1"),
        ("a < b and a != 2", "a >= b or a == 2"),
        ("any(a == n for n in [b])", "all(a != n for n in [b])"),
    ],
)
def test_a_condition_is_negated_from_within(condition: str, opposite: str) -> None:
    program = program_of(f"a = 1\nb = 2\nif {condition}:\n    print(1)\nif {opposite}:\n    print(2)")
    first, second = (node.condition for node in program.main if isinstance(node, ir.If))
    assert negate(first) == second


def test_descending_keys_are_exchanged() -> None:
    program = program_of("b = 2\nitems = [1, 2]\nitems.sort(key=lambda n: n % b, reverse=True)\nprint(items[0])")
    (sort,) = (node for node in program.main if isinstance(node, ir.Sort))
    names, first, second = sort_keys(sort)
    modulus = ir.Var("b", ir.INT)
    assert names == ("left", "right")
    assert first == ir.Arithmetic("%", ir.Var("right", ir.INT), modulus)
    assert second == ir.Arithmetic("%", ir.Var("left", ir.INT), modulus)
