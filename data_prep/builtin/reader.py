"""Reads a motif: Python-like text with open choices, which it settles at random, into a program.

The text is a subset of Python, so a motif reads like what it makes. It differs in this:

* ``b"x"`` is a character, ``char`` its type; a string that stands alone is a comment; the module level is main;
* of several functions with one name, one is taken; of ``if EITHER: ... elif EITHER: ... else: ...``, one branch;
  the body of ``if MAYBE:`` half of the time, else its ``else``;
* ``CHOICE(a, b)`` is one of its arguments, and the other names in capitals are data, see `_HOLES`.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable, Mapping
from random import Random

from data_prep.builtin import program as ir
from data_prep.builtin import words
from data_prep.builtin.motifs.extras import EXTRAS
from data_prep.builtin.tree import integer, plus, walk

_SCALARS = {"int": ir.INT, "bool": ir.BOOL, "str": ir.STRING, "char": ir.CHAR}
_ARITHMETIC: dict[type[ast.operator], ir.ArithmeticOperator] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%",
}  # fmt: skip
_COMPARISON: dict[type[ast.cmpop], ir.ComparisonOperator] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


@functools.cache
def parse(text: str) -> ast.Module:
    """Return the syntax tree of a motif."""
    return ast.parse(text)


def string(value: str) -> ir.Constant:
    """Return a string constant."""
    return ir.Constant(value, ir.STRING)


class Reader:
    """Turns one motif into a program.

    Parameters
    ----------
    random
        Settles the open choices.
    renamed
        Words to use for words of the motif, in names, comments and labels alike.
    label
        What stands between a label and its value instead of ``": "``.
    """

    def __init__(self, random: Random, renamed: Mapping[str, str], label: str = ": ") -> None:
        self.random = random
        self.renamed = renamed
        self.label = label
        self.variables: dict[str, ir.Var] = {}
        self.results: dict[str, ir.Type | None] = {}
        self.records: dict[str, ir.Record] = {}

    def program(self, module: ast.Module, with_extra: bool = False) -> ir.Program:
        """Return the program of a motif's syntax tree, maybe with an end that is not in the motif (see `EXTRAS`)."""
        definitions: dict[str, list[ast.FunctionDef]] = {}
        main: list[ast.stmt] = []
        for node in module.body:
            match node:
                case ast.ClassDef():
                    self.records[node.name] = self.record(node)
                case ast.FunctionDef():
                    definitions.setdefault(node.name, []).append(node)
                case _:
                    main.append(node)
        chosen = [self.random.choice(alternatives) for alternatives in definitions.values()]
        for node in chosen:
            self.results[node.name] = None if isinstance(node.returns, ast.Constant) else self.type(node.returns)
        functions = {function.name: function for function in map(self.function, chosen)}
        self.variables = {}
        body = self.block(main)
        if with_extra:
            body += self._extra(body)
        called = _reachable(body, functions)
        return ir.Program(body, tuple(called), tuple(self.records.values()))

    def _extra(self, main: ir.Block) -> tuple[ir.Stmt, ...]:
        """Return more to print about a variable of main, if there is anything to say."""
        names = [node.name for node in main if isinstance(node, ir.Let)]
        options = [
            (variable, text)
            for variable in self.variables.values()
            if variable.name in names
            for text in EXTRAS.get(variable.type, ())
        ]
        if not options:
            return ()
        self.variables["it"], text = self.random.choice(options)
        return self.block(parse(text).body)

    # --- names and texts ---

    def name(self, name: str) -> str:
        """Return what a variable or function is called in this program."""
        return self.renamed.get(name) or "_".join(self.renamed.get(word, word) for word in name.split("_"))

    def prose(self, text: str) -> str:
        """Return a comment or label with its words renamed."""
        return words.WORD.sub(lambda match: words.like(match[0], self.renamed), text)

    # --- definitions ---

    def type(self, node: ast.expr | None) -> ir.Type:
        match node:
            case ast.Name(id):
                return _SCALARS.get(id) or ir.RecordType(id)
            case ast.Subscript(ast.Name("list"), element):
                return ir.ListType(self.type(element))
            case ast.Subscript(ast.Name("dict"), ast.Tuple([key, value])):
                return ir.MapType(_scalar(self.type(key)), self.type(value))
        raise TypeError(f"not a type: {node and ast.unparse(node)}")

    def record(self, node: ast.ClassDef) -> ir.Record:
        fields = tuple(
            (self.name(line.target.id), _scalar(self.type(line.annotation)))
            for line in node.body
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        )
        return ir.Record(node.name, fields, self.prose(ast.get_docstring(node) or ""))

    def function(self, node: ast.FunctionDef) -> ir.Function:
        self.variables = {}
        parameters = []
        for argument in node.args.args:
            variable = self.declare(argument.arg, self.type(argument.annotation))
            parameters.append(ir.Parameter(variable.name, variable.type))
        doc = ast.get_docstring(node) or ""
        body = self.block(node.body[1:] if doc else node.body)
        return ir.Function(self.name(node.name), tuple(parameters), self.results[node.name], body, self.prose(doc))

    def declare(self, name: str, type_: ir.Type) -> ir.Var:
        self.variables[name] = ir.Var(self.name(name), type_)
        return self.variables[name]

    # --- statements ---

    def block(self, nodes: Iterable[ast.stmt]) -> tuple[ir.Stmt, ...]:
        return tuple(statement for node in nodes for statement in self.statement(node))

    def statement(self, node: ast.stmt) -> tuple[ir.Stmt, ...]:
        match node:
            case ast.If(ast.Name("EITHER")):
                return self.block(self.random.choice(_branches(node)))
            case ast.If(ast.Name("MAYBE")):
                return self.block(self.random.choice((node.body, node.orelse)))
            case ast.Expr(ast.Constant(str(text))):
                return (ir.Comment(self.prose(text)),)
            case ast.Pass():
                return ()
        return (self.single(node),)

    def single(self, node: ast.stmt) -> ir.Stmt:
        match node:
            case ast.Assign([ast.Name(name)], value):
                return self.assign(name, self.expression(value))
            case ast.AnnAssign(ast.Name(name), annotation, value):
                return self.assign(name, _empty(self.type(annotation)))
            case ast.Assign([ast.Tuple([ast.Subscript(ast.Name(name), first), ast.Subscript(_, second)])]):
                return ir.Swap(self.variables[name], self.expression(first), self.expression(second))
            case ast.Assign([target], value):
                place = self.expression(target)
                if isinstance(place, ir.MapLookup):
                    return ir.MapPut(_variable(place.source), place.key, self.expression(value))
                return ir.Set(_place(place), self.expression(value))
            case ast.AugAssign(target, operator, value):
                place = self.expression(target)
                if isinstance(place, ir.MapLookup):
                    return ir.MapAdd(_variable(place.source), place.key, self.expression(value))
                return ir.Update(_place(place), _ARITHMETIC[type(operator)], self.expression(value))
            case ast.Expr(ast.Call(ast.Name("print"), [value])):
                return ir.Print(self.expression(value))
            case ast.Expr(ast.Call(ast.Attribute(target, "append"), [item])):
                return ir.Append(self.expression(target), self.expression(item))
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "sort"), [], keywords)):
                return self.sort(self.variables[name], {keyword.arg: keyword.value for keyword in keywords})
            case ast.Expr(value):
                call = self.expression(value)
                assert isinstance(call, ir.Call)
                return ir.Do(call)
            case ast.If(test, body, orelse):
                return ir.If(self.expression(test), self.block(body), self.block(orelse))
            case ast.While(test, body):
                return ir.While(self.expression(test), self.block(body))
            case ast.For():
                return self.loop(node)
            case ast.Break():
                return ir.Break()
            case ast.Continue():
                return ir.Continue()
            case ast.Return(value):
                return ir.Return(None if value is None else self.expression(value))
        raise TypeError(f"not a statement: {ast.unparse(node)}")

    def assign(self, name: str, value: ir.Expr) -> ir.Let | ir.Set:
        if name in self.variables:
            return ir.Set(self.variables[name], value)
        return ir.Let(self.declare(name, value.type).name, value)

    def sort(self, target: ir.Var, keywords: dict[str | None, ast.expr]) -> ir.Sort:
        descending = "reverse" in keywords
        match keywords.get("key"):
            case ast.Lambda(arguments, body):
                variable = self.declare(arguments.args[0].arg, _element(target.type))
                key = self.expression(body)
                del self.variables[arguments.args[0].arg]
                return ir.Sort(target, variable.name, key, descending)
        return ir.Sort(target, descending=descending)

    def loop(self, node: ast.For) -> ir.Stmt:
        match node.iter, node.target:
            case ast.Call(ast.Name("range"), bounds), ast.Name(name):
                start, stop, *step = [self.expression(bound) for bound in _bounds(bounds)]
                (variable,) = self.bind((name, ir.INT))
                body = self.block(node.body)
                if not step:
                    loop: ir.Stmt = ir.ForRange(variable, start, stop, body)
                elif step == [integer(-1)]:
                    loop = ir.ForRange(variable, start, plus(stop, 1), body, descending=True)
                else:
                    assert isinstance(step[0], ir.Constant)
                    loop = ir.ForRange(variable, start, stop, body, step=int(step[0].value))
                names = [name]
            case ast.Call(ast.Name("enumerate"), [items]), ast.Tuple([ast.Name(first), ast.Name(second)]):
                source = self.expression(items)
                index, variable = self.bind((first, ir.INT), (second, _element(source.type)))
                loop = ir.ForIndexed(index, variable, source, self.block(node.body))
                names = [first, second]
            case ast.Call(ast.Name("sorted"), [ast.Call(ast.Attribute(table, "items"))]), ast.Tuple(
                [ast.Name(first), ast.Name(second)]
            ):
                source = self.expression(table)
                assert isinstance(source.type, ir.MapType)
                key, value = self.bind((first, source.type.key), (second, source.type.value))
                loop = ir.ForEntries(key, value, source, self.block(node.body))
                names = [first, second]
            case items, ast.Name(name):
                source = self.expression(items)
                (variable,) = self.bind((name, _element(source.type)))
                loop = ir.ForEach(variable, source, self.block(node.body))
                names = [name]
            case _:
                raise TypeError(f"not a loop: {ast.unparse(node)}")
        for name in names:
            del self.variables[name]
        return loop

    def bind(self, *variables: tuple[str, ir.Type]) -> list[str]:
        return [self.declare(name, type_).name for name, type_ in variables]

    # --- expressions ---

    def expression(self, node: ast.expr) -> ir.Expr:
        match node:
            case ast.Name(name):
                return self.variables[name]
            case ast.Constant(bool(value)):
                return ir.Constant(value, ir.BOOL)
            case ast.Constant(int(value)):
                return integer(value)
            case ast.Constant(str(value)):
                return string(value)
            case ast.Constant(bytes(value)):
                return ir.Constant(value.decode(), ir.CHAR)
            case ast.JoinedStr(values):
                return ir.Format(tuple(self.part(value) for value in values))
            case ast.BinOp():
                return self.binary(node)
            case ast.UnaryOp(ast.Not(), operand):
                return ir.Not(self.expression(operand))
            case ast.UnaryOp(ast.USub(), operand):
                number = self.expression(operand)
                return integer(-_number(number)) if isinstance(number, ir.Constant) else ir.Negate(number)
            case ast.Compare(left, operators, rights):
                sides = [self.expression(side) for side in (left, *rights)]
                tests = [_compare(*test) for test in zip(operators, sides, sides[1:], strict=False)]
                return functools.reduce(lambda first, second: ir.Logical("and", first, second), tests)
            case ast.BoolOp(operator, values):
                word: ir.LogicalOperator = "and" if isinstance(operator, ast.And) else "or"
                operands = [self.expression(value) for value in values]
                return functools.reduce(lambda first, second: ir.Logical(word, first, second), operands)
            case ast.IfExp(test, then, otherwise):
                return ir.Conditional(self.expression(test), self.expression(then), self.expression(otherwise))
            case ast.List(items):
                parts = tuple(self.expression(item) for item in items)
                return ir.ListOf(parts[0].type, parts)
            case ast.ListComp():
                return self.comprehension(node)
            case ast.Subscript(source, ast.Slice(start, stop, step)):
                return self.slice(self.expression(source), start, stop, step)
            case ast.Subscript(source, position):
                container, key = self.expression(source), self.expression(position)
                return (
                    ir.MapLookup(container, key) if isinstance(container.type, ir.MapType) else ir.Index(container, key)
                )
            case ast.Attribute(source, name):
                item = self.expression(source)
                assert isinstance(item.type, ir.RecordType)
                field = self.name(name)
                return ir.Field(item, field, dict(self.records[item.type.name].fields)[field])
            case ast.Call(ast.Name(name), arguments):
                return self.call(name, arguments)
            case ast.Call(ast.Attribute(separator, "join"), [parts]):
                return ir.Join(self.expression(parts), _literal(self.expression(separator)))
            case ast.Call(ast.Attribute(source, method), arguments):
                return self.method(self.expression(source), method, [self.expression(item) for item in arguments])
        raise TypeError(f"not an expression: {ast.unparse(node)}")

    def part(self, node: ast.expr) -> str | ir.Expr:
        match node:
            case ast.Constant(str(text)):
                return self.prose(text).replace(": ", self.label)
            case ast.FormattedValue(value):
                return self.expression(value)
        raise TypeError(f"not a part of a text: {ast.unparse(node)}")

    def binary(self, node: ast.BinOp) -> ir.Expr:
        match node:
            case ast.BinOp(ast.List([value]), ast.Mult(), count):
                return ir.Filled(self.expression(value), self.expression(count))
            case ast.BinOp(
                ast.Call(ast.Name("ord"), [char]), ast.Sub(), ast.Call(ast.Name("ord"), [ast.Constant(base)])
            ):
                return ir.CharCode(self.expression(char), str(base))
        left, right = self.expression(node.left), self.expression(node.right)
        if left.type in (ir.STRING, ir.CHAR):
            return ir.Concat(left, right)
        return ir.Arithmetic(_ARITHMETIC[type(node.op)], left, right)

    def comprehension(self, node: ast.ListComp) -> ir.Expr:
        match node:
            case ast.ListComp(ast.BinOp(ast.List()) as row, [ast.comprehension(ast.Name("_"), ast.Call(_, [rows]))]):
                return ir.Filled(self.expression(row), self.expression(rows))
        (generator,) = node.generators
        variable, source, condition, element = self.generate(generator, node.elt)
        return ir.Comprehension(element, variable, source, condition)

    def aggregate(self, kind: str, node: ast.GeneratorExp) -> ir.Aggregate:
        (generator,) = node.generators
        variable, source, condition, element = self.generate(generator, node.elt)
        match kind, element:
            case "sum", ir.Constant(1):
                return ir.Aggregate("count", variable, source, condition=condition)
            case "any" | "all", _:
                return ir.Aggregate("any" if kind == "any" else "all", variable, source, condition=element)
            case "sum", _:
                return ir.Aggregate("sum", variable, source, element, condition)
        return ir.Aggregate("max" if kind == "max" else "min", variable, source, element)

    def generate(self, node: ast.comprehension, element: ast.expr) -> tuple[str, ir.Expr, ir.Expr | None, ir.Expr]:
        """Return variable, source, condition and element of a comprehension or generator."""
        match node.iter, node.target:
            case ast.Call(ast.Name("range"), bounds), ast.Name(name):
                start, stop = [self.expression(bound) for bound in _bounds(bounds)]
                source: ir.Expr = ir.Range(start, stop)
            case items, ast.Name(name):
                source = self.expression(items)
            case _:
                raise TypeError(f"not a generator: {ast.unparse(node)}")
        variable = self.declare(name, _element(source.type))
        condition = self.expression(node.ifs[0]) if node.ifs else None
        value = self.expression(element)
        del self.variables[name]
        return variable.name, source, condition, value

    def slice(self, source: ir.Expr, start: ast.expr | None, stop: ast.expr | None, step: ast.expr | None) -> ir.Expr:
        if step is not None:
            return ir.Reversed(source)
        if start is None and stop is None:
            return ir.Copy(source)
        first, last = (None if bound is None else self.expression(bound) for bound in (start, stop))
        return ir.Slice(source, first, last)

    def call(self, name: str, nodes: list[ast.expr]) -> ir.Expr:
        match name, nodes:
            case "CHOICE", _:
                return self.expression(self.random.choice(nodes))
            case "sum" | "max" | "min" | "any" | "all", [ast.GeneratorExp() as generator]:
                return self.aggregate(name, generator)
            case "chr", [ast.BinOp(ast.Call(ast.Name("ord"), [ast.Constant(base)]), ast.Add(), offset)]:
                return ir.CharFrom(self.expression(offset), str(base))
        arguments = tuple(self.expression(node) for node in nodes)
        match name, arguments:
            case "len", (source,):
                return ir.Length(source)
            case "min" | "max", (left, right):
                return ir.Extreme("min" if name == "min" else "max", left, right)
            case "abs", (value,):
                return ir.Absolute(value)
            case "str", (value,):
                return ir.ToString(value)
            case "int", (value,):
                return ir.ParseInt(value)
            case "sorted", (table,):
                return ir.SortedKeys(table)
        if name in _HOLES:
            return _HOLES[name](self.random, *arguments)
        if name in self.records:
            return ir.NewRecord(name, arguments)
        return ir.Call(self.name(name), arguments, self.results[name])  # type: ignore[arg-type]

    def method(self, source: ir.Expr, method: str, arguments: list[ir.Expr]) -> ir.Expr:
        match method, arguments:
            case "get", [key, default]:
                return ir.MapGet(source, key, default)
            case "pop", []:
                return ir.Pop(_variable(source))
            case "split", [separator]:
                return ir.Split(source, _literal(separator))
            case "upper" | "lower", []:
                return ir.ChangeCase("upper" if method == "upper" else "lower", source)
            case "isdigit", []:
                return ir.CharTest("digit", source)
            case "isalpha", []:
                return ir.CharTest("letter", source)
            case "isupper", []:
                return ir.CharTest("upper", source)
        raise TypeError(f"no method {method}")


