"""A job that is told to stop saves where it is."""

from __future__ import annotations

import signal
from typing import Any

import lightning
import torch

from codelm.callbacks.checkpoints import StepCheckpoint


class Preempted(Exception):  # noqa: N818 (it is no error)
    """Training was told to stop, and has saved a checkpoint to go on from."""


class Preemption(lightning.Callback):
    """On SIGTERM, which a cluster sends before it kills a job, saves a checkpoint and raises `Preempted`.

    Parameters
    ----------
    checkpoints
        What saves it.
    every
        Steps between looks at whether any process was told to; among several processes a look takes an exchange.
    """

    def __init__(self, checkpoints: StepCheckpoint, every: int = 1) -> None:
        self._checkpoints = checkpoints
        self._every = every
        self._told = False
        self._step = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._step = trainer.global_step
        # In place of Lightning's own handler, which stops without a checkpoint, and sends messages between processes
        # wherever the signal meets them.
        signal.signal(signal.SIGTERM, self._note)

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        step = trainer.global_step
        if step == self._step or step % self._every:
            return
        self._step = step
        if self._anyone_told(trainer) and step < trainer.max_steps:
            self._checkpoints.save_now(trainer)
            raise Preempted(f"stopped at step {step} of {trainer.max_steps}, as the job was told to")

    def _note(self, *_: Any) -> None:
        self._told = True

    def _anyone_told(self, trainer: lightning.Trainer) -> bool:
        if trainer.world_size == 1:
            return self._told
        told = torch.tensor(float(self._told), device=trainer.strategy.root_device)
        return bool(trainer.strategy.reduce(told, reduce_op="sum"))
