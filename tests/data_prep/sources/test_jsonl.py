from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from data_prep.dropped import Dropped
from data_prep.sources import SourceOptions, SourceProgram, read_jsonl
from data_prep.sources.jsonl import JsonLines, jsonl_units

GOOD = {"group": "hello", "language": "python", "code": "print('größer')\n"}
GOOD_LINE = json.dumps(GOOD, ensure_ascii=False).encode()

BAD_LINES = {
    "not JSON": b'{"group": "hello", ',
    "not UTF-8": b'{"group": "hello", "language": "python", "code": "\xff\xfe"}',
    "not a JSON object": b'["hello", "python", "print()"]',
    "no text in the field 'code'": b'{"group": "hello", "language": "python"}',
    "no text in the field 'group'": b'{"group": [7], "language": "python", "code": "x"}',
    "no text in the field 'language'": b'{"group": "hello", "language": "", "code": "x"}',
    "a lone surrogate": rb'{"group": "hello", "language": "python", "code": "\ud800"}',
    "unknown language": b'{"group": "hello", "language": "pyton", "code": "x"}',
}


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def write(file: Path, *lines: bytes) -> Path:
    file.write_bytes(b"\n".join(lines) + b"\n")
    return file


def test_programs_are_read_line_by_line_with_where_they_came_from(tmp_path: Path) -> None:
    described = GOOD | {"source": "by hand", "licence": "MIT", "stars": 3}
    file = write(tmp_path / "programs.jsonl", GOOD_LINE, b"", json.dumps(described).encode())
    assert list(read_jsonl(file)) == [
        SourceProgram("hello", "python", "print('größer')\n"),
        SourceProgram("hello", "python", "print('größer')\n", "by hand", "MIT"),
    ]


