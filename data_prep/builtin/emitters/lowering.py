"""Rewrites expressions that a language lacks as statements before the one that uses them, program to program."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

from data_prep.builtin import program as ir
from data_prep.builtin.tree import plus, rebuild, walk

ZERO, ONE = ir.Constant(0, ir.INT), ir.Constant(1, ir.INT)
TRUE, FALSE = ir.Constant(True, ir.BOOL), ir.Constant(False, ir.BOOL)
Action = Callable[[ir.Expr], ir.Block]
Lower = Callable[[ir.Expr, list[ir.Stmt]], ir.Expr]

EXPRESSIONS = get_args(ir.Expr)
_OPPOSITE: dict[str, ir.ComparisonOperator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MAY_FAIL = (ir.Call, ir.Index, ir.MapLookup, ir.Slice, ir.Aggregate, ir.Comprehension, ir.ParseInt, ir.Pop)
_NAMES = {
    "sum": ("total", "sum"), "count": ("count", "matches"), "any": ("found", "exists"), "all": ("valid", "holds"),
    "max": ("largest", "highest"), "min": ("smallest", "lowest"),
}  # fmt: skip


def variables(nodes: ir.Block | ir.Expr) -> set[str]:
    """Return the names of the variables that a block or expression mentions."""
    return {node.name for node in walk(nodes) if isinstance(node, ir.Var)}


def substitute(node: ir.Expr, name: str, value: ir.Expr) -> ir.Expr:
    """Return an expression with another in place of a variable."""
    changed: ir.Expr = rebuild(node, lambda part: value if isinstance(part, ir.Var) and part.name == name else part)
    return changed


def negate(node: ir.Expr) -> ir.Expr:
    """Return the opposite of a condition, without `Not` where that can be."""
    match node:
        case ir.Not(operand):
            return operand
        case ir.Compare(operator, left, right):
            return ir.Compare(_OPPOSITE[operator], left, right)
        case ir.Logical(operator, left, right):
            return ir.Logical("or" if operator == "and" else "and", negate(left), negate(right))
        case ir.Aggregate("any" | "all" as kind, variable, source, _, condition) if condition is not None:
            return ir.Aggregate("all" if kind == "any" else "any", variable, source, condition=negate(condition))
    return ir.Not(node)


def guarded(condition: ir.Expr | None, statement: ir.Stmt) -> ir.Block:
    """Return a statement as a block, under a condition if there is one."""
    return (statement,) if condition is None else (ir.If(condition, (statement,)),)


def with_parts(node: Any, change: Callable[[ir.Expr], ir.Expr]) -> Any:
    """Return a node with `change` applied to the expressions right below it; blocks stay as they are."""
    changed: dict[str, object] = {}
    for name, part in vars(node).items():
        if isinstance(part, EXPRESSIONS):
            changed[name] = change(part)
        elif isinstance(part, tuple) and any(isinstance(item, EXPRESSIONS) for item in part):
            changed[name] = tuple(change(item) if isinstance(item, EXPRESSIONS) else item for item in part)
    return replace(node, **changed) if changed else node


def sort_keys(node: ir.Sort) -> tuple[tuple[str, str], ir.Expr, ir.Expr]:
    """Return names for two items, and the two keys of which the first item's has to be the smaller."""
    assert isinstance(node.target.type, ir.ListType)
    element = node.target.type.element
    key = node.key or ir.Var(node.variable, element)
    outside = variables(key) - {node.variable}
    names = ("left", "right") if outside & {"a", "b"} else ("a", "b")
    first, second = (substitute(key, node.variable, ir.Var(name, element)) for name in names)
    return (names, second, first) if node.descending else (names, first, second)


def _initial(type_: ir.Type) -> ir.Expr:
    """Return what a variable starts with that a branch will set."""
    match type_:
        case ir.ListType(element):
            return ir.ListOf(element)
        case ir.Scalar("int"):
            return ZERO
        case ir.Scalar("bool"):
            return FALSE
    return ir.Constant(" " if type_ == ir.CHAR else "", ir.CHAR if type_ == ir.CHAR else ir.STRING)


def is_safe(node: ir.Expr) -> bool:
    """Whether an expression can be evaluated at any time, since it neither fails nor has an effect."""
    return not any(
        isinstance(part, _MAY_FAIL) or (isinstance(part, ir.Arithmetic) and part.operator in ("//", "%"))
        for part in walk(node)
    )