def _reachable(main: ir.Block, functions: dict[str, ir.Function]) -> list[ir.Function]:
    """Functions that main calls, by itself or through others: another choice may have made one superfluous."""
    called: set[str] = set()
    bodies = [main]
    while bodies:
        calls = {node.function for node in walk(tuple(bodies.pop())) if isinstance(node, ir.Call)}
        bodies += [functions[name].body for name in functions if name in calls - called]
        called |= calls
    return [function for name, function in functions.items() if name in called]


def _bounds(nodes: list[ast.expr]) -> list[ast.expr]:
    return [ast.Constant(0), *nodes] if len(nodes) == 1 else nodes


def _branches(node: ast.If) -> list[list[ast.stmt]]:
    match node.orelse:
        case [ast.If(ast.Name("EITHER")) as other]:
            return [node.body, *_branches(other)]
    return [node.body, node.orelse]


def _compare(operator: ast.cmpop, left: ir.Expr, right: ir.Expr) -> ir.Expr:
    if isinstance(operator, ast.In):
        return ir.Contains(right, left)
    if isinstance(operator, ast.NotIn):
        return ir.Not(ir.Contains(right, left))
    return ir.Compare(_COMPARISON[type(operator)], left, right)


def _empty(type_: ir.Type) -> ir.Expr:
    if isinstance(type_, ir.MapType):
        return ir.EmptyMap(type_)
    assert isinstance(type_, ir.ListType)
    return ir.ListOf(type_.element)


