from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.data.mixture import read_proportions
from codelm.errors import UserError
from codelm.languages import LANGUAGES
from codelm.scaling.allocation import Allocation, allocate, baselines, under_draws, unimax
from codelm.scaling.language_losses import LanguageLaws, MeanOverDraws, OverCollections, WithRepeats
from codelm.scaling.limits import Budget, Limits
from codelm.scaling.measured import Measured
from tests.scaling.planted import planted_laws

BUDGET = Budget(parameters=1.5e9, tokens=400e9)
COMPUTE = Budget(compute=6 * 1.5e9 * 400e9)


def closed_form(laws: LanguageLaws, weights: np.ndarray) -> np.ndarray:
    """The best shares of laws with one common beta, by Lagrange's condition on the effective tokens."""
    price = np.linalg.solve(laws.transfer.T, np.ones(len(weights)))
    effective = (weights * laws.data / price) ** (1 / (1 + laws.beta[0]))
    return np.linalg.solve(laws.transfer, effective / (price @ effective))


def with_common_beta(transfer: float, seed: int) -> LanguageLaws:
    laws = planted_laws(LANGUAGES, transfer, seed)
    return replace(laws, beta=np.full(7, 0.37))


def drawn_laws(count: int, transfer: float = 0.2) -> LanguageLaws:
    """Laws around planted ones, as bootstrap draws."""
    laws, random = planted_laws(LANGUAGES, transfer), np.random.default_rng(1)
    parts = ("floor", "size", "data", "alpha", "beta")
    scattered = {name: getattr(laws, name) * np.exp(0.01 * random.normal(size=(count, 7))) for name in parts}
    return replace(laws, **scattered, transfer=np.broadcast_to(laws.transfer, (count, 7, 7)))


def no_better_neighbour(allocation: Allocation, laws: LanguageLaws) -> bool:
    """Whether moving a little from any language to any other, within the bounds, never lowers the mean loss."""
    floor, cap = np.zeros(7) + 1e-9, np.ones(7)
    step, best = 1e-4, allocation.mean_loss
    for giver in np.flatnonzero(allocation.shares > floor + step):
        for taker in np.flatnonzero(allocation.shares < cap - step):
            moved = allocation.shares + step * (np.eye(7)[taker] - np.eye(7)[giver])
            losses, _ = laws.losses(moved, np.array(allocation.parameters), np.array(allocation.tokens))
            if losses @ allocation.weights < best - 1e-13:
                return False
    return True


@settings(max_examples=15)
@given(transfer=st.sampled_from([0.0, 0.05, 0.1]), seed=st.integers(0, 1000))
def test_the_optimum_of_planted_laws_is_found(transfer: float, seed: int) -> None:
    laws = with_common_beta(transfer, seed)
    weights = np.random.default_rng(seed).uniform(0.5, 2.0, 7)
    expected = closed_form(laws, weights / weights.sum())
    if expected.min() <= 0:
        return  # the formula is of the inside of the simplex
    found = allocate(laws, BUDGET, weights=dict(zip(LANGUAGES, weights, strict=True)))
    np.testing.assert_allclose(found.shares, expected, atol=1e-9)
    assert found.residual < 1e-9


@pytest.mark.parametrize("transfer", [0.3, 0.8])
def test_where_transfer_is_strong_some_languages_get_nothing_and_nothing_is_better(transfer: float) -> None:
    laws = planted_laws(LANGUAGES, transfer)
    found = allocate(laws, BUDGET)
    assert (found.shares < 1e-9).any()
    assert no_better_neighbour(found, laws)
    assert any(reason.startswith("floor of") for reason in found.binding)


