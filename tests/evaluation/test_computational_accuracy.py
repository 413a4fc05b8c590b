"""Whether translations do what the original does: in a sandbox, with each language's own tools."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from codelm.data.documents import ProgramGroup
from codelm.evaluation.computational_accuracy import (
    ComputationalAccuracy,
    ExecutedTranslation,
    References,
    execute_translations,
    run_references,
)
from codelm.evaluation.execution import Executor, Verdict
from codelm.evaluation.translation import Instance, Translation
from codelm.languages import Direction, directions

PAIR = ("python", "javascript")
GROUP = ProgramGroup("sum", {"python": "print(1 + 2)\n", "javascript": "console.log(1 + 2);\n"}, "3\n")
FORTH = Instance("sum", Direction(*PAIR))


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    with Executor(PAIR, cache=tmp_path_factory.mktemp("executions")) as executor:
        yield executor


def executed(translations: list[Translation], references: References, executor: Executor) -> list[ExecutedTranslation]:
    return [one for batch in execute_translations(translations, references, executor) for one in batch]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("console.log(3);\n", Verdict.PASSED),
        ("console.log(4);\n", Verdict.WRONG_OUTPUT),
        ("print(1 + 2)\n", Verdict.RUNTIME_ERROR),
        ("console.log(1 + ;\n", Verdict.COMPILE_ERROR),
        ("", Verdict.WRONG_OUTPUT),
    ],
)
def test_a_translation_passes_if_it_prints_what_the_original_prints(
    executor: Executor, text: str, verdict: Verdict
) -> None:
    references = run_references([GROUP], executor, PAIR)
    (made,) = executed([Translation(FORTH, text)], references, executor)
    assert made.verdict == verdict
    assert bool(made.message) == (verdict != Verdict.PASSED)


def test_references_are_right_and_nothing_is_withheld(executor: Executor) -> None:
    references = run_references([GROUP], executor, PAIR)
    assert references.withheld == {}
    assert {text.strip() for text in references.outputs.values()} == {"3"}


def test_a_language_whose_own_program_fails_is_withheld_with_the_reason(executor: Executor) -> None:
    broken = ProgramGroup("broken", {"python": "print(3)\n", "javascript": "console.log(nothing);\n"}, "3\n")
    references = run_references([GROUP, broken], executor, PAIR)

    assert "1 of its 2 reference programs fail, first broken: run-time error" in references.withheld["javascript"]
    assert executed([Translation(FORTH, "console.log(3);")], references, executor) == []
    assert (
        len(
            executed(
                [Translation(Instance("sum", Direction("javascript", "python")), "print(3)")], references, executor
            )
        )
        == 1
    )


def test_a_language_without_its_tools_is_withheld_with_the_reason(executor: Executor) -> None:
    executor.unavailable["java"] = "javac is not installed"
    try:
        references = run_references([GROUP], executor, (*PAIR, "java"))
    finally:
        del executor.unavailable["java"]
    assert references.withheld == {"java": "javac is not installed"}


def test_where_the_original_prints_nothing_there_is_nothing_to_compare(executor: Executor) -> None:
    silent = ProgramGroup("sum", {"python": "x = 3\n", "javascript": "const x = 3;\n"})
    references = run_references([silent], executor, PAIR)
    assert references.withheld == {}
    assert executed([Translation(FORTH, "const x = 3;\n")], references, executor) == []


def test_the_score_is_the_percentage_that_passed_and_verdicts_are_told_apart() -> None:
    accuracy = ComputationalAccuracy(PAIR)
    verdicts = [Verdict.PASSED, Verdict.COMPILE_ERROR, Verdict.TIMEOUT, Verdict.TIMEOUT]
    accuracy.update(ExecutedTranslation(FORTH, verdict, "", "") for verdict in verdicts)

    assert accuracy.compute()[FORTH.direction] == 25
    assert accuracy.verdicts()[FORTH.direction][Verdict.TIMEOUT] == 2


def test_a_direction_where_nothing_was_run_scores_nothing_rather_than_0() -> None:
    accuracy = ComputationalAccuracy(PAIR)
    accuracy.update([])
    scores = accuracy.compute()
    assert all(math.isnan(scores[direction]) for direction in directions(PAIR))


def test_two_ranks_add_up() -> None:
    first, second = ComputationalAccuracy(PAIR), ComputationalAccuracy(PAIR)
    first.update([ExecutedTranslation(FORTH, Verdict.PASSED, "", "")])
    second.update([ExecutedTranslation(FORTH, Verdict.WRONG_OUTPUT, "", "")])
    first.merge_state(second)
    assert first.compute()[FORTH.direction] == 50
