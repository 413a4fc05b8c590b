from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from codelm.errors import UserError
from codelm.languages import LANGUAGES
from data_prep.sources import SourceProgram, builtin_programs, read_jsonl

GOOD = {"group": "hello", "language": "python", "code": "print('größer')\n"}
GOOD_LINE = json.dumps(GOOD, ensure_ascii=False).encode()

BAD_LINES = {
    "not JSON": b'{"group": "hello", ',
    "not UTF-8": b'{"group": "hello", "language": "python", "code": "\xff\xfe"}',
    "not a JSON object": b'["hello", "python", "print()"]',
    "no text in the field 'code'": b'{"group": "hello", "language": "python"}',
    "no text in the field 'group'": b'{"group": 7, "language": "python", "code": "x"}',
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
    monkeypatch.setattr("data_prep.sources._ZSTD_CHUNK", 100)
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
    skipped: Counter[str] = Counter()
    assert len(list(read_jsonl(file, skipped))) == len(BAD_LINES)
    assert skipped == {f"bad line: {reason}": 1 + (reason == "not JSON") for reason in BAD_LINES}


def test_the_built_in_programs_are_a_function_of_the_seed() -> None:
    first, again, other = (list(builtin_programs(groups=3, seed=seed)) for seed in (0, 0, 1))
    assert first == again
    assert not {program.code for program in first} & {program.code for program in other}
    by_group: dict[str, list[str]] = {}
    for program in first:
        by_group.setdefault(program.group, []).append(program.language)
    assert len(by_group) == 3
    assert all(sorted(languages) == sorted(LANGUAGES) for languages in by_group.values())
