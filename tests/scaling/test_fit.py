from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling.fit import Fit, fit
from codelm.scaling.laws import Chinchilla, DataConstrained
from codelm.scaling.runs import Runs
from codelm.scaling.search import local_minima
from codelm.scaling.solver import Objective, Solution
from codelm.scaling.uncertainty import intervals
from experiments.benchmarks.planted import planted

DATA = Path(__file__).parents[2] / "experiments" / "benchmarks" / "data"

C4 = {"E": np.exp(0.6254804), "A": np.exp(6.255414), "B": np.exp(7.3049974), "alpha": 0.3526596, "beta": 0.3526596}
"""The fit to C4 of Muennighoff et al. 2023, which they hold while R_D* and R_N* are fitted."""


def chinchilla_runs() -> Runs:
    """The 240 runs of Besiroglu et al. 2024."""
    file = DATA / "chinchilla_epoch.csv"
    return Runs.from_csv(file, parameters="Model Size", compute="Training FLOP", tokens=None).drop_highest(5)


def repetition_runs() -> Runs:
    return Runs.from_csv(
        DATA / "repetition_datablations.csv", "val_loss", "params", "tokens", unique_tokens="unique_tokens"
    )


def noisy_runs(noise: float = 0.01, seed: int = 0) -> Runs:
    return planted()["chinchilla"].runs(noise, seed)


@pytest.fixture(scope="module")
def repetition() -> Fit:
    law = DataConstrained.from_chinchilla(C4["A"], C4["B"], C4["alpha"], C4["beta"])
    return fit(repetition_runs(), law, fixed=C4)


# Published optima


def test_the_published_fit_of_chinchillas_runs_is_found_and_is_the_only_minimum() -> None:
    found = fit(chinchilla_runs())
    assert found.value <= 0.00101827402
    assert found.parameters["A"] == pytest.approx(477.83, abs=0.05)
    assert found.parameters["beta"] == pytest.approx(0.367172, abs=1e-5)
    assert found.run_count == 240 and len(found.minima) == 1 and found.warnings == ()
    assert found.r_squared > 0.99 and 1 < found.condition < 1e8


def test_least_absolute_deviations_of_chinchillas_runs_end_in_an_exact_corner() -> None:
    found = fit(chinchilla_runs(), objective="lad")
    assert found.value <= 1.12950
    assert found.parameters["A"] == pytest.approx(482.0, abs=0.05)
    assert (np.abs(found.residuals) < 1e-12).sum() == found.free == 5
    assert found.gradient == 0


def test_least_squares_of_chinchillas_losses_has_the_published_sum() -> None:
    found = fit(chinchilla_runs(), objective=Objective("ols", log=False))
    assert found.value == pytest.approx(0.0832038077, abs=1e-9)
    assert found.value == pytest.approx(((found.predicted - found.runs.loss) ** 2).sum(), rel=1e-12)


@pytest.mark.parametrize("name", list(planted()))
def test_planted_laws_are_found_again_where_there_is_no_noise(name: str) -> None:
    case = planted()[name]
    found = fit(case.runs(), case.law)
    assert set(found.parameters) == set(case.parameters)
    for parameter, value in case.parameters.items():
        assert found.parameters[parameter] == pytest.approx(value, rel=1e-8), parameter


@settings(max_examples=10)
@given(st.floats(0.5, 3.0), st.floats(50.0, 1000.0), st.floats(100.0, 5000.0), st.floats(0.2, 0.6), st.floats(0.2, 0.6))
def test_any_plausible_law_is_found_again(e: float, a: float, b: float, alpha: float, beta: float) -> None:
    columns = planted()["chinchilla"].columns
    truth = {"E": e, "A": a, "B": b, "alpha": alpha, "beta": beta}
    found = fit(Runs(Chinchilla().predict(truth, **columns), **columns), objective="ols")
    for name, value in truth.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-6)
    assert found.warnings == ()


