"""Where the time of a step goes: a trace of a few steps, and the operations that took longest."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import lightning
import torch
from rich.console import Console
from rich.table import Table
from torch.profiler import ProfilerActivity, profile, schedule

from codelm.errors import UserError

WARM_UP = 5
"""Steps before the profile: compilation, caches, and one of the profiler's own."""

STEPS = 3
"""Steps in the profile."""

_OPERATIONS = 10


class StepProfile(lightning.Callback):
    """Writes a trace of a few steps after a warm-up, of rank 0, and prints the operations that took longest.

    Parameters
    ----------
    file
        Where the trace goes (``.json.gz``), which ui.perfetto.dev and chrome://tracing show.

    Raises
    ------
    UserError
        When training starts, if it has not as many steps.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._profiler: profile | None = None
        self._step = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        if not trainer.is_global_zero:
            return
        self._step = trainer.global_step
        if trainer.max_steps - self._step < WARM_UP + STEPS:
            raise UserError(f"a profile takes {WARM_UP + STEPS} steps, here are {trainer.max_steps - self._step}")
        activities = [ProfilerActivity.CPU]
        if torch.cuda.is_available():
            activities.append(ProfilerActivity.CUDA)
        plan = schedule(wait=WARM_UP - 1, warmup=1, active=STEPS, repeat=1)
        # Its own messages are about devices that are not there.
        os.environ.setdefault("KINETO_LOG_LEVEL", "99")
        self._profiler = profile(activities=activities, schedule=plan, on_trace_ready=self._report)
        self._profiler.start()

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        if self._profiler is not None and trainer.global_step != self._step:
            self._step = trainer.global_step
            self._profiler.step()

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        if self._profiler is not None:
            self._profiler.stop()

    def _report(self, profiler: profile) -> None:
        profiler.export_chrome_trace(str(self._file))
        console = Console(stderr=True)
        console.print(_table(profiler))
        console.print(f"a trace of {STEPS} steps: {self._file}", highlight=False, soft_wrap=True)


def _table(profiler: profile) -> Table:
    """Return the operations with the most time of their own, on the GPU where there is one."""
    of = "self_device_time_total" if torch.cuda.is_available() else "self_cpu_time_total"
    # The profiler's own marks of the steps are no operations.
    averages = [average for average in profiler.key_averages() if not average.key.startswith("ProfilerStep")]
    operations = sorted(averages, key=lambda operation: getattr(operation, of), reverse=True)
    total = sum(getattr(operation, of) for operation in operations) or 1.0
    table = Table(title="Where the time goes", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("operation", overflow="ellipsis", no_wrap=True, max_width=44)
    for heading in ("share", "ms per step", "calls per step"):
        table.add_column(heading, justify="right")
    for operation in operations[:_OPERATIONS]:
        own = getattr(operation, of)
        calls = operation.count / STEPS
        table.add_row(operation.key, f"{100 * own / total:.1f} %", f"{own / STEPS / 1e3:.2f}", f"{calls:.0f}")
    return table
