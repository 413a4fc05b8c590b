"""Validation loss of every language, and of every kind of text that is held out."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import lightning
import torch
from torch import Tensor

from codelm.data.batch import Batch
from codelm.evaluation.language_loss import LanguageLoss, LanguageScores
from codelm.languages import TEXT_KINDS, with_text_kinds
from codelm.loggers import log_metrics
from codelm.tokenizer import Tokenizer


class LanguageLossCallback(lightning.Callback):
    """Scores what `CodeLM.validation_step` returns, by language, over all ranks; logs ``validation/loss/<language>``.

    Parameters
    ----------
    languages
        Names that `Batch.language_ids` index; the kinds of text come after them.
    tokenizer
        For the bytes that tokens stand for.

    Attributes
    ----------
    scores
        Those of the last validation; None before.
    seconds
        Time spent in validation.
    """

    def __init__(self, languages: Sequence[str], tokenizer: Tokenizer) -> None:
        self._metric = LanguageLoss(with_text_kinds(languages), torch.from_numpy(tokenizer.byte_lengths))
        self.scores: LanguageScores | None = None
        self.seconds = 0.0
        self._start = 0.0

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._metric.to(trainer.strategy.root_device)
        self._metric.reset()
        self._start = time.perf_counter()

    def on_validation_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, *_: Any
    ) -> None:
        assert isinstance(outputs, Tensor)
        self._metric.update(outputs, batch.targets, batch.language_ids)

    def on_validation_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self.scores = _without_absent_kinds(self._metric.compute())
        self.seconds += time.perf_counter() - self._start
        losses = {f"validation/loss/{language}": loss for language, loss in self.scores.nats_per_token.items()}
        # For what monitors a metric, as checkpoints do. Lightning would log the step before, and the epoch.
        pl_module.log_dict(losses, logger=False)
        log_metrics(trainer, losses, trainer.global_step)


def _without_absent_kinds(scores: LanguageScores) -> LanguageScores:
    """Leave out the kinds of text that the corpus does not hold out; languages without a score stay, as NaN."""
    absent = {name for name in TEXT_KINDS if math.isnan(scores.nats_per_token[name])}
    return LanguageScores(
        *({name: value for name, value in values.items() if name not in absent} for values in scores)  # type: ignore[arg-type]
    )
