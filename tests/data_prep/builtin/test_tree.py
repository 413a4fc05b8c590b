from __future__ import annotations

from data_prep.builtin import program as ir
from data_prep.builtin.tree import integer, mark_changes, plus, rebuild, walk

N = ir.Var("n", ir.INT)
VALUES = ir.Var("values", ir.ListType(ir.INT))


def test_walk_goes_from_the_outside_to_the_inside_in_the_order_of_the_text() -> None:
    total = ir.Arithmetic("+", N, integer(1))
    assert list(walk((ir.Print(total), ir.Break()))) == [ir.Print(total), total, N, integer(1), ir.Break()]


def test_rebuild_changes_inner_nodes_first_and_leaves_the_rest_as_it_is() -> None:
    def double(node: object) -> object:
        return integer(2 * int(node.value)) if isinstance(node, ir.Constant) else node

    block = (ir.Print(ir.Arithmetic("+", N, integer(4))), ir.Print(N))
    changed = rebuild(block, double)
    assert changed[0] == ir.Print(ir.Arithmetic("+", N, integer(8)))
    assert changed[1] is block[1]


def test_plus_writes_sums_as_people_do() -> None:
    assert plus(N, 0) == N
    assert plus(N, -2) == ir.Arithmetic("-", N, integer(2))
    assert plus(ir.Arithmetic("-", N, integer(1)), 1) == N
    assert plus(integer(3), 4) == integer(7)


def test_what_is_changed_is_marked_and_nothing_else() -> None:
    add = ir.Function("add", (ir.Parameter("values", VALUES.type),), None, (ir.Append(VALUES, integer(1)),))
    passed = ir.Do(ir.Call("add", (VALUES,), ir.INT))
    outer = ir.Function(
        "add_twice", (ir.Parameter("values", VALUES.type), ir.Parameter("n", ir.INT)), None, (passed, passed)
    )
    main = (
        ir.Let("values", ir.ListOf(ir.INT)),
        ir.Let("n", integer(1), mutable=True),
        ir.Do(ir.Call("add_twice", (VALUES, N), ir.INT)),
    )
    # The caller comes before the callee, so that the mark has to travel backwards.
    marked = mark_changes(ir.Program(main, (outer, add)))
    assert [[item.mutated for item in function.parameters] for function in marked.functions] == [[True, False], [True]]
    assert [node.mutable for node in marked.main if isinstance(node, ir.Let)] == [True, False]
