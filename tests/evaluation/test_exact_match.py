"""Exact match."""

from __future__ import annotations

import math

from codelm.evaluation.exact_match import ExactMatch
from codelm.languages import Direction, directions

FORTH, BACK = directions(("python", "go"))


def scored(hypotheses: list[str], references: list[str]) -> dict[Direction, float]:
    metric = ExactMatch(("python", "go"))
    metric.update(FORTH, hypotheses, references)
    return metric.compute()


def test_the_score_is_the_percentage_of_equal_programs() -> None:
    assert scored(["a", "b", "c", "d"], ["a", "b", "c", "e"])[FORTH] == 75


def test_white_space_at_the_end_of_lines_does_not_count_but_indentation_does() -> None:
    assert scored(["a  \n  b\n\n"], ["a\n  b"])[FORTH] == 100
    assert scored(["a\nb"], ["a\n  b"])[FORTH] == 0


def test_an_empty_translation_is_no_match() -> None:
    assert scored([""], ["a"])[FORTH] == 0


def test_a_direction_without_programs_scores_nothing_rather_than_0() -> None:
    assert math.isnan(scored(["a"], ["a"])[BACK])


def test_two_ranks_add_up() -> None:
    first, second = ExactMatch(("python", "go")), ExactMatch(("python", "go"))
    first.update(FORTH, ["a"], ["a"])
    second.update(FORTH, ["a", "b", "b"], ["b", "a", "c"])
    first.merge_state(second)
    assert first.compute()[FORTH] == 25