class Lowering:
    """Lowers the body of one function.

    A subclass says in `lacks` which expressions its language cannot write in place. Conditionals, comprehensions
    and aggregates become branches and loops; any other such expression becomes the whole value of a `Let`.
    """

    def __init__(self, body: ir.Block, taken: set[str]) -> None:
        labels = ("name", "variable", "index", "key", "value")
        nodes = (node for node in walk(tuple(body)) if not isinstance(node, ir.Constant))
        found = (getattr(node, label, None) for node in nodes for label in labels)
        self.taken = taken.union(name for name in found if isinstance(name, str))

    def lacks(self, node: ir.Expr) -> bool:
        """Whether the language has no expression for this node."""
        raise NotImplementedError

    def block(self, statements: ir.Block) -> tuple[ir.Stmt, ...]:
        """Return statements with all that the language lacks rewritten."""
        return tuple(lowered for statement in statements for lowered in self.statement(statement))

    def fresh(self, *names: str) -> str:
        """Return a name that the function does not have yet: one of the given, or the first with a number."""
        numbered = (f"{names[0]}{number}" for number in itertools.count(2))
        name = next(name for name in itertools.chain(names, numbered) if name not in self.taken)
        self.taken.add(name)
        return name

    # --- what has to be rewritten ---

    def lacks_part(self, node: ir.Expr | None) -> bool:
        """Whether anything in an expression has to be rewritten."""
        return any(isinstance(part, EXPRESSIONS) and self.lacks(part) for part in walk(node))

    def must_expand(self, node: ir.Expr) -> bool:
        """Whether an expression becomes branches or loops: it is lacking, or a part that may not run up front is."""
        match node:
            case ir.Conditional(_, then, otherwise):
                return self.lacks(node) or self.lacks_part(then) or self.lacks_part(otherwise)
            case ir.Comprehension() | ir.Aggregate():
                return self.lacks(node) or self.lacks_part(node.element) or self.lacks_part(node.condition)
            case ir.Logical(_, _, right):
                return self.lacks_part(right)
        return False

    # --- statements ---

    def statement(self, node: ir.Stmt) -> tuple[ir.Stmt, ...]:
        """Return what one statement becomes."""
        if isinstance(node, ir.Set | ir.Update | ir.Append | ir.Print):
            return self.change(node)
        match node:
            case ir.Let(name, value) if self.must_expand(value):
                return self.define(name, value)
            case ir.Let(_, value) if self.lacks(value):
                return self.after_parts(node, self.shallow)
            case ir.Return(value) if value is not None:
                return self.result(value)
            case ir.If():
                return self.choice(node)
            case ir.While(condition, body):
                return self.loop_while(condition, body)
            case ir.Sort():
                return (node,)
            case ir.ForEntries(key, value, source, body) if not isinstance(source, ir.Var):
                table = ir.Var(self.fresh("table", "entries"), source.type)
                return self.block((ir.Let(table.name, source), ir.ForEntries(key, value, table, body)))
            case ir.ForRange() | ir.ForEach() | ir.ForIndexed() | ir.ForEntries():
                node = replace(node, body=self.block(node.body))
        return self.after_parts(node, self.expression)

    def after_parts(self, node: ir.Stmt, lower: Lower) -> tuple[ir.Stmt, ...]:
        """Return a statement with its expressions lowered, after the statements that they need."""
        before: list[ir.Stmt] = []
        lowered = with_parts(node, lambda part: lower(part, before))
        return (*before, lowered)

    def change(self, node: ir.Set | ir.Update | ir.Append | ir.Print) -> tuple[ir.Stmt, ...]:
        """Return what a statement that uses up one value becomes; each branch of a conditional has its own."""
        value = node.item if isinstance(node, ir.Append) else node.value
        if isinstance(value, ir.Conditional) and self.must_expand(value):
            return self.block(self.branches(value, lambda part: self.useful(node, part)))
        return self.after_parts(node, self.expression)

    def useful(self, node: ir.Set | ir.Update | ir.Append | ir.Print, value: ir.Expr) -> ir.Block:
        """Return a statement with another value, as a block; empty if it would change nothing."""
        match node:
            case ir.Append(target):
                return (ir.Append(target, value),)
            case ir.Set(target) if target == value:
                return ()
            case ir.Update(_, "+" | "-") if value == ZERO:
                return ()
        return (replace(node, value=value),)

    def branches(self, node: ir.Expr, action: Action) -> ir.Block:
        """Return the branches that do something with the value of a conditional."""
        if not isinstance(node, ir.Conditional):
            return action(node)
        then, otherwise = self.branches(node.then, action), self.branches(node.otherwise, action)
        return (ir.If(node.condition, then, otherwise) if then else ir.If(negate(node.condition), otherwise),)

    def result(self, value: ir.Expr) -> tuple[ir.Stmt, ...]:
        """Return as soon as the value is known: out of a branch, or out of the loop that looks for it."""
        if isinstance(value, ir.Not) and self.must_expand(value.operand):
            value = negate(value.operand)
        match value:
            case ir.Conditional(condition, then, otherwise) if self.must_expand(value):
                return (*self.choice(ir.If(condition, (ir.Return(then),))), *self.result(otherwise))
            case ir.Logical("and", left, right) if self.must_expand(value):
                return (*self.choice(ir.If(negate(left), (ir.Return(FALSE),))), *self.result(right))
            case ir.Logical("or", left, right) if self.must_expand(value):
                return (*self.choice(ir.If(left, (ir.Return(TRUE),))), *self.result(right))
            case ir.Aggregate("any") if self.must_expand(value):
                return (*self.search(value, (ir.Return(TRUE),)), ir.Return(FALSE))
            case ir.Aggregate("all") if self.must_expand(value):
                return (*self.search(negate(value), (ir.Return(FALSE),)), ir.Return(TRUE))
            case ir.Comprehension() if self.must_expand(value):
                name = self.fresh("result")
                return (*self.define(name, value), ir.Return(ir.Var(name, value.type)))
        return self.after_parts(ir.Return(value), self.expression)

    def choice(self, node: ir.If) -> tuple[ir.Stmt, ...]:
        """Return what a branch becomes."""
        if not node.otherwise:
            is_return = len(node.then) == 1 and isinstance(node.then[0], ir.Return)
            match node.condition:
                case ir.Aggregate("any") as search if is_return and self.must_expand(search):
                    return self.search(search, node.then)
                case ir.Not(ir.Aggregate("all") as search) if is_return and self.must_expand(search):
                    return self.search(negate(search), node.then)
                case ir.Logical("and", left, right) if self.must_expand(node.condition):
                    return self.choice(ir.If(left, (ir.If(right, node.then),)))
        before: list[ir.Stmt] = []
        condition = self.condition(node.condition, before)
        return (*before, ir.If(condition, self.block(node.then), self.block(node.otherwise)))

    def loop_while(self, condition: ir.Expr, body: ir.Block) -> tuple[ir.Stmt, ...]:
        """Return what a loop with a condition becomes."""
        if not self.lacks_part(condition):
            return (ir.While(condition, self.block(body)),)
        return (ir.While(TRUE, self.block((ir.If(negate(condition), (ir.Break(),)), *body))),)

    def condition(self, node: ir.Expr, before: list[ir.Stmt]) -> ir.Expr:
        """Return the condition of a branch, lowered."""
        return self.expression(node, before)

    # --- expressions ---

    def expression(self, node: ir.Expr, before: list[ir.Stmt]) -> ir.Expr:
        """Return an expression that the language has, and add to `before` what it needs."""
        if self.must_expand(node) or self.lacks(node):
            name = self.fresh(*self.names(node))
            before.extend(self.define(name, node))
            return ir.Var(name, node.type)
        return self.shallow(node, before)

    def shallow(self, node: ir.Expr, before: list[ir.Stmt]) -> ir.Expr:
        """Return an expression as it is, its parts lowered."""
        lowered: ir.Expr = with_parts(node, lambda part: self.expression(part, before))
        return lowered

    def names(self, node: ir.Expr) -> tuple[str, ...]:
        """Return names that suit the value of an expression."""
        match node:
            case ir.Aggregate(kind):
                return _NAMES[kind]
            case ir.Comprehension(element):
                return ("parts", "texts") if element.type == ir.STRING else ("items", "results")
            case ir.ParseInt():
                return ("number", "parsed")
            case ir.Contains():
                return ("found", "exists")
            case ir.Reversed():
                return ("reversed", "backward")
            case ir.Logical():
                return ("valid", "holds")
        return ("label", "text") if node.type == ir.STRING else ("value", "amount")

    def define(self, name: str, node: ir.Expr) -> tuple[ir.Stmt, ...]:
        """Return statements that declare a variable with the value of an expression."""
        target = ir.Var(name, node.type)
        match node:
            case ir.Conditional():
                return self.block(self.define_choice(target, node))
            case ir.Logical(_, left):
                return (*self.block((ir.Let(name, left, mutable=True),)), *self.define_rest(target, node))
            case ir.Comprehension(element, variable, source, condition):
                body = guarded(condition, ir.Append(target, element))
                return self.block(
                    (ir.Let(name, ir.ListOf(element.type), mutable=True), *self.visit(variable, source, body))
                )
            case ir.Aggregate():
                return self.define_aggregate(target, node)
        return self.statement(ir.Let(name, node))

    def define_rest(self, target: ir.Var, node: ir.Logical) -> tuple[ir.Stmt, ...]:
        """Let the right side decide, where the left one, which the variable holds, has not."""
        match node:
            case ir.Logical("or", _, ir.Aggregate("any") as search):
                return (ir.If(ir.Not(target), self.search(search, (ir.Set(target, TRUE), ir.Break()))),)
            case ir.Logical("and", _, ir.Aggregate("all") as search):
                return (ir.If(target, self.search(negate(search), (ir.Set(target, FALSE), ir.Break()))),)
        test = target if node.operator == "and" else ir.Not(target)
        return self.block((ir.If(test, (ir.Set(target, node.right),)),))

    def define_choice(self, target: ir.Var, node: ir.Conditional) -> ir.Block:
        """Declare a variable with the last value that cannot fail, and let branches set another."""
        last: ir.Expr = node
        while isinstance(last, ir.Conditional):
            last = last.otherwise
        if not is_safe(last):
            last = node.then if is_safe(node.then) else _initial(node.type)
        setting = self.branches(node, lambda part: () if part == last else (ir.Set(target, part),))
        return (ir.Let(target.name, last, mutable=True), *setting)

    def define_aggregate(self, target: ir.Var, node: ir.Aggregate) -> tuple[ir.Stmt, ...]:
        """Declare a variable and let a loop compute it."""
        match node.kind:
            case "any":
                found = (ir.Set(target, TRUE), ir.Break())
                return (ir.Let(target.name, FALSE, mutable=True), *self.search(node, found))
            case "all":
                failed = (ir.Set(target, FALSE), ir.Break())
                return (ir.Let(target.name, TRUE, mutable=True), *self.search(negate(node), failed))
            case "max" | "min":
                return self.define_extreme(target, node)
        amount = ONE if node.element is None else node.element
        body = guarded(node.condition, ir.Update(target, "+", amount))
        return self.block((ir.Let(target.name, ZERO, mutable=True), *self.visit(node.variable, node.source, body)))

    def define_extreme(self, target: ir.Var, node: ir.Aggregate) -> tuple[ir.Stmt, ...]:
        """Begin with the first item, and let a loop compare it with the others."""
        assert node.element is not None and (node.kind == "max" or node.kind == "min")
        before: list[ir.Stmt] = []
        source, rest, first = node.source, node.source, node.source
        if isinstance(source, ir.Range):
            first = source.start
            rest = ir.Range(plus(source.start, 1), source.stop)
        else:
            if not isinstance(source, ir.Var):
                name = self.fresh("items", "candidates")
                before.append(ir.Let(name, source))
                source = ir.Var(name, source.type)
            first = ir.Index(source, ZERO)
            rest = ir.Slice(source, ONE, None)
        start = ir.Let(target.name, substitute(node.element, node.variable, first), mutable=True)
        body = (ir.Set(target, ir.Extreme(node.kind, target, node.element)),)
        return self.block((*before, start, *self.visit(node.variable, rest, body)))

    def search(self, node: ir.Expr, found: ir.Block) -> tuple[ir.Stmt, ...]:
        """Return a loop that does something when it meets what `any` looks for."""
        assert isinstance(node, ir.Aggregate) and node.condition is not None
        return self.block(self.visit(node.variable, node.source, (ir.If(node.condition, found),)))

    def visit(self, variable: str, source: ir.Expr, body: ir.Block) -> ir.Block:
        """Return a loop over what a comprehension or aggregate visits."""
        match source:
            case ir.Range(start, stop):
                return (ir.ForRange(variable, start, stop, body),)
            case ir.Comprehension(element, inner, nested, condition) if self.must_expand(source):
                each = (ir.Let(variable, element), *body)
                return self.visit(inner, nested, each if condition is None else (ir.If(condition, each),))
        return (ir.ForEach(variable, source, body),)
