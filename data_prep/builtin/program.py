"""A small typed program representation that every emitter writes in its own language's idiom.

Names are snake_case here (records: PascalCase); emitters follow their language's conventions. The rules that make
the seven versions print the same, which the sampler keeps and `interpreter.run` checks:

* every integer that arises lies within 32 bits, signed, and a running program divides only non-negative by positive;
* text is ASCII; what is printed is an integer, a string, a character or a `Format` of those, never a boolean or a list;
* a map is visited in the order of its keys only; sorting is stable;
* lists, maps and records are passed by reference, and changed by the callee only where the parameter says so;
  no two variables share one of them (`Copy` makes a second list); an item is not kept aside and changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Union

# --- types -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scalar:
    """A built-in type without parts."""

    name: Literal["int", "bool", "string", "char"]


@dataclass(frozen=True)
class ListType:
    """A growable list."""

    element: Type


@dataclass(frozen=True)
class MapType:
    """A map from strings, characters or integers."""

    key: Scalar
    value: Type


@dataclass(frozen=True)
class RecordType:
    """A named record, see `Record`."""

    name: str


Type = Union[Scalar, ListType, MapType, RecordType]

INT = Scalar("int")
BOOL = Scalar("bool")
STRING = Scalar("string")
CHAR = Scalar("char")

# --- expressions -----------------------------------------------------------------------------------------------------

ArithmeticOperator = Literal["+", "-", "*", "//", "%"]
ComparisonOperator = Literal["==", "!=", "<", "<=", ">", ">="]
LogicalOperator = Literal["and", "or"]


@dataclass(frozen=True)
class Constant:
    """A constant: int, bool, string or (type CHAR) a string of one character."""

    value: int | bool | str
    type: Scalar


@dataclass(frozen=True)
class Var:
    """A local variable or parameter."""

    name: str
    type: Type


@dataclass(frozen=True)
class Arithmetic:
    """Integer arithmetic; `//` and `%` only see a non-negative dividend and a positive divisor."""

    operator: ArithmeticOperator
    left: Expr
    right: Expr

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class Compare:
    """Comparison of two integers, two characters, or (== and != only) two strings or booleans."""

    operator: ComparisonOperator
    left: Expr
    right: Expr

    @property
    def type(self) -> Type:
        return BOOL


@dataclass(frozen=True)
class Logical:
    """Short-circuit `and` or `or`."""

    operator: LogicalOperator
    left: Expr
    right: Expr

    @property
    def type(self) -> Type:
        return BOOL


@dataclass(frozen=True)
class Not:
    """Logical negation."""

    operand: Expr

    @property
    def type(self) -> Type:
        return BOOL


@dataclass(frozen=True)
class Negate:
    """Minus an integer."""

    operand: Expr

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class Call:
    """Call of a function of the program."""

    function: str
    arguments: tuple[Expr, ...]
    type: Type


@dataclass(frozen=True)
class Extreme:
    """The smaller or larger of two integers: min(a, b), max(a, b)."""

    kind: Literal["min", "max"]
    left: Expr
    right: Expr

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class Absolute:
    """Absolute value of an integer."""

    operand: Expr

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class Conditional:
    """`then` if the condition holds, else `otherwise`."""

    condition: Expr
    then: Expr
    otherwise: Expr

    @property
    def type(self) -> Type:
        return self.then.type


@dataclass(frozen=True)
class ListOf:
    """A list with the given items; empty for a new list."""

    element: Type
    items: tuple[Expr, ...] = ()

    @property
    def type(self) -> Type:
        return ListType(self.element)


@dataclass(frozen=True)
class Filled:
    """A list of `count` equal scalars, or of `count` separate rows if `value` is itself `Filled`."""

    value: Expr
    count: Expr

    @property
    def type(self) -> Type:
        return ListType(self.value.type)


@dataclass(frozen=True)
class EmptyMap:
    """A new map."""

    type: MapType


@dataclass(frozen=True)
class NewRecord:
    """A new record, its fields in the order of declaration."""

    record: str
    values: tuple[Expr, ...]

    @property
    def type(self) -> Type:
        return RecordType(self.record)


@dataclass(frozen=True)
class Copy:
    """A second list with the same scalar items."""

    source: Expr

    @property
    def type(self) -> Type:
        return self.source.type


@dataclass(frozen=True)
class Index:
    """Item of a list, or character of a string, at a position from 0."""

    source: Expr
    position: Expr

    @property
    def type(self) -> Type:
        return self.source.type.element if isinstance(self.source.type, ListType) else CHAR


@dataclass(frozen=True)
class Length:
    """Number of items of a list or map, or of characters of a string."""

    source: Expr

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class Field:
    """Field of a record."""

    source: Expr
    name: str
    type: Type


@dataclass(frozen=True)
class MapGet:
    """Value (an integer or a string) of a key, or `default` where the key is missing."""

    source: Expr
    key: Expr
    default: Expr

    @property
    def type(self) -> Type:
        return self.default.type


@dataclass(frozen=True)
class MapLookup:
    """Value of a key that is known to be there."""

    source: Expr
    key: Expr

    @property
    def type(self) -> Type:
        assert isinstance(self.source.type, MapType)
        return self.source.type.value


@dataclass(frozen=True)
class Contains:
    """Whether a list has the item, a map the key, or a string the character or substring."""

    source: Expr
    item: Expr

    @property
    def type(self) -> Type:
        return BOOL


@dataclass(frozen=True)
class SortedKeys:
    """The keys of a map as a sorted list."""

    source: Expr

    @property
    def type(self) -> Type:
        assert isinstance(self.source.type, MapType)
        return ListType(self.source.type.key)


@dataclass(frozen=True)
class Range:
    """Integers from `start` up to, not including, `stop`; only as a source of `Comprehension` and `Aggregate`."""

    start: Expr
    stop: Expr

    @property
    def type(self) -> Type:
        return ListType(INT)


@dataclass(frozen=True)
class Comprehension:
    """List of `element` for each `variable` of `source` (list, string or Range) that meets the condition."""

    element: Expr
    variable: str
    source: Expr
    condition: Expr | None = None

    @property
    def type(self) -> Type:
        return ListType(self.element.type)


@dataclass(frozen=True)
class Aggregate:
    """Sum, maximum or minimum of the integer `element`, number of hits, or whether any or all meet the condition.

    `sum`, `max`, `min` have an element and maybe a condition (max and min never see an empty source, and no condition);
    `count`, `any`, `all` have a condition and no element.
    """

    kind: Literal["sum", "max", "min", "count", "any", "all"]
    variable: str
    source: Expr
    element: Expr | None = None
    condition: Expr | None = None

    @property
    def type(self) -> Type:
        return BOOL if self.kind in ("any", "all") else INT


@dataclass(frozen=True)
class Slice:
    """Copy of a list's or string's part from `start` up to, not including, `stop`; None: from or to the end."""

    source: Expr
    start: Expr | None
    stop: Expr | None

    @property
    def type(self) -> Type:
        return self.source.type


@dataclass(frozen=True)
class Reversed:
    """A list or string in reverse, as a copy."""

    source: Expr

    @property
    def type(self) -> Type:
        return self.source.type


@dataclass(frozen=True)
class Join:
    """Strings, characters or integers of a list (often a Comprehension), with a separator between."""

    source: Expr
    separator: str

    @property
    def type(self) -> Type:
        return STRING


@dataclass(frozen=True)
class Split:
    """Parts of a string between separators of one character."""

    source: Expr
    separator: str

    @property
    def type(self) -> Type:
        return ListType(STRING)


@dataclass(frozen=True)
class ChangeCase:
    """A string or character in upper or lower case."""

    kind: Literal["upper", "lower"]
    source: Expr

    @property
    def type(self) -> Type:
        return self.source.type


@dataclass(frozen=True)
class CharTest:
    """Whether a character is a digit, a letter or an upper-case letter."""

    kind: Literal["digit", "letter", "upper"]
    source: Expr

    @property
    def type(self) -> Type:
        return BOOL


@dataclass(frozen=True)
class CharCode:
    """Distance of a character from `base`, a literal character: ord(c) - ord("a")."""

    source: Expr
    base: str

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class CharFrom:
    """Character at a distance from `base`: chr(ord("a") + offset)."""

    offset: Expr
    base: str

    @property
    def type(self) -> Type:
        return CHAR


@dataclass(frozen=True)
class ToString:
    """Decimal digits of an integer, or a character as a string."""

    source: Expr

    @property
    def type(self) -> Type:
        return STRING


@dataclass(frozen=True)
class ParseInt:
    """Integer written in a string of digits."""

    source: Expr

    @property
    def type(self) -> Type:
        return INT


@dataclass(frozen=True)
class Concat:
    """Strings (and characters) joined with the language's `+`."""

    left: Expr
    right: Expr

    @property
    def type(self) -> Type:
        return STRING


