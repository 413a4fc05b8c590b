from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from codelm.errors import UserError
from codelm.languages import LANGUAGES, TEXT_KINDS
from data_prep.dropped import Dropped
from data_prep.sources import SourceOptions, SourceProgram
from data_prep.sources.programs import Admitted, EncodingError, check_language, decode, read_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((name, name) for name in (*LANGUAGES, *TEXT_KINDS)),
        ("C#", "csharp"),
        ("c-sharp", "csharp"),
        ("cs", "csharp"),
        ("JavaScript", "javascript"),
        (".ts", "typescript"),
        ("Golang", "go"),
        ("Python 3", "python"),
        ("Markdown", "markup"),
        ("reStructuredText", "markup"),
        ("Jupyter Notebook", "adjacent"),
        ("github-issues-filtered-structured", "adjacent"),
        ("C++", None),
        ("C", None),
        ("java-server-pages", None),
        ("en", None),
    ],
)
def test_languages_are_understood_as_data_sets_write_them(text: str, language: str | None) -> None:
    assert read_language(text) == language


def test_a_language_that_nobody_registered_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UserError, match="unknown language 'markdown': choose from markup, "):
        check_language("markdown")


@pytest.mark.parametrize(
    "data",
    ["größer".encode(), codecs.BOM_UTF8 + "größer".encode(), "größer".encode("utf-16")],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16"],
)
def test_text_is_read_whichever_unicode_it_is_in(data: bytes) -> None:
    assert decode(data) == "größer"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x7fELF\0\0", "binary"),
        ("größer".encode("latin-1"), "neither UTF-8 nor UTF-16"),
        (codecs.BOM_UTF16_LE + b"x", "neither UTF-8 nor UTF-16"),
    ],
)
def test_other_bytes_are_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(EncodingError, match=reason):
        decode(data)


@dataclass(frozen=True)
class Programs:
    programs: tuple[SourceProgram, ...]
    name: str = "programs"
    size: int = 10

    def read(self, dropped: Dropped | None) -> Iterator[SourceProgram]:
        yield from self.programs


def admitted(*programs: SourceProgram, **options: object) -> tuple[list[SourceProgram], Dropped]:
    dropped = Dropped()
    unit = Admitted(Programs(programs), SourceOptions(**options))  # type: ignore[arg-type]
    return list(unit.read(dropped)), dropped


def test_programs_under_other_licences_are_left_out_and_counted_by_licence() -> None:
    programs = [
        SourceProgram(str(n), "go", "x", "s", name) for n, name in enumerate(["MIT", "GPL-3.0", "MIT", "unknown"])
    ]
    left, dropped = admitted(*programs, licences=("MIT", "Apache-2.0"))
    assert left == [programs[0], programs[2]]
    assert dropped.counts == {("licence", "GPL-3.0", "go"): 1, ("licence", "unknown", "go"): 1}


def test_a_given_licence_is_that_of_programs_whose_source_tells_none() -> None:
    left, _ = admitted(
        SourceProgram("a", "go", "x"), SourceProgram("b", "go", "x", licence="MIT"), licence="ISC", licences=("ISC",)
    )
    assert left == [SourceProgram("a", "go", "x", licence="ISC")]


def test_only_the_languages_that_are_asked_for_are_let_in() -> None:
    left, dropped = admitted(SourceProgram("a", "go", "x"), SourceProgram("b", "markup", "x"), languages=("go", "rust"))
    assert [program.language for program in left] == ["go"]
    assert dropped.counts == {("language", "not asked for", "markup"): 1}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (" \n", "empty"),
        ("x\0y", "binary"),
        ("x" * 11, "larger than 10 bytes"),
        ("ä" * 6, "larger than 10 bytes"),
        ("\ud800", "a lone surrogate"),
    ],
)
def test_what_is_no_program_is_left_out_with_an_example(code: str, reason: str) -> None:
    left, dropped = admitted(SourceProgram("a", "go", code), SourceProgram("b", "go", "x" * 10), max_program_bytes=10)
    assert [program.group for program in left] == ["b"]
    assert dropped.counts == {("reading", reason, "go"): 1}
    assert [example.place for example in dropped.examples["reading", reason]] == ["a"]


def test_nobody_has_to_count() -> None:
    unit = Admitted(Programs((SourceProgram("a", "go", ""),)), SourceOptions())
    assert list(unit.read(None)) == []
    assert (unit.name, unit.size) == ("programs", 10)
