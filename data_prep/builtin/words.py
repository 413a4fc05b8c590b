"""The words that programs are made of: themes for names, and data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from random import Random

WORD = re.compile(r"[A-Za-z]+")

THINGS = (
    "apple", "pear", "plum", "fig", "lemon", "mango", "bread", "rice", "salt", "honey", "tea", "milk",
    "red", "blue", "green", "amber", "river", "stone", "cloud", "forest", "level", "radar", "noon", "kayak",
    "lamp", "chair", "desk", "clock", "rope", "bolt", "ring", "coin", "north", "south", "east", "west",
)  # fmt: skip
PEOPLE = (
    "ada", "alan", "amir", "anna", "ben", "carla", "chen", "diego", "elif", "eva", "femi", "grace",
    "hana", "ivan", "kofi", "lena", "linus", "maya", "nils", "noor", "omar", "priya", "rosa", "sven", "tara", "yuki",
)  # fmt: skip

# Nouns in the plural and the singular that may stand for each other where a program just has numbers or items.
_NUMBERS = (
    ("values", "value"), ("numbers", "number"), ("scores", "score"), ("prices", "price"), ("readings", "reading"),
    ("samples", "sample"), ("heights", "height"), ("marks", "mark"), ("ratings", "rating"), ("costs", "cost"),
    ("temperatures", "temperature"), ("ages", "age"), ("votes", "vote"), ("speeds", "speed"), ("sales", "sale"),
)  # fmt: skip

# Words that may stand for a word of a motif. A motif keeps a word that must stay by using another one.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "total": ("total", "amount", "subtotal"),
    "result": ("result", "answer", "outcome"),
    "count": ("count", "tally"),
    "best": ("best", "largest", "highest", "top"),
    "smallest": ("smallest", "lowest", "least"),
    "current": ("current", "running"),
    "limit": ("limit", "bound", "threshold", "ceiling"),
    "target": ("target", "goal", "wanted"),
    "position": ("position", "index", "place", "spot"),
    "text": ("text", "phrase", "message", "sentence"),
    "words": ("words", "terms", "tokens"),
    "word": ("word", "term", "token"),
    "letter": ("letter", "symbol", "character"),
    "counts": ("counts", "tallies", "frequency"),
    "steps": ("steps", "rounds", "moves"),
    "low": ("low", "left", "start"),
    "high": ("high", "right", "finish"),
    "mid": ("mid", "middle", "center"),
    "find": ("find", "locate", "search"),
    "compute": ("compute", "calculate", "get", "evaluate"),
    "sort": ("sort", "order", "arrange"),
    "merge": ("merge", "combine", "unite"),
    "rotate": ("rotate", "cycle", "turn"),
    "unique": ("unique", "distinct"),
    "encode": ("encode", "encrypt", "scramble"),
    "compress": ("compress", "shrink", "condense"),
    "grid": ("grid", "board", "matrix", "table"),
    "stack": ("stack", "pile", "pending"),
    "stock": ("stock", "store", "supply"),
    "state": ("state", "seed", "chance"),
    "i": ("i", "k", "p"),
    "j": ("j", "q", "m"),
    "x": ("x", "item", "n", "entry"),
}

_KEYWORDS_AND_BUILTINS = """
abs abstract all and any append arguments as assert async await base bin bool boolean box break by byte bytes cap case
catch chan char checked chr class clear clone close cmp complex console const continue copy crate debugger decimal def
default defer del delegate delete dict do double drop dyn elif else enum equals error eval event except exec exit
explicit export extends extern fallthrough false filter final finalize finally fixed float fmt fn for foreach from
func function gen get_class get_type global go goto hash hash_code hex id if imag impl implements implicit import in
input instanceof int interface internal into iota is iter lambda len let list lock long loop macro main make map maps
match math max min mod module move mut namespace native new next nil none nonlocal not notify null object oct open
operator or ord os out override package panic params pass pow print printf println priv private program property
protected pub public raise range readonly real record recover ref repr return reversed round rune sbyte sealed select
self set short sizeof slice slices some sort sorted stackalloc static str strconv strictfp string strings struct sum
super switch synchronized system this throw throws time to_string trait transient true try tuple type typeof uint
ulong unchecked undefined unicode union unsafe unsigned unsized use ushort using var vars vec virtual void volatile
wait where while with yield zip
"""

RESERVED = frozenset(_KEYWORDS_AND_BUILTINS.split())
"""Words that are a keyword or a built-in name in one of the seven languages, and so no name of a program."""


def choose(random: Random, used: Iterable[str]) -> dict[str, str]:
    """Return a word for each of some of the used words, all different and none of them already used."""
    taken = set(used)
    renamed = {}

    def rename(word: str, other: str) -> None:
        if word in taken and other != word:
            renamed[word] = other

    theme = random.choice(_NUMBERS)
    if not taken.intersection(theme):
        rename("values", theme[0])
        rename("value", theme[1])
        taken.update(theme)
    for word, others in _SYNONYMS.items():
        if word in taken:
            other = random.choice(others)
            if other not in taken:
                rename(word, other)
                taken.add(other)
    return renamed


def like(word: str, renamed: Mapping[str, str]) -> str:
    """Return the word that stands for `word`, with a capital where it has one."""
    other = renamed.get(word.lower())
    if other is None:
        return word
    return other.capitalize() if word[0].isupper() else other
