"""What every integer of a program gets and meets, and what is known where: the ground for `rust_integers`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import inf
from typing import NamedTuple

from data_prep.builtin import program as ir
from data_prep.builtin.tree import changed, integer, walk

Slot = tuple[str, str]
"""A function's name (empty for main) with the name of one of its variables, or with an empty one for its result."""

Side = str | Slot | tuple[str, ir.Expr]
"""What meets another value: a kind of integer, a variable, or an expression of a function."""

Linear = dict[ir.Expr | None, int]
"""A sum: how often each term occurs in it, and under None the number added."""

USIZE, SIGNED = "usize", "i64"

_OPPOSITE: dict[str, ir.ComparisonOperator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Fact(NamedTuple):
    """A sum that is not negative; `given`: a variable that must not be negative for it to hold."""

    sum: Linear
    names: frozenset[str]
    given: Slot | None = None


class Definition(NamedTuple):
    """A value that a variable gets (None: any integer), or a bound that its values do not reach."""

    slot: Slot
    function: str
    value: ir.Expr | None
    facts: tuple[Fact, ...] = ()
    is_bound: bool = False


class Survey:
    """Collects the definitions, subtractions and meetings of integers, going through a program once."""

    def __init__(self, program: ir.Program) -> None:
        self.definitions: list[Definition] = []
        self.subtractions: list[tuple[str, ir.Expr, tuple[Fact, ...]]] = []
        self.ties: list[tuple[Side, Side]] = []
        self.counters: set[Slot] = set()
        self._functions = {function.name: function for function in program.functions}
        least = _least_arguments(program)
        for function in program.functions:
            self._enter(function.name)
            for parameter in function.parameters:
                variable = ir.Var(parameter.name, parameter.type)
                number = least.get((function.name, parameter.name), -inf)
                if number > -inf:
                    self._learn_order(
                        integer(int(number)), variable if variable.type == ir.INT else ir.Length(variable)
                    )
            self._block(function.body)
        self._enter("")
        self._block(program.main)

    def _enter(self, function: str) -> None:
        self._function = function
        self._facts: tuple[Fact, ...] = ()

    # --- facts ---

    def _learn_order(
        self, low: ir.Expr, high: ir.Expr, gap: int = 0, changing: Iterable[str] = (), given: Slot | None = None
    ) -> None:
        """Note that ``high - low >= gap``, unless a part of it may change unseen."""
        difference = added(linear(high), linear(low), -1)
        parts = list(walk(tuple(term for term in difference if term is not None)))
        names = frozenset(part.name for part in parts if isinstance(part, ir.Var))
        lasts = all(isinstance(part, ir.Var | ir.Length | ir.Arithmetic | ir.Constant) for part in parts)
        if lasts and names.isdisjoint(changing):
            self._facts += (Fact(added(difference, {None: -gap}), names, given),)

    def _learn_equal(self, left: ir.Expr, right: ir.Expr) -> None:
        self._learn_order(left, right)
        self._learn_order(right, left)

    def _learn_condition(self, node: ir.Expr | None, holds: bool = True) -> None:
        match node:
            case ir.Not(operand):
                self._learn_condition(operand, not holds)
            case ir.Logical(operator, left, right) if (operator == "and") == holds:
                self._learn_condition(left, holds)
                self._learn_condition(right, holds)
            case ir.Compare(operator, left, right) if left.type == ir.INT:
                self._learn_comparison(operator if holds else _OPPOSITE[operator], left, right)

    def _learn_comparison(self, operator: str, left: ir.Expr, right: ir.Expr) -> None:
        match operator, left:
            case "<" | "<=", _:
                self._learn_order(left, right, int(operator == "<"))
            case ">" | ">=", _:
                self._learn_order(right, left, int(operator == ">"))
            case "==", _:
                self._learn_equal(left, right)
            case _, ir.Length() if right == integer(0):
                self._learn_order(right, left, 1)
            case _, ir.Var(name) if right == integer(0):
                self._learn_order(right, left, 1, given=(self._function, name))

    def _forget(self, names: Iterable[str]) -> None:
        gone = frozenset(names)
        self._facts = tuple(fact for fact in self._facts if fact.names.isdisjoint(gone))

    def _step(self, variable: ir.Var, by: int) -> None:
        """Carry the facts over ``variable += by``."""
        moved = tuple(
            fact._replace(sum=added(fact.sum, {None: -by * fact.sum[variable]}))
            for fact in self._facts
            if variable in fact.sum and _occurs_once(variable, fact)
        )
        self._forget({variable.name})
        self._facts += moved
        if by > 0:
            self._learn_order(integer(by), variable, given=(self._function, variable.name))

    @contextmanager
    def _inner(self) -> Iterator[None]:
        """Forget at the end what is learned inside."""
        before = self._facts
        yield
        self._facts = before

    # --- what an integer gets and meets ---

    def _tie(self, node: ir.Expr, other: Side) -> None:
        if node.type == ir.INT:
            self.ties.append(((self._function, node), other))

    def _define(self, name: str, value: ir.Expr, function: str | None = None) -> None:
        if value.type == ir.INT:
            slot = (self._function if function is None else function, name)
            self.definitions.append(Definition(slot, self._function, value, self._facts))
            self._tie(value, slot)

    def _define_item(self, name: str, type_: ir.Type) -> None:
        if type_ == ir.INT:
            self.definitions.append(Definition((self._function, name), self._function, None))

    def _bounds(self, variable: str, start: ir.Expr, stop: ir.Expr) -> None:
        # Both are written in the variable's kind, so neither may be negative, even if the range is empty then.
        slot = (self._function, variable)
        self._expression(start)
        self._forget({variable})
        self._define(variable, start)
        self.definitions.append(Definition(slot, self._function, stop, self._facts, is_bound=True))
        match stop:
            case ir.Arithmetic("-", left):
                self._tie(left, slot)
                self._difference(stop)
            case _:
                self._tie(stop, slot)
                self._expression(stop)

    # --- statements ---

    def _block(self, statements: ir.Block) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ir.Stmt) -> None:
        match node:
            case ir.Let(name, value):
                self._expression(value)
                self._assign(ir.Var(name, value.type), value)
            case ir.Set(ir.Var() as target, value):
                self._expression(value)
                self._assign(target, value)
            case ir.Update(ir.Var(_, ir.INT) as target, operator, value):
                self._expression(value)
                self._tie(value, (self._function, target.name))
                self._assign(target, ir.Arithmetic(operator, target, value))
            case ir.If(condition, then, otherwise):
                self._choose(condition, then, otherwise)
            case ir.While(condition, body):
                self._forget(self._resized(body))
                self._expression(condition)
                with self._inner():
                    self._learn_condition(condition)
                    self._block(body)
            case ir.ForRange():
                self._count(node)
            case ir.ForEach() | ir.ForIndexed() | ir.ForEntries():
                self._visit(node)
            case ir.Return(value):
                if value is not None:
                    self._expression(value)
                    self._define("", value)
            case _:
                self._plain(node)

    def _plain(self, node: ir.Stmt) -> None:
        """Go through a statement whose integers are kept as they are everywhere outside variables."""
        match node:
            case ir.Swap(_, first, second):
                self._position(first)
                self._position(second)
            case ir.Sort(target, variable, key):
                assert isinstance(target.type, ir.ListType)
                self._define_item(variable, target.type.element)
                if key is not None:
                    self._expression(key)
            case ir.Print(value) | ir.Do(value):
                self._expression(value)
            case ir.Set(first, second) | ir.Update(first, _, second) | ir.Append(first, second):
                self._signed(first, second)
            case ir.MapPut(_, first, second) | ir.MapAdd(_, first, second):
                self._signed(first, second)
        self._forget(self._resized((node,)))
        if isinstance(node, ir.Append):
            self._learn_order(integer(1), ir.Length(node.target))

    def _assign(self, target: ir.Var, value: ir.Expr) -> None:
        self._define(target.name, value)
        match value:
            case ir.Arithmetic("+" | "-" as operator, same, ir.Constant(int(number))) if same == target:
                self._step(target, number if operator == "+" else -number)
                return
        self._forget({target.name})
        match value:
            case ir.ListOf(_, items):
                self._learn_order(integer(len(items)), ir.Length(target))
            case ir.Filled(_, count):
                self._learn_equal(ir.Length(target), count)
            case ir.Copy(source) | ir.Reversed(source):
                self._learn_equal(ir.Length(target), ir.Length(source))
            case _ if value.type == ir.INT and target not in walk(value):
                self._learn_equal(target, value)

    def _choose(self, condition: ir.Expr, then: ir.Block, otherwise: ir.Block) -> None:
        self._expression(condition)
        ends = []
        for block, holds in ((then, True), (otherwise, False)):
            with self._inner():
                self._learn_condition(condition, holds)
                self._block(block)
                if not (block and isinstance(block[-1], ir.Return | ir.Break | ir.Continue)):
                    ends.append(self._facts)
        if len(ends) == 2:
            self._facts = tuple(fact for fact in ends[0] if fact in ends[1])
        elif ends:
            self._facts = ends[0]

    def _count(self, node: ir.ForRange) -> None:
        variable, names = ir.Var(node.variable, ir.INT), self._resized(node.body)
        with self._inner():
            if node.descending:
                self._bounds(node.variable, node.stop, as_written(node.start, "-"))
            else:
                self._bounds(node.variable, node.start, as_written(node.stop, "+"))
            self._forget(names)
            first, last = (node.stop, node.start) if node.descending else (node.start, node.stop)
            self._learn_order(first, variable, 0, names)
            self._learn_order(variable, last, 0 if node.descending else 1, names)
            self._block(node.body)
        self._forget(names)

    def _visit(self, node: ir.ForEach | ir.ForIndexed | ir.ForEntries) -> None:
        self._expression(node.source)
        match node:
            case ir.ForEntries(key, value, source):
                assert isinstance(source.type, ir.MapType)
                self._define_item(key, source.type.key)
                self._define_item(value, source.type.value)
            case ir.ForEach() | ir.ForIndexed() if isinstance(node.source.type, ir.ListType):
                self._define_item(node.variable, node.source.type.element)
        names = self._resized(node.body)
        with self._inner():
            self._forget(names)
            if isinstance(node, ir.ForIndexed):
                self.counters.add((self._function, node.index))
                self._learn_order(ir.Var(node.index, ir.INT), ir.Length(node.source), 1, names)
            self._block(node.body)
        self._forget(names)

    def _resized(self, block: ir.Block) -> set[str]:
        """Return the variables that a block assigns, or changes the length of; no fact is about items."""
        names: set[str] = set()
        for node in walk(tuple(block)):
            match node:
                case ir.Let(name) | ir.Set(ir.Var(name)) | ir.Update(ir.Var(name)) | ir.Pop(ir.Var(name)):
                    names.add(name)
                case ir.Append() | ir.MapPut() | ir.MapAdd() | ir.Do():
                    names.update(filter(None, changed((node,), self._functions)))
                case ir.Call(function, arguments):
                    parameters = self._functions[function].parameters
                    pairs = zip(arguments, parameters, strict=True)
                    names.update(item.name for item, to in pairs if to.mutated and isinstance(item, ir.Var))
        return names

    # --- expressions ---

    def _expression(self, node: ir.Expr) -> None:
        match node:
            case ir.Arithmetic("-", left, right):
                # Tied to the difference rather than to each other: one that may be negative is signed anyway.
                self.subtractions.append((self._function, node, self._facts))
                self._tie(left, (self._function, node))
                self._tie(right, (self._function, node))
                self._each(left, right)
            case ir.Extreme() | ir.Absolute() if (difference := free_difference(node)) is not None:
                self._difference(difference)
            case ir.Arithmetic(_, left, right) | ir.Compare(_, left, right) | ir.Extreme(_, left, right):
                self._tie(left, (self._function, right))
                self._each(left, right)
            case ir.Logical(operator, left, right):
                self._expression(left)
                with self._inner():
                    self._learn_condition(left, operator == "and")
                    self._expression(right)
            case ir.Conditional(condition, then, otherwise):
                self._expression(condition)
                self._tie(then, (self._function, otherwise))
                for branch, holds in ((then, True), (otherwise, False)):
                    with self._inner():
                        self._learn_condition(condition, holds)
                        self._expression(branch)
            case ir.Call(name, arguments):
                for argument, parameter in zip(arguments, self._functions[name].parameters, strict=True):
                    self._expression(argument)
                    self._define(parameter.name, argument, name)
            case ir.Index(source, position):
                self._expression(source)
                self._position(position)
            case ir.Slice(source, start, stop):
                self._expression(source)
                for bound in (start, stop):
                    if bound is not None:
                        self._position(bound)
            case ir.Filled(value, count):
                self._signed(value)
                self._position(count)
            case ir.Comprehension(element, _, _, _):
                self._generate(node)
                self._tie(element, SIGNED)
            case ir.Aggregate():
                self._generate(node)
            case ir.ListOf(_, values) | ir.NewRecord(_, values):
                self._signed(*values)
            case ir.MapGet(source, key, value):
                self._signed(source, key, value)
            case ir.MapLookup(source, item) | ir.Contains(source, item):
                self._signed(source, item)
            case ir.Negate(operand) | ir.Absolute(operand):
                self._signed(operand)
            case ir.Format(parts):
                self._each(*(part for part in parts if not isinstance(part, str)))
            case ir.Concat(left, right):
                self._each(left, right)
            case ir.CharFrom(part) | ir.Not(part):
                self._expression(part)
            case ir.Constant() | ir.Var() | ir.EmptyMap() | ir.Range():
                pass
            case _:
                self._expression(node.source)

    def _difference(self, node: ir.Arithmetic) -> None:
        """Go through a difference that may as well be of two `usize` if it is negative."""
        self.subtractions.append((self._function, node, self._facts))
        self._tie(node.left, (self._function, node.right))
        self._each(node.left, node.right)

    def _each(self, *nodes: ir.Expr) -> None:
        for node in nodes:
            self._expression(node)

    def _signed(self, *nodes: ir.Expr) -> None:
        for node in nodes:
            self._tie(node, SIGNED)
            self._expression(node)

    def _position(self, node: ir.Expr) -> None:
        """Go through a position, which is not negative in a valid program: nor is a difference that it ends in."""
        self._tie(node, USIZE)
        while isinstance(node, ir.Arithmetic) and node.operator == "-":
            self._tie(node.left, (self._function, node.right))
            self._expression(node.right)
            node = node.left
        self._expression(node)

    def _generate(self, node: ir.Comprehension | ir.Aggregate) -> None:
        with self._inner():
            match node.source:
                case ir.Range(start, stop):
                    variable = ir.Var(node.variable, ir.INT)
                    self._bounds(node.variable, start, as_written(stop, "+"))
                    self._learn_order(start, variable)
                    self._learn_order(variable, stop, 1)
                case source:
                    self._expression(source)
                    if isinstance(source.type, ir.ListType):
                        self._define_item(node.variable, source.type.element)
            if node.condition is not None:
                self._expression(node.condition)
                self._learn_condition(node.condition)
            if node.element is not None:
                self._expression(node.element)


