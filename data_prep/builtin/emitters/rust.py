"""Writes a program in Rust: iterators and slices, `&str` and `String`, `usize` for positions and `i64` for the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Any

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, SUM
from data_prep.builtin.emitters.rust_expressions import (
    FRESH,
    PLACE,
    REFERENCE,
    TEXT,
    Items,
    RustExpressions,
    is_end,
    mentions,
    quoted_char,
    reads,
)
from data_prep.builtin.emitters.rust_facts import SIGNED
from data_prep.builtin.emitters.rust_integers import Integers
from data_prep.builtin.emitters.rust_ownership import Ownership, is_copied
from data_prep.builtin.tree import integer, rebuild, root, walk

_LINE_WIDTH = 100
_IMPORTS = ("std::cmp::Reverse", "std::collections::BTreeMap")
_NAMES = ("name", "variable", "index", "key", "value")
_LOOPS = (ir.While, ir.ForRange, ir.ForEach, ir.ForIndexed, ir.ForEntries)
_COLLECTING = (ir.Aggregate, ir.Comprehension, ir.Split, ir.Reversed, ir.SortedKeys, ir.Join)
_NESTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)'|\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_CALL = re.compile(r"(?<=[\w?])\.(?=[a-z])")
_TYPED_CALL = re.compile(r"::<[\w<>]+>\(\)$")


class RustEmitter(RustExpressions):
    """Writes Rust 2021 that compiles without a warning, laid out as rustfmt does with lines of 100 characters."""

    # --- frame ---

    def program(self, program: ir.Program) -> None:
        self._integers = Integers(program)
        self._ownership = Ownership(program)
        for record in program.records:
            self._record(record)
        for function in program.functions:
            parameters = ", ".join(f"{item.name}: {self._parameter(function, item)}" for item in function.parameters)
            result = f" -> {self._result(function)}" if function.result else ""
            self._document(function.doc)
            self._function_body(f"{function.name}({parameters}){result}", function)
            self.line()
        self._function_body("main()", ir.Function("", (), None, program.main))
        self._head(program.doc)

    def _head(self, doc: str) -> None:
        """Put what the file opens with before what has been written."""
        body, self._lines = self._lines, []
        if doc:
            self.line(f"//! {doc}")
            self.line()
        used = [path for path in _IMPORTS if any(re.search(rf"\b{path.split('::')[-1]}[(<:]", line) for line in body)]
        for path in used:
            self.line(f"use {path};")
        if used:
            self.line()
        self._lines += body

    def _record(self, record: ir.Record) -> None:
        self._document(record.doc)
        self.line("#[derive(Clone, Debug)]")
        self.line(f"struct {record.name} {{")
        with self.indented():
            for name, type_ in record.fields:
                self.line(f"{name}: {self.type(type_)},")
        self.line("}")
        self.line()

    def _document(self, doc: str) -> None:
        if doc:
            self.line(f"/// {doc}")

    def _parameter(self, function: ir.Function, item: ir.Parameter) -> str:
        slot = (function.name, item.name)
        reference = "&mut " if item.mutated else "&"
        match item.type:
            case ir.Scalar("int"):
                return self._integers.slot(*slot)
            case ir.Scalar("string"):
                return "&str"
            case ir.Scalar():
                return self.type(item.type)
            case ir.ListType(element) if slot not in self._ownership.grown:
                return f"{reference}[{'&str' if slot in self._ownership.texts else self.type(element)}]"
        return reference + self.type(item.type)

    def _result(self, function: ir.Function) -> str:
        assert function.result is not None
        return self._integers.slot(function.name, "") if function.result == ir.INT else self.type(function.result)

    def _function_body(self, head: str, function: ir.Function) -> None:
        nodes = tuple(walk(tuple(function.body)))
        labels = [
            getattr(node, label, None) for node in nodes for label in ("name", "variable", "index", "key", "value")
        ]
        self._function = function.name
        self._parameters = {item.name: item for item in function.parameters}
        self._forms = {item.name: TEXT if item.type == ir.STRING else REFERENCE for item in function.parameters}
        self._taken = {label for label in labels if isinstance(label, str)} | set(self._parameters)
        self._pinned = _pinned(nodes)
        self._chars = self._char_vectors(nodes)
        self._lenders = self._ownership.lenders(function.name)
        self._arrays, self._movable = set(), set()
        self._declared: set[str] = set()
        self._following: tuple[ir.Stmt, ...] = ()
        self.line(f"fn {head} {{")
        with self.indented():
            for item in function.parameters:
                self._let_chars(item.name)
        self._scope(function.body, is_tail=function.result is not None)
        self.line("}")

    def _char_vectors(self, nodes: Sequence[Any]) -> dict[str, str]:
        """Name a vector of characters for each string that is read by position, other than at its ends."""
        fixed = {node.name for node in nodes if isinstance(node, ir.Let) and not node.mutable} | set(self._parameters)
        read = dict.fromkeys(
            node.source.name
            for node in nodes
            if isinstance(node, ir.Index) and isinstance(node.source, ir.Var) and node.source.type == ir.STRING
            if node.source.name in fixed and not is_end(node)
        )
        return {name: self.fresh("chars" if len(read) == 1 else f"{name}_chars") for name in read}

    def _let_chars(self, name: str) -> None:
        if name in self._chars:
            self.line(f"let {self._chars[name]}: Vec<char> = {name}.chars().collect();")

    # --- blocks ---

    def _scope(self, statements: ir.Block, is_tail: bool = False, is_loop: bool = False) -> None:
        """Write the statements of a block; a `Return` at the tail of a function is its last expression."""
        with self.indented(), self._region(is_loop):
            after = self._following
            for place, statement in enumerate(statements):
                self._rest = tuple(statements[place + 1 :])
                self._following = (*self._rest, *after)
                self._is_tail = is_tail and not self._rest
                self._movable = self._moved(statement)
                self.statement(statement)
                if isinstance(statement, ir.Let):
                    self._declared.add(statement.name)

    @contextmanager
    def _region(self, is_loop: bool) -> Iterator[None]:
        """Keep what is declared and what follows apart for each block; a loop starts afresh, since it comes again."""
        declared, following = self._declared, self._following
        self._declared, self._following = (set(), ()) if is_loop else (set(declared), following)
        yield
        self._declared, self._following = declared, following

    def _moved(self, node: ir.Stmt) -> set[str]:
        """Return the variables that a statement may move: those it reads once, and nothing does later."""
        if isinstance(node, (*_LOOPS, ir.If)):
            return set()
        parts = tuple(walk(node))
        counts = Counter(part.name for part in parts if isinstance(part, ir.Var))
        lambdas = tuple(part for part in parts if isinstance(part, ir.Comprehension | ir.Aggregate))
        once = {name for name, count in counts.items() if count == 1 and not mentions(lambdas, name)} - self._lenders
        if isinstance(node, ir.Return):
            return once | _results(node.value)
        moved = {name for name in once & self._declared if not mentions(self._following, name)}
        match self._rest:
            case [ir.Set(ir.Var(name), value), *_] if name in once and not mentions(value, name):
                moved.add(name)
        return moved

    # --- variables ---

    def let(self, node: ir.Let) -> None:
        name, value = node.name, node.value
        hint = ""
        if is_copied(value.type):
            text = self._scalar(name, value)
            is_open = value.type == ir.INT and name in self._pinned and self.kind(value) is None
            hint = f": {self.slot(name)}" if is_open else ""
        elif (self._function, name) in self._ownership.borrowed:
            # A variable set again may get any kind of text, so that its own has to be the general one.
            is_text = value.type == ir.STRING and (node.mutable or self.form(value) == TEXT)
            text = self.text(value) if is_text else self.reference(value)
            self._forms[name] = TEXT if is_text else REFERENCE
        else:
            text = self.owned(value, (self._function, name) in self._ownership.texts)
            self._forms[name] = PLACE
            hint, text = self._shaped(node, text)
        if not hint and isinstance(value, _COLLECTING) and (call := _TYPED_CALL.search(text)):
            hint, text = f": {self._variable_type(node)}", f"{text[: call.start()]}()"
        self._declare(node, f"let {'mut ' if node.mutable else ''}{name}{hint} = ", text)
        self._let_chars(name)

    def _variable_type(self, node: ir.Let) -> str:
        if node.value.type == ir.INT:
            return self.slot(node.name)
        return "Vec<&str>" if (self._function, node.name) in self._ownership.texts else self.type(node.value.type)

    def _scalar(self, name: str, value: ir.Expr) -> str:
        return self.integer(value, self.slot(name)) if value.type == ir.INT else self.expression(value)

    def _shaped(self, node: ir.Let, text: str) -> tuple[str, str]:
        """Return the type of a new list or map where it has to be said, and its text: an array's if it can be one."""
        value, is_pinned = node.value, node.name in self._pinned
        is_open = isinstance(value, ir.EmptyMap) or (isinstance(value, ir.ListOf) and not value.items)
        if is_open:
            return "" if self._is_filled_next(node.name) else f": {self._variable_type(node)}", text
        match value:
            case ir.ListOf(ir.Scalar() | ir.RecordType() as element, items) if not node.mutable:
                if self._ownership.is_fixed(self._function, node.name):
                    self._arrays.add(node.name)
                    return f": [{self.type(element)}; {len(items)}]" if is_pinned else "", text.removeprefix("vec!")
        is_literal = isinstance(value, ir.ListOf | ir.Filled)
        return f": {self.type(value.type)}" if is_literal and is_pinned else "", text

    def _is_filled_next(self, name: str) -> bool:
        """Whether the first that happens to a new list or map is an item that shows its type."""
        for node in walk(self._rest):
            match node:
                case ir.Append(ir.Var(same)) | ir.MapPut(ir.Var(same)) | ir.MapAdd(ir.Var(same)) if same == name:
                    return name not in self._pinned
                case ir.Var(same) if same == name:
                    return False
        return False

    def _declare(self, node: ir.Let, head: str, text: str) -> None:
        """Write a declaration; one of a long list with a line for each item."""
        if not isinstance(node.value, ir.ListOf) or self._fits(f"{head}{text};"):
            self._chain(head, text, ";")
            return
        self.line(f"{head}{text[: text.index('[') + 1]}")
        with self.indented():
            for item in node.value.items:
                self.line(f"{self.item(item, (self._function, node.name) in self._ownership.texts)},")
        self.line("];")

    def _fits(self, text: str) -> bool:
        return len(self.indent_unit) * self._depth + len(text) <= _LINE_WIDTH

    def _chain(self, head: str, text: str, end: str) -> None:
        """Write a line, or where it would be too long one for each call of its chain, or one after the ``=``."""
        lines = [f"{head}{text}"]
        if not self._fits(f"{head}{text}{end}"):
            first, *calls = _calls(text)
            is_after_sign = not calls and head.endswith("= ")
            lines = [head.rstrip(), text] if is_after_sign else [f"{head}{first}", *calls]
        lines[-1] += end
        self.line(lines[0])
        with self.indented():
            for line in lines[1:]:
                self.line(line)

    def set(self, node: ir.Set) -> None:
        match node:
            case ir.Set(ir.Var(), ir.Concat() as value) if (rest := _appended(node.target, value)) is not None:
                self._extend(node.target, rest)
            case ir.Set(target, ir.Arithmetic(operator, same, value)) if same == target:
                self.update(ir.Update(target, operator, value))
            case ir.Set(ir.Var(name)):
                self._chain(f"{name} = ", self._assigned(name, node.value), ";")
            case ir.Set(ir.Index(source), value):
                item = self.item(value, self.are_texts(source))
                self.line(f"{self._place(node.target)} = {item};")
            case ir.Set(_, value):
                self.line(f"{self._place(node.target)} = {self.value(value)};")

    def _assigned(self, name: str, value: ir.Expr) -> str:
        slot = (self._function, name)
        if is_copied(value.type):
            return self._scalar(name, value)
        if slot in self._ownership.borrowed:
            return self.text(value) if value.type == ir.STRING else self.reference(value)
        return self.owned(value, slot in self._ownership.texts)

    def _place(self, node: ir.Var | ir.Index | ir.Field) -> str:
        """Return the text of what is assigned to; a position that reads the same list is looked up before."""
        match node:
            case ir.Index(source, position) if reads(position, {root(source)}):
                return f"{self.expression(source)}[{self._position_before(position)}]"
        return self.expression(node)

    def _position_before(self, node: ir.Expr) -> str:
        is_last = isinstance(node, ir.Arithmetic) and isinstance(node.left, ir.Length) and node.right == integer(1)
        return self.before("last" if is_last else "position", self.position(node))

    def update(self, node: ir.Update) -> None:
        target = node.target
        if target.type == ir.STRING:
            self._extend(target, node.value)
            return
        kind = self.slot(target.name) if isinstance(target, ir.Var) else SIGNED
        operator = "/" if node.operator == "//" else node.operator
        self.line(f"{self._place(target)} {operator}= {self.integer(node.value, kind)};")

    def _extend(self, target: ir.Var | ir.Index | ir.Field, value: ir.Expr) -> None:
        place = self._place(target)
        match value:
            case ir.Constant(str(text)) if len(text) == 1:
                self.line(f"{place}.push({quoted_char(text)});")
            case ir.ToString(char) if char.type == ir.CHAR:
                self.line(f"{place}.push({self.expression(char)});")
            case _ if value.type == ir.CHAR:
                self.line(f"{place}.push({self.expression(value)});")
            case _ if self.form(value) != FRESH and reads(value, {root(target)}):
                self.line(f"{place}.push_str(&{self.owned(value)});")
            case _:
                self.line(f"{place}.push_str({self.reference(value)});")

    # --- lists and maps ---

    def map_put(self, node: ir.MapPut) -> None:
        match node.value:
            case ir.Arithmetic("+", ir.MapGet(source, key, ir.Constant(0)), amount) if (
                source == node.target and key == node.key and not reads(amount, {node.target.name})
            ):
                self.map_add(ir.MapAdd(node.target, key, amount))
            case value:
                self.line(f"{node.target.name}.insert({self.value(node.key)}, {self.value(value)});")

    def map_add(self, node: ir.MapAdd) -> None:
        entry = f"{node.target.name}.entry({self.value(node.key)})"
        self.line(f"*{entry}.or_insert(0) += {self.value(node.amount)};")

    def append(self, node: ir.Append) -> None:
        item = self.item(node.item, self.are_texts(node.target))
        if isinstance(node.target, ir.Index) and reads(node.item, {root(node.target)}):
            item = self.before("item", item)
        self.line(f"{self.expression(node.target)}.push({item});")

    def swap(self, node: ir.Swap) -> None:
        name = node.target.name
        places = [
            self._position_before(place) if reads(place, {name}) else self.position(place)
            for place in (node.first, node.second)
        ]
        self.line(f"{name}.swap({', '.join(places)});")

    def sort(self, node: ir.Sort) -> None:
        assert isinstance(node.target.type, ir.ListType)
        name, key = node.target.name, node.key
        items = Items(name, node.target.type.element, self.are_texts(node.target))
        if key is None:
            self.line(f"{name}.sort_by(|a, b| b.cmp(a));" if node.descending else f"{name}.sort();")
        elif key.type == ir.STRING:
            first, second = ("b", "a") if node.descending else ("a", "b")
            left, right = (self._key_of(key, node.variable, items, other) for other in (first, second))
            self.line(f"{name}.sort_by(|a, b| {left}.cmp(&{right}));")
        else:
            pattern = self.closure(node.variable, items, 1, key)
            text = f"Reverse({self.expression(key)})" if node.descending else self.expression(key)
            self.line(f"{name}.sort_by_key(|{pattern}| {text});")

    def _key_of(self, key: ir.Expr, variable: str, items: Items, name: str) -> str:
        """Return the text of a key with another name for the item."""

        def rename(part: Any) -> Any:
            return replace(part, name=name) if isinstance(part, ir.Var) and part.name == variable else part

        renamed: ir.Expr = rebuild(key, rename)
        self.bind(name, items, 1, renamed)
        return self.operand(renamed, ATOM)

    # --- control ---

    def if_(self, node: ir.If) -> None:
        is_tail, head = self._is_tail, "if"
        while True:
            self.line(f"{head} {self.expression(node.condition)} {{")
            self._scope(node.then, is_tail)
            match node.otherwise:
                case [ir.If() as node]:
                    head = "} else if"
                    continue
                case [_, *_]:
                    self.line("} else {")
                    self._scope(node.otherwise, is_tail)
            self.line("}")
            return

    def while_(self, node: ir.While) -> None:
        is_endless = node.condition == ir.Constant(True, ir.BOOL)
        self._loop("loop" if is_endless else f"while {self.expression(node.condition)}", node.body)

    def _loop(self, head: str, body: ir.Block) -> None:
        self.line(f"{head} {{")
        self._scope(body, is_loop=True)
        self.line("}")

    def for_range(self, node: ir.ForRange) -> None:
        variable, kind = node.variable, self.slot(node.variable)
        if not node.descending:
            source = self.range_of(variable, node.start, node.stop)
            source = f"({source}).step_by({node.step})" if node.step > 1 else source
        else:
            match node.start:
                case ir.Arithmetic("-", above, ir.Constant(1)):
                    source = f"({self.range_of(variable, node.stop, above)}).rev()"
                case last:
                    source = f"({self.integer(node.stop, kind, SUM)}..={self.integer(last, kind, SUM)}).rev()"
        self._loop(f"for {variable if mentions(node.body, variable) else '_'} in {source}", node.body)

    def for_each(self, node: ir.ForEach) -> None:
        items = self._visited(node.source)
        pattern = self.bind(node.variable, items, items.by_reference, node.body)
        self._loop(f"for {pattern} in {items.text}", node.body)

    def _visited(self, source: ir.Expr) -> Items:
        """Return what a `for` loop goes through: a reference to a list rather than its iterator."""
        items = self.items(source)
        if items.by_reference and isinstance(source, ir.Var | ir.Index | ir.Slice) and not self._is_lent(source):
            return replace(items, text=self.reference(source))
        return replace(items, text=items.text.removesuffix(".into_iter()"))

    def _is_lent(self, source: ir.Expr) -> bool:
        """Whether a list came for a change, and a loop through it would use that reference up."""
        return isinstance(source, ir.Var) and source.name in self._parameters and self._parameters[source.name].mutated

    def for_indexed(self, node: ir.ForIndexed) -> None:
        items = self.items(node.source)
        pattern = self.bind(node.variable, items, items.by_reference, node.body)
        index = node.index if mentions(node.body, node.index) else "_"
        self._loop(f"for ({index}, {pattern}) in {items.text}.enumerate()", node.body)

    def for_entries(self, node: ir.ForEntries) -> None:
        assert isinstance(node.source.type, ir.MapType)
        key = self.bind(node.key, Items("", node.source.type.key), 1, node.body)
        value = self.bind(node.value, Items("", node.source.type.value), 1, node.body)
        source = self.operand(node.source, ATOM)
        if value == "_":
            self._loop(f"for {key} in {source}.keys()", node.body)
        elif key == "_":
            self._loop(f"for {value} in {source}.values()", node.body)
        else:
            entries = f"{source}.iter()" if self._is_lent(node.source) else self.reference(node.source)
            self._loop(f"for ({key}, {value}) in {entries}", node.body)

    def break_(self, node: ir.Break) -> None:
        self.line("break;")

    def continue_(self, node: ir.Continue) -> None:
        self.line("continue;")

    def return_(self, node: ir.Return) -> None:
        match node.value:
            case None:
                self.line("return;")
            case ir.Conditional(condition, then, otherwise) if self._is_tail:
                self.if_(ir.If(condition, (ir.Return(then),), (ir.Return(otherwise),)))
            case value:
                text = self._scalar("", value) if is_copied(value.type) else self.owned(value)
                if isinstance(value, _COLLECTING):
                    text = _TYPED_CALL.sub("()", text)
                self._chain("" if self._is_tail else "return ", text, "" if self._is_tail else ";")

    def print(self, node: ir.Print) -> None:
        arguments = self.template(node.value)
        line = f"println!({', '.join(arguments)});"
        if self._fits(line):
            self.line(line)
            return
        self.line("println!(")
        with self.indented():
            for argument in arguments:
                self._chain("", argument, "," if argument is not arguments[-1] else "")
        self.line(");")

    def do(self, node: ir.Do) -> None:
        self.line(f"{self.call(node.call)};")

    def comment(self, node: ir.Comment) -> None:
        self.line(f"// {node.text}")


