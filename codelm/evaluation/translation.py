"""Translation between every two languages: loss of the reference, and greedy translations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torchmetrics import Metric

from codelm.data.documents import DocumentForm, ParallelGroup
from codelm.languages import LANGUAGES, Direction, directions
from codelm.model.generation import continuation_losses, generate_greedy
from codelm.model.transformer import Transformer

SOURCES_PER_CALL = 64
"""Source programs, with all their targets, that go to the model between two reports of progress."""


class Translation(NamedTuple):
    """A program as the model translated it."""

    group: str
    direction: Direction
    text: str


class TranslationScores(NamedTuple):
    """Translation losses per direction, NaN where no program was scored."""

    per_token: dict[Direction, float]
    """Nats per token of the translation, its end token included."""
    per_sequence: dict[Direction, float]
    """Nats per translation: -E[log P(y|x)]."""
    bits_per_byte: dict[Direction, float]
    """Bits (the end token's too) per UTF-8 byte of the translation: comparable between tokenizers."""
    skipped: dict[Direction, int]
    """Pairs of programs that were longer than the context."""


class TranslationLoss(Metric):
    """Loss of the reference translations per direction, as summed states.

    Parameters
    ----------
    languages
        Languages whose directions are scored.
    """

    full_state_update = False
    higher_is_better = False
    is_differentiable = False
    nats: Tensor
    counts: Tensor

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        super().__init__()
        self.directions = directions(languages)
        rows = len(self.directions)
        self.add_state("nats", default=torch.zeros(rows, dtype=torch.float64), dist_reduce_fx="sum")
        # Tokens, sequences, bytes, skipped.
        self.add_state("counts", default=torch.zeros(rows, 4, dtype=torch.int64), dist_reduce_fx="sum")

    def update(
        self,
        direction: Direction,
        *,
        nats: float = 0.0,
        tokens: int = 0,
        sequences: int = 0,
        byte_length: int = 0,
        skipped: int = 0,
    ) -> None:
        """Add to the sums of one direction."""
        row = self.directions.index(direction)
        self.nats[row] += nats
        self.counts[row] += torch.tensor([tokens, sequences, byte_length, skipped], device=self.counts.device)

    def compute(self) -> TranslationScores:
        """Return the losses per direction."""
        rows = dict(zip(self.directions, zip(self.nats.tolist(), self.counts.tolist(), strict=True), strict=True))
        return TranslationScores(
            per_token={direction: _ratio(nats, counts[0]) for direction, (nats, counts) in rows.items()},
            per_sequence={direction: _ratio(nats, counts[1]) for direction, (nats, counts) in rows.items()},
            bits_per_byte={
                direction: _ratio(nats / math.log(2), counts[2]) for direction, (nats, counts) in rows.items()
            },
            skipped={direction: counts[3] for direction, (_, counts) in rows.items()},
        )


def translation_loss(
    model: Transformer,
    groups: Sequence[ParallelGroup],
    form: DocumentForm,
    metric: TranslationLoss,
    *,
    context: int,
    advance: Callable[[int], None] = lambda instances: None,
) -> None:
    """Add the loss of every reference translation in the groups to a metric.

    A source program is read once for all its targets, in the form of a training document; only the target's
    own tokens, its end token included, count.

    Parameters
    ----------
    context
        Longest document, in tokens; a pair that is longer is skipped, and counted as such.
    advance
        Called with the number of translations done since the last call, skipped ones included.
    """
    byte_lengths = form.tokenizer.byte_lengths
    sources, skipped = _sources(groups, metric.directions, form, context)
    for direction in skipped:
        metric.update(direction, skipped=1)
    advance(len(skipped))
    for batch in _batches(sources):
        losses = continuation_losses(
            model,
            [form.prefix(source.language, source.ids).tolist() for source in batch],
            [
                [
                    form.continuation(*direction, source.target_ids(direction)).tolist()
                    for direction in source.directions
                ]
                for source in batch
            ],
        )
        for source, per_target in zip(batch, losses, strict=True):
            for direction, token_losses in zip(source.directions, per_target, strict=True):
                ids = source.target_ids(direction)
                # What stands between the two programs (an instruction, a language token) is given, not predicted.
                target_losses = token_losses[-(len(ids) + 1) :]
                metric.update(
                    direction,
                    nats=float(target_losses.sum(dtype=np.float64)),
                    tokens=len(target_losses),
                    sequences=1,
                    byte_length=int(byte_lengths[ids].sum()),
                )
        advance(sum(len(source.directions) for source in batch))


def translate(
    model: Transformer,
    groups: Sequence[ParallelGroup],
    form: DocumentForm,
    languages: Sequence[str] = LANGUAGES,
    *,
    context: int,
    advance: Callable[[int], None] = lambda instances: None,
) -> list[Translation]:
    """Translate each group's programs into each of its other languages, greedily.

    Pairs are skipped as in `translation_loss`, so that both score the same ones.

    Parameters
    ----------
    context
        Longest document, in tokens, the translation included.
    advance
        Called with the number of translations done since the last call, skipped ones included.

    Returns
    -------
    list of Translation
        In the order of the groups, then of the directions.
    """
    translations = []
    sources, skipped = _sources(groups, directions(languages), form, context)
    advance(len(skipped))
    for batch in _batches(sources):
        generated = generate_greedy(
            model,
            [form.prefix(source.language, source.ids).tolist() for source in batch],
            [[form.opening(*direction).tolist() for direction in source.directions] for source in batch],
            form.end_token,
            [_longest_translation(source, form, context) for source in batch],
        )
        for source, per_target in zip(batch, generated, strict=True):
            for direction, ids in zip(source.directions, per_target, strict=True):
                translations.append(Translation(source.group.name, direction, form.tokenizer.decode(ids)))
        advance(sum(len(source.directions) for source in batch))
    return translations


@dataclass(frozen=True)
class _Source:
    """A source program and the directions in which it is translated."""

    group: ParallelGroup
    language: str
    directions: tuple[Direction, ...]

    @property
    def ids(self) -> np.ndarray:
        return self.group.programs[self.language]

    def target_ids(self, direction: Direction) -> np.ndarray:
        return self.group.programs[direction.target]


def _sources(
    groups: Sequence[ParallelGroup], wanted: Sequence[Direction], form: DocumentForm, context: int
) -> tuple[list[_Source], list[Direction]]:
    """Every source program with the directions that fit the context, and the directions that do not, once per pair."""
    sources, skipped = [], []
    for group in groups:
        fitting: dict[str, list[Direction]] = {}
        for direction in wanted:
            if not group.programs.keys() >= set(direction):
                continue
            programs = sum(len(group.programs[language]) for language in direction)
            if programs + form.overhead(direction) <= context:
                fitting.setdefault(direction.source, []).append(direction)
            else:
                skipped.append(direction)
        sources += [_Source(group, language, tuple(chosen)) for language, chosen in fitting.items()]
    return sources, skipped


def _batches(sources: list[_Source]) -> Iterator[list[_Source]]:
    return (sources[start : start + SOURCES_PER_CALL] for start in range(0, len(sources), SOURCES_PER_CALL))


def _longest_translation(source: _Source, form: DocumentForm, context: int) -> int:
    """Tokens to generate at most.

    In HumanEval-X and MBXP 99 % of the translations are shorter than twice the source and 128 tokens (at three bytes
    a token). The reference's length is not used: it would tell the model when to stop.
    """
    room = context - max(form.overhead(direction) for direction in source.directions) - len(source.ids)
    return min(2 * len(source.ids) + 128, room)


def _ratio(total: float, count: int) -> float:
    return total / count if count else float("nan")
