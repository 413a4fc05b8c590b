from __future__ import annotations

import csv
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from codelm.errors import UserError
from data_prep.dropped import Dropped
from data_prep.sources import SourceOptions, SourceProgram, Unit, open_inputs

ROWS = [
    {"content": f"x = {number}", "lang": "Python", "max_stars_repo_licenses": ["MIT"], "size": number}
    for number in range(10)
]


def parquet(file: Path, rows: list[dict[str, Any]], rows_per_group: int = 4) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=rows_per_group)
    return file


def open_file(path: Path, **options: Any) -> tuple[Unit, ...]:
    return open_inputs([str(path)], SourceOptions(**options))


def read(path: Path, **options: Any) -> tuple[list[SourceProgram], Dropped]:
    dropped = Dropped()
    return [program for unit in open_file(path, **options) for program in unit.read(dropped)], dropped


def test_a_row_group_of_parquet_is_a_unit(tmp_path: Path) -> None:
    units = open_file(parquet(tmp_path / "stack.parquet", ROWS))
    assert [unit.name.rpartition(":")[2] for unit in units] == ["0", "1", "2"]
    assert all(0 < unit.size < 500 for unit in units)
    assert list(pickle.loads(pickle.dumps(units[2])).read(None)) == [
        SourceProgram(f"stack.parquet:{number}", "python", f"x = {number}", "stack.parquet", "MIT") for number in (8, 9)
    ]


def test_nested_columns_are_read(tmp_path: Path) -> None:
    rows = [{"text": "x", "meta": {"redpajama_set_name": name}} for name in ("RedPajamaC4", "RedPajamaGithub")]
    programs, dropped = read(parquet(tmp_path / "slim.parquet", rows))
    assert [program.language for program in programs] == ["text"]
    assert dropped.counts == {("reading", "language not registered", "RedPajamaGithub"): 1}


def test_rows_without_a_program_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[0] | {"content": None}, ROWS[0] | {"lang": "COBOL"}, ROWS[0] | {"lang": "Go"}]
    programs, dropped = read(parquet(tmp_path / "stack.parquet", rows))
    assert [(program.group, program.language) for program in programs] == [
        ("stack.parquet:0", "python"),
        ("stack.parquet:3", "go"),
    ]
    assert dropped.counts == {
        ("reading", "no text in the field 'content'", ""): 1,
        ("reading", "language not registered", "COBOL"): 1,
    }


def test_parquet_without_the_column_is_an_error_that_lists_those_it_has(tmp_path: Path) -> None:
    file = parquet(tmp_path / "stack.parquet", ROWS)
    with pytest.raises(UserError, match=r"stack\.parquet has no column 'contents': did you mean 'content'\?.*lang, "):
        open_file(file, columns={"code": "contents"})


@pytest.mark.parametrize("name", ["broken.parquet", "broken.csv"])
def test_a_file_that_is_no_table_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PAR1 but not really \xff\xfe")
    with pytest.raises(UserError, match=rf"cannot read .*{name}"):
        open_file(tmp_path / name)


def test_a_damaged_row_group_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    file = parquet(tmp_path / "stack.parquet", ROWS * 50, rows_per_group=500)
    (unit,) = open_file(file)
    content = bytearray(file.read_bytes())
    content[4:60] = b"\xff" * 56
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"cannot read .*stack\.parquet"):
        list(unit.read(None))


def test_a_folder_of_parquet_is_one_data_set_and_its_folders_tell_languages(tmp_path: Path) -> None:
    for folder in ("python", "c-sharp", "ada"):
        parquet(tmp_path / "starcoderdata" / folder / "train-0.parquet", [{"content": f"x {folder}", "id": "7"}])
    (tmp_path / "starcoderdata" / "README.md").write_text("About")
    with pytest.raises(UserError, match=r"nothing tells the language of .*ada.train-0\.parquet"):
        open_file(tmp_path / "starcoderdata")
    (tmp_path / "starcoderdata" / "ada" / "train-0.parquet").unlink()
    programs, _ = read(tmp_path / "starcoderdata")
    assert programs == [
        SourceProgram("starcoderdata/c-sharp/train-0.parquet:0", "csharp", "x c-sharp", "starcoderdata"),
        SourceProgram("starcoderdata/python/train-0.parquet:0", "python", "x python", "starcoderdata"),
    ]
    assert [program.language for program in read(tmp_path / "starcoderdata" / "python")[0]] == ["python"]


def test_tables_among_programs_are_no_input(tmp_path: Path) -> None:
    parquet(tmp_path / "code" / "tests" / "data.parquet", ROWS)
    (tmp_path / "code" / "a.py").write_text("x")
    assert [program.group for program in read(tmp_path / "code")[0]] == ["code:a.py"]


def write_csv(file: Path, *rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with file.open("w", newline="", encoding=encoding) as text:
        csv.writer(text, delimiter=delimiter).writerows(rows)
    return file


@pytest.mark.parametrize(("suffix", "delimiter"), [(".csv", ","), (".tsv", "\t")])
def test_csv_is_read_by_its_heading(tmp_path: Path, suffix: str, delimiter: str) -> None:
    rows = [["id", "Python", "Java"], ["sum", 'print("ä,\tb")\nx = 1', "int x;"], ["max", "", "int y;"]]
    file = write_csv(tmp_path / f"pairs{suffix}", *rows, delimiter=delimiter, encoding="utf-8-sig")
    programs, _ = read(file, columns={"group": "id", "python": "Python", "java": "Java"})
    assert programs == [
        SourceProgram("sum", "python", 'print("ä,\tb")\nx = 1', f"pairs{suffix}"),
        SourceProgram("sum", "java", "int x;", f"pairs{suffix}"),
        SourceProgram("max", "java", "int y;", f"pairs{suffix}"),
    ]


def test_a_short_row_of_csv_is_left_out_and_a_long_program_is_read(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", ["language", "code"], ["go"], ["go", "x" * 200_000], ["go", "x", "more"])
    programs, dropped = read(file)
    assert [len(program.code) for program in programs] == [200_000, 1]
    assert dropped.counts == {("reading", "no text in the field 'code'", ""): 1}


def test_csv_in_a_wrong_encoding_is_an_error_that_names_it(tmp_path: Path) -> None:
    rows = [["language", "code"], *[["go", "größer" * 100]] * 100]
    with pytest.raises(UserError, match=r"cannot read .*a\.csv: "):
        read(write_csv(tmp_path / "a.csv", *rows, encoding="latin-1"))


def test_an_empty_csv_has_no_programs(tmp_path: Path) -> None:
    assert open_file(write_csv(tmp_path / "a.csv", ["language", "code"])) == ()
