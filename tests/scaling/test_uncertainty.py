from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codelm.errors import UserError
from codelm.scaling.fit import Fit, fit
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective
from codelm.scaling.uncertainty import bootstrap, hold_out_largest, intervals, leave_one_out, profile
from experiments.benchmarks.planted import planted

CASE = planted()["chinchilla"]


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit(CASE.runs(0.01))


@pytest.fixture(scope="module")
def checkpoints() -> Fit:
    """Fifteen runs of four rows each, whose noise they share."""
    runs = CASE.runs()
    blocks = np.arange(60) // 4
    noise = 0.01 * np.random.default_rng(0).normal(size=15)[blocks]
    return fit(replace(runs, loss=runs.loss * np.exp(noise), run=blocks), objective="ols")


# Bootstrap


def test_a_bootstrap_is_the_same_for_the_same_seed_and_another_for_another(fitted: Fit) -> None:
    one, same, other = (bootstrap(fitted, 30, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.values, same.values)
    assert not np.allclose(one.values, other.values)


def test_replicates_are_fits_to_the_runs_that_were_drawn(fitted: Fit) -> None:
    resamples = np.random.default_rng(0).integers(60, size=(5, 60))
    drawn = bootstrap(fitted, resamples=resamples)
    assert drawn.failed == 0
    for values, rows in zip(drawn.values, resamples, strict=True):
        columns = {name: getattr(fitted.runs, name)[rows] for name in ("loss", "parameters", "tokens")}
        alone = fit(Runs(**columns, run=np.arange(60)))
        assert fitted.objective.value(fitted.problem.residuals(values[None])[0][rows]) == pytest.approx(
            alone.value, rel=1e-6
        )


def test_whole_runs_are_drawn(checkpoints: Fit) -> None:
    resamples = np.random.default_rng(0).integers(15, size=(4, 15))
    drawn = bootstrap(checkpoints, resamples=resamples)
    for values, chosen in zip(drawn.values, resamples, strict=True):
        rows = np.concatenate([np.flatnonzero(checkpoints.runs.blocks == run) for run in chosen])
        columns = {name: getattr(checkpoints.runs, name)[rows] for name in ("loss", "parameters", "tokens")}
        alone = fit(Runs(**columns, run=np.arange(60)), objective="ols")
        np.testing.assert_allclose(values, alone.values, rtol=1e-4)


def test_rows_that_share_their_noise_are_not_taken_for_as_many_runs(checkpoints: Fit) -> None:
    by_row = replace(checkpoints, runs=replace(checkpoints.runs, run=np.arange(60)))
    wide, narrow = (bootstrap(one, 400).standard_errors() for one in (checkpoints, by_row))
    assert wide["E"] > 1.3 * narrow["E"]


@pytest.mark.parametrize("resampling", ["runs", "residual", "parametric"])
def test_standard_errors_are_about_those_of_large_samples(resampling: str) -> None:
    fitted = fit(CASE.runs(0.01), objective=Objective("ols", log=False), fixed={"alpha": 0.34, "beta": 0.28})
    errors = bootstrap(fitted, 600, resampling).standard_errors()  # type: ignore[arg-type]
    features = fitted.problem.features(fitted.values[None, 3:])[0]
    expected = np.sqrt(fitted.value / 57 * np.diag(np.linalg.inv(features @ features.T)))
    # Noise is a share of the loss, which only resampling of runs sees.
    np.testing.assert_allclose([errors[name] for name in ("E", "A", "B")], expected, rtol=0.25)


@pytest.mark.parametrize("kind", ["huber", "lad"])
@pytest.mark.parametrize("resampling", ["residual", "parametric"])
def test_noise_can_be_drawn_for_every_objective(kind: str, resampling: str) -> None:
    fitted = fit(CASE.runs(0.01), objective=kind)  # type: ignore[arg-type]
    drawn = bootstrap(fitted, 60, resampling)  # type: ignore[arg-type]
    low, high = drawn.intervals()["alpha"]
    assert low < fitted.parameters["alpha"] < high
    assert 0.003 < drawn.standard_errors()["alpha"] < 0.1


def test_intervals_of_a_bootstrap_are_percentiles_and_bands_too(fitted: Fit) -> None:
    drawn = bootstrap(fitted, 200)
    assert drawn.intervals(0.5)["beta"] == pytest.approx(np.percentile(drawn.parameters["beta"], [25, 75]))
    losses = drawn.predict(parameters=1e9, tokens=[1e10, 1e11])
    assert losses.shape == (200, 2)
    band = drawn.band(0.9, parameters=1e9, tokens=[1e10, 1e11])
    np.testing.assert_allclose(band, np.percentile(losses, [5, 95], axis=0))
    assert (band[0] < fitted.predict(parameters=1e9, tokens=[1e10, 1e11])).all()


def test_what_is_fixed_is_fixed_in_every_replicate() -> None:
    held = fit(CASE.runs(0.01), fixed={"alpha": 0.35})
    assert (bootstrap(held, 20).parameters["alpha"] == 0.35).all()


def test_replicates_look_for_the_lowest_minimum_from_each_that_is_known() -> None:
    case = planted()["data-constrained"]
    runs = case.runs(0.02, 1)
    found = fit(runs, case.law)
    drawn = bootstrap(found, 10)
    assert len(drawn.values) + drawn.failed == 10
    rows = np.random.default_rng(0).integers(found.run_count, size=(10, found.run_count))
    times = np.stack([np.bincount(one, minlength=found.run_count) for one in rows])
    weighted = replace(found.problem, weights=times.astype(float))
    assert (weighted.value(drawn.values) <= weighted.value(np.tile(found.values, (10, 1)))).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"replicates": 1}, "1 replicates tell no spread: give 2 or more"),
        ({"resampling": "rows"}, "unknown resampling 'rows': choose from runs"),
        ({"resamples": np.full((3, 60), 60)}, "resamples go from 60 to 60: number the runs from 0"),
    ],
)
def test_a_bootstrap_that_cannot_be_drawn_is_told(fitted: Fit, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        bootstrap(fitted, **arguments)  # type: ignore[arg-type]


def test_one_run_cannot_be_resampled(fitted: Fit) -> None:
    one_run = replace(fitted, runs=replace(fitted.runs, run=np.zeros(60)))
    with pytest.raises(UserError, match="all rows are of one run, which cannot be resampled"):
        bootstrap(one_run, 10)


def test_replicates_that_do_not_converge_are_not_passed_off_as_fits(
    fitted: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    import codelm.scaling.uncertainty as module

    real = module.minimise

    def half_converged(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        return found._replace(converged=np.arange(len(found.converged)) % 2 == 0)

    monkeypatch.setattr(module, "minimise", half_converged)
    with pytest.raises(UserError, match="of 20 bootstrap fits did not converge"):
        bootstrap(fitted, 20)
    assert np.isnan(profile(fitted, "alpha", np.array([0.3, 0.35]))).tolist() == [False, True]


# Profiles


@pytest.mark.parametrize("name", ["E", "A", "beta"])
def test_a_profile_is_the_objective_of_fits_with_the_parameter_held(fitted: Fit, name: str) -> None:
    values = fitted.parameters[name] * np.array([0.6, 0.9, 1.0, 1.2])
    expected = [fit(fitted.runs, fixed={name: value}).value for value in values]
    found = profile(fitted, name, values)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert found[2] == pytest.approx(fitted.value, rel=1e-9) == found.min()


def test_a_profile_far_from_the_fit_is_found_too() -> None:
    """Wild losses lead an exponent to its bound, where its coefficient is huge: no place to start from elsewhere."""
    runs = CASE.runs(0.01)
    loss = runs.loss.copy()
    loss[5] = 1e4
    wild, objective = replace(runs, loss=loss), Objective("ols", log=False)
    values = np.array([0.1, 1.0, 5.0])
    expected = [fit(wild, objective=objective, fixed={"beta": value}).value for value in values]
    np.testing.assert_allclose(profile(fit(wild, objective=objective), "beta", values), expected, rtol=1e-6)


def test_what_has_no_profile_is_told(fitted: Fit) -> None:
    with pytest.raises(UserError, match="unknown parameter of the chinchilla law 'bet': choose from beta"):
        profile(fitted, "bet", np.array([0.3]))
    with pytest.raises(UserError, match=r"beta cannot be fixed at -0.3: it lies between 0.01 and 10"):
        profile(fitted, "beta", np.array([0.3, -0.3]))


def test_intervals_hold_their_level() -> None:
    truth, hits = CASE.parameters, []
    for seed in range(60):
        found = intervals(fit(CASE.runs(0.01, seed), objective="ols", starts=2))
        hits.append([low <= truth[name] <= high for name, (low, high) in found.items()])
    assert 0.90 <= np.mean(hits) <= 0.99


def test_intervals_are_of_what_was_fitted_and_contain_it(fitted: Fit) -> None:
    held = fit(fitted.runs, fixed={"alpha": 0.35})
    assert set(intervals(held)) == {"E", "A", "B", "beta"}
    for level in (0.5, 0.95):
        for name, (low, high) in intervals(fitted, level).items():
            assert low < fitted.parameters[name] < high
    with pytest.raises(UserError, match="level is 95: give a number between 0 and 1"):
        intervals(fitted, 95)
    with pytest.raises(UserError, match="level is 95"):
        bootstrap(fitted, 10).intervals(95)


# Runs that were held out


def test_without_each_run_in_turn_the_fits_are_those_without_it(fitted: Fit) -> None:
    left = leave_one_out(fitted)
    for run in (0, 17, 59):
        alone = fit(fitted.runs.select(np.arange(60) != run))
        np.testing.assert_allclose(left.values[run], alone.values, rtol=1e-3)
        predicted = alone.predict(parameters=fitted.runs.parameters[run], tokens=fitted.runs.tokens[run])[0]
        assert left.errors[run] == pytest.approx(predicted / fitted.runs.loss[run] - 1, abs=1e-6)


def test_all_rows_of_a_run_are_left_out_together(checkpoints: Fit) -> None:
    left = leave_one_out(checkpoints)
    assert left.values.shape == left.shifts.shape == (15, 5)
    rows = checkpoints.runs.blocks == 3
    alone = fit(checkpoints.runs.select(~rows), objective="ols")
    np.testing.assert_allclose(left.values[3], alone.values, rtol=1e-4)
    held_out = checkpoints.runs.select(rows)
    predicted = alone.predict(parameters=held_out.parameters, tokens=held_out.tokens)
    np.testing.assert_allclose(left.errors[rows], predicted / held_out.loss - 1, rtol=1e-4, atol=1e-9)


def test_the_run_that_decides_is_the_one_with_the_greatest_influence() -> None:
    runs = CASE.runs(0.003)
    loss = runs.loss.copy()
    corner = int(np.argmax(runs.compute))
    loss[corner] *= 1.1
    left = leave_one_out(fit(replace(runs, loss=loss), objective="ols"))
    assert np.argmax(np.abs(left.shifts[:, 0])) == corner
    assert np.abs(left.shifts[corner, 0]) > 0.9
    assert np.argmax(np.abs(left.errors)) == corner
    # Jackknife: with its standard error, the sum of squares is n / (n - 1).
    np.testing.assert_allclose((left.shifts**2).sum(axis=0), 60 / 59)


def test_too_few_runs_are_not_left_out() -> None:
    few = fit(CASE.runs(0.01).select(np.array([0, 13, 26, 39, 52, 7])))
    with pytest.raises(UserError, match="6 runs are too few to leave one out of 5 parameters: add runs"):
        leave_one_out(few)


def test_the_largest_runs_are_predicted_by_a_fit_to_the_others(fitted: Fit) -> None:
    test = hold_out_largest(fitted)
    compute = fitted.runs.compute
    assert len(test.tested) == 12
    assert compute[test.tested].min() > np.delete(compute, test.tested).max()
    assert len(test.fit.runs) == 48
    predicted = test.fit.predict(parameters=fitted.runs.parameters[test.tested], tokens=fitted.runs.tokens[test.tested])
    np.testing.assert_allclose(test.errors, predicted / fitted.runs.loss[test.tested] - 1)
    assert test.mean_error == pytest.approx(np.abs(test.errors).mean())
    assert test.mean_error < 0.03


def test_a_law_that_is_exact_predicts_what_it_did_not_see_exactly() -> None:
    test = hold_out_largest(fit(CASE.runs()), above=1e20)
    assert np.abs(test.errors).max() < 1e-7
    assert (CASE.runs().compute[test.tested] > 1e20).all()


def test_early_checkpoints_of_a_run_that_is_held_out_are_held_out_with_it() -> None:
    runs = CASE.runs(0.01)
    checkpoints = fit(replace(runs, run=runs.parameters))  # of each size one run, measured at six budgets
    test = hold_out_largest(checkpoints)
    held_out = set(checkpoints.runs.blocks[test.tested].tolist())
    kept = set(np.delete(checkpoints.runs.blocks, test.tested).tolist())
    assert held_out and not held_out & kept
    assert len(test.tested) == 12


def test_where_many_runs_share_the_most_compute_all_of_them_are_held_out() -> None:
    rows = [(n, d, seed) for n in (1e8, 1e9) for d in (2e9, 2e10) for seed in range(5)]
    size, tokens, seed = (np.array(column) for column in zip(*rows, strict=True))
    loss = CASE.law.predict(CASE.parameters, parameters=size, tokens=tokens) * (1 + 0.001 * seed)
    fitted = fit(Runs(loss, size, tokens, run=np.arange(20)), fixed={"alpha": 0.34, "beta": 0.28})
    assert hold_out_largest(fitted).tested.tolist() == [15, 16, 17, 18, 19]


def test_limits_that_leave_nothing_are_told(fitted: Fit) -> None:
    with pytest.raises(UserError, match=r"a limit of 1e\+30 leaves nothing to test on: the compute of the runs goes"):
        hold_out_largest(fitted, above=1e30)
    with pytest.raises(UserError, match="leaves nothing to train on"):
        hold_out_largest(fitted, above=1.0)
    with pytest.raises(UserError, match=r"share is 1.5: give a number between 0 and 1"):
        hold_out_largest(fitted, share=1.5)


def test_intervals_of_some_parameters_are_those_among_all(fitted: Fit) -> None:
    every, some = intervals(fitted), intervals(fitted, names=("A", "beta"))
    assert list(some) == ["A", "beta"]
    for name, ends in some.items():
        assert ends == pytest.approx(every[name], rel=1e-3)
