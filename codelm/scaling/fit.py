"""Fitting a law to runs: every distinct minimum, and how far the result can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.scaling.laws import LAWS, Law
from codelm.scaling.noise import density_scale, log_normaliser, noise_scale, rise
from codelm.scaling.profile import range_ends
from codelm.scaling.runs import Runs
from codelm.scaling.search import local_minima, spread_theta
from codelm.scaling.solver import Objective, ObjectiveName, Problem, Solution, sensitivity

_FLAT = 1e-10
"""Least curvature that is told from none, as a share of the largest, of the Jacobian."""

_TINY = np.finfo(float).tiny

_SAME = 1e-4
"""Minima are one and the same where no prediction differs by more, as a share of the loss."""

_WIDE = np.log(10.0) / 2
"""A parameter whose 95 % range spans a factor of 10 in the large-sample approximation is called weakly identified."""

_NARROW = _WIDE / 2
"""One whose range is narrower than this either way needs no look at where the range really ends."""


@dataclass(frozen=True)
class Minimum:
    """A local minimum of the objective.

    Parameters
    ----------
    parameters
        The formula's own parameters, by name.
    value
        The objective there.
    starts
        How many of the starts that were followed ended there.
    """

    parameters: Mapping[str, float]
    value: float
    starts: int


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted law. It exists only where the search converged.

    Parameters
    ----------
    law, runs, objective
        What was fitted, to what, and what was minimised.
    values
        c and theta of the law (Q,), as its methods take them; `parameters` has them by name.
    fixed
        Parameters that were given, not fitted.
    minima
        Every distinct local minimum that was found, the lowest first.
    gradient
        Cosine between residuals and Jacobian at the minimum, 0 for an exact one.
    """

    law: Law
    runs: Runs
    objective: Objective
    values: np.ndarray
    fixed: Mapping[str, float]
    minima: tuple[Minimum, ...]
    gradient: float

    @property
    def parameters(self) -> dict[str, float]:
        """The formula's own parameters, by name."""
        return named(self.law, self.values)

    @property
    def value(self) -> float:
        """The objective: sum of Huber's function, of absolute residuals, or of squares."""
        return float(self.problem.value(self.values[None])[0])

    @property
    def minimum_values(self) -> np.ndarray:
        """c and theta (minima, Q) of every minimum."""
        reported = [[minimum.parameters[name] for name in self.law.reported] for minimum in self.minima]
        return self.law.internal(np.array(reported))

    @property
    def problem(self) -> Problem:
        """What was minimised."""
        return problem_of(self.law, self.runs, self.objective)

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Bounds (Q,) of c and theta; equal for those that were given."""
        return bounds(self.law, self.fixed)

    @property
    def free(self) -> int:
        """Number of parameters that were fitted."""
        return len(self.values) - len(self.fixed)

    @property
    def run_count(self) -> int:
        """Number of runs, of which each may have several rows."""
        return int(self.runs.blocks.max()) + 1

    @property
    def predicted(self) -> np.ndarray:
        """Predicted losses (n,)."""
        return np.asarray(self.problem.predict(self.values[None])[0])

    @property
    def residuals(self) -> np.ndarray:
        """Predictions less measurements (n,): of logarithms, where the objective is of logarithms."""
        return np.asarray(self.problem.residuals(self.values[None])[0])

    @property
    def residual_scale(self) -> float:
        """Standard deviation of the residuals, as the median absolute one has it for normal noise."""
        return float(1.4826 * np.median(np.abs(self.residuals)))

    @property
    def r_squared(self) -> float:
        """Share of the losses' variance that is explained."""
        loss = self.runs.loss
        return float(1 - ((loss - self.predicted) ** 2).sum() / ((loss - loss.mean()) ** 2).sum())

    @property
    def condition(self) -> float:
        """Condition number of the normal equations, with parameters at equal scale; above 1e8 they are ill-posed."""
        columns = self._sensitivity[self._inside]
        if not len(columns):
            return 1.0
        size = np.sqrt((columns**2).sum(axis=1, keepdims=True))
        singular = np.linalg.svd(columns / np.where(size > 0, size, 1.0), compute_uv=False)
        return float((singular[0] / singular[-1]) ** 2) if singular[-1] > 0 else np.inf

    @property
    def log_likelihood(self) -> float:
        """Logarithm of the likelihood of the losses, per row times the number of runs.

        The density is the one whose mode the objective finds, of the scale that makes the losses likeliest. It is of
        the losses even where the objective is of logarithms, so that the two can be compared.
        """
        scale = density_scale(self.objective, self.residuals)
        mean = float(self.objective.value(self.residuals)) / len(self.runs)
        per_row = -mean / scale - log_normaliser(self.objective, scale)
        if self.objective.log:
            per_row -= float(np.log(self.runs.loss).mean())
        return per_row * self.run_count

    @property
    def aic(self) -> float:
        """Akaike's criterion, of the runs; the scale of the noise counts as a parameter."""
        return 2 * (self.free + 1) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, with as many observations as runs."""
        return float(np.log(self.run_count)) * (self.free + 1) - 2 * self.log_likelihood

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What to be careful with, one sentence each: parameters on a bound or weakly identified."""
        return tuple(_warnings(self))

    def predict(self, **columns: Any) -> np.ndarray:
        """Return the loss (n,) of what would be trained: ``predict(parameters=1e9, tokens=[1e10, 2e10])``."""
        return self.law.predict(self.parameters, **columns)

    @property
    def _sensitivity(self) -> np.ndarray:
        """Derivatives (Q, n) of the residuals by the coordinates of the search."""
        return np.asarray(sensitivity(self.problem, self.values[None], *self.bounds)[1][0])

    @property
    def _inside(self) -> np.ndarray:
        """Which of c and theta are free and on no bound (Q,)."""
        low, high = self.bounds
        return (self.values > low) & (self.values < high)


