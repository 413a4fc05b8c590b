from __future__ import annotations

import pytest

from data_prep.builtin import program as ir
from data_prep.builtin.interpreter import InvalidProgram, run
from data_prep.builtin.tree import integer

VALUES = ir.Var("values", ir.ListType(ir.INT))
COUNTS = ir.Var("counts", ir.MapType(ir.STRING, ir.INT))
N = ir.Var("n", ir.INT)
WORDS = ir.ListOf(ir.STRING, (ir.Constant("pear", ir.STRING), ir.Constant("fig", ir.STRING)))


def numbers(*values: int) -> ir.ListOf:
    return ir.ListOf(ir.INT, tuple(integer(value) for value in values))


def lines(*main: ir.Stmt, functions: tuple[ir.Function, ...] = (), records: tuple[ir.Record, ...] = ()) -> list[str]:
    return run(ir.Program(main, functions, records))


def value(expression: ir.Expr) -> str:
    (line,) = lines(ir.Print(ir.Format((expression,))))
    return line


def test_a_printed_format_joins_its_texts_and_values() -> None:
    assert lines(ir.Print(ir.Format(("n: ", integer(3), "!")))) == ["n: 3!"]


def test_a_callee_changes_the_list_of_its_caller() -> None:
    add = ir.Function(
        "add_one",
        (ir.Parameter("values", VALUES.type, mutated=True),),
        None,
        (ir.Update(ir.Index(VALUES, integer(0)), "+", integer(1)),),
    )
    call = ir.Do(ir.Call("add_one", (VALUES,), ir.INT))
    assert lines(
        ir.Let("values", numbers(4), True), call, call, ir.Print(ir.Index(VALUES, integer(0))), functions=(add,)
    ) == ["6"]


def test_rows_of_a_filled_grid_are_separate() -> None:
    grid = ir.Var("grid", ir.ListType(ir.ListType(ir.INT)))
    cell = ir.Index(ir.Index(grid, integer(0)), integer(0))
    other = ir.Index(ir.Index(grid, integer(1)), integer(0))
    made = ir.Let("grid", ir.Filled(ir.Filled(integer(0), integer(1)), integer(2)), True)
    assert lines(made, ir.Set(cell, integer(7)), ir.Print(other)) == ["0"]


def test_a_map_is_visited_in_the_order_of_its_keys() -> None:
    word = ir.Var("word", ir.STRING)
    count = ir.Var("count", ir.INT)
    assert lines(
        ir.Let("counts", ir.EmptyMap(COUNTS.type), True),
        ir.ForEach("word", WORDS, (ir.MapAdd(COUNTS, word, integer(2)),)),
        ir.MapAdd(COUNTS, ir.Constant("pear", ir.STRING), integer(1)),
        ir.ForEntries("key", "count", COUNTS, (ir.Print(ir.Format((ir.Var("key", ir.STRING), " ", count))),)),
    ) == ["fig 2", "pear 3"]


def test_sorting_keeps_ties_in_their_order_in_both_directions() -> None:
    for descending in (False, True):
        rest = ir.Arithmetic("%", N, integer(2))
        assert lines(
            ir.Let("values", numbers(4, 2, 6), True),
            ir.Sort(VALUES, "n", rest, descending),
            ir.Print(ir.Join(VALUES, " ")),
        ) == ["4 2 6"]


def test_a_descending_range_includes_its_stop() -> None:
    assert lines(ir.ForRange("n", integer(2), integer(0), (ir.Print(N),), descending=True)) == ["2", "1", "0"]


def test_break_and_continue_concern_the_innermost_loop() -> None:
    body = (
        ir.If(ir.Compare("==", N, integer(1)), (ir.Continue(),)),
        ir.If(ir.Compare("==", N, integer(3)), (ir.Break(),)),
        ir.Print(N),
    )
    assert lines(ir.ForRange("n", integer(0), integer(9), body)) == ["0", "2"]


