"""Translation loss and BLEU over every direction, at the end of training."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import lightning

from codelm.command_line import progress_bar
from codelm.data.documents import DocumentForm, ParallelGroup
from codelm.evaluation.bleu import BleuScore
from codelm.evaluation.tables import DirectionTable
from codelm.evaluation.translation import Translation, TranslationLoss, TranslationScores, translate, translation_loss
from codelm.languages import Direction, directions
from codelm.lightning_module import CodeLM


@dataclass(frozen=True)
class TranslationResults:
    """Scores of every direction, NaN where a direction has no program."""

    languages: tuple[str, ...]
    loss: TranslationScores
    bleu: dict[Direction, float]
    bleu_copy: dict[Direction, float]
    bleu_13a: dict[Direction, float]
    bleu_signature: str

    def loss_table(self) -> DirectionTable:
        """Translation loss in nats per token of the translation."""
        return DirectionTable.from_directions(
            "Translation loss", self.loss.per_token, self.languages, lower_is_better=True, unit="nats per token"
        )

    def bleu_table(self) -> DirectionTable:
        """BLEU of the model's translations."""
        return DirectionTable.from_directions("BLEU", self.bleu, self.languages, lower_is_better=False, unit="BLEU")

    def copy_table(self) -> DirectionTable:
        """BLEU of handing in the source unchanged."""
        return DirectionTable.from_directions(
            "BLEU of copying the source", self.bleu_copy, self.languages, lower_is_better=False, unit="BLEU"
        )

    def by_direction(self) -> dict[str, dict[str, float]]:
        """Return all scores by ``source->target``, for the run record."""
        scores: dict[str, Mapping[Direction, float]] = {
            "loss_per_token": self.loss.per_token,
            "loss_per_sequence": self.loss.per_sequence,
            "bits_per_byte": self.loss.bits_per_byte,
            "bleu": self.bleu,
            "bleu_copy": self.bleu_copy,
            "bleu_13a": self.bleu_13a,
            "skipped": self.loss.skipped,
        }
        return {
            str(direction): {name: float(values[direction]) for name, values in scores.items()}
            for direction in directions(self.languages)
        }


class TranslationCallback(lightning.Callback):
    """Scores all directions when training ends: the loss on every group, translations of the first few.

    Ranks share the groups, and agree on the sums.

    Parameters
    ----------
    groups
        Programs in several languages.
    languages
        Languages whose directions are scored.
    form
        Form of the documents, as in training.
    context
        Longest document.
    bleu_groups
        Groups whose programs are really translated, which costs far more than their loss; all directions that the
        groups have are among them where possible.
    translations_file
        JSONL file for every translation of this rank, to read; None to keep none.

    Attributes
    ----------
    results
        The scores; None before.
    loss_seconds, bleu_seconds
        Time spent on each.
    """

    def __init__(
        self,
        groups: Sequence[ParallelGroup],
        languages: Sequence[str],
        form: DocumentForm,
        context: int,
        bleu_groups: int,
        translations_file: Path | None = None,
    ) -> None:
        self._groups = list(groups)
        self._languages = tuple(languages)
        self._form = form
        self._context = context
        self._bleu_groups = bleu_groups
        self._file = translations_file
        self.results: TranslationResults | None = None
        self.loss_seconds = 0.0
        self.bleu_seconds = 0.0

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert isinstance(pl_module, CodeLM)
        was_training = pl_module.training
        pl_module.eval()
        start = time.perf_counter()
        loss = self._score_loss(trainer, pl_module)
        middle = time.perf_counter()
        bleu = self._score_bleu(trainer, pl_module)
        self.loss_seconds, self.bleu_seconds = middle - start, time.perf_counter() - middle
        self.results = TranslationResults(self._languages, loss, *bleu)
        pl_module.train(was_training)

    def _score_loss(self, trainer: lightning.Trainer, module: CodeLM) -> TranslationScores:
        metric = TranslationLoss(self._languages).to(trainer.strategy.root_device)
        groups = _share(self._groups, trainer)
        with (
            _precision(trainer),
            progress_bar("translation loss", self._instances(groups), trainer.is_global_zero) as advance,
        ):
            translation_loss(module.transformer, groups, self._form, metric, context=self._context, advance=advance)
        scores: TranslationScores = metric.compute()
        return scores

    def _score_bleu(
        self, trainer: lightning.Trainer, module: CodeLM
    ) -> tuple[dict[Direction, float], dict[Direction, float], dict[Direction, float], str]:
        groups = _share(covering_groups(self._groups, self._bleu_groups), trainer)
        with (
            _precision(trainer),
            progress_bar("translating", self._instances(groups), trainer.is_global_zero) as advance,
        ):
            translations = translate(
                module.transformer, groups, self._form, self._languages, context=self._context, advance=advance
            )
        texts = {
            group.name: {name: self._form.tokenizer.decode(ids) for name, ids in group.programs.items()}
            for group in groups
        }
        if self._file is not None:
            _write_translations(self._file, translations, texts)
        device = trainer.strategy.root_device
        bleu, bleu_13a, copied = (BleuScore(self._languages, tokens).to(device) for tokens in ("lexer", "13a", "lexer"))
        for direction in directions(self._languages):
            made = [t for t in translations if t.direction == direction]
            references = [texts[t.group][direction.target] for t in made]
            hypotheses = [t.text for t in made]
            bleu.update(direction, hypotheses, references)
            bleu_13a.update(direction, hypotheses, references)
            # What a score is worth shows beside that of handing in the source, unchanged, as its own translation.
            copied.update(direction, [texts[t.group][direction.source] for t in made], references)
        return bleu.compute(), copied.compute(), bleu_13a.compute(), bleu.signature

    def _instances(self, groups: Sequence[ParallelGroup]) -> int:
        wanted = directions(self._languages)
        return sum(
            direction.source in g.programs and direction.target in g.programs for g in groups for direction in wanted
        )


def covering_groups(groups: Sequence[ParallelGroup], number: int) -> list[ParallelGroup]:
    """Choose `number` groups, the first ones but for those that bring directions which no chosen one has."""
    left = list(groups)
    chosen: list[ParallelGroup] = []
    covered: set[Direction] = set()
    while left and len(chosen) < number:
        best = max(left, key=lambda group: len(set(directions(tuple(group.programs))) - covered))
        covered |= set(directions(tuple(best.programs)))
        chosen.append(best)
        left.remove(best)
    return chosen


def _share(groups: Sequence[ParallelGroup], trainer: lightning.Trainer) -> list[ParallelGroup]:
    return list(groups[trainer.global_rank :: trainer.world_size])


def _precision(trainer: lightning.Trainer) -> AbstractContextManager[None]:
    return trainer.precision_plugin.forward_context()


def _write_translations(file: Path, translations: Sequence[Translation], texts: dict[str, dict[str, str]]) -> None:
    with file.open("w") as lines:
        for made in translations:
            row = {
                "group": made.group,
                "source": made.direction.source,
                "target": made.direction.target,
                "program": texts[made.group][made.direction.source],
                "translation": made.text,
                "reference": texts[made.group][made.direction.target],
            }
            lines.write(json.dumps(row) + "\n")
