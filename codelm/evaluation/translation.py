"""Translation between every two languages: what a model is given, its loss on the references, its translations."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torchmetrics import Metric

from codelm.data.documents import ProgramGroup
from codelm.evaluation.prompts import Prompts
from codelm.languages import LANGUAGES, Direction, directions
from codelm.model.generation import CausalModel, Request, continuation_losses, generate

_SOURCES_PER_CALL = 64
"""Source programs, with all their targets, that go to the model between two reports of progress."""


@dataclass(frozen=True)
class EvaluatedModel:
    """A model and how it is spoken to.

    Parameters
    ----------
    model
        The model.
    prompts
        How it is asked for a translation.
    context
        Longest document, in tokens.
    """

    model: CausalModel
    prompts: Prompts
    context: int


class Instance(NamedTuple):
    """One program to be translated in one direction."""

    group: str
    direction: Direction


class InstanceLoss(NamedTuple):
    """Loss of one reference translation, its ending included.

    Parameters
    ----------
    instance
        Which one.
    nats, tokens
        Summed loss, and over how many tokens.
    byte_length
        UTF-8 bytes of the program.
    """

    instance: Instance
    nats: float
    tokens: int
    byte_length: int


class Translation(NamedTuple):
    """A program as the model translated it."""

    instance: Instance
    text: str


class TranslationScores(NamedTuple):
    """Translation losses per direction, NaN where no program was scored."""

    per_token: dict[Direction, float]
    """Nats per token of the translation, its ending included."""
    per_sequence: dict[Direction, float]
    """Nats per translation: -E[log P(y|x)]."""
    bits_per_byte: dict[Direction, float]
    """Bits (the ending's too) per UTF-8 byte of the translation: comparable between tokenizers."""
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

    def update(self, losses: Iterable[InstanceLoss], skipped: Iterable[Instance] = ()) -> None:
        """Add losses, and pairs that were longer than the context."""
        for loss in losses:
            row = self.directions.index(loss.instance.direction)
            self.nats[row] += loss.nats
            self.counts[row] += torch.tensor([loss.tokens, 1, loss.byte_length, 0], device=self.counts.device)
        for instance in skipped:
            self.counts[self.directions.index(instance.direction), 3] += 1

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


@dataclass(frozen=True, eq=False)
class EncodedSource:
    """A program as a model reads it, with its targets.

    Parameters
    ----------
    group
        The program's group.
    language
        Its language.
    ids
        Its token ids.
    targets
        Token ids of the reference translations by language.
    """

    group: ProgramGroup
    language: str
    ids: np.ndarray
    targets: dict[str, np.ndarray]

    def instance(self, target: str) -> Instance:
        """Return the instance of one of the targets."""
        return Instance(self.group.name, Direction(self.language, target))


class TranslationTask(NamedTuple):
    """All that is to be translated, and what cannot be."""

    sources: list[EncodedSource]
    skipped: list[Instance]
    """Pairs longer than the context."""

    @property
    def instances(self) -> int:
        """How many translations there are to make."""
        return sum(len(source.targets) for source in self.sources)

    def without(self, done: Collection[Instance]) -> TranslationTask:
        """Return what is left to do."""
        left = [
            replace(source, targets={t: ids for t, ids in source.targets.items() if source.instance(t) not in done})
            for source in self.sources
        ]
        return TranslationTask([source for source in left if source.targets], self.skipped)


def translation_task(
    evaluated: EvaluatedModel, groups: Iterable[ProgramGroup], languages: Sequence[str] = LANGUAGES
) -> TranslationTask:
    """Encode the groups' programs, and set aside the pairs that are longer than the model's context."""
    task = TranslationTask([], [])
    for group in groups:
        ids = {name: evaluated.prompts.encode(group.programs[name]) for name in languages if name in group.programs}
        for source in ids:
            fitting = {}
            for target in ids:
                if target == source:
                    continue
                if _document_length(evaluated.prompts, source, target, ids) <= evaluated.context:
                    fitting[target] = ids[target]
                else:
                    task.skipped.append(Instance(group.name, Direction(source, target)))
            if fitting:
                task.sources.append(EncodedSource(group, source, ids[source], fitting))
    return task


def reference_losses(evaluated: EvaluatedModel, sources: Sequence[EncodedSource]) -> Iterator[InstanceLoss]:
    """Yield the loss of every reference translation.

    A source program is read once for all its targets, in the form of a training document; only the target's own
    tokens and its ending count.
    """
    prompts = evaluated.prompts
    for start in range(0, len(sources), _SOURCES_PER_CALL):
        batch = sources[start : start + _SOURCES_PER_CALL]
        losses = continuation_losses(
            evaluated.model,
            [prompts.prefix(source.language, source.ids) for source in batch],
            [
                [
                    np.concatenate([prompts.opening(source.language, target, source.ids), ids, prompts.ending])
                    for target, ids in source.targets.items()
                ]
                for source in batch
            ],
        )
        for source, per_target in zip(batch, losses, strict=True):
            for (target, ids), token_losses in zip(source.targets.items(), per_target, strict=True):
                # What stands between the two programs (an instruction, a language token) is given, not predicted.
                own = token_losses[-(len(ids) + len(prompts.ending)) :]
                size = len(source.group.programs[target].encode())
                yield InstanceLoss(source.instance(target), float(own.sum(dtype=np.float64)), len(own), size)


def translate(evaluated: EvaluatedModel, sources: Sequence[EncodedSource]) -> Iterator[Translation]:
    """Translate every source program into each of its targets' languages, greedily.

    Yields
    ------
    Translation
        In the order in which they end, all of a source together.
    """
    prompts = evaluated.prompts
    by_name = {f"{source.group.name}/{source.language}": source for source in sources}
    requests = [_request(evaluated, name, source) for name, source in by_name.items()]
    end_tokens = () if prompts.end_token is None else (prompts.end_token,)
    for request, completions in generate(evaluated.model, requests, prompts.decode, end_tokens):
        source = by_name[request.name]
        for target, (completion,) in zip(source.targets, completions, strict=True):
            yield Translation(source.instance(target), completion.text)


def _request(evaluated: EvaluatedModel, name: str, source: EncodedSource) -> Request:
    """Return what is given to the model, and how long a translation may be.

    In HumanEval-X and MBXP 99 % of the translations are shorter than twice the source and 128 tokens (at three bytes a
    token). The reference's length is not used: it would tell the model when to stop.
    """
    prompts = evaluated.prompts
    prefix = prompts.prefix(source.language, source.ids)
    openings = [prompts.opening(source.language, target, source.ids) for target in source.targets]
    room = evaluated.context - len(prefix) - max(map(len, openings)) - len(prompts.ending)
    stop = () if prompts.stop is None else (prompts.stop,)
    return Request(name, prefix, min(2 * len(source.ids) + 128, room), openings, stop)


def _document_length(prompts: Prompts, source: str, target: str, ids: dict[str, np.ndarray]) -> int:
    prefix, opening = prompts.prefix(source, ids[source]), prompts.opening(source, target, ids[source])
    return len(prefix) + len(opening) + len(ids[target]) + len(prompts.ending)


def _ratio(total: float, count: int) -> float:
    return total / count if count else float("nan")
