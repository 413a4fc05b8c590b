"""Batched Levenberg-Marquardt for separable laws: every start, replicate or profile point in one computation.

The objective is a sum of ``weight * rho(residual)`` with Huber's rho, of which least squares and least absolute
deviation are the two ends. The search runs in coordinates in which it is well scaled: linear parameters are multiplied
by the root mean square of their feature, so that they are in the loss's unit whatever the units of N and D, and
parameters on a logarithmic scale are replaced by their logarithm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.scaling.laws import Columns, Law

ObjectiveName = Literal["huber", "lad", "ols"]

_CHUNK = 2**19
"""Slopes that are computed at once, over all problems of a part: they stay in a core's cache."""

_SHARPEST = 1e-3
"""Huber's delta that stands for least absolute deviation, as a share of the first."""

_EXACT = 1e-12
"""Residuals below this share of the targets' scale are rounding errors: the law fits exactly."""

_STATIONARY = 1e-5
"""Cosine between residuals and Jacobian below which a point is a minimum."""

_IDLE = 1e-22
"""Curvature below which a parameter has no effect, as a share of the largest."""

_MOST_DAMPING = 1e12

_NEAR_BOUND = 0.9
"""A linear parameter above this share of its upper bound is near it."""

_CORNER_STEPS = 6

_CROSSINGS = 4
"""How often a step is computed again because it crossed a bound."""