def fit(
    runs: Runs,
    law: Law | str = "chinchilla",
    objective: Objective | ObjectiveName = "huber",
    fixed: Mapping[str, float] | None = None,
    starts: int | None = None,
) -> Fit:
    """Fit a law to runs.

    The nonlinear parameters start at points spread evenly over their ranges, the linear ones from least squares given
    those; the best starts are followed by Levenberg-Marquardt. The result depends on the arguments alone.

    Parameters
    ----------
    runs
        What was measured.
    law
        A law, or the name of one that has no options.
    objective
        What is minimised; a name stands for it with a delta of 0.001 and logarithms of the losses.
    fixed
        Parameters to hold at a value, by their name in `law.names`.
    starts
        How many starts to follow, the best of a larger number.

    Raises
    ------
    UserError
        If the runs cannot determine the law, or the search does not converge.
    """
    law = law_of(law, runs)
    objective = Objective(objective) if isinstance(objective, str) else objective
    fixed = dict(fixed or {})
    if starts is not None and starts < 1:
        raise UserError(f"starts is {starts}: follow at least one")
    low, high = bounds(law, fixed)
    problem = problem_of(law, runs, objective)
    _check(problem, fixed, low, high)
    solution = local_minima(problem, low, high, starts)
    minima, places = _distinct(problem, solution)
    gradient = float(solution.gradient[places[0]])
    return Fit(law, runs, objective, solution.values[places[0]], fixed, minima, gradient)


def law_of(law: Law | str, runs: Runs) -> Law:
    """Return the law of that name with its default options, for some runs; a law is returned as it is."""
    if isinstance(law, Law):
        return law
    if law not in LAWS:
        raise unknown_name("law", law, LAWS)
    return LAWS[law].of(runs)


def problem_of(law: Law, runs: Runs, objective: Objective) -> Problem:
    """Return what a fit minimises."""
    return Problem(law, law.columns(runs), objective, objective.target(runs.loss), np.ones(len(runs)))


