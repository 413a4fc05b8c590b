from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from codelm.scaling.fit import bounds, problem_of
from codelm.scaling.laws import Chinchilla, ProportionLaw
from codelm.scaling.search import least_squares, local_minima, spread_theta
from codelm.scaling.solver import Objective, Problem
from experiments.benchmarks.planted import planted


def problem_with(objective: Objective, noise: float = 0.01, seed: int = 0) -> Problem:
    return problem_of(Chinchilla(), planted()["chinchilla"].runs(noise, seed), objective)


def test_starts_fill_the_ranges_of_the_parameters_evenly() -> None:
    theta = spread_theta(Chinchilla(), *bounds(Chinchilla(), {}))
    low, high = np.array([parameter.starts for parameter in Chinchilla().nonlinear]).T
    assert ((theta >= low) & (theta <= high)).all()
    quarter = (np.log(theta / low) / np.log(high / low) * 4).astype(int)
    counts = np.bincount(quarter[:, 0] * 4 + quarter[:, 1], minlength=16)
    assert counts.min() >= 0.5 * counts.mean()  # every sixteenth of the square has its share


def test_parameters_of_a_family_start_together() -> None:
    law = ProportionLaw(("python", "java", "go"))
    theta = spread_theta(law, *bounds(law, {}))
    np.testing.assert_allclose(theta[:, :3], theta[:, :1] * np.ones(3))
    assert not np.allclose(theta[:, 0], theta[:, 3])


def test_starts_keep_to_what_is_given() -> None:
    theta = spread_theta(Chinchilla(), *bounds(Chinchilla(), {"alpha": 0.35}))
    assert (theta[:, 0] == 0.35).all()


@settings(max_examples=20)
@given(st.integers(0, 1000), st.booleans())
def test_linear_parameters_are_those_of_least_squares(seed: int, held: bool) -> None:
    problem = problem_with(Objective("ols", log=False), seed=seed)
    theta = np.random.default_rng(seed).uniform(0.2, 0.5, (3, 2))
    low, high = (bound[:3] for bound in bounds(problem.law, {"A": 300.0} if held else {}))
    found = least_squares(problem, theta, low, high)
    for one, features in zip(found, problem.features(theta), strict=True):
        free = [0, 2] if held else [0, 1, 2]
        size = np.linalg.norm(features[free], axis=1)
        wanted = problem.target - (300 * features[1] if held else 0)
        best, _ = optimize.nnls((features[free] / size[:, None]).T, wanted)
        expected = np.linalg.norm(wanted - best / size @ features[free])
        # Those that would be negative are put to 0 together, which is not always the very best.
        assert np.linalg.norm(problem.target - one @ features) <= expected * (1 + 1e-6 if best.all() else 1.2)
        assert (one >= 0).all() and (not held or one[1] == 300)


def test_bounds_of_linear_parameters_may_differ_between_starts() -> None:
    problem = problem_with(Objective("ols", log=False))
    theta = np.array([[0.34, 0.28], [0.34, 0.28]])
    low = np.array([[0.0, 0.0, 0.0], [1.5, 0.0, 0.0]])
    high = np.array([[np.inf, np.inf, np.inf], [1.5, np.inf, np.inf]])
    free, held = least_squares(problem, theta, low, high)
    assert held[0] == 1.5 != free[0]
    alone = least_squares(problem, theta[1:], low[1], high[1])
    np.testing.assert_allclose(held, alone[0])


def test_the_result_depends_on_the_arguments_alone() -> None:
    problem = problem_with(Objective())
    one, other = (local_minima(problem, *bounds(problem.law, {})) for _ in range(2))
    for first, second in zip(one, other, strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(("kind", "ends"), [("ols", 5), ("huber", 5 + 5), ("lad", 5 + 5)])
def test_as_many_starts_are_followed_as_asked(kind: str, ends: int) -> None:
    """Of robust objectives, twice: straight to the minimum, and through large deltas."""
    problem = problem_with(Objective(kind))  # type: ignore[arg-type]
    found = local_minima(problem, *bounds(problem.law, {}), followed=5)
    assert len(found.value) == ends


def test_least_absolute_deviations_end_in_exact_corners() -> None:
    problem = problem_with(Objective("lad"), seed=3)
    found = local_minima(problem, *bounds(problem.law, {}))
    best = int(np.argmin(found.value))
    assert found.converged[best] and found.gradient[best] == 0
    residuals = problem.residuals(found.values[[best]])[0]
    assert (np.abs(residuals) < 1e-12).sum() == 5
    np.testing.assert_allclose(found.value, problem.value(found.values))
