"""Which variables of a program hold references in Rust, which lists hold `&str`, which parameters must be a `Vec`."""

from __future__ import annotations

from dataclasses import dataclass, field

from data_prep.builtin import program as ir
from data_prep.builtin.emitters.rust_facts import Slot
from data_prep.builtin.tree import changed, root, walk

TEXTS = ir.ListType(ir.STRING)

_COPIED = (ir.INT, ir.BOOL, ir.CHAR)
_CHANGES = (ir.Set, ir.Update, ir.MapPut, ir.MapAdd, ir.Append, ir.Swap, ir.Sort, ir.Pop, ir.Call)


def is_copied(type_: ir.Type) -> bool:
    """Whether values of a type are copied, never moved or borrowed."""
    return type_ in _COPIED


@dataclass
class _Scope:
    """What one function does with its variables; positions count its statements."""

    name: str
    parameters: dict[str, ir.Parameter]
    declared: dict[str, int] = field(default_factory=dict)
    last_change: dict[str, int] = field(default_factory=dict)
    values: dict[str, list[ir.Expr]] = field(default_factory=dict)
    items: dict[str, list[ir.Expr]] = field(default_factory=dict)
    sources: dict[str, ir.Expr] = field(default_factory=dict)
    in_place: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)


class Ownership:
    """Who owns the texts, lists and records of a program.

    All that could be borrowed is taken to be, until giving up what cannot be costs nothing else its loan. A loan must
    come from what was declared before the borrower and does not change after it.
    """

    def __init__(self, program: ir.Program) -> None:
        self._functions = {function.name: function for function in program.functions}
        self._scopes = [self._survey("", (), program.main)]
        self._scopes += [self._survey(item.name, item.parameters, item.body) for item in program.functions]
        self._by_name = {scope.name: scope for scope in self._scopes}
        self._calls = [
            (scope, node)
            for scope, body in zip(
                self._scopes, (program.main, *(item.body for item in program.functions)), strict=True
            )
            for node in walk(tuple(body))
            if isinstance(node, ir.Call)
        ]
        self.grown = self._grown_parameters()
        self.borrowed = {
            (scope.name, name)
            for scope in self._scopes
            for name, values in scope.values.items()
            if not is_copied(values[0].type) and name not in scope.in_place
        }
        self.texts = {
            (scope.name, name)
            for scope in self._scopes
            for name in (*scope.values, *scope.parameters)
            if self._type(scope, name) == TEXTS and name not in scope.returned
        }
        while self._give_up():
            pass

    def is_fixed(self, function: str, name: str) -> bool:
        """Whether a list variable can be an array: it neither changes nor leaves the function."""
        scope = self._by_name[function]
        return name not in scope.last_change and name not in scope.returned | scope.moved

    def lenders(self, function: str) -> set[str]:
        """Return the variables of a function that others hold references to."""
        scope = self._by_name[function]
        held = [value for name, values in scope.values.items() if (function, name) in self.borrowed for value in values]
        return {node.name for value in held for node in walk(value) if isinstance(node, ir.Var)}

    # --- survey ---

    def _survey(self, name: str, parameters: tuple[ir.Parameter, ...], body: ir.Block) -> _Scope:
        scope = _Scope(name, {parameter.name: parameter for parameter in parameters})
        for position, node in enumerate(walk(tuple(body))):
            match node:
                case ir.Let(variable, value):
                    scope.declared[variable] = position
                    scope.values.setdefault(variable, []).append(value)
                case ir.Set(ir.Var(variable), value):
                    scope.values.setdefault(variable, []).append(value)
                case ir.Set(ir.Index(ir.Var(variable)), value):
                    scope.items.setdefault(variable, []).append(value)
                case ir.Append(ir.Var(variable), value):
                    scope.items.setdefault(variable, []).append(value)
                case ir.Return(ir.Var(variable)):
                    scope.returned.add(variable)
                case ir.ForEach() | ir.ForIndexed() | ir.Comprehension() | ir.Aggregate():
                    scope.sources[node.variable] = node.source
                case ir.ForEntries(key, value):
                    scope.sources[key] = scope.sources[value] = node.source
            match node:
                case ir.Let(_, ir.Var(variable)) | ir.Set(_, ir.Var(variable)) | ir.Append(_, ir.Var(variable)):
                    scope.moved.add(variable)
                case ir.ListOf(_, items):
                    scope.moved.update(item.name for item in items if isinstance(item, ir.Var))
            # A change inside an expression is visited on its own: a call or a `Pop`.
            names = changed((node,), self._functions) if isinstance(node, _CHANGES) else ()
            for variable in filter(None, names):
                scope.last_change[variable] = position
                if not (isinstance(node, ir.Set) and isinstance(node.target, ir.Var)):
                    scope.in_place.add(variable)
        return scope

    def _type(self, scope: _Scope, name: str) -> ir.Type:
        return scope.parameters[name].type if name in scope.parameters else scope.values[name][0].type

    def _grown_parameters(self) -> set[Slot]:
        grown: set[Slot] = set()
        while True:
            found = set(grown)
            for function in self._functions.values():
                for node in walk(tuple(function.body)):
                    match node:
                        case ir.Append(ir.Var(name)) | ir.Pop(ir.Var(name)) | ir.Set(ir.Var(name)):
                            found.add((function.name, name))
                        case ir.Call(callee, arguments):
                            for argument, parameter in zip(arguments, self._functions[callee].parameters, strict=True):
                                if (callee, parameter.name) in grown:
                                    found.add((function.name, root(argument) or ""))
            if found == grown:
                return grown
            grown = found

    # --- giving up ---

    def _give_up(self) -> bool:
        """Take back the loans that cannot be; return whether there were any."""
        owned = {
            (scope.name, name)
            for scope in self._scopes
            for name, values in scope.values.items()
            if (scope.name, name) in self.borrowed
            and not all(self.can_borrow(scope.name, value, name) for value in values)
        }
        owned_texts = {
            (scope.name, name)
            for scope in self._scopes
            for name, values in scope.values.items()
            if (scope.name, name) in self.texts
            and not (
                all(self._holds_texts(scope, value, name) for value in values)
                and all(self.can_borrow(scope.name, item, name) for item in scope.items.get(name, ()))
            )
        } | {slot for slot in self.texts if self._is_mutated(slot)}
        for scope, call in self._calls:
            for argument, parameter in zip(call.arguments, self._functions[call.function].parameters, strict=True):
                slot = (call.function, parameter.name)
                if slot in self.texts and not self._holds_texts(scope, argument, None):
                    owned_texts.add(slot)
                elif parameter.type == TEXTS and slot not in self.texts and isinstance(argument, ir.Var):
                    owned_texts.add((scope.name, argument.name))
        owned_texts &= self.texts
        self.borrowed -= owned
        self.texts -= owned_texts
        return bool(owned or owned_texts)

    def _is_mutated(self, slot: Slot) -> bool:
        parameter = self._by_name[slot[0]].parameters.get(slot[1])
        return parameter is not None and parameter.mutated

    def can_borrow(self, function: str, node: ir.Expr, borrower: str | None) -> bool:
        """Whether a variable can hold a reference to the value: it lies in a place that stays as it is."""
        if (
            isinstance(node, ir.Var)
            and not isinstance(node.type, ir.Scalar)
            and node.name not in self._by_name[function].sources
        ):
            return (function, node.name) in self.borrowed
        return self._lasts(self._by_name[function], node, borrower)

    def _lasts(self, scope: _Scope, node: ir.Expr, borrower: str | None) -> bool:
        match node:
            case ir.Constant():
                return True
            case ir.Var(name) if name in scope.parameters:
                return not scope.parameters[name].mutated
            case ir.Var(name) if name in scope.sources:
                source = scope.sources[name]
                while isinstance(source, ir.Split | ir.SortedKeys | ir.Reversed):
                    source = source.source
                return self._lasts(scope, source, borrower)
            case ir.Var(name):
                since = scope.declared[borrower] if borrower else 0
                is_older = borrower is None or scope.declared[name] < since
                is_kept = (scope.name, name) in self.borrowed or scope.last_change.get(name, -1) < since
                return is_older and (is_kept or borrower is None)
            case ir.Index(source) | ir.Field(source) | ir.Slice(source) | ir.MapLookup(source):
                return self._lasts(scope, source, borrower)
            case ir.MapGet(source, _, default):
                return self._lasts(scope, source, borrower) and self._lasts(scope, default, borrower)
            case ir.Conditional(_, then, otherwise):
                return self._lasts(scope, then, borrower) and self._lasts(scope, otherwise, borrower)
        return False

    def _holds_texts(self, scope: _Scope, node: ir.Expr, borrower: str | None) -> bool:
        """Whether a list can be one of `&str`."""
        match node:
            case ir.Var(name):
                return (scope.name, name) in self.texts
            case ir.ListOf(_, items):
                return all(self.can_borrow(scope.name, item, borrower) for item in items)
            case ir.Filled(item) | ir.Comprehension(item):
                return self.can_borrow(scope.name, item, borrower)
            case ir.Split(source):
                return borrower is None or self._lasts(scope, source, borrower)
            case ir.Copy(source) | ir.Slice(source) | ir.Reversed(source):
                return self._holds_texts(scope, source, borrower)
        return False

    # --- queries ---

    def are_texts(self, function: str, node: ir.Expr) -> bool:
        """Whether the items of a list are `&str`."""
        match node:
            case ir.Var(name):
                return (function, name) in self.texts
            case ir.Copy(source) | ir.Slice(source) | ir.Reversed(source):
                return self.are_texts(function, source)
            case ir.ListOf(_, items):
                return all(isinstance(item, ir.Constant) for item in items)
        return isinstance(node, ir.Split)
