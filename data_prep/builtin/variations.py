"""Writes the same program in another style: loops for comprehensions, guards for conditionals, other comparisons."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from data_prep.builtin import program as ir
from data_prep.builtin.tree import integer, plus, rebuild, walk

Rewrite = Callable[["_Scope", Any], tuple[ir.Stmt, ...] | None]

_FALSE, _TRUE = ir.Constant(False, ir.BOOL), ir.Constant(True, ir.BOOL)
_OPPOSITE: dict[str, ir.ComparisonOperator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED: dict[str, ir.ComparisonOperator] = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_LONGEST_CONDITIONAL = 20
_NESTS = (ir.Aggregate, ir.Comprehension)


def vary(random: Random, program: ir.Program) -> ir.Program:
    """Return a program that does the same, in a style drawn at random.

    The style is drawn once, so that a program is of one piece; within it each place is rewritten or not by chance.
    """
    keeps_comments, keeps_docs, mirrors = random.random() < 0.4, random.random() < 0.45, random.random() < 0.3
    style = [rewrite for rewrite in _REWRITES if random.random() < 0.5]
    names = names_of(program)

    def block(body: ir.Block) -> tuple[ir.Stmt, ...]:
        scope = _Scope(random, style, names, body)
        varied = scope.block(body)
        if not keeps_comments:
            varied = _without_comments(varied)
        mirrored: tuple[ir.Stmt, ...] = rebuild(varied, _mirror) if mirrors else varied
        return mirrored

    functions = tuple(
        dataclasses.replace(function, body=block(function.body), doc=function.doc if keeps_docs else "")
        for function in program.functions
    )
    records = tuple(dataclasses.replace(record, doc=record.doc if keeps_docs else "") for record in program.records)
    return ir.Program(block(program.main), functions, records, program.doc)


def names_of(program: ir.Program) -> set[str]:
    """Return the names of all functions, parameters, fields and variables of a program."""
    names = {function.name for function in program.functions}
    names.update(parameter.name for function in program.functions for parameter in function.parameters)
    names.update(name for record in program.records for name, _ in record.fields)
    bodies = (tuple(program.main), *(tuple(function.body) for function in program.functions))
    return names.union(declared(bodies))


def declared(node: Any) -> list[str]:
    """Return every name that a block declares, as often as it does."""
    names = []
    for part in walk(node):
        match part:
            case ir.Let(name) | ir.ForRange(name) | ir.ForEach(name):
                names.append(name)
            case ir.ForIndexed(first, second) | ir.ForEntries(first, second):
                names += [first, second]
            case ir.Comprehension() | ir.Aggregate() | ir.Sort():
                names.append(part.variable)
    return names


class _Scope:
    """A function's body under rewriting."""

    def __init__(self, random: Random, style: list[Rewrite], names: set[str], body: ir.Block) -> None:
        self.random = random
        self.style = style
        self.names = names
        self.declarations = Counter(declared(tuple(body)))
        self.captured = {
            part.name
            for node in walk(tuple(body))
            if isinstance(node, _NESTS)
            for part in walk((node.element, node.condition))
            if isinstance(part, ir.Var)
        }

    def fresh(self, options: Iterable[str]) -> str | None:
        """Return one of the names, unused so far, if there is any."""
        unused = [name for name in options if name not in self.names]
        if not unused:
            return None
        name = self.random.choice(unused)
        self.names.add(name)
        return name

    def may_change(self, name: str) -> bool:
        """Whether a variable could be assigned again: lambdas only see variables that are not."""
        return name not in self.captured and self.declarations[name] <= 1

    def block(self, statements: ir.Block) -> tuple[ir.Stmt, ...]:
        varied = tuple(part for statement in statements for part in self.statement(statement))
        if _as_conditional in self.style:
            varied = _guard_as_conditional(varied)
        return varied

    def statement(self, node: ir.Stmt) -> tuple[ir.Stmt, ...]:
        if isinstance(node, ir.If):
            node = ir.If(node.condition, self.block(node.then), self.block(node.otherwise))
        elif isinstance(node, ir.While | ir.ForRange | ir.ForEach | ir.ForIndexed | ir.ForEntries):
            node = dataclasses.replace(node, body=self.block(node.body))
        for rewrite in self.style:
            if self.random.random() < 0.8:
                varied = rewrite(self, node)
                if varied is not None:
                    return varied
        return (node,)


def _visit(node: ir.Aggregate | ir.Comprehension, condition: ir.Expr | None, *action: ir.Stmt) -> ir.Stmt | None:
    """Return a loop over the source of a comprehension, unless a lambda in it would see the loop's counter."""
    body = action if condition is None else (ir.If(condition, action),)
    if not isinstance(node.source, ir.Range):
        return ir.ForEach(node.variable, node.source, body)
    if any(isinstance(part, _NESTS) for part in walk((node.element, node.condition))):
        return None
    return ir.ForRange(node.variable, node.source.start, node.source.stop, body)


# --- comprehensions and generators as loops ---