@pytest.mark.parametrize("kind", ["huber", "lad", "ols"])
@pytest.mark.parametrize("unit", [1e6, 1e9])
def test_sizes_and_tokens_may_be_in_any_unit(kind: str, unit: float) -> None:
    runs = noisy_runs()
    one = fit(runs, objective=kind)  # type: ignore[arg-type]
    scaled = replace(runs, parameters=runs.parameters / unit, tokens=runs.tokens / unit)
    other = fit(scaled, objective=kind)  # type: ignore[arg-type]
    assert other.value == pytest.approx(one.value, rel=1e-9)
    assert other.parameters["alpha"] == pytest.approx(one.parameters["alpha"], rel=1e-5)
    factor = unit ** -one.parameters["alpha"]
    assert other.parameters["A"] == pytest.approx(one.parameters["A"] * factor, rel=1e-4)


def test_a_few_wild_losses_move_least_squares_but_not_huber() -> None:
    runs = noisy_runs()
    loss = runs.loss.copy()
    loss[[5, 7]] = 1e4, 1e-4
    wild = replace(runs, loss=loss)
    assert fit(wild).parameters["alpha"] == pytest.approx(0.34, abs=0.05)
    assert abs(fit(wild, objective="ols").parameters["alpha"] - 0.34) > 0.05


# Several minima, and parameters that the runs do not determine


def test_repetition_data_have_several_minima_and_all_are_listed(repetition: Fit) -> None:
    assert repetition.value <= 0.0158047
    values = [minimum.value for minimum in repetition.minima]
    assert len(values) >= 4 and values == sorted(values) and values[0] == pytest.approx(repetition.value)
    # The minimum at R_D* 15.4 is the highest of them.
    highest = repetition.minima[-1].parameters
    assert highest["R_D*"] == pytest.approx(15.4, abs=0.1) and highest["R_N*"] == pytest.approx(5.3, abs=0.05)
    assert sum(minimum.starts for minimum in repetition.minima) <= 24


def test_minima_that_are_listed_are_different_and_are_minima(repetition: Fit) -> None:
    problem, values = repetition.problem, repetition.minimum_values
    predicted = problem.predict(values)
    for one in range(len(values)):
        for other in range(one):
            assert np.abs(predicted[one] / predicted[other] - 1).max() > 1e-4
        nearby = values[one] * np.ones((50, 1))
        nearby[:, 5:] *= 1 + 1e-7 * np.random.default_rng(one).normal(size=(50, 2))
        assert problem.value(nearby).min() >= repetition.minima[one].value * (1 - 1e-9)


def test_weakly_identified_repetitions_are_flagged_with_their_range(repetition: Fit) -> None:
    weak = [warning for warning in repetition.warnings if warning.startswith("R_D*")]
    assert len(weak) == 1 and "weakly identified" in weak[0] and "beyond 1e+06" in weak[0]


def test_a_free_fit_whose_excess_parameters_lose_nothing_says_that_it_ended_on_its_bound() -> None:
    """Below a billion unique tokens nothing of the repetition data shows a limit to what more parameters are worth."""
    runs = repetition_runs()
    found = fit(runs.select(runs.require("unique_tokens") < 1e9), "data-constrained")
    assert found.parameters["R_N*"] == 1e6
    assert "R_N* ended on its bound, 1e+06: the runs do not determine it" in found.warnings


def test_a_range_without_an_end_is_weakly_identified_though_the_objective_bends_at_the_minimum() -> None:
    case = planted()["data-constrained"]
    loss = case.law.predict({**case.parameters, "R_N*": 1e6}, **case.columns)
    loss = loss * np.exp(0.01 * np.random.default_rng(8).normal(size=len(loss)))
    found = fit(Runs(loss, run=np.arange(len(loss)), **case.columns), case.law, "ols")
    assert found.parameters["R_N*"] < 1e6 and intervals(found)["R_N*"][1] == 1e6
    assert any("R_N* is weakly identified" in warning and "beyond" in warning for warning in found.warnings)