def _element(type_: ir.Type) -> ir.Type:
    return type_.element if isinstance(type_, ir.ListType) else ir.CHAR


def _scalar(type_: ir.Type) -> ir.Scalar:
    assert isinstance(type_, ir.Scalar)
    return type_


def _variable(node: ir.Expr) -> ir.Var:
    assert isinstance(node, ir.Var)
    return node


def _literal(node: ir.Expr) -> str:
    assert isinstance(node, ir.Constant)
    return str(node.value)


def _place(node: ir.Expr) -> ir.Var | ir.Index | ir.Field:
    assert isinstance(node, ir.Var | ir.Index | ir.Field)
    return node


# --- data and small choices ------------------------------------------------------------------------------------------

Hole = Callable[..., ir.Expr]


def _number(bound: ir.Constant) -> int:
    return int(bound.value)


def _int(random: Random, low: ir.Constant, high: ir.Constant) -> ir.Expr:
    return integer(random.randint(_number(low), _number(high)))


def _ints(random: Random, fewest: ir.Constant, most: ir.Constant, low: ir.Constant, high: ir.Constant) -> ir.Expr:
    count = random.randint(_number(fewest), _number(most))
    return ir.ListOf(ir.INT, tuple(_int(random, low, high) for _ in range(count)))


def _rising(random: Random, fewest: ir.Constant, most: ir.Constant, low: ir.Constant, high: ir.Constant) -> ir.Expr:
    count = random.randint(_number(fewest), _number(most))
    values = sorted(random.sample(range(_number(low), _number(high) + 1), count))
    return ir.ListOf(ir.INT, tuple(integer(value) for value in values))


