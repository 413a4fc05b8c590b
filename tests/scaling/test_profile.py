from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import optimize

from codelm.scaling.fit import Fit, fit
from codelm.scaling.laws import DataConstrained
from codelm.scaling.noise import rise
from codelm.scaling.profile import range_ends
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective
from experiments.benchmarks.planted import planted


def ends_of(found: Fit, rises: float | None = None, level: float = 0.95) -> np.ndarray:
    """Both ends (Q, 2) for every parameter."""
    count = len(found.values)
    if rises is None:
        rises = float(rise(found.objective, found.residuals, found.free, 1.0, level))
    places = np.repeat(np.arange(count), 2)
    values = np.broadcast_to(found.values, (2 * count, count))
    sides = np.tile([-1.0, 1.0], count)
    ends = range_ends(found.problem, values, *found.bounds, places, sides, np.full(2 * count, rises))
    return ends.reshape(count, 2)


def slow_end(found: Fit, name: str, rises: float, far: float) -> float:
    """Where the objective has risen enough, by whole fits with the parameter held and bisection."""

    def excess(value: float) -> float:
        return fit(found.runs, found.law, found.objective, {name: value}, starts=8).value - found.value - rises

    return float(optimize.brentq(excess, found.parameters[name], far, rtol=1e-6))


@pytest.mark.parametrize(
    "objective",
    [Objective("ols"), Objective("huber"), Objective("ols", log=False)],
    ids=["ols", "huber", "of the loss"],
)
def test_ends_are_those_of_a_slow_search_by_whole_fits(objective: Objective) -> None:
    found = fit(planted()["chinchilla"].runs(0.01), objective=objective)
    rises = float(rise(objective, found.residuals, found.free, 1.0, 0.95))
    ends = ends_of(found, rises)
    for name, factors in {"E": (0.5, 1.5), "A": (0.02, 500.0), "beta": (0.5, 2.0)}.items():
        place, value = found.law.names.index(name), found.parameters[name]
        for end, factor in zip(ends[place], factors, strict=True):
            reference = slow_end(found, name, rises, factor * value)
            assert end - value == pytest.approx(reference - value, rel=0.01)


def test_of_a_linear_law_the_range_is_students() -> None:
    """With its exponents held, Chinchilla's law is linear, and the profile a parabola."""
    runs = planted()["chinchilla"].runs(0.01)
    found = fit(runs, objective=Objective("ols", log=False), fixed={"alpha": 0.34, "beta": 0.28})
    features = found.problem.features(found.values[None, 3:])[0]
    covariance = np.linalg.inv(features @ features.T)
    rises = float(rise(found.objective, found.residuals, found.free, 1.0, 0.95))
    half = np.sqrt(rises * np.diag(covariance))
    ends = ends_of(found, rises)[:3]
    np.testing.assert_allclose(ends, found.values[:3, None] + half[:, None] * [-1, 1], rtol=2e-4)


def test_higher_levels_contain_lower_ones() -> None:
    found = fit(planted()["chinchilla"].runs(0.01))
    inner, outer = ends_of(found, level=0.68), ends_of(found, level=0.95)
    assert (outer[:, 0] < inner[:, 0]).all() and (inner[:, 0] < found.values).all()
    assert (found.values < inner[:, 1]).all() and (inner[:, 1] < outer[:, 1]).all()


def test_without_noise_the_minimum_is_all_of_the_range() -> None:
    found = fit(planted()["chinchilla"].runs(), objective="ols")
    np.testing.assert_allclose(ends_of(found, 0.0), found.values[:, None] * [1, 1], rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"), [("R_D*", np.isfinite), ("R_N*", lambda end: end == 1e6)], ids=["R_D*", "R_N*"]
)
def test_where_nothing_rises_the_range_goes_to_the_bound(name: str, expected: Callable[[float], bool]) -> None:
    case = planted()["data-constrained"]
    assert isinstance(case.law, DataConstrained)
    loss = case.law.predict({**case.parameters, "R_N*": 1e6}, **case.columns)
    loss = loss * np.exp(0.01 * np.random.default_rng(8).normal(size=len(loss)))
    found = fit(Runs(loss, run=np.arange(len(loss)), **case.columns), case.law, "ols")
    lower, upper = ends_of(found)[case.law.names.index(name)]
    assert expected(upper)
    assert lower > 1


def test_the_range_of_a_parameter_that_may_be_negative_can_include_0() -> None:
    case = planted()["effective-data"]
    with_python = case.columns["proportions"][:, 0] > 0.05
    columns = {name: values[with_python] for name, values in case.columns.items()}
    loss = case.law.predict({**case.parameters, "tau[java]": 0.0}, **columns)
    loss = loss * np.exp(0.01 * np.random.default_rng(0).normal(size=len(loss)))
    languages = ("python", "java", "javascript")
    found = fit(Runs(loss, run=np.arange(len(loss)), languages=languages, **columns), case.law, "ols")
    lower, upper = ends_of(found)[case.law.names.index("tau[java]")]
    assert -0.1 < lower < 0 < upper < 0.1


def test_on_its_own_bound_a_parameter_has_a_range_on_one_side() -> None:
    runs = planted()["chinchilla"].runs(0.01)
    loss = 2 + runs.tokens / 1e11 + 0.01 * np.random.default_rng(0).normal(size=len(runs))
    found = fit(Runs(loss, runs.parameters, runs.tokens), objective="ols", fixed={"beta": 0.3})
    lower, upper = ends_of(found)[found.law.names.index("B")]
    assert lower == found.parameters["B"] == 0 < upper < np.inf
