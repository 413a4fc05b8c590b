from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from codelm.errors import UserError
from codelm.scaling.fit import bounds, fit, problem_of
from codelm.scaling.laws import Chinchilla, DataConstrained
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective, Problem, minimise, sensitivity, to_corner
from experiments.benchmarks.planted import planted

TRUTH = np.array([1.69, 406.4, 410.7, 0.34, 0.28])


def noisy_problem(objective: Objective, seed: int = 0, noise: float = 0.01) -> Problem:
    return problem_of(Chinchilla(), planted()["chinchilla"].runs(noise, seed), objective)


def reference(problem: Problem, start: np.ndarray) -> float:
    """The minimum by scipy's Nelder-Mead simplex, which knows no derivatives."""
    scale = np.array([1.0, 100.0, 100.0, 1.0, 1.0])
    options = {"xatol": 1e-9, "fatol": 1e-14, "maxfev": 5_000, "adaptive": True}
    point = start / scale
    for _ in range(3):
        point = optimize.minimize(
            lambda x: problem.value((x * scale)[None])[0], point, method="Nelder-Mead", options=options
        ).x
    return float(problem.value((point * scale)[None])[0])


@pytest.mark.parametrize(
    ("kind", "residuals", "expected"),
    [("ols", [3.0, -4.0], 25.0), ("lad", [3.0, -4.0], 7.0), ("huber", [0.5, -4.0], 0.125 + 2 * (4.0 - 1.0))],
)
def test_an_objective_is_the_sum_of_what_it_is_named_after(kind: str, residuals: list[float], expected: float) -> None:
    objective = Objective(kind, delta=2.0)  # type: ignore[arg-type]
    assert objective.value(np.array(residuals)) == pytest.approx(expected)
    assert objective.value(np.array(residuals), np.array([2.0, 2.0])) == pytest.approx(2 * expected)


@given(st.floats(-5, 5), st.floats(0.01, 2))
def test_hubers_function_is_smooth_where_it_becomes_linear(residual: float, delta: float) -> None:
    objective, step = Objective("huber", delta), 1e-6
    around = [float(objective.value(np.array([residual + sign * step]))) for sign in (-1, 1)]
    slope = (around[1] - around[0]) / (2 * step)
    assert slope == pytest.approx(np.clip(residual, -delta, delta), abs=1e-5)


def test_residuals_of_logarithms_are_relative_and_impossible_where_a_prediction_is_negative() -> None:
    objective = Objective()
    residuals = objective.residuals(np.array([2.2, -1.0]), objective.target(np.array([2.0, 2.0])))
    assert residuals[0] == pytest.approx(np.log(1.1))
    assert np.isnan(residuals[1])


@pytest.mark.parametrize("delta", [0.0, -1.0, np.nan, np.inf])
def test_a_delta_is_a_finite_number_above_0(delta: float) -> None:
    with pytest.raises(UserError, match="give a finite number above 0"):
        Objective("huber", delta)


def test_an_objective_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(UserError, match="unknown objective 'hubber': choose from huber"):
        Objective("hubber")  # type: ignore[arg-type]


def test_huber_is_reached_through_tenths_and_least_squares_at_once() -> None:
    np.testing.assert_allclose(Objective("huber", 1e-3).deltas(0.1), [0.1, 0.01, 0.001])
    assert Objective("huber", 0.5).deltas(0.1) == [0.5]
    assert Objective("ols").deltas(0.1) == [np.inf]
    assert Objective("lad").deltas(0.1)[-1] == pytest.approx(1e-4)


@pytest.mark.parametrize(
    "objective",
    [Objective("huber"), Objective("ols"), Objective("ols", log=False), Objective("huber", 0.05, log=False)],
    ids=["huber", "ols", "ols of the loss", "huber of the loss"],
)
def test_the_minimum_is_the_one_that_a_search_without_derivatives_finds(objective: Objective) -> None:
    problem = noisy_problem(objective)
    found = minimise(problem, 1.1 * TRUTH[None], *bounds(problem.law, {}), problem.far)
    assert found.converged.all()
    assert found.value[0] <= reference(problem, found.values[0] * 1.02) * (1 + 1e-8)
    np.testing.assert_allclose(found.value, problem.value(found.values))


