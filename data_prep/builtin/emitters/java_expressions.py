"""Java's expressions: streams, boxed numbers, characters that are numbers inside a stream."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, COMPARISON, NOT, PRODUCT, SUM, UNARY, camel_case, pascal_case
from data_prep.builtin.emitters.managed import ZERO, ManagedEmitter, last_before

_PRIMITIVES = {"int": "int", "bool": "boolean", "string": "String", "char": "char"}
_BOXES = {"int": "Integer", "bool": "Boolean", "string": "String", "char": "Character"}
_PACKAGES = {"IntStream": "java.util.stream", "Collectors": "java.util.stream"}
_TESTS = {"digit": "isDigit", "letter": "isLetter", "upper": "isUpperCase"}


class Stream(NamedTuple):
    """Text of a stream, and what its items are: int, the code of a character, or an object."""

    text: str
    items: Literal["int", "code", "object"]


class JavaExpressions(ManagedEmitter):
    """The part of the Java emitter that writes expressions."""

    breaks = (
        re.compile(r"(?<!Math)(?<!Collections)[.](filter|map\w*|boxed|collect|toList|count|sum|max|min|\w+Match)[(]"),
        re.compile(r"new [A-Z]\w*[(]"),
    )

    def enter(self, function: str, parameters: tuple[ir.Parameter, ...], body: ir.Block) -> None:
        super().enter(function, parameters, body)
        self.codes: set[str] = set()
        self.objects: set[str] = set()

    def use(self, name: str) -> str:
        """Return the name of a library class, which the file then imports."""
        self.imports.add(f"{_PACKAGES.get(name, 'java.util')}.{name}")
        return name

    def type_name(self, type_: ir.Type, *, array: bool = False, boxed: bool = False) -> str:
        """Return the name of a type."""
        match type_:
            case ir.Scalar(name):
                return (_BOXES if boxed else _PRIMITIVES)[name]
            case ir.ListType(element) if array:
                return f"{self.type_name(element, array=True)}[]"
            case ir.ListType(element):
                return f"{self.use('List')}<{self.type_name(element, boxed=True)}>"
            case ir.MapType(key, value):
                return f"{self.use('Map')}<{self.type_name(key, boxed=True)}, {self.type_name(value, boxed=True)}>"
            case ir.RecordType(name):
                return name

    def binding(self, node: ir.Expr) -> int:
        match node:
            case ir.Var(name) if name in self.codes:
                return UNARY
            case ir.Not(operand):
                return self.negated_binding(operand)
            case ir.Compare() if self.uses_equals(node) or self.tested_for_emptiness(node):
                return ATOM if node.operator == "==" else UNARY
            case ir.Contains() if _finds_character(node):
                return COMPARISON
            case ir.Aggregate("count"):
                return UNARY
            case ir.Format(parts):
                return SUM if len(parts) > 1 else ATOM
        return super().binding(node)

    def negated_binding(self, operand: ir.Expr) -> int:
        return COMPARISON if isinstance(operand, ir.Contains) and _finds_character(operand) else NOT

    def var(self, node: ir.Var) -> str:
        return f"(char) {self.name(node.name)}" if node.name in self.codes else super().var(node)

    def code(self, node: ir.Expr) -> str:
        """Return an operand of a comparison or character test, where the code of a character does as well."""
        if isinstance(node, ir.Var) and node.name in self.codes:
            return self.name(node.name)
        if isinstance(node, ir.ChangeCase) and node.type == ir.CHAR:
            return f"Character.{_case(node)}({self.code(node.source)})"
        return self.wide(node) if isinstance(node, ir.Aggregate) else self.operand(node, SUM)

    def is_boxed(self, node: ir.Expr) -> bool:
        """Whether an expression has the type Integer or Character, which == compares by identity."""
        match node:
            case ir.Var(name):
                return name in self.objects or name in self.inlined
            case ir.Index(source):
                return isinstance(source.type, ir.ListType) and not self.is_array(source)
            case ir.MapGet() | ir.MapLookup():
                return True
            case ir.Conditional():
                return self.is_boxed(node.then) and self.is_boxed(node.otherwise)
            case ir.Aggregate("max" | "min"):
                return self.is_plain_extreme(node)
        return False

    def uses_equals(self, node: ir.Compare) -> bool:
        """Whether `equals` compares two values, not ``==``."""
        if node.operator not in ("==", "!="):
            return False
        return node.left.type == ir.STRING or (self.is_boxed(node.left) and self.is_boxed(node.right))

    def tested_for_emptiness(self, node: ir.Compare) -> ir.Expr | None:
        """Return the text, list or map of ``text == ""``, ``len(items) == 0`` or ``len(items) > 0``."""
        match node:
            case ir.Compare("==" | "!=", source, ir.Constant("")):
                return source
            case ir.Compare("==" | "!=" | ">", ir.Length(source), ir.Constant(0)) if not self.is_array(source):
                return source
        return None

    def compare(self, node: ir.Compare) -> str:
        source = self.tested_for_emptiness(node)
        if source is not None:
            return f"{'' if node.operator == '==' else '!'}{self.operand(source, ATOM)}.isEmpty()"
        if not self.uses_equals(node):
            return f"{self.code(node.left)} {node.operator} {self.code(node.right)}"
        negation = "!" if node.operator == "!=" else ""
        return f"{negation}{self.operand(node.left, ATOM)}.equals({self.expression(node.right)})"

    def not_(self, node: ir.Not) -> str:
        match node.operand:
            case ir.Contains() as contains if _finds_character(contains):
                return f"{self.index_of(contains)} < 0"
            case ir.Aggregate("any") as aggregate:
                return self.aggregate(aggregate).replace(".anyMatch(", ".noneMatch(", 1)
        return super().not_(node)

    def call(self, node: ir.Call) -> str:
        return f"{self.method_name(node.function)}({', '.join(self.iterable(item) for item in node.arguments)})"

    def extreme(self, node: ir.Extreme) -> str:
        return f"Math.{node.kind}({self.arguments((node.left, node.right))})"

    def absolute(self, node: ir.Absolute) -> str:
        return f"Math.abs({self.expression(node.operand)})"

    def list_of(self, node: ir.ListOf) -> str:
        return f"{self.use('List')}.of({self.arguments(node.items)})"

    def empty_map(self, node: ir.EmptyMap) -> str:
        return f"new {self.use('TreeMap' if self.visits_maps else 'HashMap')}<>()"

    def copy(self, node: ir.Copy) -> str:
        return f"new {self.use('ArrayList')}<>({self.expression(node.source)})"

    def index(self, node: ir.Index) -> str:
        source, position = self.operand(node.source, ATOM), self.expression(node.position)
        if node.source.type == ir.STRING:
            return f"{source}.charAt({position})"
        return f"{source}[{position}]" if self.is_array(node.source) else f"{source}.get({position})"

    def length(self, node: ir.Length) -> str:
        source = self.operand(node.source, ATOM)
        if node.source.type == ir.STRING:
            return f"{source}.length()"
        return f"{source}.length" if self.is_array(node.source) else f"{source}.size()"

    def field(self, node: ir.Field) -> str:
        assert isinstance(node.source.type, ir.RecordType)
        call = "" if node.source.type.name in self.changed_records else "()"
        return f"{self.operand(node.source, ATOM)}.{self.name(node.name)}{call}"

    def map_get(self, node: ir.MapGet) -> str:
        return f"{self.operand(node.source, ATOM)}.getOrDefault({self.arguments((node.key, node.default))})"

    def map_lookup(self, node: ir.MapLookup) -> str:
        return f"{self.operand(node.source, ATOM)}.get({self.expression(node.key)})"

    def contains(self, node: ir.Contains) -> str:
        if _finds_character(node):
            return f"{self.index_of(node)} >= 0"
        method = "containsKey" if isinstance(node.source.type, ir.MapType) else "contains"
        return f"{self.operand(node.source, ATOM)}.{method}({self.expression(node.item)})"

    def index_of(self, node: ir.Contains) -> str:
        return f"{self.operand(node.source, ATOM)}.indexOf({self.code(node.item)})"

    def sorted_keys(self, node: ir.SortedKeys) -> str:
        return f"new {self.use('ArrayList')}<>({self.iterable(node)})"

    def slice(self, node: ir.Slice) -> str:
        if node.type == ir.STRING:
            bounds = (node.start or ZERO, node.stop) if node.stop is not None else (node.start or ZERO,)
            return f"{self.operand(node.source, ATOM)}.substring({self.arguments(bounds)})"
        return f"new {self.use('ArrayList')}<>({self.iterable(node)})"

    def split(self, node: ir.Split) -> str:
        return f"{self.use('List')}.of({self.parts(node)})"

    def parts(self, node: ir.Split) -> str:
        """Return a split text as an array."""
        # The separator is a regular expression.
        pattern = f"\\{node.separator}" if node.separator in ".|*+?$^()[]{}\\" else node.separator
        return f"{self.operand(node.source, ATOM)}.split({self.constant(ir.Constant(pattern, ir.STRING))})"

    def items(self, node: ir.Expr) -> str:
        """Return what a loop visits."""
        return self.parts(node) if isinstance(node, ir.Split) else self.iterable(node)

    def iterable(self, node: ir.Expr) -> str:
        """Return a list that is only read now: a view is enough."""
        match node:
            case ir.SortedKeys(source):
                return f"{self.operand(source, ATOM)}.keySet()"
            case ir.Slice(source) if isinstance(node.type, ir.ListType):
                bounds = self.arguments((node.start or ZERO, node.stop or ir.Length(source)))
                return f"{self.operand(source, ATOM)}.subList({bounds})"
        return self.expression(node)

    def change_case(self, node: ir.ChangeCase) -> str:
        if node.type == ir.CHAR:
            return f"Character.{_case(node)}({self.expression(node.source)})"
        return f"{self.operand(node.source, ATOM)}.{_case(node)}()"

    def char_test(self, node: ir.CharTest) -> str:
        return f"Character.{_TESTS[node.kind]}({self.code(node.source)})"

    def char_code(self, node: ir.CharCode) -> str:
        return f"{self.code(node.source)} - {self.constant(ir.Constant(node.base, ir.CHAR))}"

    def char_from(self, node: ir.CharFrom) -> str:
        return f"(char) ({self.constant(ir.Constant(node.base, ir.CHAR))} + {self.operand(node.offset, SUM)})"

    def to_string(self, node: ir.ToString) -> str:
        return f"String.valueOf({self.expression(node.source)})"

    def parse_int(self, node: ir.ParseInt) -> str:
        return f"Integer.parseInt({self.expression(node.source)})"

    def format(self, node: ir.Format) -> str:
        types = [ir.STRING if isinstance(part, str) else part.type for part in node.parts]
        texts = [
            self.constant(ir.Constant(part, ir.STRING)) if isinstance(part, str) else self.part(part)
            for part in node.parts
        ]
        if ir.STRING not in types[:2]:
            texts.insert(0, '""')
        return " + ".join(texts)

    def part(self, node: ir.Expr) -> str:
        """Return a value in a text."""
        if isinstance(node, ir.Concat):
            return " + ".join(self.operand(part, PRODUCT) for part in self.operands(node))
        return self.wide(node) if isinstance(node, ir.Aggregate) else self.operand(node, PRODUCT)

    # --- streams ---

    def stream(self, source: ir.Expr) -> Stream:
        """Return a stream of the items of a list, range or text."""
        match source:
            case ir.Range(start, stop):
                last = last_before(stop) if start != ZERO else None
                method, end = ("range", stop) if last is None else ("rangeClosed", last)
                return Stream(f"{self.use('IntStream')}.{method}({self.arguments((start, end))})", "int")
            case ir.Comprehension():
                return Stream(self.mapped(source), "object")
            case ir.Split():
                return Stream(f"{self.use('Arrays')}.stream({self.parts(source)})", "object")
            case _ if source.type == ir.STRING:
                return Stream(f"{self.operand(source, ATOM)}.chars()", "code")
            case _ if self.is_array(source):
                numbers = source.type == ir.ListType(ir.INT)
                return Stream(f"{self.use('Arrays')}.stream({self.expression(source)})", "int" if numbers else "object")
        return Stream(f"{self.iterable(source)}.stream()", "object")

    def filtered(self, node: ir.Comprehension | ir.Aggregate) -> Stream:
        """Return the stream of the items that meet the condition."""
        text, items = self.stream(node.source)
        if node.condition is not None and not (isinstance(node, ir.Aggregate) and node.kind in ("any", "all")):
            text += f".filter({self.function_of(node.variable, node.condition, items)})"
        return Stream(text, items)

    def mapped(self, node: ir.Comprehension) -> str:
        """Return a comprehension as a stream of objects."""
        text, items = self.filtered(node)
        if items != "code" and node.element == ir.Var(node.variable, node.element.type):
            return text if items == "object" else f"{text}.boxed()"
        method = "map" if items == "object" else "mapToObj"
        return f"{text}.{method}({self.function_of(node.variable, node.element, items)})"

    def function_of(self, variable: str, body: ir.Expr, items: str) -> str:
        """Return a lambda, or a method reference where that says the same."""
        names = {"code": self.codes, "object": self.objects}.get(items, set())
        names.add(variable)
        text = self.reference(variable, body, items) or f"{self.name(variable)} -> {self.expression(body)}"
        names.discard(variable)
        return text

    def reference(self, variable: str, body: ir.Expr, items: str) -> str | None:
        """Return a method reference for a function that only passes its argument on."""
        match body:
            case ir.Call(function, (ir.Var(name),)) if name == variable and items != "code":
                return f"Main::{camel_case(function)}"
            case ir.CharTest(kind, ir.Var(name)) if name == variable:
                return f"Character::{_TESTS[kind]}"
            case ir.Length(ir.Var(name, ir.STRING)) if name == variable:
                return "String::length"
            case ir.ToString(ir.Var(name)) if name == variable and items != "code":
                return "String::valueOf"
            case ir.ParseInt(ir.Var(name)) if name == variable:
                return "Integer::parseInt"
            case ir.ChangeCase(_, ir.Var(name, ir.STRING)) if name == variable:
                return f"String::{_case(body)}"
            case ir.Field(ir.Var(name, ir.RecordType(record)), field) if (
                name == variable and record not in self.changed_records
            ):
                return f"{record}::{self.name(field)}"
            case ir.Var(name, ir.INT) if name == variable:
                return "Integer::intValue"
        return None

    def pop(self, node: ir.Pop) -> str:
        items = self.var(node.source)
        return f"{items}.remove({items}.size() - 1)"

    def comprehension(self, node: ir.Comprehension) -> str:
        return f"{self.mapped(node)}.toList()"

    def join(self, node: ir.Join) -> str:
        source, separator = node.source, self.constant(ir.Constant(node.separator, ir.STRING))
        assert isinstance(source.type, ir.ListType)
        if source.type.element == ir.STRING and not isinstance(source, ir.Comprehension):
            return f"String.join({separator}, {self.items(source)})"
        if not isinstance(source, ir.Comprehension):
            item = "item"
            source = ir.Comprehension(ir.Var(item, source.type.element), item, source)
        if source.element.type != ir.STRING:
            source = ir.Comprehension(ir.ToString(source.element), source.variable, source.source, source.condition)
        joining = f"{self.use('Collectors')}.joining({separator if node.separator else ''})"
        return f"{self.mapped(source)}.collect({joining})"

    def aggregate(self, node: ir.Aggregate) -> str:
        cast = "(int) " if node.kind == "count" else ""
        return cast + self.wide(node)

    def wide(self, node: ir.Expr) -> str:
        """Return an expression where a long number does as well as an int."""
        if not isinstance(node, ir.Aggregate):
            return self.expression(node)
        if self.is_plain_extreme(node):
            return f"{self.use('Collections')}.{node.kind}({self.iterable(node.source)})"
        text, items = self.filtered(node)
        if node.kind == "count":
            return f"{text}.count()"
        if node.kind in ("any", "all"):
            assert node.condition is not None
            return f"{text}.{node.kind}Match({self.function_of(node.variable, node.condition, items)})"
        assert node.element is not None
        if items == "object" or node.element != ir.Var(node.variable, ir.INT):
            method = "mapToInt" if items == "object" else "map"
            text += f".{method}({self.function_of(node.variable, node.element, items)})"
        return f"{text}.{node.kind}()" + (".getAsInt()" if node.kind != "sum" else "")

    def is_plain_extreme(self, node: ir.Aggregate) -> bool:
        """Whether an aggregate is the largest or smallest item of a list."""
        if node.kind not in ("max", "min") or node.element != ir.Var(node.variable, ir.INT):
            return False
        return not isinstance(node.source, ir.Range | ir.Comprehension) and not self.is_array(node.source)


def _case(node: ir.ChangeCase) -> str:
    return f"to{pascal_case(node.kind)}Case"


def _finds_character(node: ir.Contains) -> bool:
    return node.source.type == ir.STRING and node.item.type == ir.CHAR
