"""Translation loss and BLEU over every direction, at the end of training and on the way there."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import lightning

from codelm.command_line import progress_bar
from codelm.data.documents import DocumentForm, ProgramGroup
from codelm.evaluation.prompts import DocumentPrompts
from codelm.evaluation.text_scores import TextScores, score_texts
from codelm.evaluation.translation import (
    EvaluatedModel,
    Translation,
    TranslationLoss,
    TranslationScores,
    reference_losses,
    translate,
    translation_task,
)
from codelm.languages import Direction, directions
from codelm.lightning_module import CodeLM
from codelm.loggers import log_metrics
from codelm.model.sharding import gathered


class SetScores(NamedTuple):
    """Scores of every direction on one set of programs, NaN where a direction has no program."""

    loss: TranslationScores
    texts: TextScores

    def by_direction(self) -> dict[str, dict[str, float]]:
        """Return all scores by ``source->target``, for the run record."""
        scores: dict[str, Mapping[Direction, float]] = {
            "loss_per_token": self.loss.per_token,
            "loss_per_sequence": self.loss.per_sequence,
            "bits_per_byte": self.loss.bits_per_byte,
            "bleu": self.texts.bleu,
            "bleu_copy": self.texts.bleu_copy,
            "bleu_13a": self.texts.bleu_13a,
            "exact_match": self.texts.exact_match,
            "skipped": self.loss.skipped,
        }
        return {
            str(direction): {name: float(values[direction]) for name, values in scores.items()}
            for direction in self.loss.per_token
        }


@dataclass(frozen=True)
class TranslationSchedule:
    """How much is evaluated, and when. Groups are taken so that they have all directions, where they can.

    Parameters
    ----------
    loss_groups
        Groups of each set whose loss is scored at the end.
    bleu_groups
        Groups of each set whose programs are really translated at the end, which costs far more.
    every
        Steps between evaluations of the loss in training; 0 for none.
    every_groups
        Groups of each set that those are about.
    """

    loss_groups: int = 50
    bleu_groups: int = 10
    every: int = 0
    every_groups: int = 10


class TranslationCallback(lightning.Callback):
    """Scores all directions when training ends: the loss on every group, translations of a few.

    Ranks share the groups, and agree on the sums. Losses on the way are logged as ``translation/<set>/<mean>``.

    Parameters
    ----------
    sets
        Programs in several languages, by the name of the set; a set without two of the run's languages is left out.
    languages
        Languages whose directions are scored.
    form
        Form of the documents, as in training.
    context
        Longest document.
    schedule
        How much is evaluated, and when.
    translations_file
        JSONL file for every translation of this rank, to read; None to keep none.

    Attributes
    ----------
    results
        The scores by set; empty before.
    history
        One row per set and evaluation in training: step, set, mean loss of the seen and of the zero-shot directions.
    seconds
        Time spent on each: ``translation_loss``, ``bleu``, ``translation_in_training``.
    """

    def __init__(
        self,
        sets: Mapping[str, Sequence[ProgramGroup]],
        languages: Sequence[str],
        form: DocumentForm,
        context: int,
        schedule: TranslationSchedule = TranslationSchedule(),
        translations_file: Path | None = None,
    ) -> None:
        self._languages = tuple(languages)
        translatable = {
            name: [group for group in groups if len(group.programs.keys() & set(languages)) > 1]
            for name, groups in sets.items()
        }
        self._sets = {name: groups for name, groups in translatable.items() if groups}
        self._prompts = DocumentPrompts(form)
        self._context = context
        self._schedule = schedule
        self._file = translations_file
        self._last_step = 0
        self.results: dict[str, SetScores] = {}
        self.history: list[dict[str, Any]] = []
        self.seconds = {"translation_loss": 0.0, "bleu": 0.0, "translation_in_training": 0.0}

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        self._last_step = trainer.global_step

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        step, every = trainer.global_step, self._schedule.every
        if not every or step == self._last_step or step % every:
            return
        self._last_step = step
        assert isinstance(pl_module, CodeLM)
        with _evaluating(pl_module), self._timed("translation_in_training"):
            for name in self._sets:
                loss = self._score_loss(trainer, pl_module, name, self._schedule.every_groups, show=False)
                means = {"seen_loss": _mean(loss.per_token, True), "zero_shot_loss": _mean(loss.per_token, False)}
                self.history.append({"step": step, "set": name, **means})
                log_metrics(trainer, {f"translation/{name}/{mean}": value for mean, value in means.items()}, step)

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert isinstance(pl_module, CodeLM)
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        with _evaluating(pl_module):
            for name in self._sets:
                with self._timed("translation_loss"):
                    loss = self._score_loss(trainer, pl_module, name, self._schedule.loss_groups, show=True)
                with self._timed("bleu"):
                    texts = self._score_texts(trainer, pl_module, name)
                self.results[name] = SetScores(loss, texts)

    def state_dict(self) -> dict[str, Any]:
        """Return what a resumed run goes on from."""
        return {"history": self.history, "seconds": self.seconds}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        self.history, self.seconds = state_dict["history"], state_dict["seconds"]

    def _score_loss(
        self, trainer: lightning.Trainer, module: CodeLM, name: str, number: int, show: bool
    ) -> TranslationScores:
        metric = TranslationLoss(self._languages).to(trainer.strategy.root_device)
        evaluated = self._evaluated(module)
        groups = _share(covering_groups(self._sets[name], number), trainer)
        task = translation_task(evaluated, groups, self._languages)
        with (
            _precision(trainer),
            progress_bar("translation loss", task.instances, show and trainer.is_global_zero) as advance,
        ):
            metric.update([], task.skipped)
            for loss in reference_losses(evaluated, task.sources):
                metric.update([loss])
                advance(1)
        scores: TranslationScores = metric.compute()
        return scores

    def _score_texts(self, trainer: lightning.Trainer, module: CodeLM, name: str) -> TextScores:
        groups = _share(covering_groups(self._sets[name], self._schedule.bleu_groups), trainer)
        evaluated = self._evaluated(module)
        task = translation_task(evaluated, groups, self._languages)
        with (
            _precision(trainer),
            progress_bar("translating", task.instances, trainer.is_global_zero) as advance,
        ):
            translations = []
            for translation in translate(evaluated, task.sources):
                translations.append(translation)
                advance(1)
        if self._file is not None:
            _write_translations(self._file, name, translations, groups)
        return score_texts(translations, groups, self._languages, trainer.strategy.root_device)

    def _evaluated(self, module: CodeLM) -> EvaluatedModel:
        return EvaluatedModel(module.transformer, self._prompts, self._context)

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[part] += time.perf_counter() - start


def covering_groups(groups: Sequence[ProgramGroup], number: int) -> list[ProgramGroup]:
    """Choose `number` groups, the first ones but for those that bring directions which no chosen one has."""
    left = list(groups)
    chosen: list[ProgramGroup] = []
    covered: set[Direction] = set()
    while left and len(chosen) < number:
        best = max(left, key=lambda group: len(set(directions(tuple(group.programs))) - covered))
        covered |= set(directions(tuple(best.programs)))
        chosen.append(best)
        left.remove(best)
    return chosen


def _share(groups: Sequence[ProgramGroup], trainer: lightning.Trainer) -> list[ProgramGroup]:
    return list(groups[trainer.global_rank :: trainer.world_size])


@contextmanager
def _evaluating(module: CodeLM) -> Iterator[None]:
    was_training = module.training
    module.eval()
    with gathered(module):
        yield
    module.train(was_training)


def _precision(trainer: lightning.Trainer) -> AbstractContextManager[None]:
    return trainer.precision_plugin.forward_context()


def _mean(scores: Mapping[Direction, float], is_seen: bool) -> float | None:
    values = [value for direction, value in scores.items() if direction.is_seen() == is_seen and math.isfinite(value)]
    return sum(values) / len(values) if values else None


def _write_translations(
    file: Path, name: str, translations: Sequence[Translation], groups: Sequence[ProgramGroup]
) -> None:
    programs = {group.name: group.programs for group in groups}
    with file.open("a", encoding="utf-8") as lines:
        for translation in translations:
            group, direction = translation.instance
            row = {
                "set": name,
                "group": group,
                "source": direction.source,
                "target": direction.target,
                "program": programs[group][direction.source],
                "translation": translation.text,
                "reference": programs[group][direction.target],
            }
            lines.write(json.dumps(row) + "\n")