@pytest.mark.parametrize("budget", [BUDGET, COMPUTE], ids=["tokens", "compute"])
@pytest.mark.parametrize(
    "limits",
    [
        Limits(),
        Limits(floor=0.05, cap=0.25),
        Limits(tolerance=0.005),
        Limits(tolerance=0.0),
        Limits(radius=0.04),
        Limits(available={"rust": 2e9, "go": 10e9}),
        Limits(available=dict.fromkeys(LANGUAGES, 30e9), epochs=4, floor={"python": 0.05}),
    ],
    ids=["none", "floor and cap", "tolerance", "no tolerance", "trust region", "available", "epochs"],
)
def test_thirty_starts_agree_and_keep_to_the_limits(limits: Limits, budget: Budget) -> None:
    laws = planted_laws(LANGUAGES, 0.2)
    found = allocate(laws, budget, limits, starts=30)
    assert found.spread < 1e-8
    assert found.residual < 1e-6
    assert found.shares.sum() == pytest.approx(1, abs=1e-12)
    if limits.floor == 0.05:
        assert (found.shares >= 0.05 - 1e-9).all() and (found.shares <= 0.25 + 1e-9).all()
    if limits.tolerance is not None:
        assert (found.losses <= found.uniform.losses * (1 + limits.tolerance) * (1 + 1e-9)).all()
    if limits.radius is not None:
        assert np.abs(found.shares - 1 / 7).max() <= 0.04 + 1e-9
    if np.isfinite(limits.epochs):
        assert (found.shares * found.tokens <= 4 * 30e9 * (1 + 1e-9)).all()
    assert found.mean_loss <= found.uniform.mean_loss + 1e-12 or np.isfinite(limits.epochs)


def test_the_residual_tells_a_split_that_is_not_the_best() -> None:
    from codelm.scaling.allocation import _Problem

    laws = planted_laws(LANGUAGES, 0.2)
    problem = _Problem(lambda _: laws, BUDGET, Limits(), 1.0)
    best = allocate(laws, BUDGET).shares
    off = best + 0.01 * (np.eye(7)[0] - np.eye(7)[best.argmax()])
    assert problem.residual(best) < 1e-9
    assert problem.residual(off) > 1e-3


def test_with_compute_the_size_is_the_best_too() -> None:
    laws = planted_laws(LANGUAGES, 0.2)
    found = allocate(laws, COMPUTE)
    assert 6 * found.parameters * found.tokens == pytest.approx(COMPUTE.compute)
    for factor in (0.99, 1.01):
        fixed = allocate(laws, Budget(parameters=found.parameters * factor, compute=COMPUTE.compute))
        assert fixed.mean_loss > found.mean_loss


def test_what_is_scarce_is_given_less_and_repeated_at_its_worth() -> None:
    laws = planted_laws(LANGUAGES)
    plenty = allocate(laws, BUDGET)
    scarce = allocate(laws, BUDGET, Limits(available={"java": 1e9}))
    java = LANGUAGES.index("java")
    assert scarce.shares[java] < plenty.shares[java]
    available = np.where(np.arange(7) == java, 1e9, np.inf)
    expected, _ = WithRepeats(laws, available).losses(scarce.shares, np.array(1.5e9), np.array(400e9))
    np.testing.assert_allclose(scarce.losses, expected)


def test_limits_on_losses_that_clash_with_floors_are_named() -> None:
    with pytest.raises(UserError, match=r"no split keeps to the tolerance of \w+ and the floor of rust"):
        allocate(planted_laws(LANGUAGES, 0.1), BUDGET, Limits(floor={"rust": 0.4}, tolerance=0.0))


def test_all_tokens_can_be_given_away_exactly() -> None:
    laws = planted_laws(LANGUAGES)
    floors = dict(zip(LANGUAGES, (0.1, 0.2, 0.1, 0.1, 0.2, 0.2, 0.1), strict=True))
    np.testing.assert_allclose(allocate(laws, BUDGET, Limits(floor=floors)).shares, list(floors.values()))
    used_up = allocate(laws, BUDGET, Limits(available=dict.fromkeys(LANGUAGES, 100e9 / 7), epochs=4))
    np.testing.assert_allclose(used_up.shares, 1 / 7)


def test_the_robust_split_is_best_for_the_mean_over_the_draws() -> None:
    draws = drawn_laws(50)
    robust = allocate(MeanOverDraws(draws), BUDGET)
    plain = allocate(draws.draw(0), BUDGET)

    def mean_loss(shares: np.ndarray) -> float:
        losses, _ = draws.losses(shares, np.array(1.5e9), np.array(400e9))
        return float(losses.mean())

    assert mean_loss(robust.shares) < mean_loss(plain.shares)
    assert robust.mean_loss == pytest.approx(mean_loss(robust.shares))


