"""Training metrics as a CSV file that survives a crash and goes on in a resumed run."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import lightning

from codelm.callbacks.throughput import Throughput
from codelm.lightning_module import CodeLM

COLUMNS = ("step", "tokens", "loss", "learning_rate", "tokens_per_second")


class MetricsTable(lightning.Callback):
    """Writes ``metrics.csv``: one line per logged step, with the loss over the step's global batch.

    Parameters
    ----------
    file
        The file. In a resumed run, lines after the step that it resumes from are dropped.
    batch_tokens
        Positions in one step.
    every
        Steps between lines; reading the loss waits for the device.
    """

    def __init__(self, file: Path, batch_tokens: int, every: int = 1) -> None:
        self._file = file
        self._batch_tokens = batch_tokens
        self._every = every
        self._step = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._step = trainer.global_step
        if not trainer.is_global_zero:
            return
        rows = read_metrics(self._file) if self._step and self._file.is_file() else []
        with self._file.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([row[name] for name in COLUMNS] for row in rows if int(row["step"]) <= self._step)

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        assert isinstance(pl_module, CodeLM)
        step = trainer.global_step
        if step == self._step or not trainer.is_global_zero:
            return
        self._step = step
        if step % self._every and step != pl_module.training_config.steps:
            return
        speed = next((c.recent_tokens_per_second for c in trainer.callbacks if isinstance(c, Throughput)), float("nan"))  # type: ignore[attr-defined]
        training = pl_module.training_config
        rate = training.learning_rate * training.learning_rate_factor(step - 1)
        row = (step, step * self._batch_tokens, repr(pl_module.step_loss.item()), f"{rate:.6g}", f"{speed:.0f}")
        with self._file.open("a", newline="") as file:
            csv.writer(file).writerow(row)


def read_metrics(file: Path) -> list[dict[str, str]]:
    """Return the whole lines of a ``metrics.csv``; a last line that a crash cut off is left out."""
    with file.open(newline="") as lines:
        return [row for row in csv.DictReader(lines) if all(row.get(name) for name in COLUMNS)]