@pytest.mark.parametrize("kind", ["huber", "lad", "ols"])
def test_losses_that_rise_with_tokens_end_on_a_bound_and_say_so(kind: str) -> None:
    runs = noisy_runs()
    loss = 2 + runs.tokens / 1e11 + 0.01 * np.random.default_rng(0).normal(size=len(runs))
    found = fit(replace(runs, loss=loss), objective=kind)  # type: ignore[arg-type]
    assert found.parameters["B"] == 0
    assert "B ended on its bound, 0: the runs do not determine it" in found.warnings
    assert any("beta is weakly identified" in warning for warning in found.warnings)
    assert found.condition == np.inf


def test_noise_that_leads_an_exponent_to_its_bound_is_told() -> None:
    runs = noisy_runs()
    loss = runs.loss.copy()
    loss[[5, 7]] = 1e4, 1e-4
    found = fit(replace(runs, loss=loss), objective=Objective("ols", log=False))
    assert found.parameters["beta"] == 10.0
    assert "beta ended on its bound, 10: the runs do not determine it" in found.warnings


def test_tokens_that_follow_from_sizes_leave_the_coefficients_weakly_identified() -> None:
    size = planted()["chinchilla"].columns["parameters"]
    loss = 1.69 + 406 / size**0.34 + 410 / (20 * size) ** 0.28
    loss = loss * np.exp(0.001 * np.random.default_rng(0).normal(size=len(loss)))
    found = fit(Runs(loss, size, 20 * size, run=np.arange(len(loss))), objective="ols")
    doubtful = {warning.split()[0] for warning in found.warnings}
    assert {"B", "beta"} <= doubtful or {"A", "alpha"} <= doubtful


def test_as_many_runs_as_parameters_leave_nothing_to_judge_the_fit_by() -> None:
    found = fit(noisy_runs().select(np.array([0, 13, 26, 39, 52])))
    assert any("5 runs leave nothing to judge a fit of 5 parameters by" in warning for warning in found.warnings)
    checkpoints = replace(noisy_runs(), run=np.repeat(np.arange(4), 15))
    assert any(warning.startswith("4 runs leave nothing") for warning in fit(checkpoints).warnings)


# A fit that did not converge is never reported


def test_a_search_that_does_not_converge_is_an_error_and_not_a_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped_early(*arguments: object) -> Solution:
        solution = local_minima(*arguments)  # type: ignore[arg-type]
        return solution._replace(converged=np.zeros_like(solution.converged))

    monkeypatch.setattr(sys.modules[fit.__module__], "local_minima", stopped_early)
    with pytest.raises(UserError, match="did not converge from any of 24 starts"):
        fit(noisy_runs())


def test_a_start_that_was_still_moving_below_the_lowest_minimum_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_still_moving(*arguments: object) -> Solution:
        solution = local_minima(*arguments)  # type: ignore[arg-type]
        value, converged = solution.value.copy(), solution.converged.copy()
        value[3], converged[3] = 0.9 * value.min(), False
        return solution._replace(value=value, converged=converged)

    monkeypatch.setattr(sys.modules[fit.__module__], "local_minima", one_still_moving)
    with pytest.raises(UserError, match="a start that was still moving had reached"):
        fit(noisy_runs())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["huber", "ols"])
def test_what_is_called_a_fit_is_stationary(kind: str, seed: int) -> None:
    found = fit(noisy_runs(0.03, seed), objective=kind)  # type: ignore[arg-type]
    assert found.gradient < 1e-5
    random = np.random.default_rng(seed)
    nearby = found.values * (1 + 1e-5 * random.normal(size=(200, 5)))
    assert found.problem.value(nearby).min() >= found.value


# Fixed parameters