def _word(random: Random) -> ir.Expr:
    return string(random.choice(words.THINGS))


def _words(random: Random, fewest: ir.Constant, most: ir.Constant) -> ir.Expr:
    """Different words."""
    count = random.randint(_number(fewest), _number(most))
    return ir.ListOf(ir.STRING, tuple(string(word) for word in random.sample(words.THINGS, count)))


def _votes(random: Random, fewest: ir.Constant, most: ir.Constant) -> ir.Expr:
    """Words that repeat."""
    count = random.randint(_number(fewest), _number(most))
    few = random.sample(words.THINGS, 3)
    return ir.ListOf(ir.STRING, tuple(string(random.choice(few)) for _ in range(count)))


def _person(random: Random) -> ir.Expr:
    return string(random.choice(words.PEOPLE))


def _sentence(random: Random, fewest: ir.Constant, most: ir.Constant) -> ir.Expr:
    """Words that may repeat, with spaces between."""
    few = random.sample(words.THINGS, _number(most) - 1)
    return string(" ".join(random.choice(few) for _ in range(random.randint(_number(fewest), _number(most)))))


def _letters(random: Random, fewest: ir.Constant, most: ir.Constant) -> ir.Expr:
    """A text of few different letters."""
    few = random.sample("abcdexyz", random.randint(2, 4))
    return string("".join(random.choice(few) for _ in range(random.randint(_number(fewest), _number(most)))))