def linear(node: ir.Expr) -> Linear:
    """Take an expression apart into a sum."""
    match node:
        case ir.Constant(int(value)):
            return {None: value}
        case ir.Negate(operand):
            return added({}, linear(operand), -1)
        case ir.Arithmetic("+", left, right):
            return added(linear(left), linear(right))
        case ir.Arithmetic("-", left, right):
            return added(linear(left), linear(right), -1)
        case ir.Arithmetic("*", ir.Constant(int(factor)), other) | ir.Arithmetic("*", other, ir.Constant(int(factor))):
            return added({}, linear(other), factor)
    return {node: 1}


def added(left: Linear, right: Linear, factor: int = 1) -> Linear:
    """Return ``left + factor * right``."""
    total = dict(left)
    for term, count in right.items():
        total[term] = total.get(term, 0) + factor * count
    return {term: count for term, count in total.items() if count}


def free_difference(node: ir.Expr) -> ir.Arithmetic | None:
    """Return ``a - b`` of ``max(a - b, 0)`` or ``abs(a - b)``: Rust takes it of two `usize` even if it is negative."""
    match node:
        case ir.Extreme("max", ir.Arithmetic("-") as difference, ir.Constant(0)):
            return difference
        case ir.Extreme("max", ir.Constant(0), ir.Arithmetic("-") as difference):
            return difference
        case ir.Absolute(ir.Arithmetic("-") as difference):
            return difference
    return None


