"""How sure a fit is: bootstraps, profile likelihood, and tests on runs that were held out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.scaling.fit import Fit, bounds, fit, parameter_ranges
from codelm.scaling.noise import density_scale, draw
from codelm.scaling.search import least_squares
from codelm.scaling.solver import Problem, Solution, minimise

Resampling = Literal["runs", "residual", "parametric"]

_MOST_FAILED = 0.05
"""Largest share of replicates that may fail to converge."""


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """A law fitted again to resampled runs.

    Parameters
    ----------
    fit
        The fit to the runs themselves.
    values
        c and theta of each replicate that converged (replicates, Q).
    failed
        Number of replicates that did not.
    """

    fit: Fit
    values: np.ndarray
    failed: int = 0

    @property
    def parameters(self) -> dict[str, np.ndarray]:
        """The formula's own parameters by name, each (replicates,)."""
        reported = self.fit.law.report(self.values)
        return dict(zip(self.fit.law.reported, reported.T, strict=True))

    def standard_errors(self) -> dict[str, float]:
        """Return the standard deviation over the replicates, by parameter."""
        return {name: float(draws.std(ddof=1)) for name, draws in self.parameters.items()}

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return percentile intervals, by parameter."""
        ends = _percentiles(level)
        return {name: tuple(np.percentile(draws, ends).tolist()) for name, draws in self.parameters.items()}

    def predict(self, **columns: Any) -> np.ndarray:
        """Return the loss by replicate (replicates, n) of what would be trained, see `Fit.predict`."""
        return self.fit.law.predict(self.fit.law.report(self.values), **columns)

    def band(self, level: float = 0.95, **columns: Any) -> np.ndarray:
        """Return percentile limits (2, n) of the law's loss; a run of its own has its noise besides."""
        return np.asarray(np.percentile(self.predict(**columns), _percentiles(level), axis=0))


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """Fits without one run each.

    Parameters
    ----------
    values
        c and theta (runs, Q) without each run, in the order of `Runs.blocks`.
    errors
        Relative error (n,) of each row's prediction by the fit that did not see its run.
    shifts
        How much each parameter moves (runs, Q) when a run is left out, in jackknife standard errors: beyond 1 or 2, one
        run decides the result.
    """

    values: np.ndarray
    errors: np.ndarray
    shifts: np.ndarray


@dataclass(frozen=True, eq=False)
class Backtest:
    """A fit to the runs of small compute, tested on the others.

    Parameters
    ----------
    fit
        The fit to those trained on.
    tested
        Rows that were held out, by number.
    errors
        Relative errors of their predictions.
    """

    fit: Fit
    tested: np.ndarray
    errors: np.ndarray

    @property
    def mean_error(self) -> float:
        """Mean absolute relative error."""
        return float(np.abs(self.errors).mean())


def bootstrap(
    fit: Fit,
    replicates: int = 4000,
    resampling: Resampling = "runs",
    seed: int = 0,
    resamples: np.ndarray | None = None,
) -> Bootstrap:
    """Fit the law again to resampled runs, all replicates at once.

    Every replicate is searched from each minimum of the fit; the lowest that is found counts.

    Parameters
    ----------
    fit
        The fit to the runs.
    replicates
        How many times to resample.
    resampling
        ``runs``: draw whole runs with replacement, all rows of a run together; ``residual``: draw residuals and add
        them to the predictions; ``parametric``: draw noise from the density whose mode the objective finds.
    seed
        Of the random draws.
    resamples
        Numbers of the runs in each replicate (replicates, runs), instead of random ones; for ``runs`` only.

    Raises
    ------
    UserError
        If more than one replicate in twenty does not converge.
    """
    if resampling not in get_args(Resampling):
        raise unknown_name("resampling", resampling, get_args(Resampling))
    if replicates < 2:
        raise UserError(f"{replicates} replicates tell no spread: give 2 or more")
    if resampling == "runs" and fit.run_count < 2:
        raise UserError("all rows are of one run, which cannot be resampled: name the column that tells runs apart")
    problem, random = fit.problem, np.random.default_rng(seed)
    if resampling == "runs":
        if resamples is None:
            resamples = random.integers(fit.run_count, size=(replicates, fit.run_count))
        replicates = len(resamples)
        if not 0 <= np.min(resamples) <= np.max(resamples) < fit.run_count:
            raise UserError(f"resamples go from {np.min(resamples)} to {np.max(resamples)}: number the runs from 0")
        problem = replace(problem, weights=_times_drawn(resamples, fit.run_count)[:, fit.runs.blocks])
    else:
        noise = _draw_noise(fit, random, (replicates, len(fit.runs)), resampling)
        problem = replace(problem, target=problem.objective.target(fit.predicted) - noise)
    solution = _refit(fit, problem, replicates)
    failed = int((~solution.converged).sum())
    if failed > _MOST_FAILED * replicates:
        raise UserError(
            f"{failed} of {replicates} bootstrap fits did not converge: the runs are too few to resample; add runs, or "
            "choose a law with fewer parameters"
        )
    return Bootstrap(fit, solution.values[solution.converged], failed)