@dataclass(frozen=True)
class Format:
    """Text with values in it: literal strings and integer, string or character expressions, in order."""

    parts: tuple[str | Expr, ...]

    @property
    def type(self) -> Type:
        return STRING


@dataclass(frozen=True)
class Pop:
    """Remove the last item of a list variable that is not empty, and return it."""

    source: Var

    @property
    def type(self) -> Type:
        assert isinstance(self.source.type, ListType)
        return self.source.type.element


Expr = Union[
    Constant, Var, Arithmetic, Compare, Logical, Not, Negate, Call, Extreme, Absolute, Conditional, ListOf, Filled,
    EmptyMap, NewRecord, Copy, Index, Length, Field, MapGet, MapLookup, Contains, SortedKeys, Range, Comprehension,
    Aggregate, Slice, Reversed, Join, Split, ChangeCase, CharTest, CharCode, CharFrom, ToString, ParseInt, Concat,
    Format, Pop,
]  # fmt: skip

# --- statements ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Let:
    """Declare a variable. `mutable`: it is assigned again, or its list, map or record is changed in place."""

    name: str
    value: Expr
    mutable: bool = False


@dataclass(frozen=True)
class Set:
    """Assign to a variable, a list item, or a field."""

    target: Var | Index | Field
    value: Expr


