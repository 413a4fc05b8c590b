"""A table by step: lines that a crash leaves, and lines that a resumed run takes back."""

from pathlib import Path

import pytest

from codelm.callbacks.resumable_table import ResumableTable, read_table

HEADER = "step,loss\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "metrics.csv"


def started(file: Path, step: int, columns: tuple[str, ...] = ("step", "loss")) -> ResumableTable:
    table = ResumableTable(file, columns)
    table.start(step)
    return table


def test_a_resumed_run_keeps_the_lines_up_to_its_step(file: Path) -> None:
    file.write_text(HEADER + "".join(f"{step},1.5\n" for step in (1, 2, 2, 3, 3, 4)))

    started(file, step=3)

    assert [row["step"] for row in read_table(file)] == ["1", "2", "2", "3", "3"]


def test_a_new_run_begins_a_new_table(file: Path) -> None:
    file.write_text(HEADER + "1,1.5\n")

    started(file, step=0).append([{"step": "1", "loss": "2.5"}])

    assert file.read_text() == HEADER + "1,2.5\n"


@pytest.mark.parametrize("cut", ["2", "2,", "2,1.4"])
def test_a_line_that_a_crash_cut_off_is_left_out(file: Path, cut: str) -> None:
    file.write_text(HEADER + "1,1.5\n" + cut)

    started(file, step=2)

    assert file.read_text() == HEADER + "1,1.5\n"


def test_a_run_that_began_with_fewer_columns_goes_on_with_more(file: Path) -> None:
    file.write_text(HEADER + "1,1.5\n")

    started(file, step=1, columns=("step", "loss", "mfu")).append([{"step": "2", "loss": "1.4", "mfu": "0.5"}])

    assert file.read_text() == "step,loss,mfu\n1,1.5,nan\n2,1.4,0.5\n"
