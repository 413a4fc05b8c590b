"""Writes a program in TypeScript: JavaScript with types where they are not inferred."""

from __future__ import annotations

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import camel_case
from data_prep.builtin.emitters.javascript import JavaScriptEmitter

_SCALARS = {"int": "number", "bool": "boolean", "string": "string", "char": "string"}


class TypeScriptEmitter(JavaScriptEmitter):
    """Adds interfaces for records, and types to signatures and to collections that begin empty."""

    def record(self, record: ir.Record) -> None:
        if record.doc:
            self.line(f"/** {record.doc} */")
        self.line(f"interface {record.name} {{")
        with self.indented():
            for name, type_ in record.fields:
                self.line(f"{camel_case(name)}: {self.type(type_)};")
        self.line("}")
        self.line()

    def signature(self, function: ir.Function) -> str:
        parameters = (f"{camel_case(item.name)}: {self.type(item.type)}" for item in function.parameters)
        result = "void" if function.result is None else self.type(function.result)
        return f"{camel_case(function.name)}({', '.join(parameters)}): {result}"

    def annotation(self, value: ir.Expr) -> str:
        match value:
            case ir.NewRecord() | ir.ListOf(ir.RecordType()) | ir.ListOf(_, ()):
                return f": {self.type(value.type)}"
        return ""

    def type_arguments(self, *types: ir.Type) -> str:
        return f"<{', '.join(map(self.type, types))}>"

    def present(self, text: str) -> str:
        return f"{text}!"

    def type(self, type_: ir.Type) -> str:
        """Return the name of a type."""
        match type_:
            case ir.Scalar(name) | ir.RecordType(name):
                return _SCALARS.get(name, name)
            case ir.ListType(element):
                return f"{self.type(element)}[]"
            case ir.MapType(key, value):
                return f"Map<{self.type(key)}, {self.type(value)}>"
