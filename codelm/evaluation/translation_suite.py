"""All directions of a set of programs with one model: losses, translations, execution; kept as they come."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from codelm.command_line import progress_bar
from codelm.data.documents import ProgramGroup
from codelm.evaluation.computational_accuracy import (
    ComputationalAccuracy,
    ExecutedTranslation,
    References,
    execute_translations,
    run_references,
)
from codelm.evaluation.execution import Executor, Verdict
from codelm.evaluation.journal import Journal
from codelm.evaluation.text_scores import score_texts
from codelm.evaluation.translation import (
    EvaluatedModel,
    Instance,
    InstanceLoss,
    Translation,
    TranslationLoss,
    TranslationTask,
    reference_losses,
    translate,
    translation_task,
)
from codelm.languages import Direction, directions, get_language

RESULTS = "results.json"


@dataclass(frozen=True)
class TranslationResults:
    """What a model scored.

    Parameters
    ----------
    scores
        By ``source->target``: ``loss_per_token``, ``loss_per_sequence``, ``bits_per_byte``, ``bleu``, ``bleu_copy``,
        ``bleu_13a``, ``exact_match``, ``computational_accuracy``, ``skipped`` (pairs longer than the context); None
        where nothing was scored.
    verdicts
        How many translations ended how, by direction.
    withheld
        Why translations into a language were not run.
    bleu_signature
        How BLEU was computed.
    toolchains
        Versions of what compiled and ran the programs.
    """

    scores: dict[str, dict[str, float | None]]
    verdicts: dict[str, dict[str, int]]
    withheld: dict[str, str]
    bleu_signature: str
    toolchains: dict[str, str]


def evaluate_translation(
    evaluated: EvaluatedModel,
    groups: Sequence[ProgramGroup],
    languages: Sequence[str],
    folder: Path,
    executor: Executor | None,
) -> TranslationResults:
    """Score every direction of the groups, and go on where an earlier call with the same arguments stopped.

    Parameters
    ----------
    evaluated
        The model.
    groups, languages
        Programs, and the languages whose directions are scored.
    folder
        Where every loss, translation and verdict is kept (``losses.jsonl``, ``translations.jsonl``,
        ``executions.jsonl``), then the tables (``results.json``, ``directions.csv``) and the translations for reading
        (``translations/<group>.md``).
    executor
        Runs the translations; None to leave that out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    task = translation_task(evaluated, groups, languages)
    losses = _losses(evaluated, task, folder)
    translations = _translations(evaluated, task, folder)
    references = References({}, {})
    executions: list[ExecutedTranslation] = []
    if executor is not None:
        with progress_bar("running references", sum(name in g.programs for g in groups for name in languages)) as done:
            references = run_references(groups, executor, languages, done)
        executions = _executions(translations, references, executor, folder)
    results = _results(task, losses, translations, executions, references, groups, languages, executor)
    (folder / RESULTS).write_text(json.dumps(asdict(results), indent=2) + "\n")
    _write_table(folder / "directions.csv", results.scores)
    _write_for_reading(folder / "translations", groups, translations, executions)
    return results


def _losses(evaluated: EvaluatedModel, task: TranslationTask, folder: Path) -> list[InstanceLoss]:
    journal = Journal(folder / "losses.jsonl")
    losses = [InstanceLoss(_instance(row), row["nats"], row["tokens"], row["byte_length"]) for row in journal.rows]
    left = task.without({loss.instance for loss in losses})
    with progress_bar("translation loss", left.instances) as advance:
        for loss in reference_losses(evaluated, left.sources):
            own = {"nats": loss.nats, "tokens": loss.tokens, "byte_length": loss.byte_length}
            journal.add([_key(loss.instance) | own])
            losses.append(loss)
            advance(1)
    return losses


def _translations(evaluated: EvaluatedModel, task: TranslationTask, folder: Path) -> list[Translation]:
    journal = Journal(folder / "translations.jsonl")
    translations = [Translation(_instance(row), row["text"]) for row in journal.rows]
    left = task.without({translation.instance for translation in translations})
    with progress_bar("translating", left.instances) as advance:
        for translation in translate(evaluated, left.sources):
            journal.add([_key(translation.instance) | {"text": translation.text}])
            translations.append(translation)
            advance(1)
    return translations


