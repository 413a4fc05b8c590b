"""A whole evaluation of a model on translation: kept as it goes, and gone on with."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from codelm.config import ModelConfig
from codelm.data.documents import DocumentForm, ProgramGroup
from codelm.evaluation.execution import Executor
from codelm.evaluation.prompts import DocumentPrompts
from codelm.evaluation.translation import EvaluatedModel
from codelm.evaluation.translation_suite import RESULTS, TranslationResults, evaluate_translation
from codelm.languages import directions
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer

PAIR = ("python", "javascript")
GROUPS = [
    ProgramGroup("sum", {"python": "print(1 + 2)\n", "javascript": "console.log(1 + 2);\n"}, "3\n"),
    ProgramGroup("product", {"python": "print(2 * 2)\n", "javascript": "console.log(2 * 2);\n"}, "4\n"),
]


@pytest.fixture(scope="module")
def evaluated() -> EvaluatedModel:
    tokenizer = Tokenizer.train([text for group in GROUPS for text in group.programs.values()], PAIR, vocab_size=300)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Transformer(ModelConfig(tokenizer.vocab_size, layers=2, width=32, heads=4, kv_heads=2, hidden=64))
    return EvaluatedModel(model, DocumentPrompts(DocumentForm(tokenizer)), context=128)


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    with Executor(PAIR, cache=tmp_path_factory.mktemp("executions")) as executor:
        yield executor


@pytest.fixture(scope="module")
def finished(
    evaluated: EvaluatedModel, executor: Executor, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, TranslationResults]:
    folder = tmp_path_factory.mktemp("evaluation")
    return folder, evaluate_translation(evaluated, GROUPS, PAIR, folder, executor)


def test_every_direction_has_every_score(finished: tuple[Path, TranslationResults]) -> None:
    _, results = finished
    assert list(results.scores) == [str(direction) for direction in directions(PAIR)]
    for row in results.scores.values():
        assert all(value is not None for value in row.values())
        assert row["loss_per_token"] > 0 and row["skipped"] == 0  # type: ignore[operator]
    assert {sum(counts.values()) for counts in results.verdicts.values()} == {2}
    assert results.withheld == {} and set(results.toolchains) == set(PAIR)


def test_the_results_can_be_read_by_programs_and_by_people(finished: tuple[Path, TranslationResults]) -> None:
    folder, results = finished
    assert json.loads((folder / RESULTS).read_text())["scores"] == results.scores
    with (folder / "directions.csv").open() as table:
        assert [row["direction"] for row in csv.DictReader(table)] == list(results.scores)
    text = (folder / "translations" / "sum.md").read_text()
    assert "## Python to JavaScript: " in text and "```javascript" in text


@pytest.mark.parametrize("journal", ["losses.jsonl", "translations.jsonl", "executions.jsonl"])
def test_an_interrupted_evaluation_goes_on_instance_by_instance(
    evaluated: EvaluatedModel,
    executor: Executor,
    finished: tuple[Path, TranslationResults],
    tmp_path: Path,
    journal: str,
) -> None:
    whole, results = finished
    names = ["losses.jsonl", "translations.jsonl", "executions.jsonl"]
    for name in names[: names.index(journal) + 1]:
        lines = (whole / name).read_text().splitlines(keepends=True)
        kept = lines if name != journal else [*lines[:1], lines[1][:10]]
        (tmp_path / name).write_text("".join(kept))

    again = evaluate_translation(evaluated, GROUPS, PAIR, tmp_path, executor)

    assert again.verdicts == results.verdicts
    for direction, row in again.scores.items():
        assert row == pytest.approx(results.scores[direction], rel=1e-5)
    assert (tmp_path / journal).read_text().startswith((whole / journal).read_text().splitlines()[0])


def test_without_an_executor_nothing_is_run_and_nothing_is_called_0(evaluated: EvaluatedModel, tmp_path: Path) -> None:
    results = evaluate_translation(evaluated, GROUPS, PAIR, tmp_path, None)
    assert {row["computational_accuracy"] for row in results.scores.values()} == {None}
    assert "Python to JavaScript: not run" in (tmp_path / "translations" / "sum.md").read_text()


def test_pairs_longer_than_the_context_are_counted(evaluated: EvaluatedModel, tmp_path: Path) -> None:
    short = EvaluatedModel(evaluated.model, evaluated.prompts, context=8)
    results = evaluate_translation(short, GROUPS, PAIR, tmp_path, None)
    assert {row["skipped"] for row in results.scores.values()} == {2}
    assert {row["loss_per_token"] for row in results.scores.values()} == {None}