def bounds(law: Law, fixed: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds (Q,) of c and theta, equal for those that are fixed."""
    parameters = (*law.linear, *law.nonlinear)
    low, high = np.array([[parameter.low, parameter.high] for parameter in parameters]).T
    for name, value in fixed.items():
        if name not in law.names:
            raise unknown_name(f"parameter of the {law.name} law", name, law.names)
        place = law.names.index(name)
        if not (low[place] <= value <= high[place] and np.isfinite(value)):
            raise UserError(f"{name} cannot be fixed at {value:g}: it lies between {low[place]:g} and {high[place]:g}")
        low[place] = high[place] = value
    return low, high


def _check(problem: Problem, fixed: Mapping[str, float], low: np.ndarray, high: np.ndarray) -> None:
    law, rows = problem.law, problem.target.shape[-1]
    if rows > 1 and (problem.target == problem.target[0]).all():
        raise UserError(f"all {rows} losses are {problem.typical_loss:g}, which shows no law: check the column")
    for column, depending in law.needs.items():
        values, free = problem.columns[column], [name for name in depending if name not in fixed]
        if free and (values == values[0]).all():
            spoken = column.replace("_", " ")
            raise UserError(
                f"all runs have {spoken} = {values[0]:g}, which cannot tell {' and '.join(free)}: add runs of other "
                f"{spoken}, or fix {'it' if len(free) == 1 else 'them'}"
            )
    if rows < (low < high).sum():
        raise UserError(f"{rows} losses cannot determine {(low < high).sum()} parameters: add runs, or fix some")
    features, slopes = law.basis(spread_theta(law, low, high)[0], problem.columns)
    moves = np.concatenate([(features != 0).any(axis=-1), (slopes != 0).any(axis=(0, 2))])
    idle = [name for name, move, free in zip(law.names, moves, low < high, strict=True) if free and not move]
    if idle:
        raise UserError(f"the runs show nothing of {', '.join(idle)}: fix it, or add runs that do")


def _distinct(problem: Problem, solution: Solution) -> tuple[tuple[Minimum, ...], list[int]]:
    """Return the distinct minima, the lowest first, and where each is in the solution."""
    ended = np.flatnonzero(solution.converged)
    if not len(ended):
        raise UserError(
            f"the fit did not converge from any of {len(solution.value)} starts: fix a parameter, or choose a law with "
            "fewer"
        )
    order = ended[np.argsort(solution.value[ended], kind="stable")]
    lowest = solution.value[order[0]]
    if np.nanmin(solution.value) < lowest * (1 - _SAME):
        raise UserError(
            f"the fit did not converge: a start that was still moving had reached {np.nanmin(solution.value):g}, below "
            f"the lowest minimum found, {lowest:g}; fix a parameter, or choose a law with fewer"
        )
    predicted = problem.predict(solution.values[order])
    places: list[int] = []
    owners = np.full(len(order), -1)
    for number in range(len(order)):
        if owners[number] < 0:
            difference = np.abs(predicted / predicted[number] - 1).max(axis=1)
            owners[(owners < 0) & (difference < _SAME)] = len(places)
            places.append(int(order[number]))
    minima = tuple(
        Minimum(named(problem.law, solution.values[place]), float(solution.value[place]), int((owners == number).sum()))
        for number, place in enumerate(places)
    )
    return minima, places


def named(law: Law, values: np.ndarray) -> dict[str, float]:
    """Return the formula's own parameters, by name, of c and theta (Q,)."""
    return dict(zip(law.reported, law.report(values).tolist(), strict=True))


def _warnings(fit: Fit) -> Iterator[str]:
    low, high = fit.bounds
    for name, value, least, most in zip(fit.law.names, fit.values, low, high, strict=True):
        if least < most and value in (least, most):
            yield f"{name} ended on its bound, {value:g}: the runs do not determine it"
    if fit.run_count <= fit.free:
        yield f"{fit.run_count} runs leave nothing to judge a fit of {fit.free} parameters by: intervals say little"
    widths = np.where(fit._inside, 1.96 * _relative_errors(fit), 0.0)
    places = np.flatnonzero(widths > _NARROW)
    for place, (lower, upper) in zip(places, parameter_ranges(fit, places), strict=True):
        below = "below " if lower <= low[place] != 0 else ""
        beyond = "beyond " if upper >= high[place] else ""
        if widths[place] > _WIDE or below or beyond:
            extent = f"{below}{lower:.3g} to {beyond}{upper:.3g}"
            yield f"{fit.law.names[place]} is weakly identified: its 95 % range is {extent}"


def _relative_errors(fit: Fit) -> np.ndarray:
    """Return large-sample standard errors (Q,) of the search's coordinates: of logarithms as they are, of others as a
    share of the value, or of what is small for their kind.
    """
    points, columns = (part[0] for part in sensitivity(fit.problem, fit.values[None], *fit.bounds))
    errors = np.zeros(len(points))
    directions, singular, _ = np.linalg.svd(columns[fit._inside], full_matrices=False)
    flat = np.maximum(singular, _FLAT * singular.max(initial=_TINY))
    errors[fit._inside] = np.sqrt(((directions / flat) ** 2).sum(axis=1))
    spread = noise_scale(fit.objective, fit.residuals, fit.free) * np.sqrt(len(fit.runs) / fit.run_count)
    small = [0.1 * fit.runs.loss.mean()] * len(fit.law.linear) + [1.0] * len(fit.law.nonlinear)
    logarithmic = np.array([parameter.log for parameter in (*fit.law.linear, *fit.law.nonlinear)])
    return np.asarray(spread * errors / np.where(logarithmic, 1.0, np.maximum(np.abs(points), small)))


def parameter_ranges(fit: Fit, places: np.ndarray, level: float = 0.95) -> np.ndarray:
    """Return the profile-likelihood ranges (places, 2) of some of c and theta."""
    both = np.repeat(places, 2)
    sides = np.tile([-1.0, 1.0], len(places))
    rises = rise(fit.objective, fit.residuals, fit.free, len(fit.runs) / fit.run_count, level)
    values = np.broadcast_to(fit.values, (len(both), len(fit.values)))
    ends = range_ends(fit.problem, values, *fit.bounds, both, sides, np.full(len(both), rises))
    return ends.reshape(-1, 2)