@settings(max_examples=15)
@given(st.floats(0.05, 2.0), st.floats(0.05, 2.0), st.floats(0.0, 2.0))
def test_what_is_fixed_comes_back_as_it_was_given(alpha: float, beta: float, e: float) -> None:
    fixed = {"alpha": alpha, "beta": beta, "E": e}
    found = fit(noisy_runs(), fixed=fixed, starts=2)
    assert {name: found.parameters[name] for name in fixed} == fixed
    assert all({name: minimum.parameters[name] for name in fixed} == fixed for minimum in found.minima)
    assert found.free == 2


def test_of_repetitions_what_is_fixed_is_exact_too(repetition: Fit) -> None:
    assert {name: repetition.parameters[name] for name in C4} == C4


def test_fixing_the_truth_leaves_the_truth_and_fixing_all_leaves_nothing() -> None:
    truth = planted()["chinchilla"].parameters
    found = fit(noisy_runs(0.0), fixed={"alpha": truth["alpha"], "E": truth["E"]})
    for name, value in truth.items():
        assert found.parameters[name] == pytest.approx(value, rel=1e-8)
    held = fit(noisy_runs(), fixed=truth)
    assert held.parameters == truth
    assert held.free == 0 and held.condition == 1 and held.warnings == () and np.isfinite(held.aic)


def test_fixing_a_parameter_never_lowers_the_objective() -> None:
    free = fit(noisy_runs())
    assert fit(noisy_runs(), fixed={"alpha": 0.3}).value > free.value
    same = fit(noisy_runs(), fixed={"alpha": free.parameters["alpha"]})
    assert same.value == pytest.approx(free.value, rel=1e-9)


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ({"gamma": 1.0}, "unknown parameter of the chinchilla law 'gamma': choose from"),
        ({"A": -1.0}, "A cannot be fixed at -1: it lies between 0 and inf"),
        ({"A": np.inf}, "A cannot be fixed at inf"),
        ({"alpha": np.nan}, "alpha cannot be fixed at nan: it lies between 0.01 and 10"),
    ],
)
def test_what_cannot_be_fixed_is_told(fixed: dict[str, float], message: str) -> None:
    with pytest.raises(UserError, match=message):
        fit(noisy_runs(), fixed=fixed)


# Runs that cannot determine the law


def test_all_runs_of_one_size_cannot_tell_its_exponent() -> None:
    runs = noisy_runs()
    one_size = runs.select(runs.parameters == runs.parameters[0])
    with pytest.raises(UserError, match=r"all runs have parameters = 1e\+08, which cannot tell A and alpha: add runs"):
        fit(one_size)
    found = fit(one_size, fixed={"A": 406.4, "alpha": 0.34})
    assert found.parameters["beta"] == pytest.approx(0.28, abs=0.2)


def test_all_runs_of_one_budget_cannot_tell_its_exponent() -> None:
    runs = noisy_runs()
    with pytest.raises(UserError, match=r"all runs have tokens = 2e\+09, which cannot tell B and beta"):
        fit(runs.select(runs.tokens == runs.tokens.min()))


def test_losses_that_are_all_the_same_show_no_law() -> None:
    runs = noisy_runs()
    with pytest.raises(UserError, match="all 60 losses are 3, which shows no law: check the column"):
        fit(replace(runs, loss=np.full(60, 3.0)))


def test_fewer_runs_than_parameters_are_refused_unless_some_are_fixed() -> None:
    few = noisy_runs().select(np.array([0, 13, 26, 39]))
    with pytest.raises(UserError, match="4 losses cannot determine 5 parameters: add runs, or fix some"):
        fit(few)
    assert fit(few, fixed={"alpha": 0.34, "beta": 0.28}).free == 3


def test_a_parameter_that_the_runs_show_nothing_of_is_named() -> None:
    runs = planted()["chinchilla"].runs()
    once = replace(runs, unique_tokens=runs.tokens)
    law = DataConstrained(optimal_scale=1e9)
    with pytest.raises(UserError, match=r"the runs show nothing of R_D\*, R_N\*: fix it, or add runs that do"):
        fit(once, law)
    assert fit(once, law, fixed={"R_D*": 15.4, "R_N*": 5.3}).parameters["alpha"] == pytest.approx(0.34)


