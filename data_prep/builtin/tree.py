"""Walking and rebuilding programs, and marking what they change."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

from data_prep.builtin import program as ir

_NODES = (*get_args(ir.Expr), *get_args(ir.Stmt), ir.Program, ir.Function, ir.Record, ir.Parameter)
_LEAVES = ("str", "int", "bool", "Type", "Scalar", "MapType")
_PARTS: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind) if field.type not in _LEAVES) for kind in _NODES
}


def walk(node: Any) -> Iterator[Any]:
    """Yield every node in a node or block, the outer ones first, in the order of the text."""
    # A stack, because nested generators cost a step for every level.
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple | list):
            pending.extend(reversed(node))
        elif type(node) in _PARTS:
            yield node
            pending.extend([getattr(node, name) for name in reversed(_PARTS[type(node)])])


def rebuild(node: Any, change: Callable[[Any], Any]) -> Any:
    """Return the node or block with `change` applied to every node in it, the inner ones first."""
    if isinstance(node, tuple):
        items = tuple(rebuild(item, change) for item in node)
        return node if all(map(operator.is_, node, items)) else items
    if type(node) not in _PARTS:
        return node
    new = {name: rebuild(getattr(node, name), change) for name in _PARTS[type(node)]}
    is_same = all(getattr(node, name) is part for name, part in new.items())
    return change(node if is_same else dataclasses.replace(node, **new))


def integer(value: int) -> ir.Constant:
    """Return an integer constant."""
    return ir.Constant(value, ir.INT)


def plus(left: ir.Expr, number: int) -> ir.Expr:
    """Return ``left + number`` as people write it: ``n - 1`` and 2 give ``n + 1``."""
    match left:
        case ir.Constant(int(value)):
            return integer(value + number)
        case ir.Arithmetic("+", base, ir.Constant(int(value))):
            return plus(base, number + value)
        case ir.Arithmetic("-", base, ir.Constant(int(value))):
            return plus(base, number - value)
    if number == 0:
        return left
    return ir.Arithmetic("+" if number > 0 else "-", left, integer(abs(number)))


def root(node: ir.Expr) -> str | None:
    """Return the variable that a place such as ``items[i].price`` is part of."""
    while isinstance(node, ir.Index | ir.Field):
        node = node.source
    return node.name if isinstance(node, ir.Var) else None


def changed(block: Sequence[Any], functions: dict[str, ir.Function]) -> set[str | None]:
    """Return the variables that a block assigns again or changes in place."""
    names: set[str | None] = set()
    for node in walk(tuple(block)):
        match node:
            case ir.Set(target) | ir.Update(target) | ir.Append(target) | ir.Swap(target) | ir.Sort(target):
                names.add(root(target))
            case ir.MapPut(target) | ir.MapAdd(target) | ir.Pop(target):
                names.add(root(target))
            case ir.Call(function, arguments):
                parameters = functions[function].parameters
                names.update(
                    root(argument)
                    for argument, parameter in zip(arguments, parameters, strict=True)
                    if parameter.mutated
                )
    return names


def mark_changes(program: ir.Program) -> ir.Program:
    """Return the program with `mutable` and `mutated` set where, and only where, something is changed."""
    functions = {function.name: function for function in program.functions}

    def mark(body: ir.Block) -> ir.Block:
        names = changed(body, functions)

        def mark_one(node: Any) -> Any:
            if isinstance(node, ir.Let) and node.mutable != (node.name in names):
                return dataclasses.replace(node, mutable=node.name in names)
            return node

        marked: ir.Block = rebuild(tuple(body), mark_one)
        return marked

    # A function may change its parameter through another one, so repeat until nothing more turns up.
    stable = False
    while not stable:
        stable = True
        for function in tuple(functions.values()):
            names = changed(function.body, functions)
            parameters = tuple(dataclasses.replace(item, mutated=item.name in names) for item in function.parameters)
            if parameters != function.parameters:
                functions[function.name] = dataclasses.replace(function, parameters=parameters)
                stable = False
    marked = tuple(dataclasses.replace(function, body=mark(function.body)) for function in functions.values())
    return dataclasses.replace(program, main=mark(program.main), functions=marked)
