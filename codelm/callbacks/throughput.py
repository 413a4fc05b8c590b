"""Tokens per second, model FLOPs utilisation, peak memory."""

from __future__ import annotations

import math
import resource
import time
from collections import deque
from typing import Any

import lightning
import torch
from lightning.fabric.utilities.throughput import get_available_flops

from codelm.data.batch import Batch
from codelm.lightning_module import CodeLM

_WARM_UP_ROWS = 5
_RECENT_ROWS = 32


def peak_flops(device: torch.device, dtype: torch.dtype) -> float:
    """Return the floating-point operations per second that a device can reach; NaN for a device that is not known.

    For a GPU the vendor's figure for dense arithmetic. A CPU's depends on its clock and on the threads that torch uses:
    it is measured, as the speed of large matrix products.
    """
    if device.type == "cuda":
        return float(get_available_flops(device, dtype) or math.nan)
    if device.type != "cpu":
        return math.nan
    size = 1024
    left, right = torch.randn(2, size, size, dtype=dtype)
    fastest = math.inf
    for _ in range(8):
        start = time.perf_counter()
        torch.mm(left, right)
        fastest = min(fastest, time.perf_counter() - start)
    return 2 * size**3 / fastest


class Throughput(lightning.Callback):
    """Measures training speed over all ranks, without waiting for the device, and memory.

    Attributes
    ----------
    train_seconds
        Time in training so far, that of the first few rows (compilation, caches) and of validation left out.
    peak_flops
        See the function of that name.
    """

    def __init__(self) -> None:
        self.peak_flops = math.nan
        self.train_seconds = 0.0
        self._tokens = 0
        self._attended = 0.0
        self._documents = 0.0
        self._last: float | None = None
        self._rows = 0
        self._recent: deque[tuple[float, int]] = deque(maxlen=_RECENT_ROWS)

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        dtype = torch.bfloat16 if "bf16" in str(trainer.precision) else torch.float32
        self.peak_flops = peak_flops(trainer.strategy.root_device, dtype)
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()

    def on_train_batch_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        if self._last is None:
            self._last = time.perf_counter()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, index: int
    ) -> None:
        now = time.perf_counter()
        self._rows += 1
        self._recent.append((now, len(batch.tokens) * trainer.world_size))
        if self._rows > _WARM_UP_ROWS and self._last is not None:
            self.train_seconds += now - self._last
            self._tokens += len(batch.tokens) * trainer.world_size
            if batch.cu_seqlens.device.type == "cpu":
                lengths = batch.cu_seqlens.diff().double()
                self._attended += float((lengths**2).sum())
                self._documents += float(lengths.sum())
        self._last = now

    def on_validation_start(self, *_: Any) -> None:
        self._last = None

    @property
    def tokens_per_second(self) -> float:
        """Positions per second over the whole run and all ranks; NaN before there is a figure."""
        return self._tokens / self.train_seconds if self.train_seconds else math.nan

    @property
    def recent_tokens_per_second(self) -> float:
        """Positions per second over the last few rows; NaN before there is a figure."""
        if len(self._recent) < 2:
            return math.nan
        seconds = self._recent[-1][0] - self._recent[0][0]
        return sum(tokens for _, tokens in list(self._recent)[1:]) / seconds

    def mfu(self, module: CodeLM, context: int, ranks: int) -> float:
        """Share of the peak that the model's own arithmetic reaches (PaLM, appendix B); NaN where the peak is unknown.

        Where the documents' lengths are at hand (on CPU) attention counts over those, else over the context.
        """
        return self._utilisation(self.tokens_per_second, module, context, ranks)

    def recent_mfu(self, module: CodeLM, context: int, ranks: int) -> float:
        """Likewise over the last few rows."""
        return self._utilisation(self.recent_tokens_per_second, module, context, ranks)

    def _utilisation(self, tokens_per_second: float, module: CodeLM, context: int, ranks: int) -> float:
        attended = self._attended / self._documents if self._documents else context
        return module.model_config.flops_per_token(attended) * tokens_per_second / (self.peak_flops * ranks)

    @staticmethod
    def peak_memory_bytes(device: torch.device) -> int:
        """Return the most memory that was allocated on a GPU, or resident in this process."""
        if device.type == "cuda":
            return int(torch.cuda.max_memory_allocated(device))
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