@dataclass(frozen=True)
class Objective:
    """What a fit minimises, summed over the runs.

    Parameters
    ----------
    kind
        ``huber``: half the square of a residual up to `delta`, linear beyond it (Huber 1964); ``lad``: the absolute
        value; ``ols``: the square.
    delta
        Where Huber's function becomes linear, in the unit of the residual.
    log
        Residuals are differences of the logarithms of the losses; otherwise of the losses.
    """

    kind: ObjectiveName = "huber"
    delta: float = 1e-3
    log: bool = True

    def __post_init__(self) -> None:
        if self.kind not in get_args(ObjectiveName):
            raise unknown_name("objective", self.kind, get_args(ObjectiveName))
        if not 0 < self.delta < np.inf:
            raise UserError(f"delta is {self.delta:g}: give a finite number above 0")

    def target(self, loss: np.ndarray) -> np.ndarray:
        """Return what the predictions are compared with."""
        return np.log(loss) if self.log else loss

    def residuals(self, predicted: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Return predictions less targets; NaN where a prediction has no logarithm."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((np.log(predicted) if self.log else predicted) - target)

    def value(self, residuals: np.ndarray, weights: np.ndarray | float = 1.0) -> np.ndarray:
        """Return the objective, summed over the last axis."""
        if self.kind == "ols":
            return np.asarray((weights * residuals**2).sum(axis=-1))
        if self.kind == "lad":
            return np.asarray((weights * np.abs(residuals)).sum(axis=-1))
        return np.asarray((weights * _huber(residuals, self.delta)[0]).sum(axis=-1))

    def deltas(self, first: float) -> list[float]:
        """Return Huber's deltas to go through: tenths of `first`, as far as the objective's own.

        Least squares is that of an infinite delta. Least absolute deviation is approached by one far below `first`,
        which is to be about the size of the residuals or smaller.
        """
        if self.kind == "ols":
            return [np.inf]
        last = self.delta if self.kind == "huber" else _SHARPEST * first
        steps = int(np.ceil(np.log10(first / last) - 1e-9)) if first > last else 0
        return [*(first * 10.0**-step for step in range(steps)), last]


@dataclass(frozen=True)
class Problem:
    """A law, the runs it is fitted to, and the objective; possibly many of them that differ in targets and weights.

    Parameters
    ----------
    law, columns, objective
        The model, what was trained (n rows), and what is minimised.
    target
        What the predictions are compared with, (n,) or one row for each problem (B, n).
    weights
        Weight of each row in the objective, (n,) or (B, n): a bootstrap replicate counts a row several times.
    """

    law: Law
    columns: Columns
    objective: Objective
    target: np.ndarray
    weights: np.ndarray

    def take(self, which: slice | np.ndarray) -> Problem:
        """Return some of the problems; what they have in common stays."""
        return replace(self, target=_of(self.target, which), weights=_of(self.weights, which))

    def parts(self, count: int) -> list[slice]:
        """Return how to cut as many problems into parts that are computed at once."""
        linear, nonlinear = len(self.law.linear), len(self.law.nonlinear)
        size = max(1, _CHUNK // (self.target.shape[-1] * (linear * nonlinear + linear + nonlinear)))
        return [slice(first, min(first + size, count)) for first in range(0, max(count, 1), size)]

    def features(self, theta: np.ndarray) -> np.ndarray:
        """Return the features (B, J, n) of theta (B, P)."""
        return np.concatenate([self.law.basis(theta[part], self.columns)[0] for part in self.parts(len(theta))])

    def predict(self, values: np.ndarray) -> np.ndarray:
        """Return the predictions (B, n) of c and theta (B, Q)."""
        count = len(self.law.linear)
        return np.asarray(np.matmul(values[:, None, :count], self.features(values[:, count:]))[:, 0])

    def residuals(self, values: np.ndarray) -> np.ndarray:
        """Return the residuals (B, n) of c and theta (B, Q)."""
        return self.objective.residuals(self.predict(values), self.target)

    @property
    def scale(self) -> float:
        """Size that residuals are judged by: 1 for logarithms, else the root mean square of the losses."""
        return 1.0 if self.objective.log else float(np.sqrt(np.mean(self.target**2)))

    @property
    def typical_loss(self) -> float:
        """Size of the losses."""
        return float(np.exp(np.mean(self.target))) if self.objective.log else self.scale

    @property
    def near(self) -> list[float]:
        """Huber's deltas for a search that begins near a minimum."""
        return self.objective.deltas(1e-3 * self.scale)

    @property
    def far(self) -> list[float]:
        """Huber's deltas for a search that may begin anywhere."""
        return self.objective.deltas(1e-1 * self.scale)

    def value(self, values: np.ndarray) -> np.ndarray:
        """Return the objective (B,) of c and theta (B, Q); infinite where a prediction is impossible."""
        value = self.objective.value(self.residuals(values), self.weights)
        return np.where(np.isfinite(value), value, np.inf)


class Solution(NamedTuple):
    """Where the search ended.

    Parameters
    ----------
    values
        c and theta (B, Q).
    value
        Objective (B,).
    gradient
        Largest cosine (B,) between the residuals and the columns of the Jacobian, over parameters that are free to
        move: 0 at a minimum, at most 1, whatever the units.
    converged
        Whether the search ended at a minimum (B,), rather than for another reason.
    iterations
        Steps that were tried (B,).
    """

    values: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    converged: np.ndarray
    iterations: np.ndarray


def minimise(
    problem: Problem,
    start: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    deltas: list[float],
    max_iterations: int = 1000,
) -> Solution:
    """Minimise from every start, with one of Huber's deltas after the other.

    Parameters
    ----------
    problem
        What to minimise; its targets and weights have B rows, or one for all.
    start
        c and theta (B, Q) to start from.
    low, high
        Bounds (Q,) or (B, Q); a parameter whose bounds are equal is held there.
    deltas
        Huber's deltas; each search starts where the one before ended, which is what makes a small one reachable.
    max_iterations
        Steps to try for each delta.
    """
    low, high = (np.broadcast_to(bound, start.shape) for bound in (low, high))
    parts = []
    for part in problem.parts(len(start)):
        search = _Search(problem.take(part), low[part], high[part])
        parts.append(search.run(start[part], deltas, max_iterations))
    values, gradient, converged, iterations = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Solution(values, problem.value(values), gradient, converged, iterations)


def sensitivity(
    problem: Problem, values: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates of the search (B, Q) at values (B, Q), and the residuals' derivatives by them (B, Q, n).

    Of a linear parameter the coordinate is what it adds to the loss, of one on a logarithmic scale the logarithm.
    """
    search = _Search(problem, *(np.broadcast_to(bound, values.shape) for bound in (low, high)))
    points = search.to_points(values)
    jacobian = search.linearise(points, np.arange(len(values)))[1]
    linear = len(problem.law.linear)
    points[:, :linear] *= _root_mean_square(*problem.law.basis(values[:, linear:], problem.columns))[0]
    return points, jacobian


def to_corner(problem: Problem, values: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, bool]:
    """Move a fit of least absolute deviation (Q,) into the corner where as many residuals are 0 as parameters are free.

    Returns
    -------
    values
        The corner, or the fit as it was where the corner is no better.
    minimum
        Whether the corner is a minimum: a mean of the signs that residuals of 0 may have cancels the slopes of all
        others.
    """
    search = _Search(problem, *(np.broadcast_to(bound, (1, len(values))) for bound in (low, high)))
    only = np.arange(1)
    points = search.to_points(values[None])
    free = search.inside(points, only)[0]
    residuals, jacobian = search.linearise(points, only)
    rows = np.argsort(np.abs(residuals[0]), kind="stable")[: free.sum()]
    if len(rows) < free.sum():
        return values, False
    for _ in range(_CORNER_STEPS):
        step = np.zeros_like(points)
        step[0, free] = -np.linalg.lstsq(jacobian[0][np.ix_(free, rows)].T, residuals[0, rows], rcond=None)[0]
        points = search.move(points, step, only)
        residuals, jacobian = search.linearise(points, only)
        if not np.isfinite(residuals).all():
            return values, False
    corner = search.ends(points)
    if not problem.value(corner)[0] <= problem.value(values[None])[0]:
        return values, False
    others = np.where(np.isin(np.arange(residuals.shape[1]), rows), 0.0, np.sign(residuals[0]))
    signs = np.linalg.lstsq(jacobian[0][np.ix_(free, rows)], -jacobian[0][free] @ others, rcond=None)[0]
    inward = search.inside(points, only)[0][free].all()
    return corner[0], bool(inward and (np.abs(signs) <= 1 + 1e-9).all())


class _Local(NamedTuple):
    """A point of the search, and the objective about it.

    The coordinates are chosen at the point. Of a linear parameter inside its bounds it is what its feature adds to the
    loss, as a root mean square over the runs, which stays what it is while theta moves; of one on a bound, or near its
    upper one, the parameter itself, in the same unit. Of theta they are the values, or their logarithms.

    Parameters
    ----------
    points
        c, and theta or its logarithm (B, Q).
    scale
        Root mean square of each feature (B, J).
    value, gradient
        Objective (B,) and its gradient (B, Q).
    inner
        Curvature (B, Q, Q) from the rows in the quadratic part of Huber's function: with it alone a step is Newton's.
    outer
        What the majorising quadratic of iteratively reweighted least squares adds for the rows beyond.
    """

    points: np.ndarray
    scale: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    inner: np.ndarray
    outer: np.ndarray

    def take(self, which: np.ndarray) -> _Local:
        return _Local(*(part[which] for part in self))

    def put(self, which: np.ndarray, other: _Local) -> None:
        for own, new in zip(self, other, strict=True):
            own[which] = new

    @property
    def diagonal(self) -> np.ndarray:
        """Diagonal of the whole curvature (B, Q): the scale of each parameter."""
        return np.asarray(np.einsum("bqq->bq", self.inner) + np.einsum("bqq->bq", self.outer))

    def curvature(self, damping: np.ndarray) -> np.ndarray:
        """Return Newton's curvature, or as the damping grows the majorising one, whose steps do not overshoot."""
        return np.asarray(self.inner + np.minimum(damping, 1.0)[:, None, None] * self.outer)


class _Basis(NamedTuple):
    """Features (B, J, n), slopes (B, J, P, n), the features' root mean squares (B, J), and their logarithms' slopes."""

    features: np.ndarray
    slopes: np.ndarray
    scale: np.ndarray
    slope_of_scale: np.ndarray


class _Search:
    """Levenberg-Marquardt within bounds, for a chunk of problems."""

    def __init__(self, problem: Problem, low: np.ndarray, high: np.ndarray) -> None:
        self._problem = problem
        self._linear = len(problem.law.linear)
        self._logarithmic = np.array([parameter.log for parameter in problem.law.nonlinear], dtype=bool)
        self._bounds = low, high
        self._low, self._high = self.to_points(low), self.to_points(high)
        # With it, effects on the loss compare: of linear parameters, which are in its unit, and of the others.
        self._unit = np.where(np.arange(low.shape[1]) < self._linear, problem.typical_loss, 1.0)
        floor = _EXACT * problem.scale
        weights = np.broadcast_to(problem.weights, (len(low), problem.target.shape[-1]))
        self._floor = weights.sum(axis=-1) * floor**2

    def run(self, start: np.ndarray, deltas: list[float], max_iterations: int) -> tuple[np.ndarray, ...]:
        """Return values, gradient, converged and iterations, as in `Solution`."""
        every = np.arange(len(start))
        points = np.clip(self.to_points(start), self._low, self._high)
        iterations = np.zeros(len(start), dtype=int)
        for delta in deltas:
            local = self._evaluate(points, self._basis(points), every, delta)
            damping = np.full(len(start), 1e-3)
            active = every[np.isfinite(local.value)]
            for _ in range(max_iterations):
                if not len(active):
                    break
                iterations[active] += 1
                here = local.take(active)
                step = self._step(here, damping[active], active)
                trial = self._evaluate(*self._move(here.points, here.scale, step, active), active, delta)
                expected = _expected_decrease(here, step, damping[active])
                better = trial.value <= here.value
                damping[active] *= _damping_factor(here.value - trial.value, expected)
                np.clip(damping, 1e-10, _MOST_DAMPING, out=damping)
                local.put(active[better], trial.take(better))
                # What a refused step promised may be beyond what the value's digits can show.
                resolution = np.where(better, 1e-15, 1e-11)
                settled = np.abs(expected) <= resolution * (here.value + self._floor[active])
                active = active[~settled & (damping[active] < _MOST_DAMPING)]
            points = local.points
        gradient = self._cosine(local)
        return self.ends(points), gradient, gradient < _STATIONARY, iterations

    def to_points(self, values: np.ndarray) -> np.ndarray:
        """Return c, and theta or its logarithm (B, Q)."""
        return np.asarray(self._transform(values, np.log))

    def to_values(self, points: np.ndarray) -> np.ndarray:
        """Return c and theta (B, Q)."""
        return np.asarray(self._transform(points, np.exp))

    def ends(self, points: np.ndarray) -> np.ndarray:
        """Return c and theta (B, Q) of all problems; what is on a bound is exactly that, however logarithms round."""
        low, high = self._bounds
        return np.where(points <= self._low, low, np.where(points >= self._high, high, self.to_values(points)))

    def inside(self, points: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Return which parameters are on neither bound (B, Q)."""
        return np.asarray((points > self._low[which]) & (points < self._high[which]))

    def _follows(self, points: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Return for which linear parameters (B, J) the coordinate is what they add to the loss.

        Near its upper bound, a parameter that followed its feature's scale would be carried across the bound.
        """
        count = self._linear
        near = points[:, :count] > _NEAR_BOUND * self._high[which, :count]
        return np.asarray(self.inside(points, which)[:, :count] & ~near)

    def within(self, points: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Return the points (B, Q), moved to the bounds that they are beyond."""
        return np.asarray(np.clip(points, self._low[which], self._high[which]))

    def linearise(self, points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the residuals (B, n), and their derivatives by the coordinates about the points (B, Q, n)."""
        return self._linearise(points, self._basis(points), which)

    def _linearise(self, points: np.ndarray, basis: _Basis, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        batch, count, rows = basis.features.shape
        linear, theta = points[:, None, :count], self.to_values(points)[:, count:]
        predicted = np.matmul(linear, basis.features)[:, 0]
        by_theta = np.matmul(linear, basis.slopes.reshape(batch, count, -1)).reshape(batch, -1, rows)
        # While a coordinate stays what it is, the linear parameter that it stands for moves with the scale.
        moving = np.where(self._follows(points, which), points[:, :count], 0.0)[..., None] * basis.slope_of_scale
        by_theta -= np.matmul(moving.swapaxes(1, 2), basis.features)
        by_theta *= np.where(self._logarithmic, theta, 1.0)[..., None]
        jacobian = np.concatenate([basis.features / basis.scale[..., None], by_theta], axis=1)
        if self._problem.objective.log:
            with np.errstate(invalid="ignore", divide="ignore"):
                jacobian /= predicted[:, None, :]
        return self._problem.objective.residuals(predicted, _of(self._problem.target, which)), jacobian

    def _basis(self, points: np.ndarray) -> _Basis:
        theta = self.to_values(points)[:, self._linear :]
        features, slopes = self._problem.law.basis(theta, self._problem.columns)
        return _Basis(features, slopes, *_root_mean_square(features, slopes))

    def move(self, points: np.ndarray, step: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Return the points a step away (B, Q)."""
        return self._move(points, self._basis(points).scale, step, which)[0]

    def _move(
        self, points: np.ndarray, scale: np.ndarray, step: np.ndarray, which: np.ndarray
    ) -> tuple[np.ndarray, _Basis]:
        """Return the points a step away (B, Q), and the basis there."""
        count = self._linear
        moved = self.within(points + step, which)
        basis = self._basis(moved)
        linear, by_linear = points[:, :count], step[:, :count]
        following = (linear * scale + by_linear) / basis.scale
        moved[:, :count] = np.where(self._follows(points, which), following, linear + by_linear / scale)
        return self.within(moved, which), basis

    def _evaluate(self, points: np.ndarray, basis: _Basis, which: np.ndarray, delta: float) -> _Local:
        with np.errstate(invalid="ignore", over="ignore"):
            residuals, jacobian = self._linearise(points, basis, which)
            value, *slopes = _expand(residuals, jacobian, _of(self._problem.weights, which), delta)
        possible = np.isfinite(value) & np.isfinite(slopes[0]).all(axis=1)
        if not possible.all():
            value[~possible] = np.inf
            for slope in slopes:
                slope[~possible] = 0.0
        return _Local(points, basis.scale, value, *slopes)

    def _step(self, here: _Local, damping: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Return the damped Newton step (B, Q) within the bounds."""
        unit = np.concatenate([here.scale, np.ones((len(which), here.points.shape[1] - self._linear))], axis=1)
        low, high = ((bound[which] - here.points) * unit for bound in (self._low, self._high))
        diagonal, held = here.diagonal, self._held(here, which)
        scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        curvature = here.curvature(damping) * scale[:, :, None] * scale[:, None, :]
        number = np.arange(curvature.shape[1])
        curvature[:, number, number] += damping[:, None]
        step, slope = np.zeros_like(here.points), here.gradient * scale
        # What would cross a bound is put there, and the step of the others follows from that.
        for _ in range(_CROSSINGS):
            system = np.where(held[:, :, None] | held[:, None, :], 0.0, curvature)
            system[:, number, number] += held
            solved = -np.linalg.solve(system, np.where(held, 0.0, slope)[..., None])[..., 0] * scale
            step = np.where(held, step, solved)
            crossing = ~held & ((step < low) | (step > high))
            step = np.clip(step, low, high)
            if not crossing.any():
                break
            held = held | crossing
            slope = here.gradient * scale + np.matmul(curvature, np.where(held, step / scale, 0.0)[..., None])[..., 0]
        return np.asarray(step)

    def _held(self, here: _Local, which: np.ndarray) -> np.ndarray:
        """Return which parameters (B, Q) stand on a bound that they would leave, or have no effect.

        Of the latter the slope is rounding errors, and so would be their step.
        """
        falling, rising = here.gradient >= 0, here.gradient <= 0
        outward = ((here.points <= self._low[which]) & falling) | ((here.points >= self._high[which]) & rising)
        effect = here.diagonal * self._unit**2
        return np.asarray(outward | (effect <= _IDLE * effect.max(axis=1, keepdims=True)))

    def _cosine(self, local: _Local) -> np.ndarray:
        held = self._held(local, np.arange(len(local.value)))
        with np.errstate(invalid="ignore", over="ignore"):
            size = np.sqrt(local.diagonal * (2 * local.value + 1e6 * self._floor)[:, None])
        cosine = np.where(held, 0.0, np.abs(local.gradient) / np.where(size > 0, size, 1.0))
        return np.where(np.isfinite(local.value), cosine.max(axis=1, initial=0.0), np.inf)

    def _transform(self, values: np.ndarray, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        values = np.array(values, dtype=float)
        nonlinear = values[:, self._linear :]
        nonlinear[:, self._logarithmic] = function(nonlinear[:, self._logarithmic])
        return values


def _huber(residuals: np.ndarray, delta: float) -> tuple[np.ndarray, np.ndarray]:
    """Return Huber's rho and its derivative."""
    slope = np.clip(residuals, -delta, delta)
    return slope * (residuals - 0.5 * slope), slope


def _expand(residuals: np.ndarray, jacobian: np.ndarray, weights: np.ndarray, delta: float) -> tuple[np.ndarray, ...]:
    """Return value, gradient, inner and outer, as in `_Local`."""
    rho, slope = _huber(residuals, delta)
    value = (weights * rho).sum(axis=-1)
    gradient = np.matmul(jacobian, (weights * slope)[..., None])[..., 0]
    transposed = jacobian.swapaxes(1, 2)
    if np.isinf(delta):
        inner = np.matmul(jacobian * weights[..., None, :], transposed)
        return value, gradient, inner, np.zeros_like(inner)
    size = np.abs(residuals)
    beyond = size > delta
    inner = np.matmul(jacobian * np.where(beyond, 0.0, weights)[:, None, :], transposed)
    outer = np.matmul(jacobian * (weights * beyond * delta / np.where(beyond, size, 1.0))[:, None, :], transposed)
    return value, gradient, inner, outer


def _root_mean_square(features: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each feature's root mean square (B, J), 1 for one that is 0, and its logarithm's derivative (B, J, P)."""
    square = np.einsum("bjn,bjn->bj", features, features)
    square = np.where(square > 0, square, np.inf)
    slope = np.matmul(slopes, features[..., None])[..., 0] / square[..., None]
    return np.where(np.isfinite(square), np.sqrt(square / features.shape[-1]), 1.0), slope


def _expected_decrease(here: _Local, step: np.ndarray, damping: np.ndarray) -> np.ndarray:
    bent = np.matmul(here.curvature(damping), step[..., None])[..., 0]
    return np.asarray(-((here.gradient + 0.5 * bent) * step).sum(axis=1))


def _damping_factor(decrease: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return what to multiply the damping by, as the step kept less or more of its promise."""
    return np.select([~(decrease >= 0), decrease < 0.1 * expected, decrease < 0.5 * expected], [6.0, 4.0, 1.0], 0.1)


def _of(values: np.ndarray, which: slice | np.ndarray) -> np.ndarray:
    """Return those of some problems, or what all problems have in common."""
    return values[which] if values.ndim == 2 else values
