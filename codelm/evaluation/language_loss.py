"""Validation loss of every language: nats per token, and bits per byte."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torchmetrics import Metric


class LanguageScores(NamedTuple):
    """Losses by language, NaN where nothing was scored."""

    nats_per_token: dict[str, float]
    bits_per_byte: dict[str, float]


class LanguageLoss(Metric):
    """Loss per language, from the losses of single tokens, as summed states.

    Parameters
    ----------
    languages
        Names that `language_ids` index.
    byte_lengths
        Bytes of text that each token id stands for (vocab_size,).
    """

    full_state_update = False
    higher_is_better = False
    is_differentiable = False
    sums: Tensor
    byte_lengths: Tensor

    def __init__(self, languages: Sequence[str], byte_lengths: Tensor) -> None:
        super().__init__()
        self.languages = tuple(languages)
        self.register_buffer("byte_lengths", byte_lengths.double(), persistent=False)
        # Nats, tokens, bytes.
        self.add_state("sums", default=torch.zeros(3, len(self.languages), dtype=torch.float64), dist_reduce_fx="sum")

    def update(self, losses: Tensor, targets: Tensor, language_ids: Tensor) -> None:
        """Add tokens: their losses in nats, their ids and their languages, all (T,); a language of -1 is left out."""
        counted = language_ids >= 0
        languages = language_ids[counted]
        values = torch.stack(
            [
                losses[counted].double(),
                torch.ones_like(languages, dtype=torch.float64),
                self.byte_lengths[targets[counted]],
            ]
        )
        self.sums.index_add_(1, languages, values)

    def compute(self) -> LanguageScores:
        """Return the losses by language."""
        nats, tokens, sizes = self.sums
        per_token, per_byte = (nats / tokens).tolist(), (nats / sizes / math.log(2)).tolist()
        return LanguageScores(
            dict(zip(self.languages, per_token, strict=True)), dict(zip(self.languages, per_byte, strict=True))
        )
