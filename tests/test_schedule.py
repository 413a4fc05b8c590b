from __future__ import annotations

import math
from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.schedule import ScheduleName, learning_rate_factor

STEPS, WARMUP, DECAY, FINAL = 1000, 50, 200, 0.1


def wsd(step: int) -> float:
    return learning_rate_factor(step, STEPS, "wsd", WARMUP, DECAY, FINAL)


def cosine(step: int) -> float:
    return learning_rate_factor(step, STEPS, "cosine", WARMUP, DECAY, FINAL)


def linear(step: int) -> float:
    return learning_rate_factor(step, STEPS, "linear", WARMUP, DECAY, FINAL)


def constant(step: int) -> float:
    return learning_rate_factor(step, STEPS, "constant", WARMUP, DECAY, FINAL)


@pytest.mark.parametrize("schedule", [wsd, cosine, linear, constant])
def test_warm_up_is_linear_and_never_starts_at_zero(schedule: Callable[[int], float]) -> None:
    assert [schedule(step) for step in range(WARMUP)] == pytest.approx([(step + 1) / 51 for step in range(WARMUP)])
    assert schedule(WARMUP) == 1


@given(st.integers(WARMUP, STEPS))
def test_warmup_stable_decay_is_constant_and_then_linear(step: int) -> None:
    decayed = max(0, step - (STEPS - DECAY)) / DECAY
    assert wsd(step) == pytest.approx(1 - (1 - FINAL) * decayed)


@given(st.integers(WARMUP, STEPS))
def test_linear_is_a_straight_line_from_the_peak_to_the_final_factor(step: int) -> None:
    assert linear(step) == pytest.approx(1 - (1 - FINAL) * (step - WARMUP) / (STEPS - WARMUP))


@given(st.integers(WARMUP, STEPS))
def test_a_trunk_stays_at_the_peak(step: int) -> None:
    assert constant(step) == 1


@given(st.integers(WARMUP, STEPS))
def test_cosine_is_half_a_period_from_the_peak_to_the_final_factor(step: int) -> None:
    angle = math.pi * (step - WARMUP) / (STEPS - WARMUP)
    assert cosine(step) == pytest.approx((1 + FINAL) / 2 + (1 - FINAL) / 2 * math.cos(angle))


@pytest.mark.parametrize("schedule", ["wsd", "cosine", "linear"])
def test_after_the_last_step_the_factor_stays_at_its_final_value(schedule: ScheduleName) -> None:
    for step in (STEPS, STEPS + 10):
        assert learning_rate_factor(step, STEPS, schedule, WARMUP, DECAY, FINAL) == pytest.approx(FINAL)


@pytest.mark.parametrize("schedule", get_args(ScheduleName))
def test_a_run_without_warm_up_starts_at_the_peak(schedule: ScheduleName) -> None:
    assert learning_rate_factor(0, STEPS, schedule, 0, DECAY, FINAL) == 1


@given(
    st.integers(1, 30),
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from(get_args(ScheduleName)),
    st.integers(0, 40),
)
def test_even_a_tiny_run_has_factors_between_zero_and_one(
    steps: int, warmup: int, decay: int, schedule: ScheduleName, step: int
) -> None:
    assert 0 <= learning_rate_factor(step, steps, schedule, warmup, decay, 0.0) <= 1
