"""What translations score as text: BLEU, that of copying the source, and exact match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch

from codelm.data.documents import ProgramGroup
from codelm.evaluation.bleu import BleuScore
from codelm.evaluation.exact_match import ExactMatch
from codelm.evaluation.translation import Translation
from codelm.languages import LANGUAGES, Direction, directions


class TextScores(NamedTuple):
    """Scores (0 to 100) of every direction, NaN where nothing was translated."""

    bleu: dict[Direction, float]
    bleu_copy: dict[Direction, float]
    """BLEU of handing in the source, unchanged, as its own translation: what the score is worth shows beside it."""
    bleu_13a: dict[Direction, float]
    """BLEU over sacrebleu's default tokens."""
    exact_match: dict[Direction, float]
    bleu_signature: str
    """How BLEU was computed."""


def score_texts(
    translations: Iterable[Translation],
    groups: Iterable[ProgramGroup],
    languages: Sequence[str] = LANGUAGES,
    device: torch.device | str = "cpu",
) -> TextScores:
    """Compare translations with the groups' own programs; in a distributed run with those of all ranks.

    Parameters
    ----------
    device
        Where the ranks' sums are added up.
    """
    programs = {group.name: group.programs for group in groups}
    bleu, bleu_copy, bleu_13a = (BleuScore(languages, tokens).to(device) for tokens in ("lexer", "lexer", "13a"))
    exact_match = ExactMatch(languages).to(device)
    by_direction: dict[Direction, list[Translation]] = {direction: [] for direction in directions(languages)}
    for translation in translations:
        by_direction[translation.instance.direction].append(translation)
    for direction, made in by_direction.items():
        hypotheses = [translation.text for translation in made]
        references = [programs[translation.instance.group][direction.target] for translation in made]
        for metric in (bleu, bleu_13a, exact_match):
            metric.update(direction, hypotheses, references)
        bleu_copy.update(direction, [programs[t.instance.group][direction.source] for t in made], references)
    return TextScores(bleu.compute(), bleu_copy.compute(), bleu_13a.compute(), exact_match.compute(), bleu.signature)