def many_lines() -> bytes:
    return b"".join(json.dumps(GOOD | {"group": f"group {number}"}).encode() + b"\n" for number in range(2000))


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_compressed_files_are_read_as_plain_ones(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_prep.sources.jsonl._ZSTD_CHUNK", 100)
    compress = COMPRESS[suffix]
    file = tmp_path / f"programs.jsonl{suffix}"
    # Tools that compress in parallel write several frames, one after the other.
    file.write_bytes(compress(many_lines()) + compress(GOOD_LINE))
    groups = [program.group for program in read_jsonl(file)]
    assert groups == [f"group {number}" for number in range(2000)] + ["hello"]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("damage", ["truncated", "corrupted", "not compressed", "empty"])
def test_a_damaged_compressed_file_is_an_error_that_names_it(tmp_path: Path, suffix: str, damage: str) -> None:
    whole = COMPRESS[suffix](many_lines())
    content = {
        "truncated": whole[:-9],
        "corrupted": whole[:10] + b"\xff" * 8 + whole[18:],
        "not compressed": many_lines(),
        "empty": whole[:5],
    }[damage]
    file = tmp_path / f"programs.jsonl{suffix}"
    file.write_bytes(content)
    with pytest.raises(UserError, match=rf"cannot read .*programs\.jsonl\{suffix}: "):
        list(read_jsonl(file))


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no such file: .*absent\.jsonl"):
        list(read_jsonl(tmp_path / "absent.jsonl"))


@pytest.mark.parametrize("reason", BAD_LINES)
def test_a_bad_line_is_an_error_that_names_file_and_line(tmp_path: Path, reason: str) -> None:
    file = write(tmp_path / "programs.jsonl", GOOD_LINE, GOOD_LINE, BAD_LINES[reason])
    with pytest.raises(UserError, match=rf"programs\.jsonl:3: {reason}.*\(--skip-bad goes on"):
        list(read_jsonl(file))


def test_an_unknown_language_is_told_the_nearest_first(tmp_path: Path) -> None:
    file = write(tmp_path / "programs.jsonl", BAD_LINES["unknown language"])
    with pytest.raises(UserError, match="unknown language 'pyton': choose from python, "):
        list(read_jsonl(file))


def test_nesting_without_end_is_not_json(tmp_path: Path) -> None:
    file = write(tmp_path / "programs.jsonl", b"[" * 200_000)
    with pytest.raises(UserError, match=r"programs\.jsonl:1: not JSON"):
        list(read_jsonl(file))


def test_bad_lines_can_be_skipped_and_are_counted_by_reason(tmp_path: Path) -> None:
    lines = [line for bad in BAD_LINES.values() for line in (bad, GOOD_LINE)]
    file = write(tmp_path / "programs.jsonl", *lines, BAD_LINES["not JSON"])
    dropped = Dropped()
    assert len(list(read_jsonl(file, dropped))) == len(BAD_LINES)
    assert dropped.counts == {("bad line", reason, ""): 1 + (reason == "not JSON") for reason in BAD_LINES}


def read(file: Path, **options: object) -> list[SourceProgram]:
    units = jsonl_units(file, SourceOptions(**options), file.name)  # type: ignore[arg-type]
    return [program for unit in units for program in unit.read()]


@settings(max_examples=30, deadline=None)
@given(size=st.integers(20, 300), texts=st.lists(st.text("äx\n ", min_size=0, max_size=40), max_size=12))
def test_a_file_is_the_same_in_one_piece_and_in_many(
    tmp_path_factory: pytest.TempPathFactory, size: int, texts: list[str]
) -> None:
    rows = [{"group": str(number), "language": "python", "code": f"# {text}"} for number, text in enumerate(texts)]
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    file = write(tmp_path_factory.mktemp("pieces") / "programs.jsonl", *lines)
    total = file.stat().st_size
    pieces = [JsonLines(file, SourceOptions(), "x", start, min(start + size, total)) for start in range(0, total, size)]
    assert [program for piece in pieces for program in piece.read()] == list(read_jsonl(file))


def test_a_large_file_is_several_units_and_errors_still_name_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_prep.sources.jsonl._UNIT_BYTES", 1000)
    file = tmp_path / "programs.jsonl"
    file.write_bytes(many_lines())
    units = jsonl_units(file, SourceOptions(), file.name)
    assert len(units) > 100
    assert sum(unit.size for unit in units) == file.stat().st_size
    assert [p.group for unit in units for p in unit.read()] == [f"group {number}" for number in range(2000)]
    file.write_bytes(many_lines() + b"{}\n")
    with pytest.raises(UserError, match=r"programs\.jsonl:2001: no text in the field 'code'"):
        read(file)


def test_a_program_without_a_group_is_one_of_its_own(tmp_path: Path) -> None:
    line = b'{"language": "adjacent", "code": "Fix the overflow"}'
    groups = [program.group for program in read(write(tmp_path / "issues.jsonl", line, line))]
    assert groups == ["issues.jsonl:0", f"issues.jsonl:{len(line) + 1}"]


def test_fields_are_found_by_the_names_that_are_given(tmp_path: Path) -> None:
    row = {"task": 7, "body": "print()", "lang": "Python3", "meta": {"license": ["MIT", "ISC"]}}
    file = write(tmp_path / "programs.jsonl", json.dumps(row).encode())
    columns = {"code": "body", "language": "lang", "group": "task", "licence": "meta.license"}
    assert read(file, columns=columns) == [SourceProgram("7", "python", "print()", "unknown", "MIT AND ISC")]


def test_a_line_may_hold_a_group_with_a_field_per_language(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "name": "sum", "C#": "Sum();", "Java": "sum();"},
        {"id": 2, "name": "max", "C++": "", "Go": "Max()"},
    ]
    programs = read(write(tmp_path / "pairs.jsonl", *(json.dumps(row).encode() for row in rows)))
    assert [(program.language, program.code) for program in programs] == [
        ("csharp", "Sum();"), ("java", "sum();"), ("go", "Max()"),
    ]  # fmt: skip
    assert programs[0].group == programs[1].group != programs[2].group


def test_objects_may_all_have_names_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_prep.sources.jsonl._MOST_LAYOUTS", 3)
    rows = [GOOD | {f"note {number}": ""} for number in range(10)]
    assert len(read(write(tmp_path / "programs.jsonl", *(json.dumps(row).encode() for row in rows)))) == 10


def test_in_data_of_others_an_unknown_language_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = [{"content": "x", "lang": "Go", "max_stars_repo_licenses": ["MIT"]}]
    rows.append(rows[0] | {"lang": "COBOL"})
    file = write(tmp_path / "stack.jsonl", *(json.dumps(row).encode() for row in rows))
    dropped = Dropped()
    programs = list(JsonLines(file, SourceOptions(), "stack").read(dropped))
    assert programs == [SourceProgram("stack:0", "go", "x", "unknown", "MIT")]
    assert dropped.counts == {("reading", "language not registered", "COBOL"): 1}


def test_a_file_that_is_one_endless_line_is_not_read_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_prep.sources.jsonl._LONGEST_LINE", 1000)
    monkeypatch.setattr("data_prep.sources.jsonl._ZSTD_CHUNK", 100)
    endless = b"[" + b"1, " * 100_000 + b"1]"
    for suffix, compress in COMPRESS.items():
        file = tmp_path / f"array.jsonl{suffix}"
        file.write_bytes(compress(endless))
        with pytest.raises(UserError, match=r":1: not (JSON|a JSON object)"):
            read(file)