def intervals(fit: Fit, level: float = 0.95, names: Collection[str] | None = None) -> dict[str, tuple[float, float]]:
    """Return profile-likelihood intervals of the parameters in `law.names` that were fitted, or of some of them.

    The ends are where the objective, minimised over the other parameters, has risen by as much as it does by chance at
    that level. They need no resampling, need not be symmetric, and hold their level for few runs; they take it that
    the noise is alike in all runs, which `bootstrap` does not.
    """
    _check_share("level", level)
    low, high = fit.bounds
    wanted = [names is None or name in names for name in fit.law.names]
    places = np.flatnonzero((low < high) & wanted)
    ends = parameter_ranges(fit, places, level)
    return {
        fit.law.names[place]: (float(lower), float(upper)) for place, (lower, upper) in zip(places, ends, strict=True)
    }


def profile(fit: Fit, name: str, values: np.ndarray) -> np.ndarray:
    """Return the objective (k,) with one parameter of `law.names` held at each of some values (k,), the rest fitted.

    It is NaN where that did not converge.
    """
    low, high = np.stack([bounds(fit.law, {**fit.fixed, name: float(value)}) for value in values], axis=1)
    start, linear = np.clip(fit.values, low, high), len(fit.law.linear)
    start[:, :linear] = least_squares(fit.problem, start[:, linear:], low[:, :linear], high[:, :linear])
    found = minimise(fit.problem, start, low, high, fit.problem.far)
    return np.where(found.converged, found.value, np.nan)


def leave_one_out(fit: Fit) -> LeaveOneOut:
    """Fit the law again without each run in turn."""
    if fit.run_count <= fit.free + 1:
        raise UserError(f"{fit.run_count} runs are too few to leave one out of {fit.free} parameters: add runs")
    blocks = fit.runs.blocks
    weights = 1.0 - (blocks == np.arange(fit.run_count)[:, None])
    solution = _refit(fit, replace(fit.problem, weights=weights), fit.run_count)
    predicted = fit.problem.predict(solution.values)[blocks, np.arange(len(blocks))]
    moved = solution.values - fit.values
    # The jackknife's variance is that of the estimate; (runs - 1) / runs times the sum of squared moves.
    error = np.sqrt((moved**2).sum(axis=0) * (fit.run_count - 1) / fit.run_count)
    shifts = moved / np.where(error > 0, error, 1.0)
    return LeaveOneOut(solution.values, predicted / fit.runs.loss - 1, shifts)


def hold_out_largest(fitted: Fit, above: float | None = None, share: float = 0.2) -> Backtest:
    """Fit the law to the runs of small compute and test it on the others.

    Parameters
    ----------
    fitted
        The fit whose law, objective and fixed parameters are taken.
    above
        Compute (FLOP, if N and D are parameters and tokens) beyond which runs are held out; of several checkpoints of
        a run the last counts.
    share
        Without `above`, the share of rows to hold out.
    """
    _check_share("share", share)
    most = np.zeros(fitted.run_count)
    np.maximum.at(most, fitted.runs.blocks, fitted.runs.compute)
    compute = most[fitted.runs.blocks]
    # Where more rows than that share the most compute, they are held out all the same.
    below = compute[compute < compute.max()].max(initial=0.0)
    limit = min(float(np.quantile(compute, 1 - share)), below) if above is None else above
    tested = np.flatnonzero(compute > limit)
    if not len(tested) or len(tested) == len(compute):
        raise UserError(
            f"a limit of {limit:g} leaves {'nothing to test on' if not len(tested) else 'nothing to train on'}: the "
            f"compute of the runs goes from {compute.min():g} to {compute.max():g}"
        )
    trained = fit(fitted.runs.select(compute <= limit), fitted.law, fitted.objective, fitted.fixed)
    held_out = fitted.runs.select(tested)
    predicted = replace(trained, runs=held_out).predicted
    return Backtest(trained, tested, predicted / held_out.loss - 1)


def _percentiles(level: float) -> list[float]:
    _check_share("level", level)
    return [50 - 50 * level, 50 + 50 * level]


def _check_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise UserError(f"{name} is {value:g}: give a number between 0 and 1")


def _refit(fit: Fit, problem: Problem, count: int) -> Solution:
    """Search each problem from every minimum of the fit; return the lowest found."""
    low, high = fit.bounds
    best: Solution | None = None
    for values in fit.minimum_values:
        start = np.broadcast_to(values, (count, len(values)))
        found = minimise(problem, start, low, high, problem.near)
        best = found if best is None else _lower(best, found)
    assert best is not None
    again = np.flatnonzero(~best.converged)
    if len(again):
        found = minimise(problem.take(again), best.values[again], low, high, problem.far)
        for old, new in zip(best, found, strict=True):
            old[again] = new
    return best


def _lower(one: Solution, other: Solution) -> Solution:
    lower = (other.value < one.value) & (other.converged | ~one.converged)
    return Solution(*(np.where(lower.reshape(-1, *[1] * (a.ndim - 1)), b, a) for a, b in zip(one, other, strict=True)))


def _times_drawn(resamples: np.ndarray, count: int) -> np.ndarray:
    """Return how often each run was drawn (replicates, runs)."""
    times = np.zeros((len(resamples), count))
    np.add.at(times, (np.arange(len(resamples))[:, None], resamples), 1.0)
    return times


def _draw_noise(fit: Fit, random: np.random.Generator, shape: tuple[int, int], resampling: str) -> np.ndarray:
    inflation = np.sqrt(len(fit.runs) / max(len(fit.runs) - fit.free, 1))
    if resampling == "residual":
        residuals = fit.residuals - fit.residuals.mean()
        return np.asarray(inflation * random.choice(residuals, size=shape))
    scale = density_scale(fit.objective, fit.residuals)
    return np.asarray(inflation * draw(fit.objective, scale, random, shape))
