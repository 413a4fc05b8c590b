"""Results that outlive an interruption."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelm.errors import UserError
from codelm.evaluation.journal import Journal


def test_rows_are_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    Journal(tmp_path / "rows.jsonl").add([{"a": 1}, {"a": "größer\n"}])
    again = Journal(tmp_path / "rows.jsonl")
    again.add([{"a": 3}])

    assert [row["a"] for row in again.rows] == [1, "größer\n", 3]
    assert Journal(tmp_path / "rows.jsonl").rows == again.rows


@pytest.mark.parametrize("kept", range(1, 9))
def test_a_line_that_was_cut_off_is_dropped_wherever_it_was_cut(tmp_path: Path, kept: int) -> None:
    file = tmp_path / "rows.jsonl"
    Journal(file).add([{"a": 1}, {"a": 2}])
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2 + kept])

    journal = Journal(file)
    journal.add([{"a": 3}])

    assert [row["a"] for row in Journal(file).rows] == [row["a"] for row in journal.rows]
    assert [row["a"] for row in journal.rows] in ([1, 3], [1, 2, 3])


def test_nothing_is_there_before_the_first_row(tmp_path: Path) -> None:
    assert Journal(tmp_path / "rows.jsonl").rows == []
    assert not (tmp_path / "rows.jsonl").exists()


def test_a_file_that_is_no_journal_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("what is this\n{}\n")
    with pytest.raises(UserError, match="delete it, and what it held is computed anew"):
        Journal(tmp_path / "rows.jsonl")
