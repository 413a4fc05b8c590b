"""Writes the expressions of Rust: kinds of integers, who owns what, iterators, text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, COMPARISON, CONDITIONAL, SUM, UNARY, Emitter
from data_prep.builtin.emitters.rust_facts import SIGNED, USIZE, free_difference
from data_prep.builtin.emitters.rust_integers import Integers
from data_prep.builtin.emitters.rust_ownership import Ownership, is_copied
from data_prep.builtin.tree import integer, root, walk

# What the text of an expression that is not copied is: a `&str`, a reference, a place that owns, or a new value.
TEXT, REFERENCE, PLACE, FRESH = "text", "reference", "place", "fresh"

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
_CHAR_ESCAPES = {"'": "\\'", "\\": "\\\\", "\n": "\\n"}


@dataclass(frozen=True)
class Items:
    """An iterator; `are_texts`: its strings are `&str`, `by_reference`: it lends its items."""

    text: str
    type: ir.Type
    are_texts: bool = False
    by_reference: bool = False


class RustExpressions(Emitter):
    """Writes expressions inside the function `_function`, where `_forms` tells of each variable what its text is."""

    _integers: Integers
    _ownership: Ownership
    _function: str
    _forms: dict[str, str]
    _parameters: dict[str, ir.Parameter]
    _arrays: set[str]
    _chars: dict[str, str]
    _movable: set[str]
    _pinned: set[str]
    _taken: set[str]

    def type(self, type_: ir.Type) -> str:
        """Return an owned type."""
        match type_:
            case ir.Scalar("int"):
                return SIGNED
            case ir.Scalar("string"):
                return "String"
            case ir.Scalar(name) | ir.RecordType(name):
                return name
            case ir.ListType(element):
                return f"Vec<{self.type(element)}>"
            case ir.MapType(key, value):
                return f"BTreeMap<{self.type(key)}, {self.type(value)}>"

    # --- integers ---

    def kind(self, node: ir.Expr) -> str | None:
        """Return the integer type that an expression has as it stands, None if literals leave it open."""
        return self._integers.kind(self._function, node)

    def slot(self, name: str) -> str:
        """Return the integer type of a variable, or with an empty name of the result."""
        return self._integers.slot(self._function, name)

    def integer(self, node: ir.Expr, kind: str | None, binding: int = CONDITIONAL) -> str:
        """Return the text of an integer as one of a kind, in parentheses if it binds less tightly than asked."""
        if kind is None or self.kind(node) in (None, kind):
            return self.operand(node, binding)
        level = UNARY
        match node:
            case ir.CharCode(source, base):
                # What is asked for as a position is not negative, so that bytes may be subtracted.
                text = f"({self.operand(source, UNARY)} as u8 - b{quoted_char(base)}) as {kind}"
            case ir.Arithmetic("+" | "-" as operator, ir.Length() as left, ir.Constant() as right):
                text, level = f"{self.operand(left, UNARY)} as {kind} {operator} {self.expression(right)}", SUM
            case _:
                text = f"{self.operand(node, UNARY)} as {kind}"
        return text if binding <= level else f"({text})"

    def position(self, node: ir.Expr) -> str:
        """Return the text of a position."""
        return self.integer(node, USIZE)

    # --- ownership ---

    def form(self, node: ir.Expr) -> str:
        """Return what the text of an expression that is not copied is."""
        match node:
            case ir.Constant():
                return TEXT
            case ir.Var(name):
                return self._forms[name]
            case ir.Index(source) if node.type == ir.STRING:
                return TEXT if self.are_texts(source) else PLACE
            case ir.Index() | ir.Field() | ir.MapLookup():
                return PLACE
            case ir.Slice() | ir.MapGet() if node.type == ir.STRING:
                return TEXT
            case ir.Pop(source) if self.are_texts(source):
                return TEXT
            case ir.Conditional(_, then, otherwise) if FRESH not in (self.form(then), self.form(otherwise)):
                return TEXT if node.type == ir.STRING else REFERENCE
        return FRESH

    def are_texts(self, node: ir.Expr) -> bool:
        """Whether the strings of a list are `&str`."""
        return self._ownership.are_texts(self._function, node)

    def value(self, node: ir.Expr) -> str:
        """Return the text of a value that is kept: an `i64`, or something owned."""
        if node.type == ir.INT:
            return self.integer(node, SIGNED)
        return self.expression(node) if is_copied(node.type) else self.owned(node)

    def owned(self, node: ir.Expr, texts: bool = False) -> str:
        """Return the text of an expression as a value of its own, moved where it is not needed any more."""
        form = self.form(node)
        match node:
            case ir.Constant(""):
                return "String::new()"
            case ir.Conditional(condition, then, otherwise):
                return self._branches(condition, self.owned(then, texts), self.owned(otherwise, texts))
            case ir.Var(name) if form == PLACE and name in self._movable:
                return name
        if form == FRESH:
            return self.list_value(node, texts)
        if form == TEXT:
            return f"{self.receiver(node)}.to_string()"
        is_slice = form == REFERENCE and isinstance(node.type, ir.ListType)
        return f"{self.operand(node, ATOM)}.{'to_vec' if is_slice else 'clone'}()"

    def reference(self, node: ir.Expr, mutable: bool = False) -> str:
        """Return the text of an expression as a reference."""
        mark = "&mut " if mutable else "&"
        if isinstance(node, ir.Slice):
            return f"{mark}{self.part(node)}"
        text = self.operand(node, UNARY)
        return text if self.form(node) in (TEXT, REFERENCE) else mark + text

    def text(self, node: ir.Expr) -> str:
        """Return the text of a string as exactly a `&str`, where nothing would convert a `&String`."""
        match node:
            case ir.Conditional(condition, then, otherwise):
                return self._branches(condition, self.text(then), self.text(otherwise))
        is_text = self.form(node) in (TEXT, FRESH)
        return self.reference(node) if is_text else f"{self.operand(node, ATOM)}.as_str()"

    def receiver(self, node: ir.Expr) -> str:
        """Return the text of an expression before the dot of a method."""
        return self.part(node) if isinstance(node, ir.Slice) else self.operand(node, ATOM)

    # --- plain expressions ---

    def operand(self, node: ir.Expr, binding: int) -> str:
        text = self.expression(node)
        level = min(self.binding(node), UNARY if text[0] in "-*&" else ATOM)
        return text if level >= binding else f"({text})"

    def binding(self, node: ir.Expr) -> int:
        match node:
            case ir.Compare() if _tests_empty(node):
                return UNARY if node.operator == "!=" or node.operator == ">" else ATOM
            case ir.Not(ir.Compare() as inner) if not _tests_empty(inner):
                return COMPARISON
            case ir.Not() | ir.CharFrom():
                return UNARY
            case ir.CharCode():
                return SUM
            case ir.Concat():
                return ATOM
        return super().binding(node)

    def constant(self, node: ir.Constant) -> str:
        if isinstance(node.value, str):
            return quoted_char(node.value) if node.type == ir.CHAR else f'"{escaped(node.value)}"'
        return str(node.value).lower()

    def var(self, node: ir.Var) -> str:
        return node.name

    def arithmetic(self, node: ir.Arithmetic) -> str:
        kind, level = self.kind(node), self.binding(node)
        left = self.integer(node.left, kind, level)
        right = self.integer(node.right, kind, level if node.operator == "+" else level + 1)
        return f"{left} {'/' if node.operator == '//' else node.operator} {right}"

    def compare(self, node: ir.Compare) -> str:
        if _tests_empty(node):
            tested = node.left.source if isinstance(node.left, ir.Length) else node.left
            return f"{'' if node.operator == '==' else '!'}{self.receiver(tested)}.is_empty()"
        return self._comparison(node.operator, node.left, node.right)

    def _comparison(self, operator: str, left: ir.Expr, right: ir.Expr) -> str:
        if left.type == ir.INT:
            kinds = {self.kind(left), self.kind(right)}
            kind = SIGNED if SIGNED in kinds else USIZE
            first, second = self.integer(left, kind, SUM), self.integer(right, kind, SUM)
            if operator.startswith("<") and re.search(r" as \w+$", first):
                first = f"({first})"  # `as i64 <` would open a list of types
        elif left.type == ir.STRING:
            first, second = self._compared(left, right), self._compared(right, left)
        else:
            first, second = self.operand(left, SUM), self.operand(right, SUM)
        return f"{first} {operator} {second}"

    def _compared(self, node: ir.Expr, other: ir.Expr) -> str:
        # A `&String` is compared with a `&str` or another reference, but not with a `String`.
        is_one_deeper = self.form(node) == REFERENCE and self.form(other) in (PLACE, FRESH)
        return f"*{self.operand(node, UNARY)}" if is_one_deeper else self.operand(node, SUM)

    def logical(self, node: ir.Logical) -> str:
        return self.infix(node, "&&" if node.operator == "and" else "||")

    def not_(self, node: ir.Not) -> str:
        match node.operand:
            case ir.Compare(operator, left, right) as inner if not _tests_empty(inner):
                return self._comparison(_OPPOSITE[operator], left, right)
        return f"!{self.operand(node.operand, ATOM)}"

    def negate(self, node: ir.Negate) -> str:
        return f"-{self.integer(node.operand, SIGNED, ATOM)}"

    def call(self, node: ir.Call) -> str:
        pairs = tuple(zip(node.arguments, self.functions[node.function].parameters, strict=True))
        changed = {root(argument) for argument, parameter in pairs if parameter.mutated}
        return f"{node.function}({', '.join(self._argument(node.function, *pair, changed) for pair in pairs)})"

    def _argument(self, function: str, node: ir.Expr, parameter: ir.Parameter, changed: set[str | None]) -> str:
        if parameter.type == ir.INT:
            text = self.integer(node, self._integers.slot(function, parameter.name))
            # What is lent for a change cannot be read in the same call.
            return self.before(parameter.name, text) if reads(node, changed) else text
        if is_copied(parameter.type):
            return self.expression(node)
        if isinstance(node.type, ir.ListType) and self.form(node) == FRESH and not isinstance(node, ir.Slice):
            text = self.list_value(node, (function, parameter.name) in self._ownership.texts)
            return f"&{text.removeprefix('vec!').replace('Vec::new()', '[]')}"
        return self.reference(node, parameter.mutated)

    def before(self, stem: str, text: str) -> str:
        """Write a value into a variable of its own, before the statement that uses it."""
        name = self.fresh(stem)
        self.line(f"let {name} = {text};")
        return name

    def fresh(self, stem: str) -> str:
        """Return a name that the function does not have yet."""
        name, number = stem, 2
        while name in self._taken:
            name, number = f"{stem}{number}", number + 1
        self._taken.add(name)
        return name

    def extreme(self, node: ir.Extreme) -> str:
        kind = self.kind(node)
        if kind == USIZE and (difference := free_difference(node)):
            return f"{self.integer(difference.left, kind, ATOM)}.saturating_sub({self.integer(difference.right, kind)})"
        first, second = node.left, node.right
        if isinstance(first, ir.Constant):
            first, second = second, first
        return f"{self.integer(first, kind, ATOM)}.{node.kind}({self.integer(second, kind)})"

    def absolute(self, node: ir.Absolute) -> str:
        if self.kind(node) == USIZE and (difference := free_difference(node)):
            return f"{self.integer(difference.left, USIZE, ATOM)}.abs_diff({self.integer(difference.right, USIZE)})"
        return f"{self.integer(node.operand, SIGNED, ATOM)}.abs()"

    def conditional(self, node: ir.Conditional) -> str:
        branches = (node.then, node.otherwise)
        if node.type == ir.INT:
            return self._branches(node.condition, *(self.integer(branch, self.kind(node)) for branch in branches))
        if is_copied(node.type):
            return self._branches(node.condition, *(self.expression(branch) for branch in branches))
        if self.form(node) == FRESH:
            return self.owned(node)
        if node.type == ir.STRING:
            return self.text(node)
        return self._branches(node.condition, *(self.reference(branch) for branch in branches))

    def _branches(self, condition: ir.Expr, then: str, otherwise: str) -> str:
        return f"if {self.expression(condition)} {{ {then} }} else {{ {otherwise} }}"

    # --- lists, maps, records ---

    def list_value(self, node: ir.Expr, texts: bool) -> str:
        """Return the text of a new value; the strings of a list are `&str` or owned."""
        match node:
            case ir.ListOf(_, ()):
                return "Vec::new()"
            case ir.ListOf(_, items):
                return f"vec![{', '.join(self.item(item, texts) for item in items)}]"
            case ir.Filled(value, count):
                return f"vec![{self.item(value, texts)}; {self.position(count)}]"
            case ir.Copy(source) if self.are_texts(source) == texts and self.form(source) in (PLACE, REFERENCE):
                is_vector = self.form(source) == PLACE and root(source) not in self._arrays
                return f"{self.receiver(source)}.{'clone' if is_vector else 'to_vec'}()"
            case ir.Slice(source) if node.type != ir.STRING and self.are_texts(source) == texts:
                return f"{self.part(node)}.to_vec()"
            case ir.Comprehension(element, variable, source, condition):
                visited = self._filtered(self.items(source, variable), variable, condition)
                return self._collected(
                    self._mapped(visited, variable, element, lambda item: self.item(item, texts)), texts
                )
            case ir.Slice() | ir.Reversed() | ir.Split() | ir.SortedKeys() if node.type != ir.STRING:
                return self._collected(self.items(node), texts)
            case ir.Copy(source):
                return self._collected(self.items(source), texts)
        return self.expression(node)

    def item(self, node: ir.Expr, texts: bool) -> str:
        """Return the text of what a list is to hold."""
        return self.text(node) if texts and node.type == ir.STRING else self.value(node)

    def list_of(self, node: ir.ListOf | ir.Filled | ir.Copy | ir.SortedKeys | ir.Split | ir.Comprehension) -> str:
        return self.list_value(node, self.are_texts(node))

    filled = copy = sorted_keys = split = comprehension = list_of

    def empty_map(self, node: ir.EmptyMap) -> str:
        return "BTreeMap::new()"

    def new_record(self, node: ir.NewRecord) -> str:
        names = [name for name, _ in self.records[node.record].fields]
        values = [self.value(value) for value in node.values]
        fields = [name if name == text else f"{name}: {text}" for name, text in zip(names, values, strict=True)]
        return f"{node.record} {{ {', '.join(fields)} }}"

    def index(self, node: ir.Index) -> str:
        source = node.source
        if source.type != ir.STRING:
            return f"{self.operand(source, ATOM)}[{self.position(node.position)}]"
        if isinstance(source, ir.Var) and source.name in self._chars:
            return f"{self._chars[source.name]}[{self.position(node.position)}]"
        chars = f"{self.receiver(source)}.chars()"
        if node.position == integer(0):
            return f"{chars}.next().unwrap()"
        return f"{chars}.last().unwrap()" if is_end(node) else f"{chars}.nth({self.position(node.position)}).unwrap()"

    def length(self, node: ir.Length) -> str:
        match node.source:
            case ir.Var(name) if name in self._chars:
                return f"{self._chars[name]}.len()"
            case ir.Split() | ir.Comprehension():
                return f"{self.items(node.source).text}.count()"
        return f"{self.receiver(node.source)}.len()"

    def field(self, node: ir.Field) -> str:
        return f"{self.operand(node.source, ATOM)}.{node.name}"

    def key(self, node: ir.Expr) -> str:
        """Return the text of what is looked up in a map or list."""
        if node.type == ir.INT:
            return f"&{self.integer(node, SIGNED, ATOM)}"
        return f"&{self.operand(node, UNARY)}" if is_copied(node.type) else self.reference(node)

    def map_get(self, node: ir.MapGet) -> str:
        found = f"{self.operand(node.source, ATOM)}.get({self.key(node.key)})"
        if node.type == ir.STRING:
            return f"{found}.map_or({self.text(node.default)}, String::as_str)"
        return f"{found}.copied().unwrap_or({self.value(node.default)})"

    def map_lookup(self, node: ir.MapLookup) -> str:
        return f"{self.operand(node.source, ATOM)}[{self.key(node.key)}]"

    def contains(self, node: ir.Contains) -> str:
        source, item = self.receiver(node.source), node.item
        match node.source.type:
            case ir.MapType():
                return f"{source}.contains_key({self.key(item)})"
            case ir.ListType(ir.Scalar("string")) if self.are_texts(node.source):
                return f"{source}.contains(&{self.text(item)})"
            case ir.ListType(ir.Scalar("string")) if self.form(item) == TEXT:
                return f"{source}.iter().any(|item| item == {self.operand(item, SUM)})"
            case ir.ListType():
                return f"{source}.contains({self.key(item)})"
        return f"{source}.contains({self.expression(item) if item.type == ir.CHAR else self.reference(item)})"

    def slice(self, node: ir.Slice) -> str:
        return f"&{self.part(node)}" if node.type == ir.STRING else self.list_value(node, self.are_texts(node))

    def part(self, node: ir.Slice) -> str:
        """Return the text of a slice without the reference that it needs in most places."""
        start = "" if node.start is None or node.start == integer(0) else self.integer(node.start, USIZE, SUM)
        stop = ".." if node.stop is None else self._stop(node.stop, USIZE)
        return f"{self.receiver(node.source)}[{start}{stop}]"

    def reversed(self, node: ir.Reversed) -> str:
        if node.type == ir.STRING:
            return f"{self.items(node).text}.collect::<String>()"
        return self.list_value(node, self.are_texts(node))

    def pop(self, node: ir.Pop) -> str:
        return f"{node.source.name}.pop().unwrap()"

    # --- iterators ---

    def items(self, source: ir.Expr, variable: str = "") -> Items:
        """Return an iterator over a list, string or range; `variable` gets the numbers of a range."""
        if source.type == ir.STRING:
            inner, turn = (source.source, ".rev()") if isinstance(source, ir.Reversed) else (source, "")
            return Items(f"{self.receiver(inner)}.chars(){turn}", ir.CHAR)
        assert isinstance(source.type, ir.ListType)
        plain = Items("", source.type.element, self.are_texts(source))
        match source:
            case ir.Range(start, stop):
                return replace(plain, text=f"({self.range_of(variable, start, stop)})")
            case ir.Reversed(inner):
                items = self.items(inner)
                return replace(items, text=f"{items.text}.rev()")
            case ir.Split(inner, separator):
                return replace(plain, text=f"{self.receiver(inner)}.split({quoted_char(separator)})")
            case ir.SortedKeys(inner):
                return replace(plain, text=f"{self.operand(inner, ATOM)}.keys()", by_reference=True)
            case ir.Comprehension(element, name, inner, condition):
                items = self._filtered(self.items(inner, name), name, condition)
                return self._mapped(items, name, element, self._looked_at)
            case ir.ListOf():
                array = self.list_value(source, plain.are_texts).removeprefix("vec!")
                return replace(plain, text=f"{array}.into_iter()")
        if self.form(source) == FRESH and not isinstance(source, ir.Slice):
            return replace(plain, text=f"{self.expression(source)}.into_iter()")
        return replace(plain, text=f"{self.receiver(source)}.iter()", by_reference=True)

    def _looked_at(self, node: ir.Expr) -> str:
        """Return the text of an item that is passed on and not kept."""
        if node.type == ir.STRING and self.form(node) != FRESH and not isinstance(node, ir.Var):
            return self.text(node)
        return self.integer(node, SIGNED) if node.type == ir.INT else self.expression(node)

    def bind(self, name: str, items: Items, references: int, uses: object) -> str:
        """Return the pattern that takes references off an item, but for one if it is neither copied nor a `&str`."""
        if not mentions(uses, name):
            return "_"
        if is_copied(items.type) or items.are_texts:
            self._forms[name] = TEXT
            return "&" * references + name
        self._forms[name] = REFERENCE if references else PLACE
        # Fields, methods and arguments see through any number of references; only comparing strings does not.
        return "&" * (references - 1) + name if items.type == ir.STRING else name

    def closure(self, name: str, items: Items, references: int, body: ir.Expr) -> str:
        """Return the parameter of a closure; one that only calls methods sees through references."""
        pattern = self.bind(name, items, references, body)
        parts = list(walk(body))
        receivers = [
            part
            for part in parts
            if isinstance(part, ir.CharTest | ir.ToString | ir.ChangeCase | ir.Length)
            and isinstance(part.source, ir.Var)
            and part.source.name == name
        ]
        uses = sum(isinstance(part, ir.Var) and part.name == name for part in parts)
        return name if receivers and len(receivers) == uses else pattern

    def _filtered(self, items: Items, variable: str, condition: ir.Expr | None) -> Items:
        if condition is None:
            return items
        # A filter lends each item to its closure: one reference more.
        pattern = self.closure(variable, items, items.by_reference + 1, condition)
        return replace(items, text=f"{items.text}.filter(|{pattern}| {self.expression(condition)})")

    def _mapped(self, items: Items, variable: str, element: ir.Expr, write: Callable[[ir.Expr], str]) -> Items:
        pattern = self.closure(variable, items, items.by_reference, element)
        if isinstance(element, ir.Var):
            self._movable.add(variable)
        text = write(element)
        if text == variable:
            return items
        if text == f"{variable}.clone()":
            return replace(items, text=f"{items.text}.cloned()", by_reference=False)
        is_owned = (
            element.type != ir.STRING or self.form(element) == FRESH or text.endswith((".to_string()", ".clone()"))
        )
        return Items(f"{items.text}.map(|{pattern}| {text})", element.type, not is_owned)

    def _collected(self, items: Items, texts: bool) -> str:
        text = items.text
        if items.type == ir.STRING and items.are_texts and not texts:
            text += ".map(|item| item.to_string())" if items.by_reference else ".map(String::from)"
        elif items.by_reference:
            text += ".copied()" if is_copied(items.type) or items.are_texts else ".cloned()"
        return f"{text}.collect::<Vec<_>>()"

    def aggregate(self, node: ir.Aggregate) -> str:
        items = self.items(node.source, node.variable)
        if node.kind in ("any", "all"):
            assert node.condition is not None
            pattern = self.closure(node.variable, items, items.by_reference, node.condition)
            return f"{items.text}.{node.kind}(|{pattern}| {self.expression(node.condition)})"
        items = self._filtered(items, node.variable, node.condition)
        if node.kind == "count":
            return f"{items.text}.count()"
        assert node.element is not None
        kind = self.kind(node)
        items = self._mapped(items, node.variable, node.element, lambda element: self.integer(element, kind))
        if node.kind == "sum":
            return f"{items.text}.sum::<{kind}>()"
        return f"{'*' if items.by_reference else ''}{items.text}.{node.kind}().unwrap()"

    def range_of(self, variable: str, start: ir.Expr, stop: ir.Expr) -> str:
        """Return the text of a range in the kind of its variable."""
        kind = self.slot(variable)
        is_open = self.kind(start) is None and self.kind(stop) is None
        suffix = f"_{kind}" if is_open and variable in self._pinned else ""
        return f"{self.integer(start, kind, SUM)}{suffix}{self._stop(stop, kind)}"

    def _stop(self, stop: ir.Expr, kind: str) -> str:
        match stop:
            case ir.Arithmetic("+", last, ir.Constant(1)):
                return f"..={self.integer(last, kind, SUM)}"
            case ir.Arithmetic("-", left, right) if kind == USIZE and not self._integers.is_proven(stop):
                return f"..{self.integer(left, kind, ATOM)}.saturating_sub({self.integer(right, kind)})"
        return f"..{self.integer(stop, kind, SUM)}"

    # --- text ---

    def join(self, node: ir.Join) -> str:
        assert isinstance(node.source.type, ir.ListType)
        element, separator = node.source.type.element, escaped(node.separator)
        if element == ir.STRING and not isinstance(node.source, ir.Comprehension):
            return f'{self.receiver(node.source)}.join("{separator}")'
        items = self.items(node.source) if separator == "" and element == ir.CHAR else self._as_strings(node.source)
        if separator == "":
            return f"{items.text}.collect::<String>()"
        if items.by_reference:
            items = replace(items, text=f"{items.text}.cloned()")
        return f'{items.text}.collect::<Vec<_>>().join("{separator}")'

    def _as_strings(self, source: ir.Expr) -> Items:
        match source:
            case ir.Comprehension(element, variable, inner, condition) if element.type != ir.STRING:
                items = self._filtered(self.items(inner, variable), variable, condition)
                return self._mapped(items, variable, ir.ToString(element), self.expression)
        items = self.items(source)
        return items if items.type == ir.STRING else Items(f"{items.text}.map(|item| item.to_string())", ir.STRING)

    def change_case(self, node: ir.ChangeCase) -> str:
        return f"{self.receiver(node.source)}.to_{'ascii_' if node.type == ir.CHAR else ''}{node.kind}case()"

    def char_test(self, node: ir.CharTest) -> str:
        test = {"digit": "is_ascii_digit", "letter": "is_alphabetic", "upper": "is_uppercase"}[node.kind]
        return f"{self.operand(node.source, ATOM)}.{test}()"

    def char_code(self, node: ir.CharCode) -> str:
        return f"{self.operand(node.source, UNARY)} as i64 - {quoted_char(node.base)} as i64"

    def char_from(self, node: ir.CharFrom) -> str:
        base = quoted_char(node.base)
        if isinstance(node.offset, ir.Constant):
            return f"(b{base} + {self.expression(node.offset)}) as char"
        if self._integers.is_natural(self._function, node.offset):
            return f"(b{base} + {self.operand(node.offset, UNARY)} as u8) as char"
        return f"(b{base} as i64 + {self.integer(node.offset, SIGNED, SUM)}) as u8 as char"

    def to_string(self, node: ir.ToString) -> str:
        return f"{self.operand(node.source, ATOM)}.to_string()"

    def parse_int(self, node: ir.ParseInt) -> str:
        return f"{self.receiver(node.source)}.parse::<i64>().unwrap()"

    def concat(self, node: ir.Concat) -> str:
        return f"format!({', '.join(self.template(node))})"

    def format(self, node: ir.Format) -> str:
        return f"format!({', '.join(self.template(node))})"

    def template(self, node: ir.Expr) -> list[str]:
        """Return the arguments of `format!`: plain variables inside the text, other values behind it."""
        text, values = "", []
        for part in _parts(node):
            match part:
                case str() | ir.Constant():
                    literal = part if isinstance(part, str) else str(part.value)
                    text += escaped(literal).replace("{", "{{").replace("}", "}}")
                case ir.Var(name) | ir.ToString(ir.Var(name)):
                    text += f"{{{name}}}"
                case _:
                    text += "{}"
                    values.append(self.expression(part.source if isinstance(part, ir.ToString) else part))
        return [f'"{text}"', *values]


def _parts(node: ir.Expr) -> Sequence[str | ir.Expr]:
    match node:
        case ir.Concat(left, right):
            return (*_parts(left), *_parts(right))
        case ir.Format(parts):
            return parts
    return (node,)


def _tests_empty(node: ir.Compare) -> bool:
    """Whether a list, map or string is compared with nothing."""
    match node:
        case ir.Compare("==" | "!=" | ">", ir.Length(), ir.Constant(0)):
            return True
        case ir.Compare("==" | "!=", _, ir.Constant("", ir.Scalar("string"))):
            return True
    return False


def is_end(node: ir.Index) -> bool:
    """Whether the first or the last item is read."""
    match node.position:
        case ir.Arithmetic("-", ir.Length(same), ir.Constant(1)):
            return same == node.source
    return node.position == integer(0)


def mentions(nodes: Any, name: str) -> bool:
    """Whether a variable occurs in a node or block."""
    return any(isinstance(node, ir.Var) and node.name == name for node in walk(nodes))


def reads(node: ir.Expr, names: set[str | None]) -> bool:
    """Whether any of some variables occurs in an expression."""
    return any(isinstance(part, ir.Var) and part.name in names for part in walk(node))


def escaped(text: str) -> str:
    """Return text as it stands inside the quotes of a string."""
    return text.translate(_ESCAPES)


def quoted_char(value: str) -> str:
    """Return a character literal."""
    return f"'{_CHAR_ESCAPES.get(value, value)}'"
