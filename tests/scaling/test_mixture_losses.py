from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling import Chinchilla, Fit, MixtureLaw, Runs, bootstrap, fit
from codelm.scaling.allocation import allocate
from codelm.scaling.language_losses import WithRepeats, losses_of_bootstraps, losses_of_fits
from codelm.scaling.limits import Budget, Limits
from codelm.scaling.measured import Measured
from codelm.scaling.mixture_losses import MixtureLosses

SOURCES = ("web", "code", "books")
BUDGET = Budget(1e9, tokens=1e10)
PARAMETERS = {"E[web]": 1.5, "E[code]": 1.9, "E[books]": 1.2, "B": 6.0, "beta": 0.3, "rho": 0.6}
PARAMETERS |= {"tau[web]": 8.0, "tau[code]": 3.0, "tau[books]": 1.0}
ANY = np.array(1.0)


def mixes(target: str | None) -> tuple[MixtureLaw, Runs]:
    """Return a law with known parameters, and runs that have its losses."""
    law = MixtureLaw(SOURCES, target)
    parameters = PARAMETERS | ({f"rho[{target}]": 0.8} if target else {})
    shares = np.random.default_rng(0).dirichlet(np.full(3, 0.7), 150)
    return law, Runs(loss=law.predict(parameters, proportions=shares), proportions=shares, languages=SOURCES)


@pytest.fixture(scope="module")
def fits() -> dict[str, Fit]:
    """Fits to two targets: a source, and something that is none."""
    found = {}
    for name, target in (("web", "web"), ("benchmark", None)):
        law, runs = mixes(target)
        found[name] = fit(runs, law, "ols", starts=4)
    return found


def test_losses_are_those_of_the_fits(fits: dict[str, Fit]) -> None:
    losses = losses_of_fits(fits)
    assert isinstance(losses, MixtureLosses)
    assert (losses.languages, losses.sources) == (("web", "benchmark"), SOURCES)
    shares = np.random.default_rng(1).dirichlet(np.ones(3), 5)
    expected = np.stack([one.predict(proportions=shares) for one in fits.values()], axis=-1)
    np.testing.assert_allclose(losses.losses(shares, ANY, ANY)[0], expected)


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), repeated=st.booleans())
def test_slopes_are_those_of_the_losses(fits: dict[str, Fit], seed: int, repeated: bool) -> None:
    laws = losses_of_fits(fits)
    tokens = np.array(1e10)
    if repeated:
        laws = WithRepeats(laws, np.array([1e9, 2e9, np.inf]))
    shares, step = np.random.default_rng(seed).dirichlet(np.ones(3)) * 0.9 + 0.03, 1e-6
    _, slopes = laws.losses(shares, ANY, tokens)
    for place in range(5):
        ends = []
        for sign in (1, -1):
            moved = shares + sign * step * (np.arange(3) == place)
            ends.append(laws.losses(moved, ANY, tokens * np.exp(sign * step * (place == 4)))[0])
        np.testing.assert_allclose((ends[0] - ends[1]) / (2 * step), slopes[:, place], rtol=1e-4, atol=1e-7)


def test_the_best_mix_of_a_planted_law_is_found(fits: dict[str, Fit]) -> None:
    best = allocate(losses_of_fits({"benchmark": fits["benchmark"]}), BUDGET, starts=8)
    steps = np.linspace(0, 1, 401)
    grid = np.array([(web, code, max(0.0, 1 - web - code)) for web in steps for code in steps if web + code <= 1])
    losses = fits["benchmark"].predict(proportions=grid)
    assert best.mean_loss <= losses.min()
    assert best.spread < 1e-6 and best.residual < 1e-6
    np.testing.assert_allclose(best.shares, grid[losses.argmin()], atol=0.005)


def test_draws_are_a_leading_axis(fits: dict[str, Fit]) -> None:
    drawn = losses_of_bootstraps({name: bootstrap(one, 6) for name, one in fits.items()})
    assert drawn.draws == 6
    shares = np.random.default_rng(1).dirichlet(np.ones(3), 6)
    losses, slopes = drawn.losses(shares, ANY, ANY)
    assert (losses.shape, slopes.shape) == ((6, 2), (6, 2, 5))
    np.testing.assert_allclose(drawn.draw(slice(3, 4)).losses(shares[3:4], ANY, ANY)[0], losses[3:4])


def test_shares_that_are_read_again_and_again_help_less(fits: dict[str, Fit]) -> None:
    laws = losses_of_fits(fits)
    scarce = Limits(available={"web": 1e9})
    free, held = allocate(laws, BUDGET), allocate(laws, BUDGET, scarce)
    assert held.shares[0] < free.shares[0]
    assert held.mean_loss > free.mean_loss


def test_what_was_measured_is_of_the_sources_and_of_no_size(fits: dict[str, Fit]) -> None:
    measured = Measured.of_fits(fits)
    assert measured.languages == SOURCES
    measured.check_units(1e30, 1.0)
    (warning,) = measured.warnings(np.full(3, 1 / 3), 1e9, 1e10)
    assert warning.startswith("a mixture law holds at the size and budget of its runs")


def test_laws_of_other_kinds_or_sources_are_told_apart(fits: dict[str, Fit]) -> None:
    size, tokens = (axis.ravel() for axis in np.meshgrid(np.geomspace(1e7, 1e9, 5), np.geomspace(1e9, 1e11, 5)))
    runs = Runs(2 + 400 / size**0.3 + 400 / tokens**0.3, size, tokens)
    with pytest.raises(UserError, match="the law of 'size' is not a mixture law of web, code, books: fit all alike"):
        losses_of_fits({**fits, "size": fit(runs, Chinchilla(), "ols")})
