"""The rules that sampled programs keep, beyond those of `program`, so that emitters need not handle the rest.

* Names are unique within a function, loop variables included, and are no keyword or built-in name of any language;
  of two loops one after the other, both may use a name for variables of the same type.
* Everything declared is used; `mutable` and `mutated` are set exactly where something is changed.
* What a comprehension, aggregate or sort key uses from outside never changes, and is no counter of a loop, as
  Java's lambdas demand.
* No two variables share a list, map or record: results and arguments are variables or fresh, and no parameter is
  returned.
* Every path of a function with a result ends in `Return`, and no statement follows a jump.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data_prep.builtin import program as ir
from data_prep.builtin import words
from data_prep.builtin.tree import changed, walk

_JUMPS = (ir.Return, ir.Break, ir.Continue)
_FRESH = (
    ir.ListOf, ir.Filled, ir.EmptyMap, ir.NewRecord, ir.Copy, ir.Comprehension, ir.SortedKeys, ir.Slice, ir.Reversed,
    ir.Split, ir.Call,
)  # fmt: skip


def broken_rules(program: ir.Program) -> list[str]:
    """Return what a program breaks, one line each."""
    return list(_broken(program))


def _broken(program: ir.Program) -> Iterator[str]:
    functions = {function.name: function for function in program.functions}
    used = _called(program.main, functions, set())
    made = {node.record for node in _everything(program) if isinstance(node, ir.NewRecord)}
    yield from (f"function {name} is unused" for name in functions if name not in used)
    yield from (f"record {record.name} is unused" for record in program.records if record.name not in made)
    read = {node.name for node in _everything(program) if isinstance(node, ir.Field)}
    for record in program.records:
        yield from (f"field {name} is unused" for name, _ in record.fields if name not in read)
        yield from (f"field {name} is reserved" for name, _ in record.fields if name in words.RESERVED)
    yield from (f"{name} is a reserved name" for name in functions if name in words.RESERVED)
    for name, parameters, result, body in [
        ("main", (), None, program.main),
        *((item.name, item.parameters, item.result, item.body) for item in program.functions),
    ]:
        for complaint in _broken_in_body(parameters, result, tuple(body), functions):
            yield f"{name}: {complaint}"


def _called(body: ir.Block, functions: dict[str, ir.Function], known: set[str]) -> set[str]:
    """Return the functions that a block calls, by itself or through others."""
    for node in walk(tuple(body)):
        if isinstance(node, ir.Call) and node.function not in known:
            known.add(node.function)
            _called(functions[node.function].body, functions, known)
    return known


def _everything(program: ir.Program) -> Iterator[Any]:
    yield from walk((tuple(program.main), tuple(tuple(function.body) for function in program.functions)))


def _broken_in_body(
    parameters: tuple[ir.Parameter, ...], result: ir.Type | None, body: ir.Block, functions: dict[str, ir.Function]
) -> Iterator[str]:
    nodes = list(walk(body))
    names = changed(body, functions)
    for parameter in parameters:
        if parameter.mutated != (parameter.name in names):
            yield f"parameter {parameter.name} is marked wrongly"
    targets = [node.target for node in nodes if isinstance(node, ir.Set | ir.Update)]
    assigned = {target.name for target in targets if isinstance(target, ir.Var)}
    yield from (f"parameter {item.name} is assigned" for item in parameters if item.name in assigned)
    if result is not None and not _returns(body):
        yield "ends without a result"
    yield from _broken_blocks(body)
    yield from _broken_names(parameters, body, functions)
    yield from _broken_captures(parameters, body)
    parameter_names = {parameter.name for parameter in parameters}
    for node in nodes:
        yield from _broken_node(node, parameter_names, names)
    pops = sum(isinstance(node, ir.Pop) for node in nodes)
    if pops != sum(isinstance(node, ir.Let | ir.Set) and isinstance(node.value, ir.Pop) for node in nodes):
        yield "pop is part of another expression"
    ranges = sum(isinstance(node, ir.Range) for node in nodes)
    if ranges != sum(isinstance(getattr(node, "source", None), ir.Range) for node in nodes):
        yield "a range outside of a comprehension"


def _is_var(node: object) -> bool:
    return isinstance(node, ir.Var)


def _is_shared(type_: ir.Type | None) -> bool:
    return isinstance(type_, ir.ListType | ir.MapType | ir.RecordType)


def _returns(body: ir.Block) -> bool:
    match body:
        case (*_, ir.Return()):
            return True
        case (*_, ir.If(_, then, otherwise)):
            return _returns(then) and _returns(otherwise)
        case (*_, ir.While(ir.Constant(True), inner)):
            return not any(isinstance(node, ir.Break) for node in walk(tuple(inner)))
    return False


def _broken_blocks(body: ir.Block) -> Iterator[str]:
    if not [node for node in body if not isinstance(node, ir.Comment)]:
        yield "an empty block"
    if any(isinstance(node, _JUMPS) or (isinstance(node, ir.If) and _returns((node,))) for node in body[:-1]):
        yield "code that is never reached"
    for node in body:
        match node:
            case ir.If():
                yield from _broken_blocks(node.then)
                if node.otherwise:
                    yield from _broken_blocks(node.otherwise)
            case ir.While() | ir.ForRange() | ir.ForEach() | ir.ForIndexed() | ir.ForEntries():
                yield from _broken_blocks(node.body)


def _declarations(node: Any) -> list[tuple[str, str]]:
    """Names that a node declares, and what for: a variable, or the type of a loop variable."""
    match node:
        case ir.Let(name):
            return [(name, "variable")]
        case ir.ForRange(name):
            return [(name, str(ir.INT))]
        case ir.ForEach(name, source) | ir.Sort(ir.Var() as source, name):
            return [(name, str(_element(source.type)))] if name else []
        case ir.ForIndexed(index, name, source):
            return [(index, str(ir.INT)), (name, str(_element(source.type)))]
        case ir.ForEntries(key, name, source):
            assert isinstance(source.type, ir.MapType)
            return [(key, str(source.type.key)), (name, str(source.type.value))]
        case ir.Comprehension() | ir.Aggregate():
            return [(node.variable, str(_element(node.source.type)))]
    return []


def _element(type_: ir.Type) -> ir.Type:
    return type_.element if isinstance(type_, ir.ListType) else ir.CHAR


def _broken_names(parameters: tuple[ir.Parameter, ...], body: ir.Block, functions: dict[str, Any]) -> Iterator[str]:
    seen = {parameter.name: "variable" for parameter in parameters}
    for node in walk(body):
        names = [name for name, _ in _declarations(node)]
        inner = [name for part in walk(node) if part is not node for name, _ in _declarations(part)]
        if not isinstance(node, ir.Let):
            yield from (f"{name} is declared twice, one inside the other" for name in names if name in inner)
        for name, use in _declarations(node):
            if name in words.RESERVED or name in ("l", "O"):
                yield f"{name} is a reserved name"
            if name in functions:
                yield f"{name} is a function and a variable"
            if name in seen and (use == "variable" or seen[name] != use):
                yield f"{name} is declared twice"
            seen[name] = use
    read = {node.name for node in _read(body)}
    declared = {name for node in walk(body) for name, _ in _declarations(node) if not isinstance(node, ir.ForRange)}
    yield from (f"{name} is unused" for name in sorted(declared.union(item.name for item in parameters) - read))


def _read(node: Any) -> Iterator[ir.Var]:
    """Variables that are read: the target of an assignment alone is not."""
    if isinstance(node, tuple):
        for item in node:
            yield from _read(item)
        return
    parts = [part for part in walk(node) if isinstance(part, ir.Var)]
    match node:
        case ir.Set(ir.Var(), value) | ir.Update(ir.Var(), _, value):
            parts = list(_read(value))
        case ir.If(condition, then, otherwise):
            parts = [*_read(condition), *_read(tuple(then)), *_read(tuple(otherwise))]
        case ir.While(condition, body):
            parts = [*_read(condition), *_read(tuple(body))]
        case ir.ForRange():
            parts = [*_read(node.start), *_read(node.stop), *_read(tuple(node.body))]
        case ir.ForEach() | ir.ForIndexed() | ir.ForEntries():
            parts = [*_read(node.source), *_read(tuple(node.body))]
    yield from parts


def _broken_captures(parameters: tuple[ir.Parameter, ...], body: ir.Block) -> Iterator[str]:
    counters = {node.variable for node in walk(body) if isinstance(node, ir.ForRange)}
    counters.update(node.index for node in walk(body) if isinstance(node, ir.ForIndexed))
    counters.update(node.name for node in walk(body) if isinstance(node, ir.Let) and node.mutable)
    for node in walk(body):
        match node:
            case ir.Comprehension(element, variable, _, condition):
                inside: tuple[ir.Expr | None, ...] = (element, condition)
            case ir.Aggregate(_, variable, _, element, condition):
                inside = (element, condition)
            case ir.Sort(_, variable, key):
                inside = (key,)
            case _:
                continue
        for part in walk(inside):
            if isinstance(part, ir.Var) and part.name in counters and part.name != variable:
                yield f"{part.name} changes, and is used in a lambda"


def _broken_node(node: Any, parameters: set[str], names: set[str | None]) -> Iterator[str]:
    match node:
        case ir.Let(name, value) | ir.Set(ir.Var(name), value):
            if _is_shared(value.type) and (_is_var(value) or isinstance(value, ir.Conditional)):
                yield f"{name} shares what another variable holds"
            if _is_shared(value.type) and isinstance(value, ir.Index | ir.MapLookup) and name in names:
                yield f"{name} is part of a list and is changed"
        case ir.Return(value) if value is not None and _is_shared(value.type):
            if not (value.name not in parameters if isinstance(value, ir.Var) else isinstance(value, _FRESH)):
                yield "the result is not a local variable or fresh"
        case ir.Call(_, arguments):
            for argument in arguments:
                if _is_shared(argument.type) and not isinstance(argument, (ir.Var, *_FRESH)):
                    yield "an argument is neither a variable nor fresh"
        case ir.ListOf(_, items):
            if not all(isinstance(item, ir.Constant | ir.Var | ir.NewRecord | ir.ListOf) for item in items):
                yield "a list of other than constants and variables"
            if any(_is_var(item) and _is_shared(item.type) for item in items):
                yield "a list shares its items"
        case ir.Append(_, item) if isinstance(item.type, ir.RecordType) and not isinstance(item, ir.NewRecord | ir.Var):
            yield "an appended record is not new"
        case ir.Append(_, item) if isinstance(item.type, ir.ListType):
            yield "a list is appended to a list"
        case ir.EmptyMap(ir.MapType(key, value)) if key == ir.BOOL or value not in (ir.INT, ir.STRING):
            yield "a map of another type"
        case ir.Copy(source) if not (
            isinstance(source.type, ir.ListType) and isinstance(source.type.element, ir.Scalar)
        ):
            yield "a copy of something else than a list of scalars"
        case ir.Print(value) if value.type not in (ir.INT, ir.STRING, ir.CHAR):
            yield "a print of something else than a number or text"
        case ir.Format(parts):
            values = [part for part in parts if not isinstance(part, str)]
            if not values or any(value.type not in (ir.INT, ir.STRING, ir.CHAR) for value in values):
                yield "a format without values, or of others than numbers and text"
            if any(isinstance(part, ir.Format) for part in walk(tuple(values))):
                yield "a format in a format"
        case ir.Aggregate("max" | "min", condition=condition) if condition is not None:
            yield "a maximum with a condition"
        case ir.Aggregate("any" | "all" | "count", condition=None):
            yield "an aggregate without a condition"
        case ir.Concat(left, right) if left.type == right.type == ir.CHAR:
            yield "two characters are added"
        case ir.Not(ir.Compare()):
            yield "a comparison is negated instead of reversed"
        case ir.Comment(text) if not text.isascii():
            yield "a comment is not ASCII"
