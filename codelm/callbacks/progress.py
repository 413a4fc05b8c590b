"""What a person watches during training: steps, loss, speed, time left."""

from __future__ import annotations

from typing import Any

import lightning
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from codelm.callbacks.throughput import Throughput
from codelm.lightning_module import CodeLM


class TrainingProgress(lightning.Callback):
    """A progress bar in a terminal; ten lines over the run where the output goes to a file.

    Parameters
    ----------
    throughput
        Where the speed comes from.
    every
        Steps between updates; reading the loss waits for the device.
    """

    def __init__(self, throughput: Throughput, every: int = 1) -> None:
        self._throughput = throughput
        self._every = every
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._step = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._step = trainer.global_step
        if not trainer.is_global_zero or not self._console.is_terminal:
            return
        columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}"))
        self._bar = Progress(*columns, TimeRemainingColumn(), TextColumn("left"), console=self._console)
        self._bar.add_task("training", total=trainer.max_steps, completed=self._step, state="")
        self._bar.start()

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        step = trainer.global_step
        if step == self._step or not trainer.is_global_zero:
            return
        self._step = step
        assert isinstance(pl_module, CodeLM)
        if self._bar is not None and (step % self._every == 0 or step == trainer.max_steps):
            self._bar.update(self._bar.task_ids[0], completed=step, state=self._state(pl_module))
        elif self._bar is None and step * 10 // trainer.max_steps > (step - 1) * 10 // trainer.max_steps:
            self._console.print(f"training: step {step}/{trainer.max_steps}, {self._state(pl_module)}", highlight=False)

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

    def _state(self, module: CodeLM) -> str:
        speed = self._throughput.recent_tokens_per_second
        return f"loss {module.step_loss.item():.3f}, {speed:,.0f} tokens/s"