def test_logical_operators_do_not_look_at_what_they_need_not() -> None:
    wrong = ir.Compare("==", ir.Index(numbers(), integer(0)), integer(0))
    false = ir.Constant(False, ir.BOOL)
    condition = ir.Logical("and", false, wrong)
    assert value(ir.Conditional(condition, integer(1), integer(2))) == "2"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (ir.Aggregate("sum", "n", ir.Range(integer(1), integer(4)), N), "6"),
        (ir.Aggregate("count", "n", numbers(1, 5, 6), condition=ir.Compare(">", N, integer(4))), "2"),
        (ir.Aggregate("max", "n", numbers(3, 9, 4), N), "9"),
        (ir.Join(ir.Comprehension(ir.Arithmetic("*", N, N), "n", numbers(1, 2, 3)), "-"), "1-4-9"),
        (ir.Slice(ir.Constant("planet", ir.STRING), integer(1), integer(4)), "lan"),
        (ir.Reversed(ir.Constant("abc", ir.STRING)), "cba"),
        (ir.CharFrom(ir.CharCode(ir.Constant("c", ir.CHAR), "a"), "A"), "C"),
        (ir.MapGet(ir.EmptyMap(COUNTS.type), ir.Constant("fig", ir.STRING), integer(5)), "5"),
        (ir.Length(ir.Split(ir.Constant("a,,b", ir.STRING), ",")), "3"),
        (ir.Join(ir.SortedKeys(ir.EmptyMap(COUNTS.type)), ","), ""),
        (ir.ChangeCase("upper", ir.Constant("fig", ir.STRING)), "FIG"),
        (ir.ParseInt(ir.Concat(ir.ToString(integer(4)), ir.Constant("2", ir.STRING))), "42"),
    ],
)
def test_an_expression_has_its_value(expression: ir.Expr, expected: str) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        ir.Arithmetic("*", integer(70_000), integer(70_000)),
        ir.Arithmetic("//", integer(-1), integer(2)),
        ir.Arithmetic("%", integer(1), integer(0)),
        ir.Arithmetic("%", integer(5), integer(-3)),
        ir.Index(numbers(1), integer(1)),
        ir.Index(numbers(1), integer(-1)),
        ir.MapLookup(ir.EmptyMap(COUNTS.type), ir.Constant("fig", ir.STRING)),
        ir.Slice(ir.Constant("fig", ir.STRING), integer(1), integer(4)),
        ir.Slice(ir.Constant("fig", ir.STRING), integer(2), integer(1)),
        ir.Aggregate("min", "n", numbers(), N),
        ir.Aggregate("sum", "n", numbers(2**30, 2**30, -(2**30)), N),
        ir.ParseInt(ir.Constant("x1", ir.STRING)),
        ir.Constant("f\u00fcr", ir.STRING),
        ir.CharFrom(integer(60), "a"),
        ir.Constant(True, ir.BOOL),
        numbers(1, 2),
    ],
)
def test_an_expression_that_languages_treat_differently_is_refused(expression: ir.Expr) -> None:
    with pytest.raises(InvalidProgram):
        value(expression)


def test_an_endless_loop_is_stopped() -> None:
    with pytest.raises(InvalidProgram, match="steps"):
        lines(ir.While(ir.Constant(True, ir.BOOL), (ir.Comment("on and on"),)))


def test_endless_recursion_is_stopped() -> None:
    call = ir.Call("again", (), ir.INT)
    with pytest.raises(InvalidProgram, match="recursion"):
        lines(ir.Print(call), functions=(ir.Function("again", (), ir.INT, (ir.Return(call),)),))


def test_a_list_may_not_change_while_it_is_visited() -> None:
    with pytest.raises(InvalidProgram, match="visited"):
        lines(ir.Let("values", numbers(1), True), ir.ForEach("n", VALUES, (ir.Append(VALUES, N),)))


def test_an_empty_list_has_nothing_to_pop() -> None:
    with pytest.raises(InvalidProgram):
        lines(ir.Let("values", numbers(), True), ir.Let("n", ir.Pop(VALUES)), ir.Print(N))


def test_a_function_that_promises_a_result_must_return_one() -> None:
    with pytest.raises(InvalidProgram, match="without a result"):
        lines(ir.Print(ir.Call("nothing", (), ir.INT)), functions=(ir.Function("nothing", (), ir.INT, ()),))


def test_fields_of_a_record_can_be_changed() -> None:
    item = ir.Var("item", ir.RecordType("Item"))
    price = ir.Field(item, "price", ir.INT)
    assert lines(
        ir.Let("item", ir.NewRecord("Item", (integer(3),)), True),
        ir.Update(price, "*", integer(4)),
        ir.Print(price),
        records=(ir.Record("Item", (("price", ir.INT),)),),
    ) == ["12"]
