"""Exact match: whether a translation is the reference, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torchmetrics import Metric

from codelm.languages import LANGUAGES, Direction, directions


class ExactMatch(Metric):
    """Percentage of the translations that equal the reference; white space at the end of lines does not count.

    A direction without programs scores NaN, never 0.

    Parameters
    ----------
    languages
        Languages whose directions are scored.
    """

    full_state_update = False
    higher_is_better = True
    is_differentiable = False
    counts: Tensor

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        super().__init__()
        self.directions = directions(languages)
        # Equal, and all.
        self.add_state("counts", default=torch.zeros(len(self.directions), 2, dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, direction: Direction, hypotheses: Sequence[str], references: Sequence[str]) -> None:
        """Add translated programs of one direction and the programs that they should equal."""
        pairs = list(zip(hypotheses, references, strict=True))
        equal = sum(_trimmed(hypothesis) == _trimmed(reference) for hypothesis, reference in pairs)
        self.counts[self.directions.index(direction)] += torch.tensor([equal, len(pairs)], device=self.counts.device)

    def compute(self) -> dict[Direction, float]:
        """Return the percentage per direction."""
        return {
            direction: 100 * equal / total if total else float("nan")
            for direction, (equal, total) in zip(self.directions, self.counts.tolist(), strict=True)
        }


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]
