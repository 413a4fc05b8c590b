"""Which integers of a program are `usize` in Rust: those never negative, where it saves casts; the others are `i64`."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from data_prep.builtin import program as ir
from data_prep.builtin.emitters.rust_facts import (
    SIGNED,
    USIZE,
    Definition,
    Fact,
    Linear,
    Side,
    Slot,
    Survey,
    added,
    free_difference,
    linear,
)

_PROOF_DEPTH = 4
# Prices of the cut: it avoids casts first, then `usize` for variables that gain nothing from it.
_CAST, _PREFERENCE, _IMPOSSIBLE = 10, 1, 10**6


class Integers:
    """The kind of every integer in a program.

    A variable may be `usize` if each value it gets is provably not negative; loop bounds and the conditions around it
    are the facts that a proof adds up. Among those, the `usize` ones are found as a minimum cut between what is
    `usize` by nature (lengths, positions) and what is not: two values that meet are tied by the price of a cast.
    """

    def __init__(self, program: ir.Program) -> None:
        survey = Survey(program)
        self._natural: set[Slot] = {item.slot for item in survey.definitions} | survey.counters
        self._negative: set[int] = set()
        # All are taken as never negative, until giving up those without a proof costs no further one its own.
        while dropped := self._unproven(survey):
            self._natural -= dropped
        self._negative = {
            id(node) for function, node, facts in survey.subtractions if not self.is_natural(function, node, facts)
        }
        self._usize = self._cheapest(survey)

    def slot(self, function: str, name: str) -> str:
        """Return the kind of a variable, or with an empty name of a function's result."""
        return USIZE if (function, name) in self._usize else SIGNED

    def kind(self, function: str, node: ir.Expr) -> str | None:
        """Return the kind that an expression has as it stands; None if literals leave it open."""
        kinds = {leaf if isinstance(leaf, str) else self.slot(*leaf) for leaf in self._leaves((function, node))}
        return SIGNED if SIGNED in kinds else USIZE if kinds else None

    # --- proofs ---

    def _unproven(self, survey: Survey) -> set[Slot]:
        return {item.slot for item in survey.definitions if item.slot in self._natural and not self._allows_usize(item)}

    def _allows_usize(self, item: Definition) -> bool:
        if item.value is None:
            return False
        return self.is_natural(item.function, item.value, item.facts) or (
            item.is_bound and self.saturates(item.function, item.value)
        )

    def saturates(self, function: str, node: ir.Expr) -> bool:
        """Whether a difference can be written with `saturating_sub` where less than nothing is as good as nothing."""
        match node:
            case ir.Arithmetic("-", left, right):
                return self.is_natural(function, left) and self.is_natural(function, right)
        return False

    def is_proven(self, node: ir.Expr) -> bool:
        """Whether a difference is known not to be negative."""
        return id(node) not in self._negative

    def is_natural(self, function: str, node: ir.Expr, facts: tuple[Fact, ...] = ()) -> bool:
        """Whether an expression is never negative where the facts hold."""
        return self._is_by_form(function, node, facts) or self._proves(function, linear(node), facts, _PROOF_DEPTH)

    def _is_by_form(self, function: str, node: ir.Expr, facts: tuple[Fact, ...] = ()) -> bool:
        """Whether an expression's form or parts show that it is never negative."""
        match node:
            case ir.Var(name):
                return (function, name) in self._natural
            case ir.Call(name):
                return (name, "") in self._natural
            case ir.Length() | ir.Absolute() | ir.Arithmetic("//" | "%") | ir.Aggregate("count"):
                return True
            case ir.Arithmetic("*", left, right) | ir.Extreme("min", left, right) | ir.Conditional(_, left, right):
                return self.is_natural(function, left, facts) and self.is_natural(function, right, facts)
            case ir.Extreme("max", left, right):
                return self.is_natural(function, left, facts) or self.is_natural(function, right, facts)
            case ir.Aggregate(_, _, _, element) if element is not None:
                return self.is_natural(function, element)
        return False

    def _proves(self, function: str, goal: Linear, facts: tuple[Fact, ...], depth: int) -> bool:
        """Whether the goal is a sum of facts and of terms that are never negative."""
        number = goal.get(None, 0)
        open_terms = [
            (term, count)
            for term, count in goal.items()
            if term is not None and (count < 0 or not self._is_by_form(function, term))
        ]
        if number >= 0 and not open_terms:
            return True
        return depth > 0 and any(
            self._proves(function, added(goal, fact.sum, -1), facts, depth - 1)
            for fact in facts
            if (fact.given is None or fact.given in self._natural)
            and (
                any(fact.sum.get(term, 0) * count > 0 for term, count in open_terms)
                or number < 0 > fact.sum.get(None, 0)
            )
        )

    # --- fewest casts ---

    def _leaves(self, side: Side) -> set[str | Slot]:
        """The kinds and variables that decide the kind of a value; none for a literal."""
        if isinstance(side, str):
            return {side}
        function, node = side
        if isinstance(node, str):
            return {(function, node)}
        match node:
            case ir.Constant(int(value)):
                return {SIGNED} if value < 0 else set()
            case ir.Var(name):
                return {(function, name)}
            case ir.Length() | ir.Aggregate("count"):
                return {USIZE}
            case ir.Extreme() | ir.Absolute() if (difference := free_difference(node)) and self.saturates(
                function, difference
            ):
                return self._joint(function, difference.left, difference.right)
            case ir.Arithmetic() if id(node) in self._negative:
                return {SIGNED}
            case ir.Arithmetic(_, left, right) | ir.Extreme(_, left, right) | ir.Conditional(_, left, right):
                return self._joint(function, left, right)
            case ir.Call(name):
                return {(name, "")}
            case ir.Aggregate(_, _, _, element) if element is not None:
                return self._leaves((function, element)) or {SIGNED}
        return {SIGNED}

    def _joint(self, function: str, left: ir.Expr, right: ir.Expr) -> set[str | Slot]:
        leaves = self._leaves((function, left)) | self._leaves((function, right))
        return {SIGNED} if SIGNED in leaves else leaves

    def _cheapest(self, survey: Survey) -> set[Slot]:
        prices: Counter[tuple[str | Slot, str | Slot]] = Counter()
        for first, second in survey.ties:
            for a in self._leaves(first):
                for b in self._leaves(second) - {a}:
                    prices[a, b] += _CAST
                    prices[b, a] += _CAST
        for slot in {node for pair in prices for node in pair if not isinstance(node, str)}:
            prices[slot, SIGNED] += _PREFERENCE if slot in self._natural else _IMPOSSIBLE
        for slot in survey.counters:
            prices[USIZE, slot] += _IMPOSSIBLE
        return {node for node in _source_side(prices, USIZE, SIGNED) if not isinstance(node, str)}


def _source_side(capacities: Counter[Any], source: Any, sink: Any) -> set[Any]:
    """Nodes on the source's side of a minimum cut (Edmonds-Karp)."""
    neighbours: dict[Any, list[Any]] = {source: [], sink: []}
    for a, b in tuple(capacities):
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    while True:
        reached = {source: source}
        queue = deque([source])
        while queue and sink not in reached:
            a = queue.popleft()
            for b in neighbours[a]:
                if b not in reached and capacities[a, b] > 0:
                    reached[b] = a
                    queue.append(b)
        if sink not in reached:
            return set(reached) - {source}
        path, node = [], sink
        while node != source:
            path.append((reached[node], node))
            node = reached[node]
        flow = min(capacities[edge] for edge in path)
        for a, b in path:
            capacities[a, b] -= flow
            capacities[b, a] += flow
