"""metrics.csv: lines that a crash leaves, and lines that a resumed run takes back."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from codelm.callbacks import MetricsTable
from codelm.callbacks.metrics_table import read_metrics

HEADER = "step,tokens,loss,learning_rate,tokens_per_second\n"


def started(file: Path, step: int) -> MetricsTable:
    table = MetricsTable(file, batch_tokens=100)
    trainer: Any = SimpleNamespace(global_step=step, is_global_zero=True)
    table.on_train_start(trainer, None)  # type: ignore[arg-type]
    return table


def test_a_resumed_run_keeps_the_lines_up_to_its_step(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    file.write_text(HEADER + "".join(f"{step},{step * 100},1.5,0.1,9\n" for step in range(1, 6)))

    started(file, step=3)

    assert [row["step"] for row in read_metrics(file)] == ["1", "2", "3"]


def test_a_new_run_begins_a_new_table(tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    file.write_text(HEADER + "1,100,1.5,0.1,9\n")

    started(file, step=0)

    assert file.read_text() == HEADER


@pytest.mark.parametrize("cut", ["2,20", "2,200,1.4", "2,200,1.4,0.1,"])
def test_a_line_that_a_crash_cut_off_is_left_out(tmp_path: Path, cut: str) -> None:
    file = tmp_path / "metrics.csv"
    file.write_text(HEADER + "1,100,1.5,0.1,9\n" + cut)

    assert [row["step"] for row in read_metrics(file)] == ["1"]
