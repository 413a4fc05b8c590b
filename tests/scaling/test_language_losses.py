from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling.fit import fit
from codelm.scaling.language_losses import (
    LanguageLaws,
    LanguageLosses,
    MeanOverDraws,
    OverCollections,
    WithRepeats,
)
from codelm.scaling.uncertainty import bootstrap
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

NAMES = ("python", "java", "csharp")
SIZE, BUDGET = np.array(1e9), np.array(2e11)


def every_kind() -> dict[str, LanguageLosses]:
    laws = planted_laws(NAMES, transfer=0.5)
    content = np.array([[0.5, 0.6, 0.0], [0.5, 0.0, 0.0], [0.0, 0.4, 1.0]])
    return {
        "laws": laws,
        "collections": OverCollections(laws, ("python-java", "python-csharp", "csharp"), content),
        "repeats": WithRepeats(laws, np.array([1e10, 3e10, np.inf]), 5.0),
        "repeats of collections": WithRepeats(
            OverCollections(laws, ("python-java", "python-csharp", "csharp"), content),
            np.array([1e10, 3e10, 5e10]),
            5.0,
        ),
    }


@pytest.mark.parametrize("kind", every_kind())
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_slopes_are_those_of_the_losses(kind: str, seed: int) -> None:
    laws = every_kind()[kind]
    shares, step = np.random.default_rng(seed).dirichlet(np.ones(3)) * 0.9 + 0.03, 1e-6
    _, slopes = laws.losses(shares, SIZE, BUDGET)
    for place in range(5):
        ends = []
        for sign in (1, -1):
            moved = shares + sign * step * (np.arange(3) == place)
            size, budget = SIZE * np.exp(sign * step * (place == 3)), BUDGET * np.exp(sign * step * (place == 4))
            ends.append(laws.losses(moved, size, budget)[0])
        np.testing.assert_allclose((ends[0] - ends[1]) / (2 * step), slopes[:, place], rtol=1e-4, atol=1e-8)


def test_leading_axes_are_computed_at_once() -> None:
    laws = planted_laws(NAMES, transfer=0.5)
    shares = np.random.default_rng(0).dirichlet(np.ones(3), (4, 2))
    losses, slopes = laws.losses(shares, SIZE, BUDGET)
    assert losses.shape == (4, 2, 3)
    assert slopes.shape == (4, 2, 3, 5)
    np.testing.assert_array_equal(losses[3, 1], laws.losses(shares[3, 1], SIZE, BUDGET)[0])


def test_fitted_laws_give_the_losses_of_their_fits() -> None:
    planted = planted_laws(NAMES, transfer=0.5)
    runs = planted_runs(planted, one_and_two_language_mixes(3), noise=0.002)
    fits = {name: fit(runs.of_language(name), "effective-data", "ols") for name in NAMES}
    shares = np.array([0.2, 0.5, 0.3])
    losses, _ = LanguageLaws.of_fits(fits).losses(shares, SIZE, BUDGET)
    for name, loss in zip(NAMES, losses, strict=True):
        assert loss == pytest.approx(fits[name].predict(parameters=SIZE, tokens=BUDGET, proportions=shares)[0])
    draws = LanguageLaws.of_bootstraps({name: bootstrap(one, 20) for name, one in fits.items()})
    assert draws.draws == 20
    assert draws.losses(shares, SIZE, BUDGET)[0].shape == (20, 3)
    mean, slopes = MeanOverDraws(draws).losses(shares, SIZE, BUDGET)
    np.testing.assert_allclose(mean, draws.losses(shares, SIZE, BUDGET)[0].mean(axis=0))
    assert slopes.shape == (3, 5)


def test_laws_of_single_languages_know_no_transfer() -> None:
    planted = planted_laws(NAMES)
    runs = planted_runs(planted, np.eye(3))
    fits = {name: fit(runs.of_language(name), law, "ols") for name, law in zip(NAMES, ("chinchilla",) * 3, strict=True)}
    laws = LanguageLaws.of_fits(fits)
    np.testing.assert_array_equal(laws.transfer, np.eye(3))
    np.testing.assert_allclose(
        laws.losses(np.full(3, 1 / 3), SIZE, BUDGET)[0], planted.losses(np.full(3, 1 / 3), SIZE, BUDGET)[0], rtol=1e-6
    )


def test_nothing_is_allocated_on_a_law_of_the_mean_loss() -> None:
    runs = planted_runs(planted_laws(NAMES, 0.3), one_and_two_language_mixes(3), noise=0.01)
    fits = {name: fit(runs.of_language(name), "proportions", "ols", starts=2) for name in NAMES[:1]}
    with pytest.raises(UserError, match="on which nothing can be allocated: fit one of"):
        LanguageLaws.of_fits(fits)


def test_each_language_of_the_mixes_needs_its_law() -> None:
    runs = planted_runs(planted_laws(NAMES, 0.3), one_and_two_language_mixes(3), noise=0.002)
    python = fit(runs.of_language("python"), "effective-data", "ols")
    with pytest.raises(UserError, match="has tokens of java, csharp, without a law"):
        LanguageLaws.of_fits({"python": python})
    with pytest.raises(UserError, match="the law under the name 'java' is of 'python'"):
        LanguageLaws.of_fits({"java": python})


def test_repeated_tokens_are_worth_less_and_less_and_fresh_ones_their_number() -> None:
    laws = planted_laws(NAMES)
    unique = np.array([1e10, np.inf, np.inf])
    repeats = WithRepeats(laws, unique, 15.39)
    shares = np.array([0.5, 0.25, 0.25])
    fresh, _ = repeats.losses(shares, SIZE, np.array(1e10))
    np.testing.assert_array_equal(fresh, laws.losses(shares, SIZE, np.array(1e10))[0])
    ten_epochs, _ = repeats.losses(shares, SIZE, np.array(2e11))
    # Muennighoff et al. 2023, eq. 5: 9 repetitions of 1e10 tokens.
    worth = 1e10 * (1 + 15.39 * (1 - np.exp(-9 / 15.39)))
    expected, _ = laws.losses(np.array([worth / 2e11, 0.25, 0.25]), SIZE, np.array(2e11))
    np.testing.assert_allclose(ten_epochs, expected)


def test_a_collection_of_two_languages_feeds_both() -> None:
    laws = planted_laws(NAMES)
    pairs = OverCollections(laws, ("python-java", "python-csharp"), np.array([[0.5, 0.4], [0.5, 0.0], [0.0, 0.6]]))
    losses, _ = pairs.losses(np.array([0.7, 0.3]), SIZE, BUDGET)
    np.testing.assert_allclose(losses, laws.losses(np.array([0.47, 0.35, 0.18]), SIZE, BUDGET)[0])
