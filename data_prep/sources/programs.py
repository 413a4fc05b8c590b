"""What a source yields: programs, from units that are read in one go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from codelm.errors import unknown_name
from codelm.languages import TEXT_KINDS, get_language, registered_languages
from data_prep.sources.licences import UNKNOWN, unwelcome_licence

if TYPE_CHECKING:
    from data_prep.dropped import Dropped
    from data_prep.sources.options import SourceOptions

READING = "reading"
"""Name of the step in the counts of what was left out."""


@dataclass(frozen=True)
class SourceProgram:
    """One program as it comes in.

    Parameters
    ----------
    group
        Name of the task that it solves, in whatever language; its place, where it has no task in common with others.
    language
        A registered language, or a kind of text: ``text``, ``web``, ``markup``, ``synthetic``, ``adjacent``.
    code
        Its text.
    source
        Name of the repository or data set.
    licence
        An SPDX expression: names, joined by `` AND `` or `` OR `` where there are several.
    """

    group: str
    language: str
    code: str
    source: str = "unknown"
    licence: str = UNKNOWN


class Unit(Protocol):
    """A piece of input that is read in one go, on any machine: what it yields depends on the unit alone."""

    @property
    def name(self) -> str:
        """Stable name, which errors tell."""

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""

    def read(self, dropped: Dropped | None) -> Iterator[SourceProgram]:
        """Yield the programs; `dropped` counts those that are left out."""


def count_dropped(
    dropped: Dropped | None, reason: str, language: str = "", example: str = "", place: str = "", step: str = READING
) -> None:
    """Count a program that is left out, if anybody counts."""
    if dropped is not None:
        dropped.add(step, reason, language, example, place)


@dataclass(frozen=True)
class Admitted:
    """The programs of a unit that the options let in: small enough, their languages and licences asked for.

    Parameters
    ----------
    unit
        The unit.
    options
        The options.
    """

    unit: Unit
    options: SourceOptions

    @property
    def name(self) -> str:
        """Stable name."""
        return self.unit.name

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""
        return self.unit.size

    def read(self, dropped: Dropped | None) -> Iterator[SourceProgram]:
        """Yield the programs that are let in; count the others."""
        for program in self.unit.read(dropped):
            if program.licence == UNKNOWN and self.options.licence is not None:
                program = replace(program, licence=self.options.licence)
            step, reason = self._objection(program)
            if reason is None:
                yield program
            else:
                count_dropped(dropped, reason, program.language, program.code, program.group, step)

    def _objection(self, program: SourceProgram) -> tuple[str, str | None]:
        options = self.options
        if options.languages and program.language not in options.languages:
            return "language", "not asked for"
        if options.licences and (unwelcome := unwelcome_licence(program.licence, options.licences)):
            return "licence", unwelcome
        return READING, bad_text(program.code, options.max_program_bytes)


def bad_text(code: str, max_bytes: int) -> str | None:
    """Say why a text is no program, or return None."""
    if not code or code.isspace():
        return "empty"
    if "\0" in code:
        return "binary"
    try:
        size = len(code) if code.isascii() else len(code.encode())
    except UnicodeEncodeError:
        return "a lone surrogate"
    return too_large(max_bytes) if size > max_bytes else None


def too_large(max_bytes: int) -> str:
    """Return the reason for which a program of more than `max_bytes` is left out."""
    return f"larger than {max_bytes:,} bytes"


# --- languages as data sets and people write them

_OTHER_NAMES = {
    "golang": "go",
    "python3": "python",
    "nodejs": "javascript",
    **dict.fromkeys(("plaintext", "txt", "english"), "text"),
    **dict.fromkeys(("markdown", "restructuredtext", "rmarkdown", "yml"), "markup"),
    **dict.fromkeys(("md", "yaml", "json", "html", "css", "scss", "rst", "toml", "sass", "rmd"), "markup"),
    **dict.fromkeys(
        ("jupyternotebook", "jupyter", "notebook", "ipynb", "commits", "issues", "githubissues"), "adjacent"
    ),
    # StarCoderData's folders
    **dict.fromkeys(("gitcommitscleaned", "githubissuesfilteredstructured"), "adjacent"),
    **dict.fromkeys(("jupyterscriptsdedupfiltered", "jupyterstructuredcleandedup"), "adjacent"),
}


def known_names() -> tuple[str, ...]:
    """Return every registered language and kind of text."""
    return *registered_languages(), *TEXT_KINDS


def check_language(name: str) -> str:
    """Return the name if it is a registered language or a kind of text; a UserError names the nearest ones."""
    if name not in known_names():
        raise unknown_name("language", name, known_names())
    return name


def read_language(text: str) -> str | None:
    """Return the language or kind of text that a name means (`C#`, `c-sharp`, `Markdown`), or None."""
    return _read_language(text, registered_languages())


# A table asks for each of its rows.
@lru_cache(1000)
def _read_language(text: str, registered: tuple[str, ...]) -> str | None:
    folded = _folded(text)
    if folded in (*registered, *TEXT_KINDS):
        return folded
    for name in registered:
        language = get_language(name)
        if folded in (_folded(language.title), *(_folded(suffix) for suffix in language.suffixes)):
            return name
    return _OTHER_NAMES.get(folded)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9+]", "", text.lower().replace("#", "sharp"))


# --- text as it lies in files


class EncodingError(Exception):
    """A text that is not in an encoding we read; its message is the reason."""


def decode(data: bytes) -> str:
    """Decode UTF-8 (with a byte-order mark or without), or UTF-16 with one.

    Raises
    ------
    EncodingError
        For anything else.
    """
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not utf16 and b"\0" in data:
        raise EncodingError("binary")
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise EncodingError("neither UTF-8 nor UTF-16") from None
