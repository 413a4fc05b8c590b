"""The unbiased estimator of pass@k."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.evaluation.pass_at_k import mean_pass_at_k, pass_at_k


@given(st.data(), st.integers(1, 9))
def test_it_is_the_share_of_all_choices_of_k_samples_with_a_correct_one(data: st.DataObject, samples: int) -> None:
    correct, k = data.draw(st.integers(0, samples)), data.draw(st.integers(1, samples))
    choices = list(combinations([number < correct for number in range(samples)], k))
    assert pass_at_k(samples, correct, k) == pytest.approx(sum(map(any, choices)) / len(choices))


@given(st.data(), st.integers(1, 1000))
def test_it_is_exact_for_many_samples(data: st.DataObject, samples: int) -> None:
    correct, k = data.draw(st.integers(0, samples)), data.draw(st.integers(1, samples))
    exact = 1 - Fraction(math.comb(samples - correct, k), math.comb(samples, k))
    assert pass_at_k(samples, correct, k) == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize(("samples", "correct", "k"), [(1, 0, 2), (3, 4, 1), (3, -1, 1), (3, 1, 0)])
def test_what_cannot_be_estimated_is_an_error(samples: int, correct: int, k: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        pass_at_k(samples, correct, k)


def test_the_mean_has_the_standard_error_of_the_draw_of_problems() -> None:
    score = mean_pass_at_k([(1, 1), (1, 0), (1, 0), (1, 0)], k=1)
    assert score.value == 0.25
    assert score.standard_error == pytest.approx(0.25)
    assert score.problems == 4


def test_no_problems_have_no_score_rather_than_0() -> None:
    assert math.isnan(mean_pass_at_k([], k=1).value)
