"""Writes programs as Java 17: lists and streams, records, arrays for tables of fixed length."""

from __future__ import annotations

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM
from data_prep.builtin.emitters.java_expressions import JavaExpressions
from data_prep.builtin.emitters.managed import DEFAULTS, everything
from data_prep.builtin.tree import root, walk


class JavaEmitter(JavaExpressions):
    """Java emitter."""

    # --- the frame ---

    def program(self, program: ir.Program) -> None:
        self.growing = _growing_results(program)
        self.doc(program.doc)
        self.line("public class Main {")
        with self.indented():
            for record in program.records:
                self.record(record)
                self.line()
            for function in program.functions:
                self.function(function)
                self.line()
            self.enter("", (), program.main)
            self.braces("public static void main(String[] args)", program.main)
        self.line("}")
        if self.imports:
            self._lines[:0] = [f"import {name};" for name in sorted(self.imports)] + [""]

    def doc(self, text: str) -> None:
        """Write a documentation comment."""
        if text:
            self.line(f"/** {text} */")

    def record(self, record: ir.Record) -> None:
        """Write a record, or a class if its fields are set."""
        self.doc(record.doc)
        fields = [f"{self.type_name(type_)} {self.name(name)}" for name, type_ in record.fields]
        if record.name not in self.changed_records:
            self.line(f"record {record.name}({', '.join(fields)}) {{}}")
            return
        self.open(f"static class {record.name}")
        with self.indented():
            for field in fields:
                self.line(f"{field};")
            self.line()
            self.open(f"{record.name}({', '.join(fields)})")
            with self.indented():
                for name, _ in record.fields:
                    self.line(f"this.{self.name(name)} = {self.name(name)};")
            self.line("}")
        self.line("}")

    def enter(self, function: str, parameters: tuple[ir.Parameter, ...], body: ir.Block) -> None:
        super().enter(function, parameters, body)
        self.result_grows = function in self.growing
        results = (node.value for node in walk(tuple(body)) if isinstance(node, ir.Return))
        self.grown = self.changed | {root(value) for value in results if value is not None and self.result_grows}

    # --- statements ---

    def open(self, header: str) -> None:
        self.line(f"{header} {{")

    def reopen(self, header: str) -> None:
        self.line(f"}} {header} {{")

    def declare(self, name: str, type_: ir.Type, value: str) -> None:
        self.line(f"{self.type_name(type_)} {self.name(name)} = {value};")

    def let(self, node: ir.Let) -> None:
        name, type_ = self.name(node.name), node.value.type
        if isinstance(type_, ir.ListType) and node.name in self.arrays:
            self.new_array(name, node.value)
        elif isinstance(type_, ir.ListType):
            self.new_list(name, node.value, node.name in self.grown)
        elif isinstance(node.value, ir.NewRecord):
            self.line(f"var {name} = {self.expression(node.value)};")
        else:
            self.line(f"{self.type_name(type_)} {name} = {self.expression(node.value)};")

    def new_array(self, name: str, value: ir.Expr) -> None:
        """Declare an array."""
        type_name = self.type_name(value.type, array=True)
        match value:
            case ir.ListOf(_, rows):
                self.line(f"{type_name} {name} = {{{', '.join(self.row(row) for row in rows)}}};")
            case ir.Filled(first, count):
                sizes, item = f"[{self.expression(count)}]", first
                while isinstance(item, ir.Filled):
                    sizes, item = f"{sizes}[{self.expression(item.count)}]", item.value
                self.line(f"{type_name} {name} = new {self.type_name(item.type)}{sizes};")
                if item not in DEFAULTS:
                    self.fill(name, value, self.expression(item))
            case ir.Split():
                self.line(f"{type_name} {name} = {self.parts(value)};")
            case _:
                self.line(f"{type_name} {name} = {self.expression(value)};")

    def row(self, node: ir.Expr) -> str:
        """Return the initializer of a grid's row."""
        assert isinstance(node, ir.ListOf)
        return f"{{{self.arguments(node.items)}}}"

    def fill(self, name: str, value: ir.Filled, item: str) -> None:
        """Set all items of a new array."""
        if not isinstance(value.value, ir.Filled):
            self.line(f"{self.use('Arrays')}.fill({name}, {item});")
            return
        row = self.new_name("row")
        self.open(f"for ({self.type_name(value.value.type, array=True)} {row} : {name})")
        with self.indented():
            self.line(f"{self.use('Arrays')}.fill({row}, {item});")
        self.line("}")

    def new_list(self, name: str, value: ir.Expr, growing: bool) -> None:
        """Declare a list."""
        type_name = self.type_name(value.type)
        match value:
            case ir.Reversed(source):
                self.line(f"{type_name} {name} = new {self.use('ArrayList')}<>({self.expression(source)});")
                self.line(f"{self.use('Collections')}.reverse({name});")
            case ir.Filled(ir.Filled() as row):
                count, index = self.expression(value.count), self.new_name("row")
                self.line(f"{type_name} {name} = new {self.use('ArrayList')}<>();")
                self.open(f"for (int {index} = 0; {index} < {count}; {index}++)")
                with self.indented():
                    self.line(f"{name}.add({self.fresh_list(row, growing=True)});")
                self.line("}")
            case _:
                self.line(f"{type_name} {name} = {self.fresh_list(value, growing)};")

    def fresh_list(self, node: ir.Expr, growing: bool) -> str:
        """Return a new list, as one that can be changed if asked."""
        if isinstance(node, ir.ListOf) and growing and isinstance(node.element, ir.ListType):
            rows = ", ".join(self.fresh_list(item, growing) for item in node.items)
            text = f"List.of({rows})"
        elif isinstance(node, ir.Conditional):
            then, otherwise = self.fresh_list(node.then, growing), self.fresh_list(node.otherwise, growing)
            return f"{self.expression(node.condition)} ? {then} : {otherwise}"
        else:
            text = self.expression(node)
        if not growing or not isinstance(node, ir.ListOf | ir.Comprehension | ir.Filled | ir.Split):
            return text
        return f"new {self.use('ArrayList')}<>({'' if isinstance(node, ir.ListOf) and not node.items else text})"

    def set(self, node: ir.Set) -> None:
        is_list = isinstance(node.value.type, ir.ListType)
        self.store(node.target, self.fresh_list(node.value, growing=True) if is_list else self.expression(node.value))

    def store(self, target: ir.Var | ir.Index | ir.Field, value: str) -> None:
        """Write an assignment."""
        if isinstance(target, ir.Index) and not self.is_array(target.source):
            self.line(f"{self.expression(target.source)}.set({self.expression(target.position)}, {value});")
        else:
            self.line(f"{self.expression(target)} = {value};")

    def update(self, node: ir.Update) -> None:
        if not isinstance(node.target, ir.Index) or self.is_array(node.target.source):
            super().update(node)
        elif node.target.type == ir.STRING:
            self.store(node.target, self.expression(ir.Concat(node.target, node.value)))
        else:
            self.store(node.target, self.expression(ir.Arithmetic(node.operator, node.target, node.value)))

    def map_put(self, node: ir.MapPut) -> None:
        self.line(f"{self.var(node.target)}.put({self.arguments((node.key, node.value))});")

    def map_add(self, node: ir.MapAdd) -> None:
        self.line(f"{self.var(node.target)}.merge({self.arguments((node.key, node.amount))}, Integer::sum);")

    def append(self, node: ir.Append) -> None:
        self.line(f"{self.expression(node.target)}.add({self.expression(node.item)});")

    def swap(self, node: ir.Swap) -> None:
        if self.is_array(node.target):
            super().swap(node)
        else:
            arguments = self.arguments((node.target, node.first, node.second))
            self.line(f"{self.use('Collections')}.swap({arguments});")

    def sort(self, node: ir.Sort) -> None:
        target = self.var(node.target)
        if node.key is None:
            if node.descending:
                self.line(f"{target}.sort({self.use('Comparator')}.reverseOrder());")
            else:
                self.line(f"{self.use('Collections')}.sort({target});")
            return
        assert isinstance(node.target.type, ir.ListType)
        key = self.function_of(node.variable, node.key, "object")
        if node.descending and "->" in key:
            # The chained call leaves nothing to infer the parameter's type from.
            variable, body = key.split(" -> ", 1)
            key = f"({self.type_name(node.target.type.element, boxed=True)} {variable}) -> {body}"
        comparing = "comparingInt" if node.key.type == ir.INT else "comparing"
        reverse = ".reversed()" if node.descending else ""
        self.line(f"{target}.sort({self.use('Comparator')}.{comparing}({key}){reverse});")

    def for_each(self, node: ir.ForEach) -> None:
        source = node.source
        items = f"{self.operand(source, ATOM)}.toCharArray()" if source.type == ir.STRING else self.items(source)
        element = source.type.element if isinstance(source.type, ir.ListType) else ir.CHAR
        type_name = self.type_name(element, array=self.is_array(source))
        self.braces(f"for ({type_name} {self.name(node.variable)} : {items})", node.body)

    def for_entries(self, node: ir.ForEntries) -> None:
        entry = self.new_name("entry")
        header = f"for (var {entry} : {self.expression(node.source)}.entrySet())"
        self.entries(node, header, f"{entry}.getKey()", f"{entry}.getValue()")
        self.taken.discard(entry)

    def return_(self, node: ir.Return) -> None:
        value = node.value
        if value is None or not isinstance(value.type, ir.ListType):
            super().return_(node)
        elif isinstance(value, ir.Var):
            self.line(f"return {self.var(value)};")
        else:
            self.line(f"return {self.fresh_list(value, self.result_grows)};")

    def print(self, node: ir.Print) -> None:
        self.line(f"System.out.println({self.wide(node.value)});")

    # --- lists that take more than an expression ---

    def filled(self, node: ir.Filled) -> str:
        if isinstance(node.value, ir.Filled):
            return self.kept("rows", node)
        return f"{self.use('Collections')}.nCopies({self.arguments((node.count, node.value))})"

    def kept(self, name: str, node: ir.Expr) -> str:
        """Return a new variable for a list that takes more than an expression to make."""
        variable = self.new_name(name)
        self.new_list(variable, node, growing=True)
        return variable

    def reversed(self, node: ir.Reversed) -> str:
        if node.type == ir.STRING:
            return f"new StringBuilder({self.expression(node.source)}).reverse().toString()"
        return self.kept("reversed", node)


def _growing_results(program: ir.Program) -> set[str]:
    """Return the functions whose result some caller changes, or may pass on to one that does."""
    names: set[str] = set()
    for node in everything(program):
        match node:
            case ir.Let(_, value, True) | ir.Set(_, value) | ir.Return(value) if value is not None:
                names.update(
                    call.function
                    for call in walk(value)
                    if isinstance(call, ir.Call) and isinstance(call.type, ir.ListType)
                )
    return names