@settings(max_examples=10)
@given(st.integers(0, 1000), st.sampled_from(["huber", "ols"]))
def test_where_it_converged_no_small_step_goes_lower(seed: int, kind: str) -> None:
    problem = noisy_problem(Objective(kind), seed)  # type: ignore[arg-type]
    found = minimise(problem, TRUTH[None], *bounds(problem.law, {}), problem.far)
    random = np.random.default_rng(seed)
    nearby = found.values * (1 + 1e-5 * random.normal(size=(200, 5)))
    assert found.converged[0] and found.gradient[0] < 1e-5
    assert problem.value(nearby).min() >= found.value[0]


def test_derivatives_are_those_of_the_residuals() -> None:
    case = planted()["data-constrained"]
    problem = problem_of(case.law, case.runs(0.01), Objective())
    values = np.array([[case.parameters[name] for name in case.law.names]])
    points, jacobian = sensitivity(problem, values, *bounds(case.law, {}))
    for place in range(3, 7):  # those on a logarithmic scale; c keeps what the features add on average
        moved = np.repeat(values, 2, axis=0)
        moved[:, place] *= np.exp([-1e-5, 1e-5])
        size = np.sqrt((problem.features(moved[:, 3:]) ** 2).mean(axis=-1))
        moved[:, :3] = points[:, :3] / size
        residuals = problem.residuals(moved)
        np.testing.assert_allclose(jacobian[0, place], (residuals[1] - residuals[0]) / 2e-5, rtol=1e-5, atol=1e-8)
    for place in range(3):
        moved = np.repeat(values, 2, axis=0)
        moved[:, place] *= [1 - 1e-5, 1 + 1e-5]
        residuals = problem.residuals(moved)
        slope = (residuals[1] - residuals[0]) / (2e-5 * points[0, place])
        np.testing.assert_allclose(jacobian[0, place], slope, rtol=1e-5, atol=1e-8)


def test_many_problems_at_once_give_what_each_gives_alone() -> None:
    problem = noisy_problem(Objective())
    random = np.random.default_rng(0)
    weights = random.integers(0, 3, (7, 60)).astype(float)
    targets = problem.target + 0.01 * random.normal(size=(7, 60))
    many = replace(problem, weights=weights, target=targets)
    limits = bounds(problem.law, {})
    together = minimise(many, np.tile(TRUTH, (7, 1)), *limits, problem.far)
    for number in range(7):
        one = replace(problem, weights=weights[number], target=targets[number])
        alone = minimise(one, TRUTH[None], *limits, problem.far)
        np.testing.assert_allclose(together.value[number], alone.value[0], rtol=1e-12)
        np.testing.assert_allclose(together.values[number], alone.values[0], rtol=1e-8)


def test_problems_are_cut_into_parts_that_cover_them_once() -> None:
    problem = noisy_problem(Objective())
    parts = problem.parts(100_000)
    assert len(parts) > 1
    assert np.concatenate([np.arange(100_000)[part] for part in parts]).tolist() == list(range(100_000))


def test_a_row_weighted_twice_counts_as_two_rows() -> None:
    case = planted()["chinchilla"]
    runs = case.runs(0.01)
    once = problem_of(case.law, runs, Objective())
    rows = np.r_[np.arange(60), 3]
    columns = {name: getattr(runs, name)[rows] for name in ("loss", "parameters", "tokens")}
    doubled = problem_of(case.law, Runs(**columns, run=np.arange(61)), Objective())
    weighted = replace(once, weights=1.0 + (np.arange(60) == 3))
    limits = bounds(case.law, {})
    one, other = (minimise(problem, TRUTH[None], *limits, problem.far) for problem in (doubled, weighted))
    np.testing.assert_allclose(one.values, other.values, rtol=1e-7)
    assert one.value[0] == pytest.approx(other.value[0], rel=1e-12)


def test_bounds_and_what_is_held_are_kept_exactly() -> None:
    problem = noisy_problem(Objective())
    low, high = bounds(problem.law, {"alpha": 0.35})
    high[4] = 0.2
    found = minimise(problem, TRUTH[None], low, high, problem.far)
    assert found.values[0, 3] == 0.35
    assert found.values[0, 4] == 0.2  # a bound below the best, on which the search ends
    assert found.converged[0]


