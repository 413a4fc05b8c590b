"""Where measurements go while a run lasts, for a person to watch: TensorBoard, Weights & Biases."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import lightning
from lightning.pytorch.loggers import Logger, TensorBoardLogger, WandbLogger
from lightning.pytorch.utilities.rank_zero import rank_zero_only

from codelm.errors import UserError

TENSORBOARD = "tensorboard"
"""Folder of the events, in that of the run."""


def log_metrics(trainer: lightning.Trainer, metrics: Mapping[str, float | None], step: int) -> None:
    """Send numbers of a step to every logger of the trainer, but for those that are None or NaN."""
    known = {name: value for name, value in metrics.items() if value is not None and not math.isnan(value)}
    for logger in trainer.loggers:
        logger.log_metrics(known, step)


def run_loggers(folder: Path, step: int, project: str | None, config: Mapping[str, Any]) -> list[Logger]:
    """Return the loggers of a run: TensorBoard's, whose events go into the run's folder, and that of Weights & Biases.

    Parameters
    ----------
    folder
        Folder of the run.
    step
        The step that it goes on from: points after it are taken back.
    project
        Project in Weights & Biases; None to do without.
    config
        The run's options, to be shown there.

    Raises
    ------
    UserError
        If Weights & Biases cannot be reached, or does not know who asks.
    """
    board = TensorBoardLogger(folder, name="", version=TENSORBOARD, default_hp_metric=False, purge_step=step + 1)
    return [board] if project is None else [board, _wandb_logger(folder, project, config)]


def _wandb_logger(folder: Path, project: str, config: Mapping[str, Any]) -> Logger:
    import wandb

    logger = ContinuedWandbLogger(folder.name, folder, project=project, id=_kept_id(folder), config=dict(config))
    try:
        # What is wrong shows here, before training.
        _ = logger.experiment
    except wandb.Error as error:
        raise UserError(f"Weights & Biases: {' '.join(str(error).split())}") from None
    return logger


class ContinuedWandbLogger(WandbLogger):
    """Sends no point twice when a killed run goes on: what has arrived cannot be taken back."""

    @cached_property
    def _before(self) -> dict[str, Any]:
        return dict(self.experiment.summary)

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        before = self._before
        reached = before.get("trainer/global_step", -1)
        if step is None or step > reached or metrics.keys() - before.keys():
            super().log_metrics(metrics, step)


@rank_zero_only
def _kept_id(folder: Path) -> str:
    """Return the name under which Weights & Biases knows the run in a folder."""
    file = folder / "wandb_id"
    if not file.is_file():
        file.write_text(uuid.uuid4().hex[:12])
    return file.read_text()
