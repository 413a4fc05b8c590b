"""What a person watches during training: steps, loss, speed, utilisation, time left."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import lightning
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from codelm.callbacks.throughput import Throughput
from codelm.data.batch import Batch
from codelm.lightning_module import CodeLM


class TrainingProgress(lightning.Callback):
    """A progress bar in a terminal; ten lines over the run where the output goes to a file.

    Parameters
    ----------
    throughput
        Where the speed comes from; it comes before this callback.
    batch_tokens
        Positions in one step.
    every
        Steps between updates; reading the loss waits for the device.
    """

    def __init__(self, throughput: Throughput, batch_tokens: int, every: int = 1) -> None:
        self._throughput = throughput
        self._batch_tokens = batch_tokens
        self._every = every
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._step = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._step = trainer.global_step
        if not trainer.is_global_zero or not self._console.is_terminal:
            return
        columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}"))
        self._bar = Progress(*columns, console=self._console)
        self._bar.add_task("training", total=trainer.max_steps, completed=self._step, state="")
        self._bar.start()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, index: int
    ) -> None:
        step = trainer.global_step
        if step == self._step or not trainer.is_global_zero:
            return
        self._step = step
        if self._bar is not None and (step % self._every == 0 or step == trainer.max_steps):
            self._bar.update(self._bar.task_ids[0], completed=step, state=self._state(trainer, pl_module, batch))
        elif self._bar is None and step * 10 // trainer.max_steps > (step - 1) * 10 // trainer.max_steps:
            state = self._state(trainer, pl_module, batch)
            self._console.print(f"training: step {step}/{trainer.max_steps}, {state}", highlight=False, soft_wrap=True)

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._stop()

    def on_exception(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        self._stop()

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        if self._step >= trainer.max_steps:
            self._stop()

    def _stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _state(self, trainer: lightning.Trainer, module: lightning.LightningModule, batch: Batch) -> str:
        assert isinstance(module, CodeLM)
        speed = self._throughput.recent_tokens_per_second
        mfu = self._throughput.recent_mfu(module, batch.max_seqlen, trainer.world_size)
        parts = [f"loss {module.step_loss.item():.3f}"]
        if math.isfinite(speed):
            parts.append(f"{speed:,.0f} tokens/s")
        if math.isfinite(mfu):
            parts.append(f"MFU {100 * mfu:.0f} %")
        if math.isfinite(speed) and self._step < trainer.max_steps:
            seconds = (trainer.max_steps - self._step) * self._batch_tokens / speed
            parts.append(f"{timedelta(seconds=round(seconds))} left")
        return ", ".join(parts)