def _test(random: Random, value: ir.Expr) -> ir.Expr:
    """Something that about half of the numbers from 0 to 50 meet."""
    factor = random.randint(2, 5)
    remainder = ir.Arithmetic("%", value, integer(factor))
    return random.choice(
        (
            ir.Compare("==", ir.Arithmetic("%", value, integer(2)), integer(random.randint(0, 1))),
            ir.Compare("==", remainder, integer(random.randrange(min(factor, 3)))),
            ir.Compare("!=", remainder, integer(0)),
            ir.Compare(random.choice((">", "<", ">=", "<=")), value, integer(random.randint(8, 30))),
        )
    )


def _change(random: Random, value: ir.Expr) -> ir.Expr:
    """Another number made from a number from 0 to 1,000."""
    by = integer(random.randint(2, 9))
    return random.choice(
        (
            ir.Arithmetic("+", value, by),
            ir.Arithmetic("*", value, by),
            ir.Arithmetic("*", value, value),
            ir.Arithmetic("+", ir.Arithmetic("*", value, by), integer(random.randint(1, 9))),
            ir.Arithmetic("-", ir.Arithmetic("*", value, by), integer(random.randint(1, 9))),
            ir.Arithmetic("//", value, by),
            ir.Arithmetic("%", value, plus(by, 3)),
        )
    )


_HOLES: dict[str, Hole] = {
    "INT": _int,
    "INTS": _ints,
    "RISING": _rising,
    "WORD": _word,
    "WORDS": _words,
    "VOTES": _votes,
    "PERSON": _person,
    "SENTENCE": _sentence,
    "LETTERS": _letters,
    "TEST": _test,
    "CHANGE": _change,
}
