"""Programming languages and translation directions: what the rest of the package stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from codelm.errors import UserError, unknown_name


@dataclass(frozen=True)
class Language:
    """All that the tool must know of one programming language.

    Parameters
    ----------
    name
        Lower-case identifier, used in corpora, flags and tokens: ``"csharp"``.
    title
        The name as people write it: ``"C#"``.
    suffixes
        File suffixes, the usual one first: ``(".py", ".pyi")``.
    line_comment
        What opens a comment that ends with the line: ``"#"``.
    block_comment
        What opens and closes a longer comment, or None.
    lexer
        Name of the pygments lexer whose tokens BLEU counts.
    family
        Name of the parent family, which gives plots their colours: ``"jvm"``.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    line_comment: str
    block_comment: tuple[str, str] | None
    lexer: str
    family: str

    @property
    def token(self) -> str:
        """The special token that opens a program of this language."""
        return f"<|{self.name}|>"


_C_COMMENT = ("/*", "*/")

_REGISTRY: dict[str, Language] = {}


TEXT = "text"
"""Natural-language text."""

TEXT_KINDS = (TEXT, "web", "markup", "synthetic", "adjacent")
"""Kinds of text beside the languages, each a collection of its own, whose documents open with no language token.

Those of Aryabumi et al., "To Code, or Not To Code?" (2024): text, code from the web, markup, synthetic code, and what
stands around code (commits, issues, notebooks).
"""


def register(language: Language) -> Language:
    """Make a language known to the tool; registering the same one again is harmless.

    Raises
    ------
    UserError
        If another language already has that name, or a kind of text has, or it would read as that of a pair.
    """
    if language.name in TEXT_KINDS or "-" in language.name:
        raise UserError(
            f"a language cannot be named {language.name!r}: names with a hyphen are pairs, and {', '.join(TEXT_KINDS)} "
            "are kinds of text"
        )
    known = _REGISTRY.setdefault(language.name, language)
    if known != language:
        raise UserError(f"language {language.name!r} is already registered with other properties")
    return language


PYTHON = register(Language("python", "Python", (".py",), "#", None, "python", "scripting"))
JAVA = register(Language("java", "Java", (".java",), "//", _C_COMMENT, "java", "managed"))
JAVASCRIPT = register(
    Language("javascript", "JavaScript", (".js", ".mjs"), "//", _C_COMMENT, "javascript", "ecmascript")
)
TYPESCRIPT = register(Language("typescript", "TypeScript", (".ts",), "//", _C_COMMENT, "typescript", "ecmascript"))
CSHARP = register(Language("csharp", "C#", (".cs",), "//", _C_COMMENT, "csharp", "managed"))
GO = register(Language("go", "Go", (".go",), "//", _C_COMMENT, "go", "systems"))
RUST = register(Language("rust", "Rust", (".rs",), "//", _C_COMMENT, "rust", "systems"))

LANGUAGES: tuple[str, ...] = tuple(_REGISTRY)
"""The seven languages of the study, in the order in which they are always listed."""

PIVOT = PYTHON.name
"""The language on one side of every training pair."""


def get_language(name: str) -> Language:
    """Return the registered language of that name; a UserError names the nearest ones."""
    if name not in _REGISTRY:
        raise unknown_name("language", name, _REGISTRY)
    return _REGISTRY[name]


def registered_languages() -> tuple[str, ...]:
    """Names of every known language: the seven first, then those registered later."""
    return tuple(_REGISTRY)


def in_listing_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct names in the order in which languages are always listed."""
    wanted = {get_language(name).name for name in names}
    return tuple(name for name in _REGISTRY if name in wanted)


def with_text_kinds(languages: Sequence[str]) -> tuple[str, ...]:
    """Return what tokens are counted under, in a run of some languages: those, and the kinds of text."""
    return (*languages, *TEXT_KINDS)


def title_of(name: str) -> str:
    """Return a language's name as people write it; any other name as it is."""
    return _REGISTRY[name].title if name in _REGISTRY else name


class Direction(NamedTuple):
    """A translation direction: programs in `source` are translated to `target`."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}->{self.target}"

    def is_seen(self, pivot: str = PIVOT) -> bool:
        """Whether training pairs around `pivot` show this direction; if not, it is zero-shot."""
        return pivot in self


def directions(languages: Sequence[str] = LANGUAGES) -> tuple[Direction, ...]:
    """Every ordered pair of two different languages, sources in order: 42 for seven."""
    return tuple(Direction(source, target) for source in languages for target in languages if source != target)
