"""Writes a program in Go, laid out as gofmt would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, SUM, UNARY, Emitter, camel_case
from data_prep.builtin.emitters.go_lowering import (
    GoLowering,
    is_byte,
    is_map_test,
    is_zero,
    leading_test,
    pointer_parameters,
)
from data_prep.builtin.emitters.lowering import ONE, ZERO, negate, sort_keys, variables
from data_prep.builtin.tree import changed, rebuild, walk

_LINE_WIDTH = 80
_SCALARS = {"int": "int", "bool": "bool", "string": "string", "char": "rune"}
_VERBS = {ir.INT: "%d", ir.STRING: "%s", ir.CHAR: "%c"}
_CHAR_TESTS = {"digit": "IsDigit", "letter": "IsLetter", "upper": "IsUpper"}


_ABS = ir.Function(
    "abs",
    (ir.Parameter("n", ir.INT),),
    ir.INT,
    (
        ir.If(ir.Compare("<", ir.Var("n", ir.INT), ZERO), (ir.Return(ir.Negate(ir.Var("n", ir.INT))),)),
        ir.Return(ir.Var("n", ir.INT)),
    ),
)
"""Go has an absolute value of floats only."""


class GoEmitter(Emitter):
    """Writes Go 1.23: range over integers and functions, slices and maps packages, runes as characters."""

    indent_unit = "\t"

    def program(self, program: ir.Program) -> None:
        self._imports: set[str] = set()
        self._nesting = 1
        helpers = (_ABS,) if any(isinstance(node, ir.Absolute) for node in walk(program)) else ()
        functions = (*program.functions, *helpers)
        self.functions = {function.name: function for function in functions}
        self._pointers_of = pointer_parameters(functions)
        for record in program.records:
            self._record(record)
        for function in functions:
            self._function(function)
        self._function(ir.Function("main", (), None, program.main))
        self._lines = [*self._header(program), *self._lines]

    def _header(self, program: ir.Program) -> list[str]:
        doc = [f"// {program.doc}"] if program.doc else []
        names = [json.dumps(name) for name in sorted(self._imports)]
        imports = [f"import {names[0]}"] if len(names) == 1 else ["import (", *(f"\t{name}" for name in names), ")"]
        return [*doc, "package main", "", *imports, ""]

    def _record(self, record: ir.Record) -> None:
        if record.doc:
            self.line(f"// {record.doc}")
        self.line(f"type {record.name} struct {{")
        width = max(len(camel_case(name)) for name, _ in record.fields)
        with self.indented():
            for name, type_ in record.fields:
                self.line(f"{camel_case(name):{width}} {self.type(type_)}")
        self.line("}")
        self.line()

    def _function(self, function: ir.Function) -> None:
        name = camel_case(function.name)
        self._pointers = self._pointers_of.get(function.name, set())
        self._changed = changed(function.body, self.functions)
        self._lowering = GoLowering(function.body, set(self.functions))
        self._ok = self._lowering.fresh("ok")
        if function.doc.startswith("Whether "):
            self.line(f"// {name} reports w{function.doc[1:]}")
        elif function.doc:
            self.line(f"// {function.doc}")
        result = "" if function.result is None else f" {self.type(function.result)}"
        self._braces(f"func {name}({self._parameters(function)}){result}", self._lowering.body(function.body))
        self.line()

    def _parameters(self, function: ir.Function) -> str:
        """Return the parameters, a type that several in a row have named once."""
        types = [("*" if item.name in self._pointers else "") + self.type(item.type) for item in function.parameters]
        texts = []
        for position, (item, type_) in enumerate(zip(function.parameters, types, strict=True)):
            is_shared = types[position + 1 : position + 2] == [type_]
            texts.append(camel_case(item.name) + ("" if is_shared else f" {type_}"))
        return ", ".join(texts)

    def type(self, type_: ir.Type) -> str:
        """Return the name of a type."""
        match type_:
            case ir.Scalar(name) | ir.RecordType(name):
                return _SCALARS.get(name, name)
            case ir.ListType(element):
                return f"[]{self.type(element)}"
            case ir.MapType(key, value):
                return f"map[{self.type(key)}]{self.type(value)}"

    # --- operators, spaced as gofmt does: by how deep in an expression they are ---

    @contextmanager
    def _nested(self, nesting: int) -> Iterator[None]:
        saved, self._nesting = self._nesting, max(nesting, 1)
        yield
        self._nesting = saved

    def binding(self, node: ir.Expr) -> int:
        match node:
            case ir.Not(ir.Compare()):
                return super().binding(node.operand)
            case ir.Not():
                return UNARY
            case ir.Var(name) if name in self._pointers:
                return UNARY
            case ir.CharCode(source) if is_byte(source):
                return SUM
            case ir.Constant(int(value)) if value < 0:
                return UNARY
        return super().binding(node)

    def operand(self, node: ir.Expr, binding: int) -> str:
        if self.binding(node) >= binding:
            return self.expression(node)
        with self._nested(self._nesting - 1):
            return f"({self.expression(node)})"

    def infix(self, node: ir.Arithmetic | ir.Compare | ir.Logical | ir.Concat, operator: str) -> str:
        level = self.binding(node)
        is_associative = operator in ("+", "&&", "||")
        left = self._side(node.left, level, level + isinstance(node, ir.Compare))
        right = self._side(node.right, level, level if is_associative else level + 1)
        return f"{left} {operator} {right}" if level < SUM else f"{left}{self._spaced(operator)}{right}"

    def _side(self, side: ir.Expr, level: int, binding: int) -> str:
        is_same_chain = binding == level == self.binding(side)
        with self._nested(self._nesting if is_same_chain else self._nesting + 1):
            return self.operand(side, binding)

    def _spaced(self, operator: str) -> str:
        return f" {operator} " if self._nesting == 1 else operator

    def _invoke(self, name: str, *arguments: ir.Expr | str) -> str:
        """Return a call; a package in its name is imported."""
        package, dot, _ = name.partition(".")
        if dot:
            self._imports.add(package)
        with self._nested(self._nesting + (len(arguments) > 1)):
            texts = [item if isinstance(item, str) else self.expression(item) for item in arguments]
        return f"{name}({', '.join(texts)})"

    # --- plain expressions ---

    def constant(self, node: ir.Constant) -> str:
        if node.type == ir.CHAR:
            return "'" + json.dumps(node.value)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
        return json.dumps(node.value)

    def var(self, node: ir.Var) -> str:
        return ("*" if node.name in self._pointers else "") + camel_case(node.name)

    def arithmetic(self, node: ir.Arithmetic) -> str:
        return self.infix(node, node.operator[0])

    def compare(self, node: ir.Compare) -> str:
        sides = (node.left, node.right)
        if any(map(is_byte, sides)) and all(is_byte(side) or isinstance(side, ir.Constant) for side in sides):
            with self._nested(self._nesting + 1):
                return f"{self._raw(node.left)} {node.operator} {self._raw(node.right)}"
        return self.infix(node, node.operator)

    def logical(self, node: ir.Logical) -> str:
        return self.infix(node, "&&" if node.operator == "and" else "||")

    def not_(self, node: ir.Not) -> str:
        if isinstance(node.operand, ir.Compare):
            return self.expression(negate(node.operand))
        return f"!{self.operand(node.operand, UNARY)}"

    def negate(self, node: ir.Negate) -> str:
        return f"-{self.operand(node.operand, ATOM)}"

    def call(self, node: ir.Call) -> str:
        pointers = self._pointers_of[node.function]
        parameters = self.functions[node.function].parameters
        arguments = (
            self._address(value) if parameter.name in pointers else value
            for parameter, value in zip(parameters, node.arguments, strict=True)
        )
        return self._invoke(camel_case(node.function), *arguments)

    def _address(self, node: ir.Expr) -> str:
        if isinstance(node, ir.Var) and node.name in self._pointers:
            return camel_case(node.name)
        return f"&{self.operand(node, ATOM)}"

    def extreme(self, node: ir.Extreme) -> str:
        return self._invoke(node.kind, node.left, node.right)

    def absolute(self, node: ir.Absolute) -> str:
        return self._invoke("abs", node.operand)

    def field(self, node: ir.Field) -> str:
        is_pointer = isinstance(node.source, ir.Var) and node.source.name in self._pointers
        source = self.expression(node.source)[1:] if is_pointer else self.operand(node.source, ATOM)
        return f"{source}.{camel_case(node.name)}"

    def new_record(self, node: ir.NewRecord) -> str:
        return node.record + self._record_parts(node)

    def _record_parts(self, node: ir.NewRecord) -> str:
        names = (camel_case(name) for name, _ in self.records[node.record].fields)
        with self._nested(1):
            return (
                f"{{{', '.join(f'{name}: {self.expression(v)}' for name, v in zip(names, node.values, strict=True))}}}"
            )

    # --- text ---

    def _raw(self, node: ir.Expr) -> str:
        """Return a character as Go has it, a byte if it is taken out of a string."""
        return self._item(node) if isinstance(node, ir.Index) else self.expression(node)

    def char_test(self, node: ir.CharTest) -> str:
        return self._invoke(f"unicode.{_CHAR_TESTS[node.kind]}", node.source)

    def char_code(self, node: ir.CharCode) -> str:
        base = ir.Constant(node.base, ir.CHAR)
        if is_byte(node.source):
            # A byte below the base would wrap around.
            return f"int({self._raw(node.source)}){self._spaced('-')}{self.expression(base)}"
        return f"int({self.expression(ir.Arithmetic('-', node.source, base))})"

    def char_from(self, node: ir.CharFrom) -> str:
        return f"rune({self.expression(ir.Arithmetic('+', ir.Constant(node.base, ir.CHAR), node.offset))})"

    def change_case(self, node: ir.ChangeCase) -> str:
        package = "strings" if node.type == ir.STRING else "unicode"
        return self._invoke(f"{package}.To{node.kind.capitalize()}", node.source)

    def to_string(self, node: ir.ToString) -> str:
        if node.source.type == ir.INT:
            return self._invoke("strconv.Itoa", node.source)
        return f"string({self._raw(node.source)})"

    def concat(self, node: ir.Concat) -> str:
        left, right = (ir.ToString(side) if side.type == ir.CHAR else side for side in (node.left, node.right))
        return self.infix(ir.Concat(left, right), "+")

    def format(self, node: ir.Format) -> str:
        return self._formatted("fmt.Sprintf", node, "")

    def _formatted(self, function: str, node: ir.Format, end: str) -> str:
        pattern, values = "", []
        for part in node.parts:
            if isinstance(part, str):
                pattern += part.replace("%", "%%")
            else:
                value = part.source if isinstance(part, ir.ToString) else part
                assert isinstance(value.type, ir.Scalar)
                pattern += _VERBS[value.type]
                values.append(value)
        return self._invoke(function, json.dumps(pattern + end), *values)

    def join(self, node: ir.Join) -> str:
        if node.source.type == ir.ListType(ir.CHAR):
            return f"string({self.expression(node.source)})"
        return self._invoke("strings.Join", node.source, json.dumps(node.separator))

    def split(self, node: ir.Split) -> str:
        return self._invoke("strings.Split", node.source, json.dumps(node.separator))

    # --- lists and maps ---

    def list_of(self, node: ir.ListOf) -> str:
        with self._nested(1):
            return f"{self.type(node.type)}{{{', '.join(map(self._element, node.items))}}}"

    def _element(self, node: ir.Expr) -> str:
        """Return an item of a literal, without the type that the literal has named."""
        match node:
            case ir.NewRecord():
                return self._record_parts(node)
            case ir.ListOf():
                return self.list_of(node).removeprefix(self.type(node.type))
        return self.expression(node)

    def filled(self, node: ir.Filled) -> str:
        if is_zero(node.value):
            return self._invoke("make", self.type(node.type), node.count)
        return self._invoke("slices.Repeat", ir.ListOf(node.value.type, (node.value,)), node.count)

    def empty_map(self, node: ir.EmptyMap) -> str:
        return f"make({self.type(node.type)})"

    def copy(self, node: ir.Copy) -> str:
        return self._invoke("slices.Clone", node.source)

    def index(self, node: ir.Index) -> str:
        return f"rune({self._item(node)})" if is_byte(node) else self._item(node)

    def _item(self, node: ir.Index | ir.MapLookup | ir.MapGet) -> str:
        key = node.position if isinstance(node, ir.Index) else node.key
        with self._nested(1):
            source = self.operand(node.source, ATOM)
        with self._nested(self._nesting + 1):
            return f"{source}[{self.expression(key)}]"

    def length(self, node: ir.Length) -> str:
        return self._invoke("len", node.source)

    def map_get(self, node: ir.MapGet) -> str:
        return self._item(node)

    def map_lookup(self, node: ir.MapLookup) -> str:
        return self._item(node)

    def contains(self, node: ir.Contains) -> str:
        if isinstance(node.source.type, ir.ListType):
            return self._invoke("slices.Contains", node.source, node.item)
        name = "strings.ContainsRune" if node.item.type == ir.CHAR else "strings.Contains"
        return self._invoke(name, node.source, node.item)

    def sorted_keys(self, node: ir.SortedKeys) -> str:
        return self._invoke("slices.Sorted", self._invoke("maps.Keys", node.source))

    def slice(self, node: ir.Slice) -> str:
        with self._nested(1):
            source = self.operand(node.source, ATOM)
        bounds = (node.start, node.stop)
        with self._nested(self._nesting + 1):
            start, stop = ("" if bound is None else self.expression(bound) for bound in bounds)
        is_wide = all(bounds) and any(isinstance(bound, ir.Arithmetic) for bound in bounds) and self._nesting == 1
        return f"{source}[{start}{' : ' if is_wide else ':'}{stop}]"

    def comprehension(self, node: ir.Comprehension) -> str:
        return f"[]rune({self.expression(node.source)})"

    def aggregate(self, node: ir.Aggregate) -> str:
        return self._invoke(f"slices.{node.kind.capitalize()}", node.source)

    def _own(self, node: ir.Expr) -> str:
        """Return a value that shares no memory with a list that is still in use."""
        is_view = isinstance(node, ir.Slice) and isinstance(node.type, ir.ListType)
        return self._invoke("slices.Clone", node) if is_view else self.expression(node)

    # --- declarations and assignments ---

    def let(self, node: ir.Let) -> None:
        name = camel_case(node.name)
        match node.value:
            case ir.Pop(source):
                self._pop(f"{name} :=", source)
            case ir.ParseInt(source):
                self.line(f"{name}, _ := {self._invoke('strconv.Atoi', source)}")
            case ir.Contains(source, item) if is_map_test(node.value):
                self.line(f"_, {name} := {self._item(ir.MapLookup(source, item))}")
            case ir.MapGet(default=default) if not is_zero(default):
                self.line(f"{name}, {self._ok} := {self._item(node.value)}")
                missing = ir.Not(ir.Var(self._ok, ir.BOOL))
                self.if_(ir.If(missing, (ir.Set(ir.Var(node.name, default.type), default),)))
            case ir.Reversed(source):
                is_held = isinstance(source, ir.Var | ir.Index)
                self.line(f"{name} := {self.copy(ir.Copy(source)) if is_held else self._own(source)}")
                self.line(self._invoke("slices.Reverse", name))
            case ir.Filled(ir.Filled() as row, count):
                self._let_grid(name, row, count)
            case ir.ListOf(_, ()):
                self.line(f"var {name} {self.type(node.value.type)}")
            case ir.ListOf():
                self._let_list(name, node.value)
            case ir.Slice(ir.Var(source)) if not node.mutable and source not in self._changed:
                self.line(f"{name} := {self.expression(node.value)}")
            case _:
                self.line(f"{name} := {self._own(node.value)}")

    def _let_grid(self, name: str, row: ir.Filled, count: ir.Expr) -> None:
        self.line(f"{name} := {self._invoke('make', f'[]{self.type(row.type)}', count)}")
        position = "i" if "i" not in variables(row) else self._lowering.fresh("i")
        self.line(f"for {position} := range {name} {{")
        with self.indented():
            self.line(f"{name}[{position}] = {self.expression(row)}")
        self.line("}")

    def _let_list(self, name: str, value: ir.ListOf) -> None:
        text = f"{name} := {self.list_of(value)}"
        if len(text) <= _LINE_WIDTH:
            self.line(text)
            return
        self.line(f"{name} := {self.type(value.type)}{{")
        with self.indented():
            for item in value.items:
                self.line(f"{self._element(item)},")
        self.line("}")

    def _pop(self, assignment: str, source: ir.Var) -> None:
        items, last = self.expression(source), ir.Arithmetic("-", ir.Length(source), ONE)
        self.line(f"{assignment} {self._item(ir.Index(source, last))}")
        self.line(f"{items} = {self.slice(ir.Slice(source, None, last))}")

    def set(self, node: ir.Set) -> None:
        target = self.expression(node.target)
        match node.value:
            case ir.Pop(source):
                self._pop(f"{target} =", source)
            case ir.Slice(source) if source == node.target:
                self.line(f"{target} = {self.expression(node.value)}")
            case _:
                self.line(f"{target} = {self._own(node.value)}")

    def update(self, node: ir.Update) -> None:
        target = self.expression(node.target)
        if node.value == ONE and node.operator in ("+", "-"):
            self.line(f"{target}{node.operator * 2}")
        else:
            value = ir.ToString(node.value) if node.value.type == ir.CHAR else node.value
            self.line(f"{target} {node.operator[0]}= {self.expression(value)}")

    def map_put(self, node: ir.MapPut) -> None:
        self.line(f"{self._item(ir.MapLookup(node.target, node.key))} = {self.expression(node.value)}")

    def map_add(self, node: ir.MapAdd) -> None:
        target = self._item(ir.MapLookup(node.target, node.key))
        self.line(f"{target}++" if node.amount == ONE else f"{target} += {self.expression(node.amount)}")

    def append(self, node: ir.Append) -> None:
        target = self.expression(node.target)
        with self._nested(2):
            item = self._own(node.item)
        self.line(f"{target} = append({target}, {item})")

    def swap(self, node: ir.Swap) -> None:
        with self._nested(2):
            first, second = (self._item(ir.Index(node.target, place)) for place in (node.first, node.second))
        self.line(f"{first}, {second} = {second}, {first}")

    def sort(self, node: ir.Sort) -> None:
        target = self.expression(node.target)
        if node.key is None and not node.descending:
            self.line(self._invoke("slices.Sort", target))
            return
        names, first, second = sort_keys(node)
        keys: tuple[ir.Expr | str, ...] = (first, second)
        if function := self._key_function(node):
            keys = tuple(f"{function}({self.expression(item)})" for item in sort_keys(replace(node, key=None))[1:])
        name = "slices.SortFunc" if node.key is None else "slices.SortStableFunc"
        self._imports.update(("slices", "cmp"))
        assert isinstance(node.target.type, ir.ListType)
        self.line(f"{name}({target}, func({', '.join(names)} {self.type(node.target.type.element)}) int {{")
        with self.indented():
            self.line(f"return {self._invoke('cmp.Compare', *keys)}")
        self.line("})")

    def _key_function(self, node: ir.Sort) -> str | None:
        """Declare a function for a key that takes statements to compute, and return its name."""
        assert isinstance(node.target.type, ir.ListType)
        if node.key is None or not self._lowering.lacks_part(node.key):
            return None
        name = self._lowering.fresh("key")
        item = f"{camel_case(node.variable)} {self.type(node.target.type.element)}"
        body = self._lowering.block((ir.Return(node.key),))
        self._braces(f"{name} := func({item}) {self.type(node.key.type)}", body)
        return name

    # --- control ---

    def _braces(self, header: str, body: ir.Block) -> None:
        self.line(f"{header} {{")
        self.block(body)
        self.line("}")

    def if_(self, node: ir.If) -> None:
        self.line(f"if {self._condition(node.condition)} {{")
        self.block(node.then)
        otherwise = node.otherwise
        while len(otherwise) == 1 and isinstance(nested := otherwise[0], ir.If):
            self.line(f"}} else if {self._condition(nested.condition)} {{")
            self.block(nested.then)
            otherwise = nested.otherwise
        if otherwise:
            self.line("} else {")
            self.block(otherwise)
        self.line("}")

    def _condition(self, node: ir.Expr) -> str:
        test = leading_test(node)
        if test is None:
            return self.expression(node)
        ok = ir.Var(self._ok, ir.BOOL)
        rest = rebuild(node, lambda part: ok if part is test else part)
        return f"_, {self._ok} := {self._item(ir.MapLookup(test.source, test.item))}; {self.expression(rest)}"

    def while_(self, node: ir.While) -> None:
        is_endless = node.condition == ir.Constant(True, ir.BOOL)
        self._braces("for" if is_endless else f"for {self.expression(node.condition)}", node.body)

    def for_range(self, node: ir.ForRange) -> None:
        name = camel_case(node.variable)
        if node.start == ZERO and node.step == 1 and not node.descending:
            used = f"{name} := " if node.variable in variables(node.body) else ""
            self._braces(f"for {used}range {self._counted(node.stop)}", node.body)
            return
        step = f"{name}--" if node.descending else f"{name}++" if node.step == 1 else f"{name} += {node.step}"
        self._braces(f"for {name} := {self.expression(node.start)}; {self._bound(node)}; {step}", node.body)

    def _counted(self, stop: ir.Expr) -> str:
        """Return what is ranged over: a list or string itself where its positions are counted."""
        if (
            isinstance(stop, ir.Length)
            and isinstance(stop.source, ir.Var)
            and not isinstance(stop.source.type, ir.MapType)
        ):
            return self.expression(stop.source)
        return self.expression(stop)

    def _bound(self, node: ir.ForRange) -> str:
        variable = ir.Var(node.variable, ir.INT)
        match node.stop:
            case stop if node.descending:
                return self.compare(ir.Compare(">=", variable, stop))
            case ir.Arithmetic("+", last, ir.Constant(1)):
                return self.compare(ir.Compare("<=", variable, last))
        return self.compare(ir.Compare("<", variable, node.stop))

    def for_each(self, node: ir.ForEach) -> None:
        self.for_indexed(ir.ForIndexed("", node.variable, node.source, node.body))

    def for_indexed(self, node: ir.ForIndexed) -> None:
        used = variables(node.body)
        index, item = (camel_case(name) if name in used else "_" for name in (node.index, node.variable))
        if isinstance(node.source, ir.Reversed):
            source = self._invoke("slices.Backward", node.source.source)
        else:
            source = self.expression(node.source)
        names = f"{index}, {item} := " if item != "_" else f"{index} := " if index != "_" else ""
        self._braces(f"for {names}range {source}", node.body)

    def for_entries(self, node: ir.ForEntries) -> None:
        assert isinstance(node.source.type, ir.MapType)
        key = ir.Var(node.key, node.source.type.key)
        is_used = node.value in variables(node.body)
        value = (ir.Let(node.value, ir.MapLookup(node.source, key)),) if is_used else ()
        self.for_each(ir.ForEach(node.key, ir.SortedKeys(node.source), (*value, *node.body)))

    def break_(self, node: ir.Break) -> None:
        self.line("break")

    def continue_(self, node: ir.Continue) -> None:
        self.line("continue")

    def return_(self, node: ir.Return) -> None:
        self.line("return" if node.value is None else f"return {self._own(node.value)}")

    def print(self, node: ir.Print) -> None:
        match node.value:
            case ir.Format(parts) if any(not isinstance(part, str) for part in parts):
                self.line(self._formatted("fmt.Printf", node.value, "\n"))
            case ir.Format(parts):
                self.line(self._invoke("fmt.Println", json.dumps("".join(map(str, parts)))))
            case value:
                self.line(self._invoke("fmt.Println", ir.ToString(value) if value.type == ir.CHAR else value))

    def do(self, node: ir.Do) -> None:
        self.line(self.expression(node.call))

    def comment(self, node: ir.Comment) -> None:
        self.line(f"// {node.text}")
