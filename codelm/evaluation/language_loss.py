"""Loss of every language: nats per token, and bits per byte."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torchmetrics import Metric


class LanguageScores(NamedTuple):
    """Losses by language, NaN where nothing was scored, and the number of tokens that they are over."""

    nats_per_token: dict[str, float]
    bits_per_byte: dict[str, float]
    tokens: dict[str, int]


class LanguageLoss(Metric):
    """Loss per language, from the losses of single tokens, as summed states; an update does not wait for the device.

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
        # Nats, tokens, bytes; the first column takes positions without a language, which to leave out would be to wait.
        default = torch.zeros(3, 1 + len(self.languages), dtype=torch.float64)
        self.add_state("sums", default=default, dist_reduce_fx="sum")

    def update(self, losses: Tensor, targets: Tensor, language_ids: Tensor) -> None:
        """Add tokens: their losses in nats, their ids and their languages, all (T,); a language of -1 is left out."""
        losses = losses.double()
        values = torch.stack([losses, torch.ones_like(losses), self.byte_lengths[targets.clamp(min=0)]])
        self.sums.index_add_(1, language_ids + 1, values)

    def compute(self) -> LanguageScores:
        """Return the losses by language."""
        nats, tokens, sizes = self.sums[:, 1:]
        per_token, per_byte = (nats / tokens).tolist(), (nats / sizes / math.log(2)).tolist()
        return LanguageScores(
            dict(zip(self.languages, per_token, strict=True)),
            dict(zip(self.languages, per_byte, strict=True)),
            dict(zip(self.languages, tokens.long().tolist(), strict=True)),
        )