def test_draws_tell_how_sure_the_split_and_its_gain_are() -> None:
    draws = drawn_laws(40)
    found = allocate(planted_laws(LANGUAGES, 0.2), BUDGET, Limits(floor=0.02))
    under = under_draws(found, draws)
    assert under.shares.shape == (40, 7)
    assert (under.shares >= 0.02 - 1e-9).all()
    np.testing.assert_allclose(under.shares.sum(axis=1), 1)
    alone = allocate(draws.draw(7), BUDGET, Limits(floor=0.02))
    np.testing.assert_allclose(under.shares[7], alone.shares, atol=1e-8)
    losses = draws.draw(7).losses(found.shares, np.array(1.5e9), np.array(400e9))[0]
    np.testing.assert_allclose(under.losses[7], losses)
    assert under.gains[7] == pytest.approx(1 - losses.mean() / under.uniform_losses[7].mean())


def test_shares_can_be_of_collections_of_two_languages() -> None:
    laws = planted_laws(("python", "java", "go"))
    content = np.array([[0.5, 0.5, 1.0], [0.5, 0.0, 0.0], [0.0, 0.5, 0.0]])
    pairs = OverCollections(laws, ("python-java", "python-go", "python"), content)
    found = allocate(pairs, BUDGET, Limits(cap={"python": 0.3}), weights={"python": 1, "java": 3, "go": 1})
    assert found.sources == ("python-java", "python-go", "python")
    assert set(found.proportions) == {"python-java", "python-go"}  # half the tokens are Python as it is
    assert found.shares[0] > found.shares[1]


def test_the_trust_region_lies_around_the_mixes_that_were_trained() -> None:
    mixes = np.array([[0.5, 0.3, 0.2], [0.5, 0.1, 0.4], [1.0, 0.0, 0.0]])
    measured = Measured(("python", "java", "go"), mixes, np.array([1e9, 2e9]), np.array([[1e10, 4e11]] * 3), 1.0)
    found = allocate(planted_laws(measured.languages), BUDGET, Limits(radius=0.05), measured=measured)
    assert (np.abs(found.shares - [0.5, 0.2, 0.3]) <= 0.05 + 1e-9).all()
    with pytest.raises(UserError, match="give it in their unit"):
        allocate(planted_laws(measured.languages), Budget(parameters=1.5, tokens=400.0), measured=measured)


def test_the_usual_splits_stand_beside_it() -> None:
    laws = planted_laws(LANGUAGES, 0.2)
    available = dict(zip(LANGUAGES, (100e9, 80e9, 60e9, 40e9, 20e9, 10e9, 5e9), strict=True))
    found = baselines(laws, BUDGET, Limits(available=available))
    assert list(found) == ["uniform", "proportional", "temperature", "unimax"]
    np.testing.assert_allclose(found["proportional"].shares, np.array(list(available.values())) / 315e9)
    np.testing.assert_allclose(found["uniform"].shares, 1 / 7)
    for split in found.values():
        assert allocate(laws, BUDGET, Limits(available=available)).mean_loss <= split.mean_loss
    assert list(baselines(laws, BUDGET)) == ["uniform"]


@given(st.lists(st.floats(1.0, 100.0), min_size=2, max_size=7), st.floats(10, 2000))
def test_unimax_is_even_but_for_what_would_be_repeated_too_often(available: list[float], tokens: float) -> None:
    unique = np.array(available)
    given_ = unimax(unique, tokens, 4)
    assert (given_ <= 4 * unique * (1 + 1e-12)).all()
    assert given_.sum() == pytest.approx(min(tokens, 4 * unique.sum()))
    even = given_[given_ < 4 * unique * (1 - 1e-9)]
    np.testing.assert_allclose(even, even.max(initial=0))
    assert (given_ <= given_.max() + 1e-9).all() and (not len(even) or even[0] >= given_.max() * (1 - 1e-9))


def test_run_reads_what_is_written_as_it_is(tmp_path: Path) -> None:
    found = allocate(planted_laws(LANGUAGES, 0.8), BUDGET)
    found.save(tmp_path / "proportions.json")
    read = read_proportions(str(tmp_path / "proportions.json"))
    assert read == found.proportions
    assert sum(read.values()) == pytest.approx(1)
    assert 0 < len(read) < 7  # languages that get nothing are left out
    assert json.loads((tmp_path / "proportions.json").read_text()) == read


def test_weights_decide_what_counts() -> None:
    laws = planted_laws(LANGUAGES)
    found = allocate(laws, BUDGET, weights={"go": 1.0, "rust": 1.0})
    assert set(found.proportions) == {"go", "rust"}
    with pytest.raises(UserError, match="all weights are 0"):
        allocate(laws, BUDGET, weights=0.0)