@dataclass(frozen=True)
class Update:
    """`target += value` and the like; with `+` the target may be a string and the value a string or character."""

    target: Var | Index | Field
    operator: ArithmeticOperator
    value: Expr


@dataclass(frozen=True)
class MapPut:
    """Set the value of a key."""

    target: Var
    key: Expr
    value: Expr


@dataclass(frozen=True)
class MapAdd:
    """Add to the integer of a key, which counts as 0 while it is missing."""

    target: Var
    key: Expr
    amount: Expr


@dataclass(frozen=True)
class Append:
    """Add an item at the end of a list (a variable, or a row of one)."""

    target: Expr
    item: Expr


@dataclass(frozen=True)
class Swap:
    """Exchange two items of a list of scalars."""

    target: Var
    first: Expr
    second: Expr


@dataclass(frozen=True)
class Sort:
    """Sort a local list variable, never a parameter, by integer or string keys, ties in their old order.

    Without `key` the items themselves (integers, strings, characters) are compared; `variable` names the item in it.
    """

    target: Var
    variable: str = ""
    key: Expr | None = None
    descending: bool = False


@dataclass(frozen=True)
class If:
    """Conditional; an `otherwise` that is a single If is written as else-if."""

    condition: Expr
    then: Block
    otherwise: Block = ()


@dataclass(frozen=True)
class While:
    """Loop while the condition holds."""

    condition: Expr
    body: Block


@dataclass(frozen=True)
class ForRange:
    """Count from `start` up to, not including, `stop`, by a positive step; the body does not change the variable.

    With `descending`: from `start` down to, and including, `stop`, by -1.
    """

    variable: str
    start: Expr
    stop: Expr
    body: Block
    step: int = 1
    descending: bool = False


@dataclass(frozen=True)
class ForEach:
    """Visit the items of a list or the characters of a string; the body changes neither the source nor the items."""

    variable: str
    source: Expr
    body: Block


@dataclass(frozen=True)
class ForIndexed:
    """Visit positions and items together."""

    index: str
    variable: str
    source: Expr
    body: Block


@dataclass(frozen=True)
class ForEntries:
    """Visit keys and integer or string values of a map in the order of its keys."""

    key: str
    value: str
    source: Expr
    body: Block


@dataclass(frozen=True)
class Break:
    """Leave the innermost loop."""


@dataclass(frozen=True)
class Continue:
    """Go on with the innermost loop's next round."""


@dataclass(frozen=True)
class Return:
    """Leave the function, with its result if it has one."""

    value: Expr | None = None


@dataclass(frozen=True)
class Print:
    """Print an integer, string, character or Format as one line."""

    value: Expr


@dataclass(frozen=True)
class Do:
    """Call a function for its effect."""

    call: Call


@dataclass(frozen=True)
class Comment:
    """A line comment."""

    text: str


Stmt = Union[
    Let, Set, Update, MapPut, MapAdd, Append, Swap, Sort, If, While, ForRange, ForEach, ForIndexed, ForEntries, Break,
    Continue, Return, Print, Do, Comment,
]  # fmt: skip
Block = Sequence[Stmt]

# --- programs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """Parameter of a function. `mutated`: the function changes the list, map or record in place."""

    name: str
    type: Type
    mutated: bool = False


@dataclass(frozen=True)
class Function:
    """A top-level function; `doc` is its documentation, or empty. Parameters are not reassigned."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type | None
    body: Block
    doc: str = ""


@dataclass(frozen=True)
class Record:
    """A record declaration: a dataclass, class, interface or struct. Fields are scalars."""

    name: str
    fields: tuple[tuple[str, Scalar], ...]
    doc: str = ""


@dataclass(frozen=True)
class Program:
    """A whole program: `main` runs first and prints at least one line. `doc` heads the file, or is empty."""

    main: Block
    functions: tuple[Function, ...] = ()
    records: tuple[Record, ...] = ()
    doc: str = field(default="")
