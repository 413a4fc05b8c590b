"""Writes programs as C# that mono's compiler takes too: LINQ, interpolated strings, arrays for tables."""

from __future__ import annotations

import re
from dataclasses import replace

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, CONDITIONAL, SUM, pascal_case
from data_prep.builtin.emitters.managed import DEFAULTS, ZERO, ManagedEmitter, difference

_TYPES = {"int": "int", "bool": "bool", "string": "string", "char": "char"}
_TESTS = {"digit": "char.IsDigit", "letter": "char.IsLetter", "upper": "char.IsUpper"}


class CSharpEmitter(ManagedEmitter):
    """C# emitter."""

    breaks = (re.compile(r"(?<!Math)[.](Where|Select|ToList|ToArray|Count|Sum|Max|Min|Any|All)[(]"),)

    # --- the frame ---

    def program(self, program: ir.Program) -> None:
        for record in program.records:
            self.record(record)
            self.line()
        self.doc(program.doc)
        self.open("class Program")
        with self.indented():
            for function in program.functions:
                self.function(function)
                self.line()
            self.enter("", (), program.main)
            self.braces("static void Main()", program.main)
        self.line("}")
        self._lines[:0] = [f"using {name};" for name in sorted(self.imports)] + [""]

    def doc(self, text: str) -> None:
        """Write a documentation comment."""
        if text:
            escaped = text.replace("&", "&amp;").replace("<", "&lt;")
            self.line(f"/// <summary>{escaped}</summary>")

    def record(self, record: ir.Record) -> None:
        """Write a class with a constructor."""
        self.doc(record.doc)
        self.open(f"class {record.name}")
        with self.indented():
            accessors = "get; set;" if record.name in self.changed_records else "get;"
            for name, type_ in record.fields:
                self.line(f"public {self.type_name(type_)} {pascal_case(name)} {{ {accessors} }}")
            self.line()
            parameters = ", ".join(f"{self.type_name(type_)} {self.name(name)}" for name, type_ in record.fields)
            self.open(f"public {record.name}({parameters})")
            with self.indented():
                for name, _ in record.fields:
                    self.line(f"{pascal_case(name)} = {self.name(name)};")
            self.line("}")
        self.line("}")

    def type_name(self, type_: ir.Type, *, array: bool = False) -> str:
        """Return the name of a type."""
        match type_:
            case ir.Scalar(name):
                return _TYPES[name]
            case ir.ListType(element) if array:
                return f"{self.type_name(element, array=True)}[]"
            case ir.ListType(element):
                return f"{self.generic('List')}<{self.type_name(element)}>"
            case ir.MapType(key, value):
                name = "SortedDictionary" if self.visits_maps else "Dictionary"
                return f"{self.generic(name)}<{self.type_name(key)}, {self.type_name(value)}>"
            case ir.RecordType(name):
                return name

    def method_name(self, name: str) -> str:
        return pascal_case(name)

    def system(self, name: str) -> str:
        """Return a name of the namespace System."""
        self.imports.add("System")
        return name

    def generic(self, name: str) -> str:
        """Return the name of a collection class."""
        self.imports.add("System.Collections.Generic")
        return name

    def linq(self, text: str) -> str:
        """Return text that uses LINQ."""
        self.imports.add("System.Linq")
        return text

    # --- statements ---

    def open(self, header: str) -> None:
        self.line(header)
        self.line("{")

    def reopen(self, header: str) -> None:
        self.line("}")
        self.open(header)

    def declare(self, name: str, type_: ir.Type, value: str) -> None:
        self.line(f"var {self.name(name)} = {value};")

    def let(self, node: ir.Let) -> None:
        value = node.value
        if isinstance(value, ir.Pop):
            self.declare(node.name, value.type, self.last(value))
            self.remove_last(value)
        elif node.name in self.arrays:
            self.declare(node.name, value.type, self.array(value))
        elif isinstance(value, ir.ListOf) and not isinstance(value.element, ir.Scalar):
            self.new_list(node.name, value)
        else:
            self.declare(node.name, value.type, self.expression(value))

    def new_list(self, name: str, node: ir.ListOf) -> None:
        """Declare a list of records or lists, on as many lines as it has items if one is not enough."""
        text = self.expression(node)
        if self.fits(f"var {name} = {text};"):
            self.declare(name, node.type, text)
            return
        self.open(f"var {self.name(name)} = new {self.type_name(node.type)}")
        with self.indented():
            for item in node.items:
                self.line(f"{self.expression(item)},")
        self.line("};")

    def array(self, node: ir.Expr) -> str:
        """Return a new array, or one that exists."""
        match node:
            case ir.ListOf(_, items) if items:
                return f"new[] {{ {', '.join(self.array(item) for item in items)} }}"
            case ir.Filled(ir.Filled() as row, count):
                return self.linq(
                    f"Enumerable.Range(0, {self.expression(count)}).Select(_ => {self.array(row)}).ToArray()"
                )
            case ir.Filled(value, count) if value in DEFAULTS:
                return f"new {self.type_name(value.type)}[{self.expression(count)}]"
            case ir.Filled(value, count):
                return self.linq(f"Enumerable.Repeat({self.arguments((value, count))}).ToArray()")
            case ir.Split():
                return self.sequence(node)
        return self.expression(node)

    def last(self, node: ir.Pop) -> str:
        """Return the item that is about to be removed."""
        items = self.var(node.source)
        return f"{items}[{items}.Count - 1]"

    def remove_last(self, node: ir.Pop) -> None:
        """Remove the last item."""
        items = self.var(node.source)
        self.line(f"{items}.RemoveAt({items}.Count - 1);")

    def set(self, node: ir.Set) -> None:
        if isinstance(node.value, ir.Pop):
            self.line(f"{self.expression(node.target)} = {self.last(node.value)};")
            self.remove_last(node.value)
        else:
            super().set(node)

    def map_put(self, node: ir.MapPut) -> None:
        self.line(f"{self.var(node.target)}[{self.expression(node.key)}] = {self.expression(node.value)};")

    def map_add(self, node: ir.MapAdd) -> None:
        if isinstance(node.key, ir.Arithmetic | ir.Call):
            name = self.new_name("key")
            self.let(ir.Let(name, node.key))
            node = replace(node, key=ir.Var(name, node.key.type))
        counts, key, amount = self.var(node.target), self.expression(node.key), self.operand(node.amount, SUM)
        entry = f"{counts}[{key}]"
        self.line(f"{entry} = {counts}.ContainsKey({key}) ? {entry} + {amount} : {amount};")

    def append(self, node: ir.Append) -> None:
        self.line(f"{self.expression(node.target)}.Add({self.expression(node.item)});")

    def sort(self, node: ir.Sort) -> None:
        target = self.var(node.target)
        assert isinstance(node.target.type, ir.ListType)
        of_strings = node.target.type.element == ir.STRING
        if node.key is not None:
            order = "OrderByDescending" if node.descending else "OrderBy"
            comparer = f", {self.system('StringComparer')}.Ordinal" if node.key.type == ir.STRING else ""
            key = f"{self.name(node.variable)} => {self.expression(node.key)}"
            self.line(self.linq(f"{target} = {target}.{order}({key}{comparer}).ToList();"))
        elif node.descending:
            first, second = self.new_name("a"), self.new_name("b")
            comparison = f"string.CompareOrdinal({second}, {first})" if of_strings else f"{second}.CompareTo({first})"
            self.line(f"{target}.Sort(({first}, {second}) => {comparison});")
            self.taken -= {first, second}
        else:
            self.line(f"{target}.Sort({self.system('StringComparer') + '.Ordinal' if of_strings else ''});")

    def for_each(self, node: ir.ForEach) -> None:
        self.braces(f"foreach (var {self.name(node.variable)} in {self.sequence(node.source)})", node.body)

    def for_entries(self, node: ir.ForEntries) -> None:
        entry = self.new_name("entry")
        self.entries(node, f"foreach (var {entry} in {self.expression(node.source)})", f"{entry}.Key", f"{entry}.Value")
        self.taken.discard(entry)

    def print(self, node: ir.Print) -> None:
        self.line(f"{self.system('Console')}.WriteLine({self.expression(node.value)});")

    # --- expressions ---

    def binding(self, node: ir.Expr) -> int:
        return CONDITIONAL if isinstance(node, ir.MapGet) else super().binding(node)

    def extreme(self, node: ir.Extreme) -> str:
        return f"{self.system('Math')}.{pascal_case(node.kind)}({self.arguments((node.left, node.right))})"

    def absolute(self, node: ir.Absolute) -> str:
        return f"{self.system('Math')}.Abs({self.expression(node.operand)})"

    def list_of(self, node: ir.ListOf) -> str:
        items = f" {{ {self.arguments(node.items)} }}" if node.items else "()"
        return f"new {self.type_name(node.type)}{items}"

    def filled(self, node: ir.Filled) -> str:
        if isinstance(node.value, ir.Filled):
            return self.linq(
                f"Enumerable.Range(0, {self.expression(node.count)}).Select(_ => {self.filled(node.value)}).ToList()"
            )
        return self.linq(f"Enumerable.Repeat({self.arguments((node.value, node.count))}).ToList()")

    def empty_map(self, node: ir.EmptyMap) -> str:
        # Only the order of the characters' codes is the same everywhere.
        is_ordered = self.visits_maps and node.type.key == ir.STRING
        comparer = f"{self.system('StringComparer')}.Ordinal" if is_ordered else ""
        return f"new {self.type_name(node.type)}({comparer})"

    def copy(self, node: ir.Copy) -> str:
        return f"new {self.type_name(node.type)}({self.expression(node.source)})"

    def index(self, node: ir.Index) -> str:
        return f"{self.operand(node.source, ATOM)}[{self.expression(node.position)}]"

    def length(self, node: ir.Length) -> str:
        is_count = node.source.type != ir.STRING and not self.is_array(node.source)
        return f"{self.operand(node.source, ATOM)}.{'Count' if is_count else 'Length'}"

    def field(self, node: ir.Field) -> str:
        return f"{self.operand(node.source, ATOM)}.{pascal_case(node.name)}"

    def map_get(self, node: ir.MapGet) -> str:
        source, key = self.operand(node.source, ATOM), self.expression(node.key)
        return f"{source}.ContainsKey({key}) ? {source}[{key}] : {self.expression(node.default)}"

    def map_lookup(self, node: ir.MapLookup) -> str:
        return f"{self.operand(node.source, ATOM)}[{self.expression(node.key)}]"

    def contains(self, node: ir.Contains) -> str:
        source, item = self.operand(node.source, ATOM), self.expression(node.item)
        if isinstance(node.source.type, ir.MapType):
            return f"{source}.ContainsKey({item})"
        if node.source.type == ir.STRING and node.item.type == ir.CHAR:
            self.linq("string.Contains(char)")
        return f"{source}.Contains({item})"

    def sorted_keys(self, node: ir.SortedKeys) -> str:
        return self.linq(f"{self.sequence(node)}.ToList()")

    def slice(self, node: ir.Slice) -> str:
        start, stop = node.start or ZERO, node.stop
        source = self.operand(node.source, ATOM)
        if node.type == ir.STRING:
            arguments = (start,) if stop is None else (start, difference(stop, start))
            return f"{source}.Substring({self.arguments(arguments)})"
        if stop is None or start == ZERO:
            return self.linq(f"{self.sequence(node)}.ToList()")
        return f"{source}.GetRange({self.arguments((start, difference(stop, start)))})"

    def reversed(self, node: ir.Reversed) -> str:
        if node.type == ir.STRING:
            return self.linq(f"new string({self.operand(node.source, ATOM)}.Reverse().ToArray())")
        return f"{self.sequence(node)}.ToList()"

    def split(self, node: ir.Split) -> str:
        return self.linq(f"{self.sequence(node)}.ToList()")

    def change_case(self, node: ir.ChangeCase) -> str:
        method = f"To{pascal_case(node.kind)}"
        if node.type == ir.CHAR:
            return f"char.{method}({self.expression(node.source)})"
        return f"{self.operand(node.source, ATOM)}.{method}()"

    def char_test(self, node: ir.CharTest) -> str:
        return f"{_TESTS[node.kind]}({self.expression(node.source)})"

    def char_from(self, node: ir.CharFrom) -> str:
        return f"(char)({self.constant(ir.Constant(node.base, ir.CHAR))} + {self.operand(node.offset, SUM)})"

    def to_string(self, node: ir.ToString) -> str:
        return f"{self.operand(node.source, ATOM)}.ToString()"

    def parse_int(self, node: ir.ParseInt) -> str:
        return f"int.Parse({self.expression(node.source)})"

    def format(self, node: ir.Format) -> str:
        return '$"' + "".join(self.part(part) for part in node.parts) + '"'

    def part(self, part: str | ir.Expr) -> str:
        """Return a part of an interpolated string."""
        if isinstance(part, str):
            return self.constant(ir.Constant(part, ir.STRING))[1:-1].replace("{", "{{").replace("}", "}}")
        return f"{{{self.operand(part, CONDITIONAL + 1)}}}"

    # --- sequences ---

    def sequence(self, node: ir.Expr) -> str:
        """Return what can be visited: for a new list, without making it a list."""
        match node:
            case ir.Range(start, stop):
                return self.linq(f"Enumerable.Range({self.arguments((start, difference(stop, start)))})")
            case ir.Comprehension():
                return self.selected(node)
            case ir.ListOf(_, items) if items:
                return f"new[] {{ {self.arguments(items)} }}"
            case ir.SortedKeys(source):
                return f"{self.operand(source, ATOM)}.Keys"
            case ir.Split(source):
                return f"{self.operand(source, ATOM)}.Split({self.constant(ir.Constant(node.separator, ir.CHAR))})"
            case ir.Reversed(source) if isinstance(node.type, ir.ListType):
                # List has a Reverse of its own, which reverses in place.
                return self.linq(f"Enumerable.Reverse({self.expression(source)})")
            case ir.Slice(source, start, stop) if isinstance(node.type, ir.ListType):
                text = self.operand(source, ATOM)
                if start is not None and start != ZERO:
                    text = self.linq(f"{text}.Skip({self.expression(start)})")
                if stop is not None:
                    text = self.linq(f"{text}.Take({self.expression(difference(stop, start or ZERO))})")
                return text
        return self.expression(node)

    def function_of(self, variable: str, body: ir.Expr) -> str:
        """Return a lambda, or the method that says the same."""
        match body:
            case ir.Call(function, (ir.Var(name),)) if name == variable:
                return self.method_name(function)
            case ir.CharTest(kind, ir.Var(name)) if name == variable:
                return _TESTS[kind]
        return f"{self.name(variable)} => {self.expression(body)}"

    def filtered(self, node: ir.Comprehension | ir.Aggregate) -> str:
        """Return the items that meet the condition."""
        source = self.sequence(node.source)
        if node.condition is None:
            return source
        return self.linq(f"{source}.Where({self.function_of(node.variable, node.condition)})")

    def selected(self, node: ir.Comprehension) -> str:
        """Return a comprehension as a sequence."""
        if node.element == ir.Var(node.variable, node.element.type):
            return self.filtered(node)
        return self.linq(f"{self.filtered(node)}.Select({self.function_of(node.variable, node.element)})")

    def comprehension(self, node: ir.Comprehension) -> str:
        return self.linq(f"{self.selected(node)}.ToList()")

    def join(self, node: ir.Join) -> str:
        source = node.source
        if isinstance(source, ir.Comprehension) and isinstance(source.element, ir.ToString):
            # Join and Concat write items of any type.
            source = ir.Comprehension(source.element.source, source.variable, source.source, source.condition)
        items = self.sequence(source)
        if not node.separator:
            return f"string.Concat({items})"
        return f"string.Join({self.constant(ir.Constant(node.separator, ir.STRING))}, {items})"

    def aggregate(self, node: ir.Aggregate) -> str:
        method = pascal_case(node.kind)
        if node.kind in ("count", "any", "all"):
            assert node.condition is not None
            return self.linq(
                f"{self.sequence(node.source)}.{method}({self.function_of(node.variable, node.condition)})"
            )
        assert node.element is not None
        plain = node.element == ir.Var(node.variable, ir.INT)
        function = "" if plain else self.function_of(node.variable, node.element)
        return self.linq(f"{self.filtered(node)}.{method}({function})")