def _executions(
    translations: Sequence[Translation], references: References, executor: Executor, folder: Path
) -> list[ExecutedTranslation]:
    journal = Journal(folder / "executions.jsonl")
    executions = [
        ExecutedTranslation(_instance(row), Verdict(row["verdict"]), row["message"], row["output"])
        for row in journal.rows
    ]
    done = {execution.instance for execution in executions}
    left = [translation for translation in translations if translation.instance not in done]
    with progress_bar("running translations", len(left)) as advance:
        for batch in execute_translations(left, references, executor):
            journal.add(
                _key(e.instance) | {"verdict": e.verdict, "message": e.message, "output": e.output} for e in batch
            )
            executions += batch
            advance(len(batch))
    return executions


def _results(
    task: TranslationTask,
    losses: Sequence[InstanceLoss],
    translations: Sequence[Translation],
    executions: Sequence[ExecutedTranslation],
    references: References,
    groups: Sequence[ProgramGroup],
    languages: Sequence[str],
    executor: Executor | None,
) -> TranslationResults:
    loss_metric, accuracy = TranslationLoss(languages), ComputationalAccuracy(languages)
    loss_metric.update(losses, task.skipped)
    accuracy.update(executions)
    loss, texts = loss_metric.compute(), score_texts(translations, groups, languages)
    by_score: dict[str, Mapping[Direction, float]] = {
        "loss_per_token": loss.per_token,
        "loss_per_sequence": loss.per_sequence,
        "bits_per_byte": loss.bits_per_byte,
        "bleu": texts.bleu,
        "bleu_copy": texts.bleu_copy,
        "bleu_13a": texts.bleu_13a,
        "exact_match": texts.exact_match,
        "computational_accuracy": accuracy.compute(),
        "skipped": loss.skipped,
    }
    scores = {
        str(direction): {name: _finite(values[direction]) for name, values in by_score.items()}
        for direction in loss_metric.directions
    }
    verdicts = {
        str(direction): {str(verdict): number for verdict, number in counts.items()}
        for direction, counts in accuracy.verdicts().items()
    }
    toolchains = {} if executor is None else dict(executor.toolchains)
    return TranslationResults(scores, verdicts, references.withheld, texts.bleu_signature, toolchains)


def _key(instance: Instance) -> dict[str, Any]:
    return {"group": instance.group, "source": instance.direction.source, "target": instance.direction.target}


def _instance(row: Mapping[str, Any]) -> Instance:
    return Instance(row["group"], Direction(row["source"], row["target"]))


def _finite(value: float) -> float | None:
    return float(value) if value == value else None


def _write_table(file: Path, scores: Mapping[str, Mapping[str, float | None]]) -> None:
    with file.open("w", newline="") as table:
        names = list(next(iter(scores.values()), {}))
        writer = csv.writer(table)
        writer.writerow(["direction", *names])
        writer.writerows([direction, *(row[name] for name in names)] for direction, row in scores.items())


def _write_for_reading(
    folder: Path,
    groups: Iterable[ProgramGroup],
    translations: Iterable[Translation],
    executions: Iterable[ExecutedTranslation],
) -> None:
    """Write one Markdown file per group: every translation under its verdict."""
    folder.mkdir(exist_ok=True)
    texts = {translation.instance: translation.text for translation in translations}
    executed = {execution.instance: execution for execution in executions}
    for group in groups:
        parts = []
        for direction in directions(tuple(group.programs)):
            instance = Instance(group.name, direction)
            if instance in texts:
                parts.append(_as_markdown(direction, texts[instance], executed.get(instance)))
        if parts:
            text = "\n".join([f"# {group.name}\n", *parts])
            file = folder / f"{group.name.replace('/', '_')}.md"
            file.write_text(text, encoding="utf-8", errors="replace")


def _as_markdown(direction: Direction, text: str, execution: ExecutedTranslation | None) -> str:
    source, target = (get_language(name).title for name in direction)
    verdict = "not run" if execution is None else str(execution.verdict)
    message = "" if execution is None or not execution.message else f"\n{_fenced(execution.message, 'text')}"
    return f"## {source} to {target}: {verdict}\n{message}\n{_fenced(text, direction.target)}\n"


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
