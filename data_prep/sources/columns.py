"""Rows into programs: which columns of a table, or fields of a JSON object, hold what."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codelm.errors import UserError, unknown_name
from codelm.languages import registered_languages
from data_prep.sources.licences import UNKNOWN
from data_prep.sources.options import SourceOptions
from data_prep.sources.parallel import restore_lines
from data_prep.sources.programs import SourceProgram, check_language, known_names, read_language

FIELDS = ("code", "language", "group", "source", "licence")


class BadRowError(Exception):
    """A row that is no program.

    Parameters
    ----------
    reason
        Why, the same words for the same fault.
    message
        More of it, for a user's eyes.
    language
        What it calls its language, where that is the fault.
    """

    def __init__(self, reason: str, message: str | None = None, language: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason
        self.language = language


@dataclass(frozen=True)
class Columns:
    """Which columns hold what; a name with dots reaches into nested columns.

    Parameters
    ----------
    code
        The program; None where each language has a column.
    language
        What its language is called, or None where all rows are in `fixed_language`.
    group, source, licence
        The rest, each None where there is no such column. A list of licences means that all hold.
    parallel
        Pairs of a language and its column, where a row is a whole group.
    values
        Languages by what the language column calls them, where `read_language` does not know.
    fixed_language
        Language of every row, where no column tells it.
    group_end
        What ends the group's name in its column, where more follows.
    """

    code: str | None = "code"
    language: str | None = None
    group: str | None = None
    source: str | None = None
    licence: str | None = None
    parallel: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    fixed_language: str | None = None
    group_end: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns to read."""
        single = (self.code, self.language, self.group, self.source, self.licence)
        return tuple(dict.fromkeys([name for name in single if name] + [column for _, column in self.parallel]))

    def programs(self, row: Mapping[str, Any], source: str, place: str) -> Iterator[SourceProgram]:
        """Yield the programs of a row.

        Parameters
        ----------
        row
            Its values by column.
        source
            Name of the data set, for rows that do not tell theirs.
        place
            Where the row stands: what it is a group of, unless it tells one.

        Raises
        ------
        BadRowError
            If the row is no program.
        """
        own_source = _text(row, self.source) if self.source and _value(row, self.source) else source
        group = self._group(row) or place
        licence = _licence(_value(row, self.licence)) if self.licence else UNKNOWN
        if self.code is None:
            present = [(language, column) for language, column in self.parallel if _value(row, column)]
            if not present:
                raise BadRowError("no program in any language")
            for language, column in present:
                yield SourceProgram(group, language, restore_lines(_text(row, column)), own_source, licence)
        else:
            code = restore_lines(_text(row, self.code))
            yield SourceProgram(group, self._language(row), code, own_source, licence)

    def _group(self, row: Mapping[str, Any]) -> str | None:
        if self.group is None or (value := _value(row, self.group)) is None:
            return None
        if isinstance(value, int):
            return str(value)
        name = _text(row, self.group)
        return name.split(self.group_end)[0] if self.group_end else name

    def _language(self, row: Mapping[str, Any]) -> str:
        if self.language is None:
            if self.fixed_language is None:
                raise BadRowError("no language")
            return self.fixed_language
        name = _text(row, self.language)
        language = self.values.get(name) or read_language(name)
        if language is None:
            raise BadRowError("unknown language", str(unknown_name("language", name, known_names())), name)
        return language


def _value(row: Mapping[str, Any], column: str) -> Any:
    if column in row:
        return row[column]
    value: Any = row
    for part in column.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def _text(row: Mapping[str, Any], column: str) -> str:
    value = _value(row, column)
    if not isinstance(value, str) or not value.strip():
        raise BadRowError(f"no text in the field {column!r}")
    return value


def _licence(value: Any) -> str:
    names = [value] if isinstance(value, str) else value if isinstance(value, Sequence) else []
    return " AND ".join(str(name) for name in names if name) or UNKNOWN


# --- tables whose columns are well known

_LANGUAGE_NAMES = ("language", "lang", "programming_language")
_TEXT_SETS = ("RedPajamaCommonCrawl", "RedPajamaC4", "RedPajamaArXiv", "RedPajamaBook", "RedPajamaWikipedia")

