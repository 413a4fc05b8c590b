"""Runs a program, and refuses one that seven languages would not run alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub
from typing import Any

from data_prep.builtin import program as ir

_LIMIT = 2**31

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": add, "-": sub, "*": mul, "//": floordiv, "%": mod,
    "==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
}  # fmt: skip


class InvalidProgram(ValueError):  # noqa: N818
    """The program breaks a rule that makes its seven versions print the same."""


class _Signal:
    """What ends a block early: break, continue, or a return with its value."""

    def __init__(self, value: Any = None) -> None:
        self.value = value


_BREAK = _Signal()
_CONTINUE = _Signal()

Environment = dict[str, Any]


def run(program: ir.Program, step_limit: int = 200_000) -> list[str]:
    """Return the lines that a program prints.

    Raises
    ------
    InvalidProgram
        For an integer outside 32 bits, a negative dividend or a divisor that is not positive, a position out of
        range, a missing key, text that is not ASCII, a boolean or list that is printed, a list changed while it is
        visited, or more than `step_limit` statements and rounds of loops.
    """
    machine = _Machine(program, step_limit)
    try:
        machine.block(program.main, {})
    except RecursionError:
        raise InvalidProgram("recursion too deep") from None
    return machine.lines


def _whole(value: int) -> int:
    if not -_LIMIT <= value < _LIMIT:
        raise InvalidProgram(f"{value} does not fit 32 bits")
    return value


def _ascii(text: str) -> str:
    if not text.isascii():
        raise InvalidProgram(f"{text!r} is not ASCII")
    return text


def _position(source: Any, position: int, extra: int = 0) -> int:
    if not 0 <= position < len(source) + extra:
        raise InvalidProgram(f"position {position} of {len(source)}")
    return position


def _calculate(operator: str, left: Any, right: Any) -> Any:
    if operator in ("//", "%") and (left < 0 or right <= 0):
        raise InvalidProgram(f"{left} {operator} {right}")
    value = _OPERATORS[operator](left, right)
    return _whole(value) if type(value) is int else value


class _Machine:
    def __init__(self, program: ir.Program, step_limit: int) -> None:
        self.functions = {function.name: function for function in program.functions}
        self.fields = {record.name: [name for name, _ in record.fields] for record in program.records}
        self.lines: list[str] = []
        self.steps_left = step_limit

    def step(self) -> None:
        self.steps_left -= 1
        if self.steps_left < 0:
            raise InvalidProgram("too many steps")

    # --- expressions ---

    def evaluate(self, node: ir.Expr, env: Environment) -> Any:
        # The most frequent nodes come first: a match tries its cases in order.
        match node:
            case ir.Var():
                return env[node.name]
            case ir.Constant():
                return _ascii(node.value) if isinstance(node.value, str) else node.value
            case ir.Arithmetic():
                return _calculate(node.operator, self.evaluate(node.left, env), self.evaluate(node.right, env))
            case ir.Compare():
                return _OPERATORS[node.operator](self.evaluate(node.left, env), self.evaluate(node.right, env))
            case ir.Index():
                source = self.evaluate(node.source, env)
                return source[_position(source, self.evaluate(node.position, env))]
            case ir.Call():
                return self.call(node, env)
            case ir.Length():
                return len(self.evaluate(node.source, env))
            case ir.Field():
                return self.evaluate(node.source, env)[node.name]
            case ir.Logical():
                left = self.evaluate(node.left, env)
                return left if left == (node.operator == "or") else self.evaluate(node.right, env)
            case ir.Not():
                return not self.evaluate(node.operand, env)
            case ir.Negate():
                return _whole(-self.evaluate(node.operand, env))
            case ir.Extreme():
                left, right = self.evaluate(node.left, env), self.evaluate(node.right, env)
                return min(left, right) if node.kind == "min" else max(left, right)
            case ir.Absolute():
                return _whole(abs(self.evaluate(node.operand, env)))
            case ir.Conditional():
                return self.evaluate(node.then if self.evaluate(node.condition, env) else node.otherwise, env)
            case ir.ListOf():
                return [self.evaluate(item, env) for item in node.items]
            case ir.Filled():
                return [self.evaluate(node.value, env) for _ in range(self.evaluate(node.count, env))]
            case ir.EmptyMap():
                return {}
            case ir.NewRecord():
                values = [self.evaluate(value, env) for value in node.values]
                return dict(zip(self.fields[node.record], values, strict=True))
            case ir.Copy():
                return list(self.evaluate(node.source, env))
            case ir.MapGet():
                return self.evaluate(node.source, env).get(
                    self.evaluate(node.key, env), self.evaluate(node.default, env)
                )
            case ir.MapLookup():
                source, key = self.evaluate(node.source, env), self.evaluate(node.key, env)
                if key not in source:
                    raise InvalidProgram(f"no key {key!r}")
                return source[key]
            case ir.Contains():
                return self.evaluate(node.item, env) in self.evaluate(node.source, env)
            case ir.SortedKeys():
                return sorted(self.evaluate(node.source, env))
            case ir.Range():
                return range(self.evaluate(node.start, env), self.evaluate(node.stop, env))
            case ir.Comprehension():
                return [self.evaluate(node.element, inner) for inner in self.visits(node, env)]
            case ir.Aggregate():
                return self.aggregate(node, env)
            case ir.Slice():
                return self.slice(node, env)
            case ir.Reversed():
                return self.evaluate(node.source, env)[::-1]
            case ir.Join():
                return node.separator.join(str(item) for item in self.evaluate(node.source, env))
            case ir.Split():
                return self.evaluate(node.source, env).split(node.separator)
            case ir.ChangeCase():
                text = self.evaluate(node.source, env)
                return text.upper() if node.kind == "upper" else text.lower()
            case ir.CharTest():
                test = {"digit": str.isdigit, "letter": str.isalpha, "upper": str.isupper}[node.kind]
                return test(self.evaluate(node.source, env))
            case ir.CharCode():
                return ord(self.evaluate(node.source, env)) - ord(node.base)
            case ir.CharFrom():
                code = ord(node.base) + self.evaluate(node.offset, env)
                if not 32 <= code < 127:
                    raise InvalidProgram(f"no printable ASCII character has the code {code}")
                return chr(code)
            case ir.ToString():
                return str(self.evaluate(node.source, env))
            case ir.ParseInt():
                text = self.evaluate(node.source, env)
                if not text.isdigit():
                    raise InvalidProgram(f"{text!r} is not a number")
                return _whole(int(text))
            case ir.Concat():
                return self.evaluate(node.left, env) + self.evaluate(node.right, env)
            case ir.Format():
                return _ascii("".join(part if isinstance(part, str) else self.text(part, env) for part in node.parts))
            case ir.Pop():
                source = env[node.source.name]
                _position(source, len(source) - 1)
                return source.pop()

    def text(self, node: ir.Expr, env: Environment) -> str:
        value = self.evaluate(node, env)
        if type(value) not in (int, str):
            raise InvalidProgram(f"{value!r} is printed")
        return str(value)

    def visits(self, node: ir.Comprehension | ir.Aggregate, env: Environment) -> Iterator[Environment]:
        """Environments in which the element is to be evaluated."""
        inner = env.copy()
        for item in self.evaluate(node.source, env):
            self.step()
            inner[node.variable] = item
            if node.condition is None or self.evaluate(node.condition, inner):
                yield inner

    def aggregate(self, node: ir.Aggregate, env: Environment) -> Any:
        if node.kind == "all":
            inverse = ir.Aggregate("any", node.variable, node.source, condition=ir.Not(node.condition or _missing()))
            return not self.aggregate(inverse, env)
        visits = self.visits(node, env)
        if node.kind == "any":
            return any(True for _ in visits)
        if node.kind == "count":
            return sum(1 for _ in visits)
        values = [self.evaluate(node.element or _missing(), inner) for inner in visits]
        if node.kind == "sum":
            total = 0
            for value in values:
                total = _whole(total + value)
            return total
        if not values:
            raise InvalidProgram(f"{node.kind} of nothing")
        return min(values) if node.kind == "min" else max(values)

    def slice(self, node: ir.Slice, env: Environment) -> Any:
        source = self.evaluate(node.source, env)
        start = 0 if node.start is None else self.evaluate(node.start, env)
        stop = len(source) if node.stop is None else self.evaluate(node.stop, env)
        if start > _position(source, stop, extra=1):
            raise InvalidProgram(f"slice from {start} to {stop}")
        return source[_position(source, start, extra=1) : stop]

    def call(self, node: ir.Call, env: Environment) -> Any:
        function = self.functions[node.function]
        values = [self.evaluate(argument, env) for argument in node.arguments]
        names = [parameter.name for parameter in function.parameters]
        signal = self.block(function.body, dict(zip(names, values, strict=True)))
        if function.result is not None and signal is None:
            raise InvalidProgram(f"{function.name} ends without a result")
        return signal.value if signal else None

    # --- statements ---

    def block(self, statements: ir.Block, env: Environment) -> _Signal | None:
        for statement in statements:
            signal = self.execute(statement, env)
            if signal is not None:
                return signal
        return None

    def execute(self, node: ir.Stmt, env: Environment) -> _Signal | None:
        self.step()
        match node:
            case ir.Let():
                env[node.name] = self.evaluate(node.value, env)
            case ir.Set():
                self.assign(node.target, self.evaluate(node.value, env), env)
            case ir.Update():
                before, by = self.evaluate(node.target, env), self.evaluate(node.value, env)
                self.assign(node.target, _calculate(node.operator, before, by), env)
            case ir.If():
                return self.block(node.then if self.evaluate(node.condition, env) else node.otherwise, env)
            case ir.Return():
                return _Signal(None if node.value is None else self.evaluate(node.value, env))
            case ir.Break():
                return _BREAK
            case ir.Continue():
                return _CONTINUE
            case ir.While() | ir.ForRange() | ir.ForEach() | ir.ForIndexed() | ir.ForEntries():
                for _ in self.rounds(node, env):
                    self.step()
                    signal = self.block(node.body, env)
                    if signal is _BREAK:
                        break
                    if signal is not None and signal is not _CONTINUE:
                        return signal
            case ir.MapPut():
                self.evaluate(node.target, env)[self.evaluate(node.key, env)] = self.evaluate(node.value, env)
            case ir.MapAdd():
                target, key = self.evaluate(node.target, env), self.evaluate(node.key, env)
                target[key] = _whole(target.get(key, 0) + self.evaluate(node.amount, env))
            case ir.Append():
                self.evaluate(node.target, env).append(self.evaluate(node.item, env))
            case ir.Swap():
                items = self.evaluate(node.target, env)
                first = _position(items, self.evaluate(node.first, env))
                second = _position(items, self.evaluate(node.second, env))
                items[first], items[second] = items[second], items[first]
            case ir.Sort():
                self.sort(node, env)
            case ir.Print():
                self.lines.append(_ascii(self.text(node.value, env)))
            case ir.Do():
                self.call(node.call, env)
            case ir.Comment():
                pass
        return None

    def assign(self, target: ir.Var | ir.Index | ir.Field, value: Any, env: Environment) -> None:
        match target:
            case ir.Var():
                env[target.name] = value
            case ir.Index():
                items = self.evaluate(target.source, env)
                items[_position(items, self.evaluate(target.position, env))] = value
            case ir.Field():
                self.evaluate(target.source, env)[target.name] = value

    def rounds(
        self, node: ir.While | ir.ForRange | ir.ForEach | ir.ForIndexed | ir.ForEntries, env: Environment
    ) -> Iterator[None]:
        """Yield once for each round of a loop, its variables set."""
        match node:
            case ir.While():
                while self.evaluate(node.condition, env):
                    yield
            case ir.ForRange():
                start, stop = self.evaluate(node.start, env), self.evaluate(node.stop, env)
                counts = range(start, stop - 1, -1) if node.descending else range(start, stop, node.step)
                for env[node.variable] in counts:
                    yield
            case ir.ForEach():
                for item in _unchanged(self.evaluate(node.source, env)):
                    env[node.variable] = item
                    yield
            case ir.ForIndexed():
                for index, item in enumerate(_unchanged(self.evaluate(node.source, env))):
                    env[node.index], env[node.variable] = index, item
                    yield
            case ir.ForEntries():
                for key, value in sorted(self.evaluate(node.source, env).items()):
                    env[node.key], env[node.value] = key, value
                    yield

    def sort(self, node: ir.Sort, env: Environment) -> None:
        key = node.key
        inner = env.copy()

        def key_of(item: Any) -> Any:
            inner[node.variable] = item
            return item if key is None else self.evaluate(key, inner)

        self.evaluate(node.target, env).sort(key=key_of, reverse=node.descending)


def _unchanged(source: Any) -> Iterable[Any]:
    """Visit the items of a list or string that nobody changes meanwhile."""
    length = len(source)
    for item in source:
        yield item
        if len(source) != length:
            raise InvalidProgram("a list is changed while it is visited")


def _missing() -> ir.Expr:
    raise InvalidProgram("an aggregate lacks its element or condition")
