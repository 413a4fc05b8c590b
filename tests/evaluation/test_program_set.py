"""The seven-way evaluation set: complete, and right by each language's own judge."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codelm.evaluation.computational_accuracy import run_references
from codelm.evaluation.execution import Executor
from codelm.evaluation.program_set import FILES, FOLDER, evaluation_programs
from codelm.languages import LANGUAGES


def test_there_are_fifty_groups_with_a_program_in_each_of_the_seven_languages() -> None:
    groups = evaluation_programs()
    assert len(groups) == 50
    assert all(tuple(group.programs) == LANGUAGES for group in groups)
    assert len({text for group in groups for text in group.programs.values()}) == 350


def test_nothing_but_the_programs_and_what_they_print_lies_in_a_group() -> None:
    for group in evaluation_programs():
        assert {file.name for file in (FOLDER / group.name).iterdir()} == {*FILES.values(), "expected.txt"}


def test_a_group_prints_at_least_three_lines() -> None:
    for group in evaluation_programs():
        assert group.output is not None and group.output.endswith("\n") and len(group.output.splitlines()) >= 3


def test_the_set_is_shipped_with_the_package() -> None:
    shipped = (Path(__file__).parents[2] / "setup.cfg").read_text()
    assert "programs/*/*" in shipped and "programs/README.md" in shipped


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_program_prints_what_its_group_prints_and_its_languages_judge_says_nothing(language: str) -> None:
    with Executor([language], strict=True) as executor:
        if language in executor.unavailable and not os.environ.get("CI"):
            pytest.skip(executor.unavailable[language])
        references = run_references(evaluation_programs(), executor, [language])
    assert references.withheld == {}
    assert len(references.outputs) == 50
