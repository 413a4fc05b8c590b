"""What each source and each language really received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import lightning
import torch
import torch.distributed as dist

from codelm.data.batch import Batch
from codelm.languages import with_text_kinds


class RealisedProportions(lightning.Callback):
    """Counts training tokens by source and by language, on the device and over all ranks; resumes with the run.

    Parameters
    ----------
    sources
        Names of the sources, as in `Batch.source_tokens`.
    languages
        Names that `Batch.language_ids` index; the kinds of text come after them.
    """

    def __init__(self, sources: Sequence[str], languages: Sequence[str]) -> None:
        self._sources = tuple(sources)
        self._languages = with_text_kinds(languages)
        self._source_tokens = torch.zeros(len(self._sources), dtype=torch.int64)
        # The first place counts positions without a target.
        self._language_tokens = torch.zeros(1 + len(self._languages), dtype=torch.int64)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, index: int
    ) -> None:
        ids = batch.language_ids + 1
        self._source_tokens = self._source_tokens.to(ids.device) + batch.source_tokens
        # Not by bincount, whose result's size the host waits for.
        self._language_tokens = self._language_tokens.to(ids.device).index_add(0, ids, torch.ones_like(ids))

    def shares(self, strategy: lightning.pytorch.strategies.Strategy) -> tuple[dict[str, float], dict[str, float]]:
        """Return the share of the tokens of each source, and of the predicted tokens of each language."""
        source_tokens = strategy.reduce(self._source_tokens.double(), reduce_op="sum").tolist()
        language_tokens = strategy.reduce(self._language_tokens.double(), reduce_op="sum").tolist()[1:]
        languages = {name: tokens for name, tokens in zip(self._languages, language_tokens, strict=True) if tokens}
        return _shares(dict(zip(self._sources, source_tokens, strict=True))), _shares(languages)

    def state_dict(self) -> dict[str, Any]:
        """Return the counts of all ranks."""
        counts = {"sources": self._source_tokens.clone(), "languages": self._language_tokens.clone()}
        if dist.is_initialized():
            for tensor in counts.values():
                dist.all_reduce(tensor)
        return {name: tensor.cpu() for name, tensor in counts.items()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there; the first rank does for all, so that there may be more or fewer of them now."""
        if not dist.is_initialized() or dist.get_rank() == 0:
            self._source_tokens, self._language_tokens = state_dict["sources"], state_dict["languages"]


def _shares(tokens: dict[str, float]) -> dict[str, float]:
    total = sum(tokens.values()) or 1.0
    return {name: count / total for name, count in tokens.items()}
