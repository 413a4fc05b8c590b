"""What Go has only as statements, and which parameters it needs pointers for."""

from __future__ import annotations

from dataclasses import replace

from data_prep.builtin import program as ir
from data_prep.builtin.emitters.lowering import EXPRESSIONS, Lowering
from data_prep.builtin.tree import rebuild, root, walk


def is_zero(node: ir.Expr) -> bool:
    """Whether Go's zero value is meant."""
    return isinstance(node, ir.Constant) and not node.value


def is_byte(node: ir.Expr) -> bool:
    """Whether Go has a byte where the program has a character."""
    return isinstance(node, ir.Index) and node.type == ir.CHAR and node.source.type == ir.STRING


def _is_runes(node: ir.Comprehension) -> bool:
    """Whether a comprehension only takes a string apart."""
    is_same = isinstance(node.element, ir.Var) and node.element.name == node.variable
    return is_same and node.condition is None and node.source.type == ir.STRING


def is_map_test(node: ir.Expr) -> bool:
    """Whether a map is asked for a key."""
    return isinstance(node, ir.Contains) and isinstance(node.source.type, ir.MapType)


def leading_test(node: ir.Expr) -> ir.Contains | None:
    """Return the question for a map's key that a condition begins with: what goes into ``if _, ok := ...; ok``."""
    while isinstance(node, ir.Not | ir.Logical):
        node = node.operand if isinstance(node, ir.Not) else node.left
    return node if isinstance(node, ir.Contains) and is_map_test(node) else None


class GoLowering(Lowering):
    """Makes statements of what Go has only as such, and rewrites joins and reversed strings with what Go has."""

    def lacks(self, node: ir.Expr) -> bool:
        match node:
            case ir.Conditional() | ir.ParseInt() | ir.Reversed():
                return True
            case ir.Comprehension():
                return not _is_runes(node)
            case ir.Aggregate("max" | "min", variable, source, element):
                return isinstance(source, ir.Range) or source.type == ir.STRING or element != ir.Var(variable, ir.INT)
            case ir.Aggregate():
                return True
            case ir.Contains():
                return is_map_test(node)
            case ir.MapGet():
                return not is_zero(node.default)
            case ir.Filled():
                return isinstance(node.value, ir.Filled)
        return False

    def body(self, body: ir.Block) -> tuple[ir.Stmt, ...]:
        """Return the whole body of the function, lowered."""
        return self.block(rebuild(tuple(body), self._with_runes))

    def _with_runes(self, node: ir.Expr) -> ir.Expr:
        match node:
            case ir.Reversed(source) if node.type == ir.STRING:
                runes = ir.Comprehension(ir.Var("char", ir.CHAR), "char", source)
                return ir.Join(ir.Reversed(runes), "")
            case ir.Join(source, separator):
                return ir.Join(self._as_strings(source, separator), separator)
        return node

    def _as_strings(self, source: ir.Expr, separator: str) -> ir.Expr:
        """Return the same list as strings, unless it is one, or of characters that one string holds as they are."""
        assert isinstance(source.type, ir.ListType)
        element = source.type.element
        if element == ir.STRING or (element == ir.CHAR and not separator):
            return source
        if isinstance(source, ir.Comprehension):
            return replace(source, element=ir.ToString(source.element))
        plural = source.name if isinstance(source, ir.Var) else ""
        item = self.fresh(plural[:-1] if plural.endswith("s") else "item")
        return ir.Comprehension(ir.ToString(ir.Var(item, element)), item, source)

    def condition(self, node: ir.Expr, before: list[ir.Stmt]) -> ir.Expr:
        test = leading_test(node)
        others = (part for part in walk(node) if isinstance(part, EXPRESSIONS) and part is not test)
        if test is None or any(self.lacks(part) for part in others):
            return super().condition(node, before)
        return node

    def statement(self, node: ir.Stmt) -> tuple[ir.Stmt, ...]:
        match node:
            case ir.ForEach(variable, ir.Reversed(source) | ir.Join(ir.Reversed(source), ""), body):
                before: list[ir.Stmt] = []
                items = self.expression(source, before)
                return (*before, ir.ForEach(variable, ir.Reversed(items), self.block(body)))
        return super().statement(node)

    def names(self, node: ir.Expr) -> tuple[str, ...]:
        return ("runes", "letters") if node.type == ir.ListType(ir.CHAR) else super().names(node)


def pointer_parameters(functions: tuple[ir.Function, ...]) -> dict[str, set[str | None]]:
    """Return, by function, the parameters that are pointers: records that change, lists that grow or shrink."""
    pointers: dict[str, set[str | None]] = {
        function.name: {
            item.name for item in function.parameters if item.mutated and isinstance(item.type, ir.RecordType)
        }
        for function in functions
    }
    names = {function.name: [item.name for item in function.parameters] for function in functions}
    stable = False
    while not stable:
        stable = True
        for function in functions:
            found: set[str | None] = set()
            for node in walk(tuple(function.body)):
                match node:
                    case ir.Append(ir.Var(name)) | ir.Pop(ir.Var(name)):
                        found.add(name)
                    case ir.Call(called, arguments):
                        passed = zip(names[called], arguments, strict=True)
                        found.update(root(value) for parameter, value in passed if parameter in pointers[called])
            grown = found.intersection(names[function.name]) - pointers[function.name]
            pointers[function.name] |= grown
            stable = stable and not grown
    return pointers
