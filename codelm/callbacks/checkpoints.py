"""Checkpoints by step, the newest of which a run resumes from, and of which decays branch off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import lightning
from lightning.pytorch.callbacks import ModelCheckpoint
from torch.distributed.checkpoint import CheckpointException

from codelm.checkpoint import newest_checkpoint, remove_checkpoint
from codelm.errors import UserError


class StepCheckpoint(ModelCheckpoint):
    """Keeps checkpoints of every few steps and of the end, the newest or all, each whole or not there.

    Parameters
    ----------
    folder
        Where ``step=N.ckpt`` goes.
    every
        Steps between checkpoints.
    keep_all
        Whether earlier ones stay.
    """

    state_key = "StepCheckpoint"

    def __init__(self, folder: Path, every: int, keep_all: bool = False) -> None:
        super().__init__(dirpath=folder, filename="{step}", every_n_train_steps=every, save_top_k=-1 if keep_all else 1)
        self._folder = folder

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        # A branch has a folder of its own, and leaves its trunk's checkpoints alone.
        if state_dict["dirpath"] == self.dirpath:
            super().load_state_dict(state_dict)

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        # While the first step is under way the last one's number stands: it is not to be saved again.
        self._last_global_step_saved = trainer.global_step

    def on_load_checkpoint(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        # Lightning counts rows: those of the steps that are done, as this number of devices shares them.
        progress = checkpoint["loops"]["fit_loop"]["epoch_loop.batch_progress"]
        for counts in (progress["total"], progress["current"]):
            missing = checkpoint["global_step"] * trainer.accumulate_grad_batches - counts["ready"]
            counts.update({name: count + missing for name, count in counts.items()})

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        # Before the evaluation that follows training, so that a crash there costs no training.
        self.save_now(trainer)

    def save_now(self, trainer: lightning.Trainer) -> None:
        """Save a checkpoint of this step, unless there is one."""
        if self._last_global_step_saved != trainer.global_step:
            self._save_topk_checkpoint(trainer, self._monitor_candidates(trainer))

    def _save_checkpoint(self, trainer: lightning.Trainer, filepath: str) -> None:
        # Lightning writes to the system's temporary folder and moves the file, which across file systems is a copy that
        # a crash or a full disk cuts off. Under its own name stands only a whole checkpoint.
        unfinished = filepath + ".unfinished"
        try:
            super()._save_checkpoint(trainer, unfinished)
        except (OSError, CheckpointException) as error:
            remove_checkpoint(Path(unfinished))
            if isinstance(error, CheckpointException):
                # Of many lines, one for each process.
                raise UserError(f"{filepath} could not be written: {next(iter(error.failures.values()))[0]}") from None
            raise
        if trainer.is_global_zero:
            os.replace(unfinished, filepath)
        self._last_checkpoint_saved = filepath

    def latest(self) -> Path | None:
        """Return the newest checkpoint in the folder, or None."""
        return newest_checkpoint(self._folder)
