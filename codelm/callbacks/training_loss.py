"""Training loss of every language, over the steps since it was last looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightning
import torch

from codelm.data.batch import Batch
from codelm.evaluation.language_loss import LanguageLoss, LanguageScores
from codelm.languages import with_text_kinds
from codelm.tokenizer import Tokenizer


class TrainingLanguageLoss(lightning.Callback):
    """Adds up what `CodeLM.training_step` returns, by language: on the device, which a step does not wait for.

    Parameters
    ----------
    languages
        Names that `Batch.language_ids` index; the kinds of text come after them.
    tokenizer
        For the bytes that tokens stand for.
    """

    def __init__(self, languages: Sequence[str], tokenizer: Tokenizer) -> None:
        self._metric = LanguageLoss(with_text_kinds(languages), torch.from_numpy(tokenizer.byte_lengths))

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._metric.to(trainer.strategy.root_device)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, index: int
    ) -> None:
        self._metric.update(outputs["token_losses"], batch.targets, batch.language_ids)

    def take(self) -> LanguageScores:
        """Return the losses since the last call, over all ranks, each of which has to call; waits for the device."""
        scores: LanguageScores = self._metric.compute()
        self._metric.reset()
        return scores

    def state_dict(self) -> dict[str, Any]:
        return {"sums": self._metric.sums.cpu()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        # A checkpoint holds rank 0's sums: on several ranks they stand for the others' until the next look.
        self._metric.sums = state_dict["sums"]