def test_a_column_that_the_law_needs_is_asked_for() -> None:
    runs = noisy_runs()
    with pytest.raises(UserError, match="the runs have no unique tokens, which this law needs"):
        fit(runs, "data-constrained")


def test_names_that_do_not_exist_and_no_starts_are_told() -> None:
    with pytest.raises(UserError, match="unknown law 'chincilla': choose from chinchilla"):
        fit(noisy_runs(), "chincilla")
    with pytest.raises(UserError, match="starts is 0: follow at least one"):
        fit(noisy_runs(), starts=0)


# What a fit tells


def test_a_fit_is_the_same_each_time() -> None:
    one, other = fit(noisy_runs()), fit(noisy_runs())
    np.testing.assert_array_equal(one.values, other.values)
    assert one.minima == other.minima


def test_a_fit_predicts_what_its_law_predicts() -> None:
    found = fit(noisy_runs())
    np.testing.assert_allclose(
        found.predict(parameters=found.runs.parameters, tokens=found.runs.tokens), found.predicted, rtol=1e-12
    )
    np.testing.assert_allclose(found.residuals, np.log(found.predicted / found.runs.loss), atol=1e-12)
    total = ((found.runs.loss - found.runs.loss.mean()) ** 2).sum()
    explained = 1 - ((found.runs.loss - found.predicted) ** 2).sum() / total
    assert found.r_squared == pytest.approx(explained)
    assert found.residual_scale == pytest.approx(0.01, rel=0.4)


def test_information_criteria_of_least_squares_have_their_closed_forms() -> None:
    runs = noisy_runs()
    found = fit(runs, objective=Objective("ols", log=False))
    likelihood = -30 * (np.log(2 * np.pi * found.value / 60) + 1)
    assert found.log_likelihood == pytest.approx(likelihood)
    assert found.aic == pytest.approx(2 * 6 - 2 * likelihood)
    assert found.bic == pytest.approx(np.log(60) * 6 - 2 * likelihood)
    relative = fit(runs, objective="ols")
    likelihood = -30 * (np.log(2 * np.pi * relative.value / 60) + 1) - np.log(runs.loss).sum()
    assert relative.log_likelihood == pytest.approx(likelihood)
    assert fit(runs, objective="ols", fixed={"alpha": 0.34}).aic < relative.aic + 1


def test_information_criteria_of_absolute_deviations_have_their_closed_form() -> None:
    found = fit(noisy_runs(), objective=Objective("lad", log=False))
    likelihood = -60 * (np.log(2 * found.value / 60) + 1)
    assert found.aic == pytest.approx(2 * 6 - 2 * likelihood)


def test_information_criteria_count_runs_and_not_rows() -> None:
    runs = noisy_runs()
    found = fit(replace(runs, run=np.arange(60) % 20), objective=Objective("ols", log=False))
    likelihood = -10 * (np.log(2 * np.pi * found.value / 60) + 1)
    assert found.run_count == 20
    assert found.bic == pytest.approx(np.log(20) * 6 - 2 * likelihood)


def test_the_condition_number_is_that_of_the_scaled_normal_equations() -> None:
    runs = noisy_runs()
    found = fit(runs, objective="ols")
    size, tokens = (np.log(getattr(runs, name)) for name in ("parameters", "tokens"))
    powers = np.exp(-found.parameters["alpha"] * size), np.exp(-found.parameters["beta"] * tokens)
    # Coordinates in which the features keep their mean square while the exponents move.
    columns = [np.ones(60), *powers]
    for power, logarithm, coefficient in zip(powers, (size, tokens), ("A", "B"), strict=True):
        shift = (power**2 * logarithm).sum() / (power**2).sum()
        columns.append(found.parameters[coefficient] * power * (logarithm - shift))
    matrix = np.stack(columns) / found.predicted
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    assert found.condition == pytest.approx(np.linalg.cond(matrix) ** 2, rel=1e-6)