_KNOWN: tuple[tuple[tuple[str, ...], Columns], ...] = (
    # The Stack, https://huggingface.co/datasets/bigcode/the-stack-dedup
    (("content", "lang", "max_stars_repo_licenses"), Columns("content", "lang", licence="max_stars_repo_licenses")),
    # The Stack v2 where the contents are there, https://huggingface.co/datasets/bigcode/the-stack-v2-dedup
    (("content", "language", "detected_licenses"), Columns("content", "language", licence="detected_licenses")),
    # xCodeEval, https://huggingface.co/datasets/NTU-NLP-sg/xCodeEval
    (("source_code", "lang_cluster", "src_uid"), Columns("source_code", "lang_cluster", group="src_uid")),
    # FineWeb and FineWeb-Edu, whose `language` is a natural one, https://huggingface.co/datasets/HuggingFaceFW/fineweb-edu
    (("text", "language_score"), Columns("text", fixed_language="text")),
    # SlimPajama; its GitHub part is left out. https://huggingface.co/datasets/cerebras/SlimPajama-627B
    (
        ("text", "meta.redpajama_set_name"),
        Columns(
            "text",
            "meta.redpajama_set_name",
            values=dict.fromkeys(_TEXT_SETS, "text") | {"RedPajamaStackExchange": "adjacent"},
        ),
    ),
    # XLCoST, whose descriptions begin with the task's title, https://huggingface.co/datasets/codeparrot/xlcost-text-to-code
    (("text", "code"), Columns("code", group="text", group_end=" | ")),
    # Anybody's; StarCoderData, https://huggingface.co/datasets/bigcode/starcoderdata, has a folder per language.
    *(
        (tuple(name for name in (code, language) if name), Columns(code, language))
        for code in ("code", "content", "source_code")
        for language in (*_LANGUAGE_NAMES, None)
    ),
)

_OTHER_FIELDS = {"group": ("group",), "source": ("source",), "licence": ("licence", "license", "licenses")}


def check_columns(options: SourceOptions) -> None:
    """Raise a UserError if what the options say of columns makes no sense for any table."""
    for name in options.columns or {}:
        if name not in FIELDS and name not in known_names():
            raise unknown_name("field or language in --columns", name, (*FIELDS, *known_names()))
    if options.language is not None:
        check_language(options.language)


def choose_columns(names: Sequence[str], options: SourceOptions, table: str, folders: Iterable[str] = ()) -> Columns:
    """Decide which columns of a table hold what: those that the options name, or well-known ones.

    Parameters
    ----------
    names
        The table's columns, nested ones with dots.
    options
        The options.
    table
        Name of the table, for errors.
    folders
        Names of the folders that it lies in; the last that names a language tells that of its programs.

    Raises
    ------
    UserError
        If a column does not exist, or nothing tells where the programs are or what language they are in.
    """
    given = dict(options.columns or {})
    for column in given.values():
        if column not in names:
            raise _no_column(column, names, table)
    columns = _choose_programs(names, given, options.language)
    if columns is None:
        if "blob_id" in names:
            raise UserError(
                f"{table} holds no programs, only their addresses at Software Heritage: fetch them as the data set's "
                f"card says, into a column `content`"
            )
        raise UserError(
            f"cannot tell which column of {table} holds the programs: name it with --columns code=... "
            f"(its columns are {', '.join(names)})"
        )

    def other(name: str) -> str | None:
        usual = next((column for column in _OTHER_FIELDS[name] if column in names), None)
        return given.get(name) or getattr(columns, name) or usual

    columns = replace(columns, group=other("group"), source=other("source"), licence=other("licence"))
    if columns.code is None or columns.language is not None:
        return columns
    told = [language for folder in folders if (language := _folder_language(folder))]
    language = options.language or columns.fixed_language or (told[-1] if told else None)
    if language is None:
        raise UserError(
            f"nothing tells the language of {table}: say it with --language, or its column with --columns language=... "
            f"(its columns are {', '.join(names)})"
        )
    return replace(columns, fixed_language=language)


def _choose_programs(names: Sequence[str], given: Mapping[str, str], language: str | None) -> Columns | None:
    parallel = tuple((name, column) for name, column in given.items() if name not in FIELDS)
    if parallel:
        return Columns(None, parallel=parallel)
    if "code" in given:
        usual = next((name for name in _LANGUAGE_NAMES if name in names and language is None), None)
        return Columns(given["code"], given.get("language") or usual)
    for signature, columns in _KNOWN:
        if all(name in names for name in signature):
            return replace(columns, language=given.get("language", columns.language))
    by_language = {found: name for name in names if (found := read_language(name)) in registered_languages()}
    if by_language:
        return Columns(None, parallel=tuple((str(found), name) for found, name in by_language.items()))
    return Columns("text", given.get("language"), fixed_language="text") if "text" in names else None


def _folder_language(folder: str) -> str | None:
    # XLCoST's configurations are named Python-program-level.
    return read_language(re.sub(r"-(program|snippet)-level$", "", folder))


def _no_column(column: str, names: Sequence[str], table: str) -> UserError:
    nearest = difflib.get_close_matches(column, names, n=1)
    suggestion = f"did you mean {nearest[0]!r}? " if nearest else ""
    return UserError(f"{table} has no column {column!r}: {suggestion}its columns are {', '.join(names)}")