def _accumulate(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``total = sum(...)`` or ``return sum(...)``, and the same with a list, as a loop."""
    match node:
        case ir.Let(name, ir.Aggregate("sum" | "count") | ir.Comprehension() as value) if scope.may_change(name):
            return _accumulator(name, value)
        case ir.Return(ir.Aggregate("sum") as value):
            options: tuple[str, ...] = ("total", "result", "accumulated")
        case ir.Return(ir.Aggregate("count") as value):
            options = ("count", "hits", "found")
        case ir.Return(ir.Comprehension() as value):
            options = ("result", "collected", "output", "chosen")
        case _:
            return None
    fresh = scope.fresh(options)
    statements = None if fresh is None else _accumulator(fresh, value)
    return statements and (*statements, ir.Return(ir.Var(str(fresh), value.type)))


def _accumulator(name: str, value: ir.Aggregate | ir.Comprehension) -> tuple[ir.Stmt, ...] | None:
    variable = ir.Var(name, value.type)
    if isinstance(value, ir.Comprehension):
        start: ir.Expr = ir.ListOf(value.element.type)
        action: ir.Stmt = ir.Append(variable, value.element)
    else:
        start = integer(0)
        action = ir.Update(variable, "+", value.element or integer(1))
    loop = _visit(value, value.condition, action)
    return None if loop is None else (ir.Let(name, start), loop)


def _decide_in_loop(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``return any(...)`` as a loop that returns early; ``found = any(...)`` as one with a flag."""
    match node:
        case ir.Return(ir.Aggregate("any" | "all" as kind, condition=test) as value) if test is not None:
            hit, miss = (_TRUE, _FALSE) if kind == "any" else (_FALSE, _TRUE)
            loop = _visit(value, test if kind == "any" else negated(test), ir.Return(hit))
            return None if loop is None else (loop, ir.Return(miss))
        case ir.Let(name, ir.Aggregate("any", condition=test) as value) if test is not None and scope.may_change(name):
            stop = (ir.Break(),) if scope.random.random() < 0.5 else ()
            loop = _visit(value, test, ir.Set(ir.Var(name, ir.BOOL), _TRUE), *stop)
            return None if loop is None else (ir.Let(name, _FALSE), loop)
    return None


# --- loops in another form ---


def _each_by_index(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``for x in xs`` as a loop over positions."""
    match node:
        case ir.ForEach(variable, ir.Var(_, ir.ListType(ir.Scalar())) as source, body) if (
            scope.declarations[variable] <= 1
        ):
            index = scope.fresh(("i", "k", "index", "at"))
            if index is not None:
                item = ir.Let(variable, ir.Index(source, ir.Var(index, ir.INT)))
                return (ir.ForRange(index, integer(0), ir.Length(source), (item, *body)),)
    return None


def _range_as_while(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """A counting loop as a while loop."""
    match node:
        case ir.ForRange(name, start, stop, body, step, descending) if scope.may_change(name) and not any(
            isinstance(part, ir.Continue) for part in walk(tuple(body))
        ):
            counter = ir.Var(name, ir.INT)
            condition = ir.Compare(">=" if descending else "<", counter, stop)
            if not descending and isinstance(stop, ir.Arithmetic) and stop == plus(plus(stop, -1), 1):
                condition = ir.Compare("<=", counter, plus(stop, -1))
            advance = ir.Update(counter, "-" if descending else "+", integer(step))
            return ir.Let(name, start), ir.While(condition, (*body, advance))
    return None


# --- conditions ---


def _as_guard(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``return a if c else b`` as two returns; ``x = a if c else b`` as a branch."""
    match node:
        case ir.Return(ir.Conditional(condition, then, otherwise)):
            if scope.random.random() < 0.5:
                return (ir.If(condition, (ir.Return(then),), (ir.Return(otherwise),)),)
            return ir.If(condition, (ir.Return(then),)), ir.Return(otherwise)
        case ir.Let(name, ir.Conditional(condition, then, otherwise)) if scope.may_change(name):
            again = ir.Set(ir.Var(name, then.type), then)
            return ir.Let(name, otherwise), ir.If(condition, (again,))
        case ir.Set(target, ir.Conditional(condition, then, otherwise)):
            return (ir.If(condition, (ir.Set(target, then),), (ir.Set(target, otherwise),)),)
    return None


def _as_conditional(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """A branch that only chooses a value as a conditional expression."""
    match node:
        case ir.If(condition, (ir.Set(first, then),), (ir.Set(second, otherwise),)) if first == second:
            return (ir.Set(first, ir.Conditional(condition, then, otherwise)),)
        case ir.If(condition, (ir.Return(then),), (ir.Return(otherwise),)) if then and otherwise:
            return _returned(condition, then, otherwise)
    return None


def _guard_as_conditional(statements: tuple[ir.Stmt, ...]) -> tuple[ir.Stmt, ...]:
    match statements:
        case (*before, ir.If(condition, (ir.Return(then),), ()), ir.Return(otherwise)) if then and otherwise:
            returned = _returned(condition, then, otherwise)
            return statements if returned is None else (*before, *returned)
    return statements


def _returned(condition: ir.Expr, then: ir.Expr, otherwise: ir.Expr) -> tuple[ir.Stmt, ...] | None:
    match then, otherwise:
        case ir.Constant(True), ir.Constant(False):
            return (ir.Return(condition),)
        case ir.Constant(False), ir.Constant(True):
            return (ir.Return(negated(condition)),)
    value = ir.Conditional(condition, then, otherwise)
    if then.type == ir.BOOL or sum(1 for _ in walk(value)) > _LONGEST_CONDITIONAL:
        return None
    return (ir.Return(value),)


def _branches_exchanged(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``if c: a else: b`` as ``if not c: b else: a``."""
    match node:
        case ir.If(ir.Compare() as condition, then, otherwise) if otherwise and not _has_else_if(node):
            return (ir.If(negated(condition), otherwise, then),)
    return None


def _has_else_if(node: ir.If) -> bool:
    return any(isinstance(part, ir.If) for part in (*node.then, *node.otherwise))


def negated(condition: ir.Expr) -> ir.Expr:
    """Return the opposite of a condition, without `not` where that is possible."""
    match condition:
        case ir.Compare(operator, left, right):
            return ir.Compare(_OPPOSITE[operator], left, right)
        case ir.Not(operand):
            return operand
    return ir.Not(condition)


def _extreme_as_branch(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``best = max(best, x)`` as ``if x > best: best = x``."""
    match node:
        case ir.Set(ir.Var() as target, ir.Extreme(kind, left, candidate)) if target == left:
            operator: ir.ComparisonOperator = ">" if kind == "max" else "<"
            if isinstance(candidate, ir.Var | ir.Index | ir.Field):
                return (ir.If(ir.Compare(operator, candidate, target), (ir.Set(target, candidate),)),)
            name = scope.fresh(("candidate", "option", "attempt"))
            if name is not None:
                option = ir.Var(name, ir.INT)
                branch = ir.If(ir.Compare(operator, option, target), (ir.Set(target, option),))
                return ir.Let(name, candidate), branch
    return None


def _branch_as_extreme(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``if x > best: best = x`` as ``best = max(best, x)``."""
    match node:
        case ir.If(ir.Compare(">" | "<" as operator, left, right), (ir.Set(ir.Var() as target, value),), ()) if (
            value,
            target,
        ) == (left, right) and target.type == ir.INT:
            return (ir.Set(target, ir.Extreme("max" if operator == ">" else "min", target, value)),)
    return None


def _mirror(node: Any) -> Any:
    """``a[i] < a[j]`` as ``a[j] > a[i]``, and ``n > 3`` as ``n >= 4``."""
    match node:
        case ir.Compare(">" | "<=" as operator, left, ir.Constant(int(value))) if left.type == ir.INT:
            return ir.Compare(">=" if operator == ">" else "<", left, integer(value + 1))
        case ir.Compare("<" | ">" | "<=" | ">=" as operator, left, right) if type(left) is type(
            right
        ) and not isinstance(right, ir.Constant | ir.Var):
            return ir.Compare(_MIRRORED[operator], right, left)
    return node


# --- values by name ---


def _named_result(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``print(f"... {call()}")`` and ``return call() + 1`` with the value put into a variable before."""
    match node:
        case ir.Print(ir.Format(parts)):
            calls = [part for part in parts if isinstance(part, ir.Call | ir.Aggregate | ir.Arithmetic)]
            name = scope.fresh(("result", "answer", "outcome")) if len(calls) == 1 else None
            if name is not None:
                (call,) = calls
                variable = ir.Var(name, call.type)
                named = tuple(variable if part is call else part for part in parts)
                return ir.Let(name, call), ir.Print(ir.Format(named))
        case ir.Return(ir.Arithmetic() as value) if any(isinstance(part, ir.Call) for part in walk(value)):
            name = scope.fresh(("result", "answer", "outcome"))
            if name is not None:
                return ir.Let(name, value), ir.Return(ir.Var(name, value.type))
    return None


def _update_in_full(scope: _Scope, node: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
    """``x += y`` as ``x = x + y``."""
    match node:
        case ir.Update(ir.Var() as target, operator, value):
            if target.type == ir.INT:
                return (ir.Set(target, ir.Arithmetic(operator, target, value)),)
            return (ir.Set(target, ir.Concat(target, value)),)
    return None


def _without_comments(statements: ir.Block) -> tuple[ir.Stmt, ...]:
    kept: list[ir.Stmt] = []
    for node in statements:
        if isinstance(node, ir.If):
            kept.append(ir.If(node.condition, _without_comments(node.then), _without_comments(node.otherwise)))
        elif isinstance(node, ir.While | ir.ForRange | ir.ForEach | ir.ForIndexed | ir.ForEntries):
            kept.append(dataclasses.replace(node, body=_without_comments(node.body)))
        elif not isinstance(node, ir.Comment):
            kept.append(node)
    return tuple(kept)


_REWRITES: tuple[Rewrite, ...] = (
    _accumulate,
    _decide_in_loop,
    _each_by_index,
    _range_as_while,
    _as_guard,
    _as_conditional,
    _branches_exchanged,
    _extreme_as_branch,
    _branch_as_extreme,
    _named_result,
    _update_in_full,
)
