from __future__ import annotations

import json
import pickle
from argparse import ArgumentTypeError
from dataclasses import fields
from pathlib import Path

import pytest
from docstring_parser import parse

from codelm.errors import UserError
from data_prep.sources import SourceOptions, SourceProgram, open_inputs
from data_prep.sources.options import column_names


def read(*inputs: object, **options: object) -> list[SourceProgram]:
    units = open_inputs([str(name) for name in inputs], SourceOptions(**options))  # type: ignore[arg-type]
    return [program for unit in pickle.loads(pickle.dumps(units)) for program in unit.read(None)]


def test_inputs_are_read_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "a.rs").write_text("fn a() {}")
    (tmp_path / "LICENSE").write_text("Apache License, Version 2.0")
    (tmp_path / "b.go").write_text("package b")
    (tmp_path / "c.txt").write_text("Prose.")
    (tmp_path / "d.json").write_text(json.dumps({"group": "d", "language": "java", "code": "class D {}"}))
    names = [tmp_path / name for name in ("d.json", "b.go", "tree", "c.txt")]
    programs = read(*names, "builtin", groups=1)
    assert [program.language for program in programs[:5]] == ["java", "go", "rust", "text", "python"]
    assert programs[1] == SourceProgram("b.go:b.go", "go", "package b", "b.go", "Apache-2.0")
    assert [program.source for program in programs] == ["unknown", "b.go", "tree", "c.txt", *["builtin"] * 7]


def test_inputs_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    for repository in ("one", "two"):
        (tmp_path / repository / "src").mkdir(parents=True)
        (tmp_path / repository / "src" / "main.py").write_text("x")
        (tmp_path / repository / "issues.jsonl").write_text('{"language": "adjacent", "code": "x"}')
    inputs = [tmp_path / place for place in ("one/src", "two/src", "one/issues.jsonl", "two/issues.jsonl")]
    assert [program.group for program in read(*inputs)] == [
        *("one/src:main.py", "two/src:main.py", "one/issues.jsonl:0", "two/issues.jsonl:0"),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.jsonl", "no such file: absent.jsonl"),
        ("hub", "no such file: hub"),
        ("setup.cfg", "cannot tell what setup.cfg holds: its suffix is no language's, nor one of .jsonl, .parquet"),
    ],
)
def test_an_input_that_cannot_be_read_is_an_error_of_one_line(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").write_text("x")
    with pytest.raises(UserError) as caught:
        open_inputs([name], SourceOptions())
    assert str(caught.value).startswith(message)


def test_a_wrong_language_is_told_before_anything_is_read() -> None:
    with pytest.raises(UserError, match="unknown language 'pyton'"):
        open_inputs(["absent.jsonl"], SourceOptions(languages=("pyton",)))
    with pytest.raises(UserError, match="unknown field or language in --columns 'kode'"):
        open_inputs(["absent.jsonl"], SourceOptions(columns={"kode": "content"}))


def test_licences_and_sizes_hold_for_every_kind_of_input(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    (tmp_path / "b.jsonl").write_text('{"language": "go", "code": "xyz", "licence": "MIT"}')
    inputs = (tmp_path / "a.py", tmp_path / "b.jsonl")
    assert [program.licence for program in read(*inputs)] == ["unknown", "MIT"]
    assert [program.licence for program in read(*inputs, licences=("MIT",))] == ["MIT"]
    assert [program.licence for program in read(*inputs, licences=("MIT", "ISC"), licence="ISC")] == ["ISC", "MIT"]
    assert [program.language for program in read(*inputs, max_program_bytes=2)] == ["python"]
    assert [program.language for program in read(*inputs, languages=("go",))] == ["go"]


def test_every_option_has_its_help() -> None:
    described = {parameter.arg_name for parameter in parse(SourceOptions.__doc__ or "").params}
    assert described == {field.name for field in fields(SourceOptions)}


def test_column_names_are_read_from_a_flag_or_a_mapping() -> None:
    assert column_names("code=content, language=lang") == {"code": "content", "language": "lang"}
    assert column_names({"code": "content"}) == {"code": "content"}
    with pytest.raises(ArgumentTypeError, match="cannot read 'code': write code=content"):
        column_names("code")
