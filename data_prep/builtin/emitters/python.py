"""Writes a program in Python, laid out as black would."""

from __future__ import annotations

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, COMPARISON, NOT, OR, PRODUCT, SUM, UNARY, Emitter
from data_prep.builtin.tree import plus, walk

_SCALARS = {"int": "int", "bool": "bool", "string": "str", "char": "str"}
_LINE_WIDTH = 88
_ZERO = ir.Constant(0, ir.INT)


class PythonEmitter(Emitter):
    """Writes Python 3.11: comprehensions, f-strings, dataclasses, type hints on signatures."""

    def program(self, program: ir.Program) -> None:
        # Before Python 3.12 an f-string may not contain its own kind of quote.
        self._quote = '"'
        if program.doc:
            self.line(f'"""{program.doc}"""')
            self.line()
        if program.records:
            self.line("from dataclasses import dataclass")
            self._two_blank_lines()
        for record in program.records:
            self._record(record)
            self._two_blank_lines()
        for function in program.functions:
            parameters = ", ".join(f"{item.name}: {self.type(item.type)}" for item in function.parameters)
            self._function(f"{function.name}({parameters})", function.result, function.doc, function.body)
            self._two_blank_lines()
        self._function("main()", None, "", program.main)
        self._two_blank_lines()
        self.line('if __name__ == "__main__":')
        with self.indented():
            self.line("main()")

    def _two_blank_lines(self) -> None:
        self.line()
        self.line()

    def _record(self, record: ir.Record) -> None:
        self.line("@dataclass")
        self.line(f"class {record.name}:")
        with self.indented():
            if record.doc:
                self.line(f'"""{record.doc}"""')
                self.line()
            for name, type_ in record.fields:
                self.line(f"{name}: {self.type(type_)}")

    def _function(self, signature: str, result: ir.Type | None, doc: str, body: ir.Block) -> None:
        self.line(f"def {signature} -> {self.type(result) if result else 'None'}:")
        with self.indented():
            if doc:
                self.line(f'"""{doc}"""')
        self.block(body)

    def type(self, type_: ir.Type) -> str:
        """Return a type hint."""
        match type_:
            case ir.Scalar(name) | ir.RecordType(name):
                return _SCALARS.get(name, name)
            case ir.ListType(element):
                return f"list[{self.type(element)}]"
            case ir.MapType(key, value):
                return f"dict[{self.type(key)}, {self.type(value)}]"

    def binding(self, node: ir.Expr) -> int:
        match node:
            case ir.Compare() if _is_empty_test(node):
                return NOT
            case ir.Contains() | ir.Not(ir.Contains()):
                return COMPARISON
            case ir.CharCode():
                return SUM
            case ir.Filled():
                return ATOM if isinstance(node.value, ir.Filled) else PRODUCT
            case ir.Constant(int(value)) if value < 0:
                return UNARY
            case ir.ToString() if node.source.type == ir.CHAR:
                return self.binding(node.source)
        return super().binding(node)

    # --- plain expressions ---

    def constant(self, node: ir.Constant) -> str:
        if isinstance(node.value, str):
            return self._text(node.value)
        return str(node.value)

    def _text(self, value: str) -> str:
        escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace(self._quote, "\\" + self._quote)
        return f"{self._quote}{escaped}{self._quote}"

    def var(self, node: ir.Var) -> str:
        return node.name

    def arithmetic(self, node: ir.Arithmetic) -> str:
        return self.infix(node, node.operator)

    def compare(self, node: ir.Compare) -> str:
        if _is_empty_test(node):
            assert isinstance(node.left, ir.Length)
            return f"not {self.operand(node.left.source, ATOM)}"
        return self.infix(node, node.operator)

    def logical(self, node: ir.Logical) -> str:
        match node:
            case ir.Logical("and", ir.Compare("<" | "<=", _, middle) as low, ir.Compare("<" | "<=", same, high) as top):
                if middle == same:
                    return f"{self.compare(low)} {top.operator} {self.operand(high, SUM)}"
        return self.infix(node, node.operator)

    def not_(self, node: ir.Not) -> str:
        if isinstance(node.operand, ir.Contains):
            return self._membership(node.operand, "not in")
        return f"not {self.operand(node.operand, NOT)}"

    def negate(self, node: ir.Negate) -> str:
        return f"-{self.operand(node.operand, UNARY)}"

    def call(self, node: ir.Call) -> str:
        return f"{node.function}({self.arguments(node.arguments)})"

    def extreme(self, node: ir.Extreme) -> str:
        return f"{node.kind}({self.arguments(_flattened(node))})"

    def absolute(self, node: ir.Absolute) -> str:
        return f"abs({self.expression(node.operand)})"

    def conditional(self, node: ir.Conditional) -> str:
        then, condition = self.operand(node.then, OR), self.operand(node.condition, OR)
        return f"{then} if {condition} else {self.expression(node.otherwise)}"

    # --- lists, maps, records ---

    def list_of(self, node: ir.ListOf) -> str:
        return f"[{self.arguments(node.items)}]"

    def filled(self, node: ir.Filled) -> str:
        if isinstance(node.value, ir.Filled):
            return f"[{self.filled(node.value)} for _ in range({self.expression(node.count)})]"
        return f"[{self.expression(node.value)}] * {self.operand(node.count, UNARY)}"

    def empty_map(self, node: ir.EmptyMap) -> str:
        return "{}"

    def new_record(self, node: ir.NewRecord) -> str:
        return f"{node.record}({self.arguments(node.values)})"

    def copy(self, node: ir.Copy) -> str:
        return f"{self.operand(node.source, ATOM)}.copy()"

    def index(self, node: ir.Index) -> str:
        source = self.operand(node.source, ATOM)
        match node.position:
            case ir.Arithmetic("-", ir.Length(same), ir.Constant(int(back))) if same == node.source:
                return f"{source}[-{back}]"
        return f"{source}[{self.expression(node.position)}]"

    def length(self, node: ir.Length) -> str:
        return f"len({self.expression(node.source)})"

    def field(self, node: ir.Field) -> str:
        return f"{self.operand(node.source, ATOM)}.{node.name}"

    def map_get(self, node: ir.MapGet) -> str:
        return f"{self.operand(node.source, ATOM)}.get({self.arguments((node.key, node.default))})"

    def map_lookup(self, node: ir.MapLookup) -> str:
        return f"{self.operand(node.source, ATOM)}[{self.expression(node.key)}]"

    def contains(self, node: ir.Contains) -> str:
        return self._membership(node, "in")

    def _membership(self, node: ir.Contains, operator: str) -> str:
        return f"{self.operand(node.item, SUM)} {operator} {self.operand(node.source, SUM)}"

    def sorted_keys(self, node: ir.SortedKeys) -> str:
        return f"sorted({self.expression(node.source)})"

    def range(self, node: ir.Range) -> str:
        return self._range(node.start, node.stop)

    def _range(self, start: ir.Expr, stop: ir.Expr, *step: ir.Expr) -> str:
        return f"range({self.arguments((stop,) if start == _ZERO and not step else (start, stop, *step))})"

    def comprehension(self, node: ir.Comprehension) -> str:
        if _is_variable(node.element, node.variable) and node.condition is None:
            return f"list({self.expression(node.source)})"
        return f"[{self._generator(node.element, node.variable, node.source, node.condition)}]"

    def _generator(self, element: ir.Expr, variable: str, source: ir.Expr, condition: ir.Expr | None) -> str:
        text = f"{self.expression(element)} for {variable} in {self.operand(source, OR)}"
        return text if condition is None else f"{text} if {self.operand(condition, OR)}"

    def aggregate(self, node: ir.Aggregate) -> str:
        match node:
            case ir.Aggregate("count", variable, source, _, ir.Compare("==", left, wanted)) if (
                not isinstance(source, ir.Range)
                and _is_variable(left, variable)
                and not any(_is_variable(part, variable) for part in walk(wanted))
            ):
                return f"{self.operand(source, ATOM)}.count({self.expression(wanted)})"
            case ir.Aggregate("count", variable, source, _, condition):
                return f"sum({self._generator(ir.Constant(1, ir.INT), variable, source, condition)})"
            case ir.Aggregate("any" | "all" as kind, variable, source, _, condition) if condition is not None:
                return f"{kind}({self._generator(condition, variable, source, None)})"
            case ir.Aggregate(kind, variable, source, element, None) if _is_variable(element, variable):
                return f"{kind}({self.expression(source)})"
        assert node.element is not None
        return f"{node.kind}({self._generator(node.element, node.variable, node.source, node.condition)})"

    def slice(self, node: ir.Slice) -> str:
        bounds = [None if bound == _ZERO else bound for bound in (node.start, node.stop)]
        start, stop = ["" if bound is None else self.expression(bound) for bound in bounds]
        simple = all(bound is None or isinstance(bound, ir.Constant | ir.Var) for bound in bounds)
        inside = f"{start}:{stop}" if simple else f"{start} : {stop}".strip()
        return f"{self.operand(node.source, ATOM)}[{inside}]"

    def reversed(self, node: ir.Reversed) -> str:
        return f"{self.operand(node.source, ATOM)}[::-1]"

    def pop(self, node: ir.Pop) -> str:
        return f"{node.source.name}.pop()"

    # --- text ---

    def join(self, node: ir.Join) -> str:
        assert isinstance(node.source.type, ir.ListType)
        are_numbers = node.source.type.element == ir.INT
        match node.source:
            case ir.Comprehension(element, variable, source, condition):
                part = ir.ToString(element) if are_numbers else element
                inside = self._generator(part, variable, source, condition)
            case source:
                inside = f"map(str, {self.expression(source)})" if are_numbers else self.expression(source)
        return f"{self._text(node.separator)}.join({inside})"

    def split(self, node: ir.Split) -> str:
        return f"{self.operand(node.source, ATOM)}.split({self._text(node.separator)})"

    def change_case(self, node: ir.ChangeCase) -> str:
        return f"{self.operand(node.source, ATOM)}.{node.kind}()"

    def char_test(self, node: ir.CharTest) -> str:
        test = {"digit": "isdigit", "letter": "isalpha", "upper": "isupper"}[node.kind]
        return f"{self.operand(node.source, ATOM)}.{test}()"

    def char_code(self, node: ir.CharCode) -> str:
        return f"ord({self.expression(node.source)}) - ord({self._text(node.base)})"

    def char_from(self, node: ir.CharFrom) -> str:
        return f"chr(ord({self._text(node.base)}) + {self.operand(node.offset, SUM)})"

    def to_string(self, node: ir.ToString) -> str:
        return self.expression(node.source) if node.source.type == ir.CHAR else f"str({self.expression(node.source)})"

    def parse_int(self, node: ir.ParseInt) -> str:
        return f"int({self.expression(node.source)})"

    def concat(self, node: ir.Concat) -> str:
        return self.infix(node, "+")

    def format(self, node: ir.Format) -> str:
        self._quote = "'"
        parts = [part if isinstance(part, str) else self.expression(part) for part in node.parts]
        self._quote = '"'
        text = "".join(
            part.replace("{", "{{").replace("}", "}}").replace("\\", "\\\\").replace('"', '\\"')
            if isinstance(original, str)
            else f"{{{part}}}"
            for part, original in zip(parts, node.parts, strict=True)
        )
        return f'f"{text}"'

    # --- statements ---

    def let(self, node: ir.Let) -> None:
        match node.value:
            case ir.ListOf(items=()) | ir.EmptyMap():
                hint = f": {self.type(node.value.type)}"
                self.line(f"{node.name}{hint} = {self.expression(node.value)}")
            case ir.ListOf(items=items) if self._is_too_long(f"{node.name} = {self.expression(node.value)}"):
                self.line(f"{node.name} = [")
                with self.indented():
                    for item in items:
                        self.line(f"{self.expression(item)},")
                self.line("]")
            case value:
                self.line(f"{node.name} = {self.expression(value)}")

    def _is_too_long(self, text: str) -> bool:
        return len(self.indent_unit) * self._depth + len(text) > _LINE_WIDTH

    def set(self, node: ir.Set) -> None:
        self.line(f"{self.expression(node.target)} = {self.expression(node.value)}")

    def update(self, node: ir.Update) -> None:
        self.line(f"{self.expression(node.target)} {node.operator}= {self.expression(node.value)}")

    def map_put(self, node: ir.MapPut) -> None:
        self.line(f"{node.target.name}[{self.expression(node.key)}] = {self.expression(node.value)}")

    def map_add(self, node: ir.MapAdd) -> None:
        name, key = node.target.name, self.expression(node.key)
        self.line(f"{name}[{key}] = {name}.get({key}, 0) + {self.operand(node.amount, SUM)}")

    def append(self, node: ir.Append) -> None:
        self.line(f"{self.expression(node.target)}.append({self.expression(node.item)})")

    def swap(self, node: ir.Swap) -> None:
        first, second = (f"{node.target.name}[{self.expression(place)}]" for place in (node.first, node.second))
        self.line(f"{first}, {second} = {second}, {first}")

    def sort(self, node: ir.Sort) -> None:
        options = [] if node.key is None else [f"key=lambda {node.variable}: {self.expression(node.key)}"]
        options += ["reverse=True"] if node.descending else []
        self.line(f"{node.target.name}.sort({', '.join(options)})")

    def if_(self, node: ir.If, keyword: str = "if") -> None:
        self.line(f"{keyword} {self.expression(node.condition)}:")
        self.block(node.then)
        match node.otherwise:
            case [ir.If() as other]:
                self.if_(other, "elif")
            case [_, *_]:
                self.line("else:")
                self.block(node.otherwise)

    def while_(self, node: ir.While) -> None:
        self._loop(f"while {self.expression(node.condition)}", node.body)

    def for_range(self, node: ir.ForRange) -> None:
        if node.descending:
            source = self._range(node.start, plus(node.stop, -1), ir.Constant(-1, ir.INT))
        else:
            source = self._range(node.start, node.stop, *([ir.Constant(node.step, ir.INT)] if node.step > 1 else []))
        is_used = any(_is_variable(part, node.variable) for part in walk(tuple(node.body)))
        self._loop(f"for {node.variable if is_used else '_'} in {source}", node.body)

    def for_each(self, node: ir.ForEach) -> None:
        match node.source:
            case ir.Reversed(source):
                self._loop(f"for {node.variable} in reversed({self.expression(source)})", node.body)
            case source:
                self._loop(f"for {node.variable} in {self.expression(source)}", node.body)

    def for_indexed(self, node: ir.ForIndexed) -> None:
        self._loop(f"for {node.index}, {node.variable} in enumerate({self.expression(node.source)})", node.body)

    def for_entries(self, node: ir.ForEntries) -> None:
        entries = f"sorted({self.operand(node.source, ATOM)}.items())"
        self._loop(f"for {node.key}, {node.value} in {entries}", node.body)

    def _loop(self, head: str, body: ir.Block) -> None:
        self.line(f"{head}:")
        self.block(body)

    def break_(self, node: ir.Break) -> None:
        self.line("break")

    def continue_(self, node: ir.Continue) -> None:
        self.line("continue")

    def return_(self, node: ir.Return) -> None:
        self.line("return" if node.value is None else f"return {self.expression(node.value)}")

    def print(self, node: ir.Print) -> None:
        self.line(f"print({self.expression(node.value)})")

    def do(self, node: ir.Do) -> None:
        self.line(self.call(node.call))

    def comment(self, node: ir.Comment) -> None:
        self.line(f"# {node.text}")


def _is_empty_test(node: ir.Compare) -> bool:
    return node.operator == "==" and isinstance(node.left, ir.Length) and node.right == _ZERO


def _is_variable(node: ir.Expr | None, name: str) -> bool:
    return isinstance(node, ir.Var) and node.name == name


def _flattened(node: ir.Extreme) -> tuple[ir.Expr, ...]:
    """Operands of nested calls of the same kind: max(max(a, b), c) is max(a, b, c)."""
    operands: list[ir.Expr] = []
    for side in (node.left, node.right):
        operands += _flattened(side) if isinstance(side, ir.Extreme) and side.kind == node.kind else [side]
    return tuple(operands)
