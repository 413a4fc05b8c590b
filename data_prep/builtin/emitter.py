"""What the seven emitters share: dispatch over the nodes of a program, operator binding, indentation, names."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from contextlib import contextmanager

from data_prep.builtin import program as ir


def camel_case(name: str) -> str:
    """``max_value`` -> ``maxValue``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def pascal_case(name: str) -> str:
    """``max_value`` -> ``MaxValue``; PascalCase stays."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _method_name(node: object) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(node).__name__).lower()
    return name + "_" if keyword.iskeyword(name) else name


# How tightly an operator binds; the same order in all seven languages.
CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, UNARY, ATOM = range(9)


class Emitter:
    """Writes a program as source text of one language.

    A subclass has one method per node, named after it: ``arithmetic``, ``for_range``, ``if_``. A method for an
    expression returns its text; a method for a statement calls `line` and `block`. `program` writes the frame.
    """

    indent_unit = "    "

    def emit(self, program: ir.Program) -> str:
        """Return the whole source file, with a newline at its end."""
        self.functions = {function.name: function for function in program.functions}
        self.records = {record.name: record for record in program.records}
        self._lines: list[str] = []
        self._depth = 0
        self.program(program)
        return "\n".join(self._lines).strip("\n") + "\n"

    def program(self, program: ir.Program) -> None:
        """Write the frame of the file: imports, records, functions, main."""
        raise NotImplementedError

    # --- text ---

    def line(self, text: str = "") -> None:
        """Add a line at the present indentation."""
        self._lines.append(self.indent_unit * self._depth + text if text else "")

    @contextmanager
    def indented(self) -> Iterator[None]:
        """Indent the lines added inside."""
        self._depth += 1
        yield
        self._depth -= 1

    def block(self, statements: ir.Block) -> None:
        """Write statements, one level in."""
        with self.indented():
            for statement in statements:
                self.statement(statement)

    # --- dispatch ---

    def statement(self, node: ir.Stmt) -> None:
        """Write one statement."""
        getattr(self, _method_name(node))(node)

    def expression(self, node: ir.Expr) -> str:
        """Return the text of an expression."""
        return str(getattr(self, _method_name(node))(node))

    def operand(self, node: ir.Expr, binding: int) -> str:
        """Return the text of an expression, in parentheses if it binds less tightly than asked."""
        text = self.expression(node)
        return text if self.binding(node) >= binding else f"({text})"

    def arguments(self, nodes: tuple[ir.Expr, ...]) -> str:
        """Return expressions with commas between."""
        return ", ".join(self.expression(node) for node in nodes)

    def binding(self, node: ir.Expr) -> int:
        """How tightly the text of an expression binds; override where a language writes a node otherwise."""
        match node:
            case ir.Conditional():
                return CONDITIONAL
            case ir.Logical():
                return OR if node.operator == "or" else AND
            case ir.Not():
                return NOT
            case ir.Compare():
                return COMPARISON
            case ir.Arithmetic():
                return SUM if node.operator in ("+", "-") else PRODUCT
            case ir.Concat():
                return SUM
            case ir.Negate():
                return UNARY
            case _:
                return ATOM

    def infix(self, node: ir.Arithmetic | ir.Compare | ir.Logical | ir.Concat, operator: str) -> str:
        """Return ``left operator right`` with the parentheses that are needed and no others."""
        level = self.binding(node)
        associative = (isinstance(node, ir.Arithmetic) and node.operator == "+") or isinstance(
            node, ir.Logical | ir.Concat
        )
        right_level = level if associative else level + 1
        left_level = level + 1 if isinstance(node, ir.Compare) else level
        return f"{self.operand(node.left, left_level)} {operator} {self.operand(node.right, right_level)}"