def as_written(bound: ir.Expr, operator: str) -> ir.Expr:
    """Return a bound as a range shows it: ``n`` for ``n + 1`` in ``..=n``, and for ``n - 1`` in ``(..n).rev()``."""
    match bound:
        case ir.Arithmetic(same, inner, ir.Constant(1)) if same == operator:
            return inner
    return bound


def _occurs_once(variable: ir.Var, fact: Fact) -> bool:
    others = tuple(term for term in fact.sum if term is not None and term != variable)
    return variable not in walk(others)


def _least_arguments(program: ir.Program) -> dict[Slot, float]:
    """Return the least number, or the least length, that each parameter gets; ``-inf`` where it does not show."""
    numbers: dict[Slot, list[float | Slot]] = defaultdict(list)
    parameters = {function.name: function.parameters for function in program.functions}
    for name, body in (("", program.main), *((function.name, function.body) for function in program.functions)):
        nodes = tuple(walk(tuple(body)))
        known = _least_values(nodes)
        known |= {item.name: (name, item.name) for item in parameters.get(name, ())}
        for node in nodes:
            if isinstance(node, ir.Call):
                for argument, parameter in zip(node.arguments, parameters[node.function], strict=True):
                    numbers[node.function, parameter.name].append(_least(argument, known))
    # Parameters passed on to parameters settle from above.
    least: dict[Slot, float] = dict.fromkeys(numbers, inf)
    while True:
        found = {
            slot: min(least.get(value, -inf) if isinstance(value, tuple) else value for value in values)
            for slot, values in numbers.items()
        }
        if found == least:
            return {slot: number for slot, number in least.items() if number < inf}
        least = found


