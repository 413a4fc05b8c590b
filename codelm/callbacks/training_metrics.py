"""What is measured in training: as tables that go on in a resumed run, and to the trainer's loggers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lightning

from codelm.callbacks.resumable_table import ResumableTable
from codelm.callbacks.skipped_steps import SkippedSteps
from codelm.callbacks.throughput import Throughput
from codelm.callbacks.training_loss import TrainingLanguageLoss
from codelm.data.batch import Batch
from codelm.evaluation.language_loss import LanguageScores
from codelm.lightning_module import CodeLM
from codelm.loggers import log_metrics

METRICS = "metrics.csv"
LANGUAGE_LOSSES = "language_losses.csv"

# How each is written; the loss to the last bit.
_FORMATS = {
    "tokens": "d",
    "loss": "",
    "learning_rate": ".6g",
    "tokens_per_second": ".0f",
    "mfu": ".4f",
    "skipped_steps": "d",
}
_LANGUAGE_COLUMNS = ("step", "language", "tokens", "nats_per_token", "bits_per_byte")


class TrainingMetrics(lightning.Callback):
    """Writes ``metrics.csv`` and ``language_losses.csv``; sends the same to loggers, as ``training/<name>``.

    A line of the first has the loss of one step, over its global batch, and how far and how fast training is. A line of
    the second has the loss of one language over the steps since the last lines, as few of its tokens may be in a step,
    and over how many tokens that is. In a resumed run, lines after the step that it resumes from are dropped.

    Parameters
    ----------
    folder
        Where both files go.
    batch_tokens
        Positions in one step.
    throughput, skipped_steps, language_loss
        Callbacks that measure; they come before this one.
    every
        Steps between lines; reading the loss waits for the device.
    """

    def __init__(
        self,
        folder: Path,
        batch_tokens: int,
        throughput: Throughput,
        skipped_steps: SkippedSteps,
        language_loss: TrainingLanguageLoss,
        every: int = 1,
    ) -> None:
        self._metrics = ResumableTable(folder / METRICS, ("step", *_FORMATS))
        self._language_losses = ResumableTable(folder / LANGUAGE_LOSSES, _LANGUAGE_COLUMNS)
        self._batch_tokens = batch_tokens
        self._throughput = throughput
        self._skipped_steps = skipped_steps
        self._language_loss = language_loss
        self._every = every
        self._step = 0

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._step = trainer.global_step
        if trainer.is_global_zero:
            for table in (self._metrics, self._language_losses):
                table.start(self._step)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, index: int
    ) -> None:
        step = trainer.global_step
        if step == self._step:
            return
        self._step = step
        if step % self._every and step != trainer.max_steps:
            return
        # All ranks add these up together; the rest is at hand on each.
        losses = self._language_loss.take()
        if not trainer.is_global_zero:
            return
        metrics = self._measured(trainer, pl_module, batch)
        row = {name: format(value, _FORMATS[name]) for name, value in metrics.items()}
        self._metrics.append([{"step": str(step), **row}])
        self._language_losses.append(_language_rows(step, losses))
        by_language = {f"training/loss/{language}": loss for language, loss in losses.nats_per_token.items()}
        log_metrics(trainer, {f"training/{name}": value for name, value in metrics.items()} | by_language, step)

    def _measured(
        self, trainer: lightning.Trainer, module: lightning.LightningModule, batch: Batch
    ) -> dict[str, float]:
        assert isinstance(module, CodeLM)
        training, throughput, step = module.training_config, self._throughput, self._step
        return {
            "tokens": step * self._batch_tokens,
            "loss": module.step_loss.item(),
            "learning_rate": training.learning_rate * training.learning_rate_factor(step - 1),
            "tokens_per_second": throughput.recent_tokens_per_second,
            "mfu": throughput.recent_mfu(module, batch.max_seqlen, trainer.world_size),
            "skipped_steps": self._skipped_steps.skipped,
        }


def _language_rows(step: int, losses: LanguageScores) -> list[dict[str, str]]:
    return [
        {
            "step": str(step),
            "language": language,
            "tokens": str(tokens),
            "nats_per_token": f"{losses.nats_per_token[language]:.6g}",
            "bits_per_byte": f"{losses.bits_per_byte[language]:.6g}",
        }
        for language, tokens in losses.tokens.items()
        if tokens
    ]