def _calls(text: str) -> list[str]:
    """Split ``xs.iter().sum()`` before its calls as rustfmt does; what is more than one chain stays whole."""
    bare = _NESTED.sub(lambda found: "_" * len(found[0]), text)
    while (nested := _NESTED.sub(lambda found: "_" * len(found[0]), bare)) != bare:
        bare = nested
    if " " in bare:
        return [text]
    places = [found.start() for found in _CALL.finditer(bare)]
    if places and places[0] <= 4:
        places = places[1:]
    return [text[start:stop] for start, stop in pairwise((0, *places, len(text)))]


def _appended(target: ir.Expr, value: ir.Expr) -> ir.Expr | None:
    """Return ``rest`` of ``target + rest``, if it is a sum that only begins with the target."""
    match value:
        case ir.Concat(left, right) if left == target:
            return None if reads(right, {root(target)}) else right
        case ir.Concat(left, right) if not reads(right, {root(target)}):
            rest = _appended(target, left)
            return None if rest is None else ir.Concat(rest, right)
    return None


def _results(value: ir.Expr | None) -> set[str]:
    """Return the variables that are the result, as a whole or in a branch of it."""
    match value:
        case ir.Var(name):
            return {name}
        case ir.Conditional(_, then, otherwise):
            return _results(then) | _results(otherwise)
    return set()


def _pinned(nodes: Sequence[Any]) -> set[str]:
    """Return the variables that reach an absolute value, where their type must be known and not only later."""
    names: set[str] = set()
    found = {part for node in nodes if isinstance(node, ir.Absolute) for part in _variables(node)}
    while not found <= names:
        names |= found
        for node in nodes:
            match node:
                case ir.Let(name, source) if name in names:
                    found |= _variables(source)
                case ir.ForEach(name, source) | ir.ForIndexed(_, name, source) if name in names:
                    found |= _variables(source)
                case ir.Comprehension(_, name, source) | ir.Aggregate(_, name, source) if name in names:
                    found |= _variables(source)
    return names


def _variables(node: ir.Expr) -> set[str]:
    return {part.name for part in walk(node) if isinstance(part, ir.Var)}
