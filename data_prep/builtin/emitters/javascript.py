"""Writes a program in JavaScript, laid out as prettier would but with long lines left whole."""

from __future__ import annotations

import json

from data_prep.builtin import program as ir
from data_prep.builtin.emitter import ATOM, OR, PRODUCT, SUM, UNARY, Emitter, camel_case
from data_prep.builtin.emitters.lowering import ONE, ZERO, Lowering, negate, sort_keys, substitute, variables
from data_prep.builtin.tree import plus, walk

_LINE_WIDTH = 80
_CHAR_TESTS = {"digit": "/[0-9]/", "letter": "/[a-z]/i", "upper": "/[A-Z]/"}


class _JavaScriptLowering(Lowering):
    """Makes loops of what counts through a range: an array would only be made to be thrown away."""

    def lacks(self, node: ir.Expr) -> bool:
        match node:
            case ir.Aggregate(source=ir.Range()):
                return True
            case ir.Comprehension(source=ir.Range(), condition=condition):
                return condition is not None
        return False


def _span(source: ir.Range) -> ir.Expr:
    """Return the number of integers in a range."""
    if isinstance(source.start, ir.Constant):
        return plus(source.stop, -int(source.start.value))
    return ir.Arithmetic("-", source.stop, source.start)


def _is_misread(node: ir.Expr, side: ir.Expr) -> bool:
    """Whether prettier puts parentheses around a side although precedence needs none."""
    match node, side:
        case ir.Logical("or"), ir.Logical("and"):
            return True
        case ir.Arithmetic("*" | "//" | "%"), ir.Arithmetic("*" | "%"):
            return not node.operator == side.operator == "*"
        case ir.Arithmetic("+" | "-"), ir.Arithmetic("%"):
            return True
    return False