@pytest.mark.parametrize("bound", [1e6, 1e-2])
def test_a_bound_is_met_exactly_though_logarithms_round(bound: float) -> None:
    case = planted()["data-constrained"]
    assert np.exp(np.log(bound)) != bound
    problem = problem_of(case.law, case.runs(), Objective("ols"))
    low, high = bounds(case.law, {"R_N*": bound})
    start = np.array([[case.parameters[name] for name in case.law.names]])
    assert minimise(problem, start, low, high, problem.far).values[0, 6] == bound


def test_a_search_that_is_cut_short_did_not_converge() -> None:
    problem = noisy_problem(Objective("ols"))
    start = np.array([[0.1, 10.0, 1e6, 1.5, 0.1]])
    found = minimise(problem, start, *bounds(problem.law, {}), problem.far, max_iterations=2)
    assert not found.converged[0]
    assert found.gradient[0] > 1e-5
    assert found.iterations[0] == 2


@pytest.mark.parametrize("unit", [1e-12, 1e-3, 1e12])
@pytest.mark.parametrize("kind", ["huber", "ols"])
def test_the_unit_of_the_loss_changes_nothing_but_the_linear_parameters(unit: float, kind: str) -> None:
    case = planted()["chinchilla"]
    runs = case.runs(0.01)
    scale = np.array([unit, unit, unit, 1.0, 1.0])
    found = []
    for one, start in ((runs, 1.2 * TRUTH), (replace(runs, loss=unit * runs.loss), 1.2 * TRUTH * scale)):
        problem = problem_of(case.law, one, Objective(kind))  # type: ignore[arg-type]
        found.append(minimise(problem, start[None], *bounds(case.law, {}), problem.far))
    assert found[1].converged[0]
    assert found[1].value[0] == pytest.approx(found[0].value[0], rel=1e-9)
    np.testing.assert_allclose(found[1].values[0], found[0].values[0] * scale, rtol=1e-5)


def test_least_absolute_deviation_ends_in_a_corner_that_is_a_minimum() -> None:
    problem = noisy_problem(Objective("lad"), seed=2)
    limits = bounds(problem.law, {})
    near = minimise(problem, TRUTH[None], *limits, problem.near).values[0]
    corner, minimum = to_corner(problem, near, *limits)
    assert minimum
    assert (np.abs(problem.residuals(corner[None])) < 1e-13).sum() == 5
    assert problem.value(corner[None])[0] <= problem.value(near[None])[0]
    nearby = corner * (1 + 1e-6 * np.random.default_rng(0).normal(size=(500, 5)))
    assert problem.value(nearby).min() >= problem.value(corner[None])[0]


def test_a_corner_far_from_the_minimum_is_not_called_one() -> None:
    problem = noisy_problem(Objective("lad"), noise=0.05)
    off = TRUTH * [1.1, 1.0, 1.0, 1.0, 1.0]
    corner, minimum = to_corner(problem, off, *bounds(problem.law, {}))
    assert not minimum
    assert problem.value(corner[None])[0] <= problem.value(off[None])[0]


def test_parameters_without_effect_do_not_keep_the_search_from_ending() -> None:
    case = planted()["data-constrained"]
    runs = replace(case.runs(0.01), unique_tokens=case.columns["tokens"])  # nothing is repeated
    law = DataConstrained(optimal_scale=1e9)  # and no parameter is in excess
    problem = problem_of(law, runs, Objective("ols"))
    start = np.array([[case.parameters[name] for name in law.names]])
    found = minimise(problem, start, *bounds(law, {}), problem.far)
    assert found.converged[0]
    np.testing.assert_allclose(found.values[0, 5:], start[0, 5:], rtol=1e-12)


@pytest.mark.parametrize("seed", [75, 194])
def test_a_valley_along_an_upper_bound_is_followed_to_its_end(seed: int) -> None:
    # B, near its bound, falls with the other parameters: steps that carry it across the bound lead nowhere.
    case = planted()["mixture"]
    found = fit(case.runs(0.01, seed), case.law, "ols", starts=4)
    assert found.gradient < 1e-7
    assert found.parameters["B"] < 5