def _least_values(nodes: Iterable[ir.Expr | ir.Stmt]) -> dict[str, float | Slot]:
    """Return the least number or length of each variable that is only ever a literal, or an item of one."""
    values: dict[str, list[float]] = defaultdict(list)
    literals: dict[str, ir.Expr] = {}
    for node in nodes:
        match node:
            case ir.Let(name, value, mutable):
                is_kept = not mutable or isinstance(value, ir.ListOf)
                values[name].append(_number(value) if is_kept else -inf)
                if not mutable:
                    literals[name] = value
            case ir.Set(ir.Var(name)) | ir.Update(ir.Var(name)) | ir.Pop(ir.Var(name)):
                values[name].append(-inf)
            case ir.ForEach(name, source) | ir.ForIndexed(_, name, source):
                items = literals.get(source.name) if isinstance(source, ir.Var) else source
                values[name].append(
                    min(map(_number, items.items), default=-inf) if isinstance(items, ir.ListOf) else -inf
                )
            case ir.Call(_, arguments):
                # A call may shorten what it is lent.
                for argument in arguments:
                    if isinstance(argument, ir.Var) and argument.name not in literals:
                        values[argument.name].append(-inf)
    return {name: min(found) for name, found in values.items()}


def _number(value: ir.Expr) -> float:
    match value:
        case ir.Constant(int(number)):
            return number
        case ir.Constant(str(text)):
            return len(text)
        case ir.ListOf(_, items):
            return len(items)
    return -inf


def _least(argument: ir.Expr, known: dict[str, float | Slot]) -> float | Slot:
    return known.get(argument.name, -inf) if isinstance(argument, ir.Var) else _number(argument)
