from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling.limits import Budget, Limits, bounds

NAMES = ("python", "java", "go")
BUDGET = Budget(parameters=1e9, tokens=1e11)
EVEN = np.full(3, 1 / 3)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({}, "give a budget of tokens, or of compute"),
        ({"tokens": 1e9, "compute": 1e20, "parameters": 1e9}, "give a budget of tokens, or of compute"),
        ({"tokens": 1e9}, "needs the size of the model"),
        ({"tokens": -1.0, "parameters": 1e9}, "tokens is -1"),
        ({"compute": np.nan}, "compute is nan"),
    ],
)
def test_a_budget_is_tokens_for_a_size_or_compute(given_: dict[str, float], message: str) -> None:
    with pytest.raises(UserError, match=message):
        Budget(**given_)


def test_compute_and_size_make_tokens() -> None:
    assert Budget(parameters=1e9, compute=6e20).tokens_of(np.array(1e9)) == 1e11
    assert Budget(compute=6e20).size_is_free


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(floor=0.4), "by floor the shares add up to at least 1.2"),
        (Limits(cap={"python": 0.2, "java": 0.2, "go": 0.2}), "by cap the shares add up to at most 0.6"),
        (Limits(floor={"go": 0.5}, cap=0.45), "the floor of go, 0.5, is above its limit by the cap, 0.45"),
        (
            Limits(available=dict.fromkeys(NAMES, 5e9), epochs=4),
            "by 4 epochs the shares add up to at most 0.6",
        ),
        (
            Limits(floor={"go": 0.3}, available={"go": 5e9}, epochs=4),
            "the floor of go, 0.3, is above its limit by the 4 epochs, 0.2",
        ),
        (Limits(floor={"go": 0.5}, radius=0.1), "the floor of go, 0.5, is above its limit by the trust region"),
        (Limits(floor={"kotlin": 0.1}), "unknown language in the floor 'kotlin': choose from python, java, go"),
        (Limits(floor={"go": -0.1}), "the floor of go is -0.1: it cannot be negative"),
        (Limits(cap=1.5), "the cap of python is 1.5: a share is at most 1"),
    ],
)
def test_limits_that_clash_are_named_in_one_line(limits: Limits, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        bounds(NAMES, BUDGET, limits, EVEN)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tolerance": -0.1}, "tolerance is -0.1"),
        ({"radius": 0.0}, "radius is 0"),
        ({"epochs": 4.0}, "epochs are counted over the available tokens"),
    ],
)
def test_impossible_limits_are_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(UserError, match=message):
        Limits(**wrong)


@given(st.lists(st.floats(0, 0.33), min_size=3, max_size=3), st.lists(st.floats(0.34, 1), min_size=3, max_size=3))
def test_bounds_leave_out_no_split_and_can_each_be_reached(floors: list[float], caps: list[float]) -> None:
    limits = Limits(floor=dict(zip(NAMES, floors, strict=True)), cap=dict(zip(NAMES, caps, strict=True)))
    found = bounds(NAMES, BUDGET, limits, EVEN)
    assert (found.low >= np.array(floors) - 1e-12).all() and (found.high <= np.array(caps) + 1e-12).all()
    for place in range(3):
        others = np.arange(3) != place
        assert found.low[others].sum() <= 1 - found.low[place] + 1e-9
        assert found.high[place] + found.low[others].sum() <= 1 + 1e-9
        assert found.low[place] + found.high[others].sum() >= 1 - 1e-9


def test_the_tightest_limit_counts_and_is_remembered() -> None:
    limits = Limits(
        cap=0.6, available={"go": 1e10}, epochs=2, radius=0.2, centre={"python": 0.5, "java": 0.3, "go": 0.2}
    )
    found = bounds(NAMES, BUDGET, limits, EVEN)
    np.testing.assert_allclose(found.high, [0.6, 0.5, 0.2])
    assert found.high_reasons == ("cap", "trust region", "2 epochs")
