"""What the Java and the C# emitter share: statements with braces, the operators of the C family, arrays, new names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, OR, PRODUCT, SUM, UNARY, Emitter, camel_case
from data_prep.builtin.emitters.arrays import array_variables, is_array_value
from data_prep.builtin.tree import changed, root, walk

ZERO = ir.Constant(0, ir.INT)
ONE = ir.Constant(1, ir.INT)
DEFAULTS = (ZERO, ir.Constant(False, ir.BOOL))
"""What the items of a new array are."""


def difference(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    """Return ``left - right`` as people write it: ``n`` for ``i + n`` less ``i``."""
    match left, right:
        case _, ir.Constant(0):
            return left
        case ir.Constant(int(first)), ir.Constant(int(second)):
            return ir.Constant(first - second, ir.INT)
        case ir.Arithmetic("+", base, added), _ if base == right:
            return added
        case ir.Arithmetic("+", base, ir.Constant(int(first))), ir.Constant(int(second)) if first >= second:
            return base if first == second else ir.Arithmetic("+", base, ir.Constant(first - second, ir.INT))
    return ir.Arithmetic("-", left, right)


def last_before(stop: ir.Expr) -> ir.Expr | None:
    """Return the last number of a range if it reads better than its end: ``n`` for ``n + 1``, 9 for 10."""
    match stop:
        case ir.Constant() | ir.Arithmetic("+", _, ir.Constant(1)):
            return difference(stop, ONE)
    return None


def bound_changes(node: ir.ForRange, functions: dict[str, ir.Function]) -> bool:
    """Whether the body of a loop changes what the loop's end is computed from."""
    resized = {
        root(part.source if isinstance(part, ir.Pop) else part.target)
        for part in walk(tuple(node.body))
        if isinstance(part, ir.Append | ir.Pop)
        or (isinstance(part, ir.Set | ir.Update) and isinstance(part.target, ir.Var))
    }
    used = {part.name for part in walk(node.stop) if isinstance(part, ir.Var)}
    measured = {root(part.source) for part in walk(node.stop) if isinstance(part, ir.Length)}
    return bool(used & resized or (used - measured) & changed(node.body, functions))


def everything(program: ir.Program) -> Iterator[Any]:
    """Yield every node of all functions and main."""
    return walk((*(tuple(function.body) for function in program.functions), tuple(program.main)))


def changed_records(program: ir.Program) -> set[str]:
    """Return the records of which some field is set."""
    targets = (node.target for node in everything(program) if isinstance(node, ir.Set | ir.Update))
    owners = (target.source.type for target in targets if isinstance(target, ir.Field))
    return {owner.name for owner in owners if isinstance(owner, ir.RecordType)}


_LITERAL = re.compile(r"""'(\\.|[^'\\])*'|"(\\.|[^"\\])*\"""")
_OPERATOR = re.compile(" [-+*/%<>=!&|?:]+ ")