class JavaScriptEmitter(Emitter):
    """Writes modern JavaScript: const and let, arrow functions, template literals, Map, object literals as records."""

    indent_unit = "  "

    def program(self, program: ir.Program) -> None:
        if program.doc:
            self.line(f"// {program.doc}")
            self.line()
        for record in program.records:
            self.record(record)
        for function in (*program.functions, ir.Function("main", (), None, program.main)):
            self.function(function)
            self.line()
        self.line("main();")

    def record(self, record: ir.Record) -> None:
        """Write the declaration of a record; JavaScript needs none."""

    def function(self, function: ir.Function) -> None:
        """Write a function."""
        if function.doc:
            self.line(f"/** {function.doc} */")
        body = _JavaScriptLowering(function.body, set(self.functions)).block(function.body)
        assigned = (node.target for node in walk(body) if isinstance(node, ir.Set | ir.Update))
        self._assigned = {target.name for target in assigned if isinstance(target, ir.Var)}
        self._braces(f"function {self.signature(function)}", body)

    def signature(self, function: ir.Function) -> str:
        """Return a function's name and parameters."""
        return f"{camel_case(function.name)}({', '.join(camel_case(item.name) for item in function.parameters)})"

    def annotation(self, value: ir.Expr) -> str:
        """Return what a declaration says about the type of a value; in JavaScript nothing."""
        return ""

    def type_arguments(self, *types: ir.Type) -> str:
        """Return the type arguments of a constructor; in JavaScript none."""
        return ""

    def present(self, text: str) -> str:
        """Return an expression that is known not to be undefined; JavaScript has no sign for it."""
        return text

    def binding(self, node: ir.Expr) -> int:
        match node:
            case ir.Not(ir.Compare()):
                return super().binding(node.operand)
            case ir.Not():
                return UNARY
            case ir.MapGet():
                return OR
            case ir.CharCode():
                return SUM
            case ir.Arithmetic("//"):
                return ATOM
            case ir.Constant(int(value)) if value < 0:
                return UNARY
            case ir.ToString() if node.source.type == ir.CHAR:
                return self.binding(node.source)
        return super().binding(node)

    def infix(self, node: ir.Arithmetic | ir.Compare | ir.Logical | ir.Concat, operator: str) -> str:
        if not (_is_misread(node, node.left) or _is_misread(node, node.right)):
            return super().infix(node, operator)
        sides = ((node.left, self.binding(node)), (node.right, self.binding(node) + 1))
        return f" {operator} ".join(
            self.operand(side, ATOM + 1 if _is_misread(node, side) else binding) for side, binding in sides
        )

    # --- plain expressions ---

    def constant(self, node: ir.Constant) -> str:
        return json.dumps(node.value)

    def var(self, node: ir.Var) -> str:
        return camel_case(node.name)

    def arithmetic(self, node: ir.Arithmetic) -> str:
        if node.operator == "//":
            left = self.operand(node.left, ATOM + 1 if _is_misread(node, node.left) else PRODUCT)
            return f"Math.floor({left} / {self.operand(node.right, UNARY)})"
        return self.infix(node, node.operator)

    def compare(self, node: ir.Compare) -> str:
        return self.infix(node, {"==": "===", "!=": "!=="}.get(node.operator, node.operator))

    def logical(self, node: ir.Logical) -> str:
        return self.infix(node, "&&" if node.operator == "and" else "||")

    def not_(self, node: ir.Not) -> str:
        if isinstance(node.operand, ir.Compare):
            return self.expression(negate(node.operand))
        return f"!{self.operand(node.operand, UNARY)}"

    def negate(self, node: ir.Negate) -> str:
        return f"-{self.operand(node.operand, ATOM)}"

    def call(self, node: ir.Call) -> str:
        return f"{camel_case(node.function)}({self.arguments(node.arguments)})"

    def extreme(self, node: ir.Extreme) -> str:
        return f"Math.{node.kind}({self.arguments((node.left, node.right))})"

    def absolute(self, node: ir.Absolute) -> str:
        return f"Math.abs({self.expression(node.operand)})"

    def conditional(self, node: ir.Conditional) -> str:
        return f"{self.operand(node.condition, OR)} ? {self.operand(node.then, OR)} : {self.expression(node.otherwise)}"

    def field(self, node: ir.Field) -> str:
        return f"{self.expression(node.source)}.{camel_case(node.name)}"

    def new_record(self, node: ir.NewRecord) -> str:
        fields = (camel_case(name) for name, _ in self.records[node.record].fields)
        parts = zip(fields, map(self.expression, node.values), strict=True)
        return f"{{ {', '.join(name if name == value else f'{name}: {value}' for name, value in parts)} }}"

    # --- text ---

    def char_test(self, node: ir.CharTest) -> str:
        return f"{_CHAR_TESTS[node.kind]}.test({self.expression(node.source)})"

    def char_code(self, node: ir.CharCode) -> str:
        if isinstance(node.source, ir.Index):
            text, position = self.operand(node.source.source, ATOM), self.expression(node.source.position)
        else:
            text, position = self.operand(node.source, ATOM), "0"
        return f'{text}.charCodeAt({position}) - "{node.base}".charCodeAt(0)'

    def char_from(self, node: ir.CharFrom) -> str:
        return f'String.fromCharCode("{node.base}".charCodeAt(0) + {self.operand(node.offset, SUM)})'

    def change_case(self, node: ir.ChangeCase) -> str:
        return f"{self.operand(node.source, ATOM)}.to{node.kind.capitalize()}Case()"

    def to_string(self, node: ir.ToString) -> str:
        text = self.expression(node.source)
        return text if node.source.type == ir.CHAR else f"String({text})"

    def parse_int(self, node: ir.ParseInt) -> str:
        return f"Number({self.expression(node.source)})"

    def concat(self, node: ir.Concat) -> str:
        return self.infix(node, "+")

    def format(self, node: ir.Format) -> str:
        if all(isinstance(part, str) for part in node.parts):
            return json.dumps("".join(str(part) for part in node.parts))
        return f"`{''.join(self._template_part(part) for part in node.parts)}`"

    def _template_part(self, part: str | ir.Expr) -> str:
        if isinstance(part, str):
            escaped = json.dumps(part)[1:-1].replace('\\"', '"')
            return escaped.replace("`", "\\`").replace("${", "\\${")
        return f"${{{self.expression(part.source if isinstance(part, ir.ToString) else part)}}}"

    def join(self, node: ir.Join) -> str:
        source = node.source
        match source:
            case ir.Comprehension(ir.ToString(inner), variable, items, condition):
                # join makes strings of its items by itself.
                source = ir.Comprehension(inner, variable, items, condition)
                is_all = condition is None and isinstance(items.type, ir.ListType) and not isinstance(items, ir.Range)
                if is_all and isinstance(inner, ir.Var) and inner.name == variable:
                    source = items
        return f"{self.operand(source, ATOM)}.join({json.dumps(node.separator)})"

    def split(self, node: ir.Split) -> str:
        return f"{self.operand(node.source, ATOM)}.split({json.dumps(node.separator)})"

    # --- lists and maps ---

    def list_of(self, node: ir.ListOf) -> str:
        return f"[{self.arguments(node.items)}]"

    def filled(self, node: ir.Filled) -> str:
        count = self.expression(node.count)
        if isinstance(node.value, ir.Filled):
            return f"Array.from({{ length: {count} }}, () => {self.expression(node.value)})"
        return f"new Array{self.type_arguments(node.value.type)}({count}).fill({self.expression(node.value)})"

    def empty_map(self, node: ir.EmptyMap) -> str:
        return f"new Map{self.type_arguments(node.type.key, node.type.value)}()"

    def copy(self, node: ir.Copy) -> str:
        return f"[...{self.expression(node.source)}]"

    def index(self, node: ir.Index) -> str:
        return f"{self.operand(node.source, ATOM)}[{self.expression(node.position)}]"

    def length(self, node: ir.Length) -> str:
        size = "size" if isinstance(node.source.type, ir.MapType) else "length"
        return f"{self.operand(node.source, ATOM)}.{size}"

    def map_get(self, node: ir.MapGet) -> str:
        return f"{self.expression(node.source)}.get({self.expression(node.key)}) ?? {self.operand(node.default, OR)}"

    def map_lookup(self, node: ir.MapLookup) -> str:
        return self.present(f"{self.expression(node.source)}.get({self.expression(node.key)})")

    def contains(self, node: ir.Contains) -> str:
        method = "has" if isinstance(node.source.type, ir.MapType) else "includes"
        return f"{self.operand(node.source, ATOM)}.{method}({self.expression(node.item)})"

    def sorted_keys(self, node: ir.SortedKeys) -> str:
        order = "(a, b) => a - b" if node.type == ir.ListType(ir.INT) else ""
        return f"[...{self.operand(node.source, ATOM)}.keys()].sort({order})"

    def slice(self, node: ir.Slice) -> str:
        start = ZERO if node.start is None else node.start
        bounds = (start,) if node.stop is None else (start, node.stop)
        return f"{self.operand(node.source, ATOM)}.slice({self.arguments(bounds)})"

    def reversed(self, node: ir.Reversed) -> str:
        if node.type == ir.STRING:
            return f'[...{self.expression(node.source)}].reverse().join("")'
        is_new = not isinstance(node.source, ir.Var | ir.Index)
        return f"{self.operand(node.source, ATOM) if is_new else f'[...{self.expression(node.source)}]'}.reverse()"

    def pop(self, node: ir.Pop) -> str:
        return self.present(f"{self.expression(node.source)}.pop()")

    # --- comprehensions and aggregates ---

    def comprehension(self, node: ir.Comprehension) -> str:
        source, element = node.source, node.element
        is_same = isinstance(element, ir.Var) and element.name == node.variable
        if isinstance(source, ir.Range) and node.condition is None:
            mentions = sum(isinstance(part, ir.Var) and part.name == node.variable for part in walk(element))
            if source.start == ZERO or mentions == 1:
                return self._counted(node.variable, source, element)
        elif is_same and node.condition is None:
            return f"[...{self.expression(source)}]"
        text = self._filtered(node.variable, source, node.condition)
        return text if is_same else f"{text}.map({self._arrow(node.variable, element)})"

    def aggregate(self, node: ir.Aggregate) -> str:
        if node.kind in ("any", "all"):
            assert node.condition is not None
            method = "some" if node.kind == "any" else "every"
            return f"{self._array(node.variable, node.source)}.{method}({self._arrow(node.variable, node.condition)})"
        items = self._filtered(node.variable, node.source, node.condition)
        if node.element is None:
            return f"{items}.length"
        if node.kind == "sum":
            added = self.operand(node.element, SUM)
            return f"{items}.reduce((sum, {camel_case(node.variable)}) => sum + {added}, 0)"
        values = ir.Comprehension(node.element, node.variable, node.source, node.condition)
        text = self.expression(values)
        is_spread = text.startswith("[...") and text.endswith("]")
        return f"Math.{node.kind}({text[1:-1] if is_spread else f'...{text}'})"

    def _array(self, variable: str, source: ir.Expr) -> str:
        """Return an array of what is visited."""
        if isinstance(source, ir.Range):
            return self._counted(variable, source, ir.Var(variable, ir.INT))
        return f"[...{self.expression(source)}]" if source.type == ir.STRING else self.operand(source, ATOM)

    def _counted(self, variable: str, source: ir.Range, element: ir.Expr) -> str:
        """Return an array made of its positions, which are moved to where the range starts."""
        if source.start != ZERO:
            element = substitute(element, variable, ir.Arithmetic("+", ir.Var(variable, ir.INT), source.start))
        length = self.expression(_span(source))
        shorthand = "length" if length == "length" else f"length: {length}"
        return f"Array.from({{ {shorthand} }}, (_, {camel_case(variable)}) => {self._arrow_body(element)})"

    def _filtered(self, variable: str, source: ir.Expr, condition: ir.Expr | None) -> str:
        array = self._array(variable, source)
        return array if condition is None else f"{array}.filter({self._arrow(variable, condition)})"

    def _arrow(self, variable: str, body: ir.Expr) -> str:
        match body:
            case ir.ParseInt(ir.Var(name)) if name == variable:
                return "Number"
            case ir.ToString(ir.Var(name, ir.Scalar("int"))) if name == variable:
                return "String"
        return f"({camel_case(variable)}) => {self._arrow_body(body)}"

    def _arrow_body(self, body: ir.Expr) -> str:
        text = self.expression(body)
        return f"({text})" if isinstance(body, ir.NewRecord | ir.Conditional) else text

    # --- statements ---

    def _braces(self, header: str, body: ir.Block) -> None:
        self.line(f"{header} {{")
        self.block(body)
        self.line("}")

    def let(self, node: ir.Let) -> None:
        keyword = "let" if node.name in self._assigned else "const"
        head = f"{keyword} {camel_case(node.name)}{self.annotation(node.value)} ="
        text = f"{head} {self.expression(node.value)};"
        if isinstance(node.value, ir.ListOf) and len(self.indent_unit) * self._depth + len(text) > _LINE_WIDTH:
            self.line(f"{head} [")
            with self.indented():
                for item in node.value.items:
                    self.line(f"{self.expression(item)},")
            self.line("];")
        else:
            self.line(text)

    def set(self, node: ir.Set) -> None:
        self.line(f"{self.expression(node.target)} = {self.expression(node.value)};")

    def update(self, node: ir.Update) -> None:
        target = self.expression(node.target)
        if node.value == ONE and node.operator in ("+", "-"):
            self.line(f"{target}{node.operator * 2};")
        elif node.operator == "//":
            self.line(f"{target} = Math.floor({target} / {self.operand(node.value, UNARY)});")
        else:
            self.line(f"{target} {node.operator}= {self.expression(node.value)};")

    def map_put(self, node: ir.MapPut) -> None:
        self.line(f"{self.expression(node.target)}.set({self.arguments((node.key, node.value))});")

    def map_add(self, node: ir.MapAdd) -> None:
        target, key = self.expression(node.target), self.expression(node.key)
        self.line(f"{target}.set({key}, ({target}.get({key}) ?? 0) + {self.operand(node.amount, SUM)});")

    def append(self, node: ir.Append) -> None:
        self.line(f"{self.expression(node.target)}.push({self.expression(node.item)});")

    def swap(self, node: ir.Swap) -> None:
        first = self.expression(ir.Index(node.target, node.first))
        second = self.expression(ir.Index(node.target, node.second))
        self.line(f"[{first}, {second}] = [{second}, {first}];")

    def sort(self, node: ir.Sort) -> None:
        target = self.expression(node.target)
        names, first, second = sort_keys(node)
        if first.type == ir.INT:
            order = self.expression(ir.Arithmetic("-", first, second))
        elif node.key is not None:
            order = f"{self.operand(first, ATOM)}.localeCompare({self.expression(second)})"
        else:
            self.line(f"{target}.sort(){'.reverse()' if node.descending else ''};")
            return
        self.line(f"{target}.sort(({', '.join(names)}) => {order});")

    def if_(self, node: ir.If) -> None:
        self.line(f"if ({self.expression(node.condition)}) {{")
        self.block(node.then)
        otherwise = node.otherwise
        while len(otherwise) == 1 and isinstance(nested := otherwise[0], ir.If):
            self.line(f"}} else if ({self.expression(nested.condition)}) {{")
            self.block(nested.then)
            otherwise = nested.otherwise
        if otherwise:
            self.line("} else {")
            self.block(otherwise)
        self.line("}")

    def while_(self, node: ir.While) -> None:
        self._braces(f"while ({self.expression(node.condition)})", node.body)

    def for_range(self, node: ir.ForRange) -> None:
        name = camel_case(node.variable)
        step = f"{name}--" if node.descending else f"{name}++" if node.step == 1 else f"{name} += {node.step}"
        self._braces(f"for (let {name} = {self.expression(node.start)}; {name} {self._bound(node)}; {step})", node.body)

    def _bound(self, node: ir.ForRange) -> str:
        if node.descending:
            return f">= {self.operand(node.stop, SUM)}"
        match node.stop:
            case ir.Arithmetic("+", left, ir.Constant(1)):
                return f"<= {self.operand(left, SUM)}"
        return f"< {self.operand(node.stop, SUM)}"

    def for_each(self, node: ir.ForEach) -> None:
        self._braces(f"for (const {camel_case(node.variable)} of {self.expression(node.source)})", node.body)

    def for_indexed(self, node: ir.ForIndexed) -> None:
        names = f"{camel_case(node.index)}, {camel_case(node.variable)}"
        items = self._array("", node.source)
        self._braces(f"for (const [{names}] of {items}.entries())", node.body)

    def for_entries(self, node: ir.ForEntries) -> None:
        assert isinstance(node.source.type, ir.MapType)
        key = ir.Var(node.key, node.source.type.key)
        value = (ir.Let(node.value, ir.MapLookup(node.source, key)),) if node.value in variables(node.body) else ()
        self.for_each(ir.ForEach(node.key, ir.SortedKeys(node.source), (*value, *node.body)))

    def break_(self, node: ir.Break) -> None:
        self.line("break;")

    def continue_(self, node: ir.Continue) -> None:
        self.line("continue;")

    def return_(self, node: ir.Return) -> None:
        self.line("return;" if node.value is None else f"return {self.expression(node.value)};")

    def print(self, node: ir.Print) -> None:
        self.line(f"console.log({self.expression(node.value)});")

    def do(self, node: ir.Do) -> None:
        self.line(f"{self.expression(node.call)};")

    def comment(self, node: ir.Comment) -> None:
        self.line(f"// {node.text}")
