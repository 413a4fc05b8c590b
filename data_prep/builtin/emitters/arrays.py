"""Which list variables of a program never change their length, and so become arrays in Java and C#."""

from __future__ import annotations

from data_prep.builtin import program as ir
from data_prep.builtin.tree import root, walk

Variable = tuple[str, str]
"""A function's name (empty for main) and a variable's."""

# Places where an array does as well as a list; anywhere else the variable has to be a list.
_ARRAY_PLACES = {
    (ir.Index, "source"), (ir.Length, "source"), (ir.ForEach, "source"), (ir.ForIndexed, "source"), (ir.Join, "source"),
    (ir.Comprehension, "source"), (ir.Aggregate, "source"), (ir.Swap, "target"),
}  # fmt: skip


def array_variables(program: ir.Program) -> set[Variable]:
    """Return the variables that hold a list of fixed length wherever it goes: tables, grids, parts of a split text."""
    return _Analysis(program).result()


def is_array_value(value: ir.Expr) -> bool:
    """Whether a new list is written as a new array where its variable allows it."""
    match value:
        case ir.Filled(ir.Filled() as row):
            return is_array_value(row)
        case ir.Filled() | ir.Split():
            return True
        case ir.ListOf(ir.ListType(), rows):
            return all(isinstance(row, ir.ListOf) for row in rows)
    return False


class _Analysis:
    """Collects who could be an array, who cannot, and which variables share a list and so decide together."""

    def __init__(self, program: ir.Program) -> None:
        self.parameters = {
            function.name: [parameter.name for parameter in function.parameters] for function in program.functions
        }
        self.arrays: set[Variable] = set()
        self.lists: set[Variable] = set()
        self.links: list[tuple[Variable, Variable]] = []
        for function in program.functions:
            self.arrays.update((function.name, p.name) for p in function.parameters if isinstance(p.type, ir.ListType))
            self.visit(function.name, function.body)
        self.visit("", program.main)

    def result(self) -> set[Variable]:
        arrays = self.arrays - self.lists
        while mixed := arrays & {variable for link in self.links if not arrays.issuperset(link) for variable in link}:
            arrays -= mixed
        return arrays

    def visit(self, function: str, body: ir.Block) -> None:
        for node in walk(tuple(body)):
            if isinstance(node, ir.Let) and is_array_value(node.value):
                self.arrays.add((function, node.name))
            for place, part in vars(node).items():
                for position, child in enumerate(part if isinstance(part, tuple) else (part,)):
                    if isinstance(child, ir.Var | ir.Index) and isinstance(child.type, ir.ListType):
                        self.use(function, node, place, position, child)
                    elif isinstance(node, ir.Call) and place == "arguments":
                        self.lists.add((node.function, self.parameters[node.function][position]))

    def use(self, function: str, node: object, place: str, position: int, child: ir.Var | ir.Index) -> None:
        variable = (function, root(child) or "")
        if isinstance(node, ir.Call) and isinstance(child, ir.Var):
            self.links.append((variable, (node.function, self.parameters[node.function][position])))
        elif (type(node), place) not in _ARRAY_PLACES or _lacks_a_stream(node, child):
            self.lists.add(variable)
        elif isinstance(node, ir.ForEach | ir.ForIndexed | ir.Comprehension | ir.Aggregate) and _is_nested(child):
            self.arrays.add((function, node.variable))
            self.links.append((variable, (function, node.variable)))


def _lacks_a_stream(node: object, source: ir.Expr) -> bool:
    # Java streams int[] and String[], but not boolean[] and char[].
    streamed = isinstance(node, ir.Comprehension | ir.Aggregate | ir.Join)
    return streamed and source.type in (ir.ListType(ir.BOOL), ir.ListType(ir.CHAR))


def _is_nested(node: ir.Expr) -> bool:
    return isinstance(node.type, ir.ListType) and isinstance(node.type.element, ir.ListType)