def break_at(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Break a line before each match of a pattern as deep in brackets as the first, if they form one chain."""
    starts, depth, level = [0], 0, None
    masked = _LITERAL.sub(lambda literal: "_" * len(literal[0]), text)
    for i, character in enumerate(masked):
        if depth == level and _OPERATOR.match(masked, i):
            return [text]
        if level in (None, depth) and pattern.match(masked, i):
            level = depth
            starts.append(i)
        depth += (character in "([{") - (character in ")]}")
    return [text[start:stop].rstrip() for start, stop in zip(starts, [*starts[1:], None], strict=True)]


class ManagedEmitter(Emitter):
    """Emitter of a language with classes, generic collections and braces."""

    width = 120
    """Characters of a line above which it is broken."""
    breaks: tuple[re.Pattern[str], ...]
    """Where a long line is broken; the first that occurs counts."""

    def emit(self, program: ir.Program) -> str:
        self.array_variables = array_variables(program)
        self.changed_records = changed_records(program)
        self.visits_maps = any(isinstance(node, ir.ForEntries | ir.SortedKeys) for node in everything(program))
        self.imports: set[str] = set()
        return super().emit(program)

    def line(self, text: str = "") -> None:
        parts = [text]
        if not self.fits(text):
            broken = (break_at(text, pattern) for pattern in self.breaks)
            parts = next((several for several in broken if len(several) > 1), parts)
        super().line(parts[0])
        with self.indented():
            for part in parts[1:]:
                super().line(part)

    def fits(self, text: str) -> bool:
        """Whether a line is short enough at the present indentation."""
        return len(self.indent_unit) * self._depth + len(text) <= self.width

    # --- functions and names ---

    def enter(self, function: str, parameters: tuple[ir.Parameter, ...], body: ir.Block) -> None:
        """Learn what the statements of a function depend on; its name is empty for main."""
        self.arrays = {variable for owner, variable in self.array_variables if owner == function}
        self.changed = changed(body, self.functions)
        self.inlined: dict[str, str] = {}
        self.taken = {parameter.name for parameter in parameters}
        for node in walk(tuple(body)):
            if isinstance(node, ir.Constant):
                continue
            parts = (getattr(node, part, None) for part in ("name", "variable", "index", "key", "value"))
            self.taken.update(part for part in parts if isinstance(part, str))

    def new_name(self, name: str) -> str:
        """Return the name, or one like it if the function already has such a variable."""
        candidate, number = name, 1
        while candidate in self.taken:
            number += 1
            candidate = f"{name}{number}"
        self.taken.add(candidate)
        return candidate

    def name(self, name: str) -> str:
        """Return what a variable or method is called."""
        return camel_case(name)

    def method_name(self, name: str) -> str:
        """Return what a function of the program is called."""
        return camel_case(name)

    def is_array(self, node: ir.Expr) -> bool:
        """Whether a list is an array: a variable of fixed length, or a row of one."""
        return isinstance(node.type, ir.ListType) and root(node) in self.arrays

    def function(self, function: ir.Function) -> None:
        """Write a static method."""
        self.enter(function.name, function.parameters, function.body)
        result = "void" if function.result is None else self.type_name(function.result)
        parameters = [
            f"{self.type_name(p.type, array=p.name in self.arrays)} {self.name(p.name)}" for p in function.parameters
        ]
        self.doc(function.doc)
        self.braces(f"static {result} {self.method_name(function.name)}({', '.join(parameters)})", function.body)

    def type_name(self, type_: ir.Type, *, array: bool = False) -> str:
        """Return the name of a type."""
        raise NotImplementedError

    def doc(self, text: str) -> None:
        """Write a documentation comment."""
        raise NotImplementedError

    # --- statements ---

    def open(self, header: str) -> None:
        """Write what stands before a block, and its brace."""
        raise NotImplementedError

    def reopen(self, header: str) -> None:
        """Close a block and open the next one of the same statement."""
        raise NotImplementedError

    def declare(self, name: str, type_: ir.Type, value: str) -> None:
        """Write the declaration of a scalar variable."""
        raise NotImplementedError

    def let(self, node: ir.Let) -> None:
        """Write the declaration of a variable."""
        raise NotImplementedError

    def braces(self, header: str, body: ir.Block) -> None:
        """Write a statement with one block."""
        self.open(header)
        self.block(body)
        self.line("}")

    def swap(self, node: ir.Swap) -> None:
        first, second = ir.Index(node.target, node.first), ir.Index(node.target, node.second)
        kept = self.new_name("temp")
        self.declare(kept, first.type, self.expression(first))
        self.line(f"{self.expression(first)} = {self.expression(second)};")
        self.line(f"{self.expression(second)} = {kept};")

    def set(self, node: ir.Set) -> None:
        self.line(f"{self.expression(node.target)} = {self.expression(node.value)};")

    def update(self, node: ir.Update) -> None:
        target = self.expression(node.target)
        if node.value == ONE and node.operator in ("+", "-"):
            self.line(f"{target}{node.operator * 2};")
        else:
            self.line(f"{target} {node.operator[0]}= {self.expression(node.value)};")

    def if_(self, node: ir.If) -> None:
        self.open(f"if ({self.expression(node.condition)})")
        self.block(node.then)
        otherwise = node.otherwise
        while len(otherwise) == 1 and isinstance(nested := otherwise[0], ir.If):
            self.reopen(f"else if ({self.expression(nested.condition)})")
            self.block(nested.then)
            otherwise = nested.otherwise
        if otherwise:
            self.reopen("else")
            self.block(otherwise)
        self.line("}")

    def while_(self, node: ir.While) -> None:
        self.braces(f"while ({self.expression(node.condition)})", node.body)

    def for_range(self, node: ir.ForRange) -> None:
        variable, start, stop = self.name(node.variable), self.expression(node.start), self.bound(node)
        if node.descending:
            header = f"{variable} >= {self.operand(stop, SUM)}; {variable}--"
        else:
            last = last_before(stop) if node.start != ZERO else None
            limit = f"< {self.operand(stop, SUM)}" if last is None else f"<= {self.operand(last, SUM)}"
            header = f"{variable} {limit}; " + (f"{variable}++" if node.step == 1 else f"{variable} += {node.step}")
        self.braces(f"for (int {variable} = {start}; {header})", node.body)

    def bound(self, node: ir.ForRange) -> ir.Expr:
        """Return the end of a loop, kept in a variable if the body changes what it depends on."""
        if not bound_changes(node, self.functions):
            return node.stop
        end = self.new_name("end")
        self.declare(end, ir.INT, self.expression(node.stop))
        return ir.Var(end, ir.INT)

    def for_indexed(self, node: ir.ForIndexed) -> None:
        items = node.source
        if not isinstance(items, ir.Var):
            items = ir.Var(self.new_name("items"), items.type)
            if is_array_value(node.source):
                self.arrays.add(items.name)
            self.let(ir.Let(items.name, node.source))
        index = self.name(node.index)
        self.open(f"for (int {index} = 0; {index} < {self.expression(ir.Length(items))}; {index}++)")
        self.block((ir.Let(node.variable, ir.Index(items, ir.Var(node.index, ir.INT))), *node.body))
        self.line("}")

    def entries(self, node: ir.ForEntries, header: str, key: str, value: str) -> None:
        """Write a loop over the entries of a map; what is used once stands where it is used."""
        map_type = node.source.type
        assert isinstance(map_type, ir.MapType)
        self.open(header)
        uses = [part.name for part in walk(tuple(node.body)) if isinstance(part, ir.Var)]
        with self.indented():
            for name, type_, text in ((node.key, map_type.key, key), (node.value, map_type.value, value)):
                if uses.count(name) > 1:
                    self.declare(name, type_, text)
                else:
                    self.inlined[name] = text
        self.block(node.body)
        self.line("}")
        self.inlined = {}

    def break_(self, node: ir.Break) -> None:
        self.line("break;")

    def continue_(self, node: ir.Continue) -> None:
        self.line("continue;")

    def return_(self, node: ir.Return) -> None:
        self.line(f"return {self.expression(node.value)};" if node.value is not None else "return;")

    def do(self, node: ir.Do) -> None:
        self.line(f"{self.expression(node.call)};")

    def comment(self, node: ir.Comment) -> None:
        self.line(f"// {node.text}")

    # --- expressions ---

    def binding(self, node: ir.Expr) -> int:
        match node:
            case ir.Constant(int(value)) if value < 0:
                return UNARY
            case ir.CharCode():
                return SUM
            case ir.CharFrom():
                return UNARY
        return super().binding(node)

    def constant(self, node: ir.Constant) -> str:
        if node.type == ir.CHAR:
            text = json.dumps(node.value)[1:-1]
            return "'" + {'\\"': '"', "'": "\\'"}.get(text, text) + "'"
        # The escapes of JSON are those of Java and C#.
        return json.dumps(node.value)

    def var(self, node: ir.Var) -> str:
        return self.inlined.get(node.name) or self.name(node.name)

    def arithmetic(self, node: ir.Arithmetic) -> str:
        return self.infix(node, node.operator[0])

    def compare(self, node: ir.Compare) -> str:
        return self.infix(node, node.operator)

    def logical(self, node: ir.Logical) -> str:
        return self.infix(node, "&&" if node.operator == "and" else "||")

    def not_(self, node: ir.Not) -> str:
        return f"!{self.operand(node.operand, UNARY)}"

    def negate(self, node: ir.Negate) -> str:
        return f"-{self.operand(node.operand, ATOM)}"

    def conditional(self, node: ir.Conditional) -> str:
        condition, then = self.operand(node.condition, OR), self.operand(node.then, OR)
        return f"{condition} ? {then} : {self.operand(node.otherwise, OR)}"

    def call(self, node: ir.Call) -> str:
        return f"{self.method_name(node.function)}({self.arguments(node.arguments)})"

    def new_record(self, node: ir.NewRecord) -> str:
        return f"new {node.record}({self.arguments(node.values)})"

    def concat(self, node: ir.Concat) -> str:
        first, *rest = self.operands(node)
        # Two characters would be added as numbers.
        parts = [ir.ToString(first) if first.type == ir.CHAR and rest[0].type == ir.CHAR else first, *rest]
        return " + ".join(self.operand(part, PRODUCT) for part in parts)

    def operands(self, node: ir.Expr) -> list[ir.Expr]:
        """Return the parts that a text is joined from, in order."""
        return self.operands(node.left) + self.operands(node.right) if isinstance(node, ir.Concat) else [node]

    def char_code(self, node: ir.CharCode) -> str:
        return f"{self.operand(node.source, UNARY)} - {self.constant(ir.Constant(node.base, ir.CHAR))}"
