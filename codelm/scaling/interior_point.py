"""Smooth minimisation on a simplex with limits: a primal-dual interior-point method, many problems at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Functions = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""``functions(points, which)``, of points (..., b, n) of the problems numbered `which` (b,): the objective and the m
constraints, which are to be at most 0, (..., b, 1 + m), and their slopes (..., b, 1 + m, n)."""

_ITERATIONS = 100
_PATIENCE = 2
"""Steps without progress after which rounding is taken to be the reason."""

_EXACT = 1e-12
_CLOSE = 1e-10
_GOOD = 1e-8
"""Violations of the optimality conditions: as small as can be; small enough to stop where rounding is in the way; small
enough to be called a minimum."""

_SHORTENINGS = 6
"""Times that a step is halved that does not reduce the violation."""

_LEAST = 1e-14
"""Smallest mu: with a smaller one rounding would spoil the steps where several limits meet."""

_PRICE = 1e4
"""Price of exceeding a constraint, with objective and constraints scaled to slopes of 1 at the start."""

_DIFFERENCE = 1e-5
"""Step, relative to a variable, of the differences that curvature is taken from: it costs speed, never exactness."""


class Optimum(NamedTuple):
    """Where the search ended.

    Parameters
    ----------
    points
        Minima (B, n).
    value
        The objective there (B,).
    residual
        Largest violation (B,) of the optimality conditions, in units of the objective's slope at the start.
    converged
        Whether these are minima (B,).
    """

    points: np.ndarray
    value: np.ndarray
    residual: np.ndarray
    converged: np.ndarray


class _State(NamedTuple):
    """Variables (b, n), slack and excess of the constraints (b, m), and multipliers of constraints, bounds and the sum.

    A constraint may be exceeded at a high price, which bounds its multiplier: so limits that leave a single point, or
    none, do no harm, and where there is none, the excess shows which limits clash.
    """

    points: np.ndarray
    slack: np.ndarray
    excess: np.ndarray
    constraint: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    total: np.ndarray

    def take(self, which: np.ndarray) -> _State:
        return _State(*(part[which] for part in self))

    def put(self, which: np.ndarray, other: _State) -> None:
        for own, new in zip(self, other, strict=True):
            own[which] = new

    def moved(self, step: _State, primal: np.ndarray, dual: np.ndarray) -> _State:
        lengths = (primal, primal, primal, dual, dual, dual, dual)
        return _State(*(part + length[:, None] * move for part, move, length in zip(self, step, lengths, strict=True)))


def minimise(
    functions: Functions,
    start: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    share: np.ndarray,
    total: float = 1.0,
) -> Optimum:
    """Minimise from every start.

    Newton's method on the optimality conditions, in which the products of multipliers and slacks are mu, and mu goes to
    0 (Boyd and Vandenberghe 2004, "Convex Optimization", section 11.7). Where the problem is convex, the minimum does
    not depend on the start; elsewhere curvature is made positive, and it may.

    Parameters
    ----------
    functions
        Objective and constraints; they are evaluated within the bounds only.
    start
        Points (B, n) strictly within the bounds.
    low, high
        Bounds (n,), the upper above the lower.
    share
        1 for the variables that have a given sum, 0 for others (n,).
    total
        That sum.
    """
    every = np.arange(len(start))
    search = _Search(functions, start, low, high, share, total)
    state = search.begin(start)
    best, lowest, since = state.take(every), np.full(len(start), np.inf), np.zeros(len(start), dtype=int)
    active = every
    for _ in range(_ITERATIONS):
        here = state.take(active)
        values, slopes = search.evaluate(here.points, active)
        error = np.abs(search.violation(here, values, slopes, np.zeros((1, 1)))).max(axis=1)
        better = error < lowest[active]
        lowest[active[better]] = error[better]
        best.put(active[better], here.take(better))
        since[active] = np.where(better, 0, since[active] + 1)
        going = (error > _EXACT) & ((since[active] < _PATIENCE) | (lowest[active] > _CLOSE))
        active, here, values, slopes = active[going], here.take(going), values[going], slopes[going]
        if not len(active):
            break
        state.put(active, search.step(here, values, slopes, active))
    value = search.evaluate(best.points, every)[0][:, 0] * search.unit[:, 0]
    return Optimum(best.points, value, lowest, lowest <= _GOOD)


class _Search:
    def __init__(
        self,
        functions: Functions,
        start: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        share: np.ndarray,
        total: float,
    ) -> None:
        self._functions, self._low, self._high, self._share, self._total = functions, low, high, share, total
        # At the middle of the starts: near a bound, where a loss may be steep, slopes say little of the minimum.
        middle = np.broadcast_to(start.mean(axis=0), start.shape)
        slope = np.abs(functions(middle, np.arange(len(start)))[1]).max(axis=-1)
        self.unit = np.where(slope > 0, slope, 1.0)

    def begin(self, start: np.ndarray) -> _State:
        values, _ = self.evaluate(start, np.arange(len(start)))
        slack = np.maximum(-values[:, 1:], 0.1)
        excess = np.maximum(values[:, 1:], 0.0) + 0.1 / _PRICE
        total = np.zeros((len(start), 1))
        multiplier = np.full_like(start, 0.1)
        return _State(start.copy(), slack, excess, np.full_like(slack, 0.1), multiplier, multiplier.copy(), total)

    def evaluate(self, points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the scaled objective and the constraints, and their slopes."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            values, slopes = self._functions(points, which)
        return values / self.unit[which], slopes / self.unit[which][..., None]

    def violation(self, at: _State, values: np.ndarray, slopes: np.ndarray, mu: np.ndarray) -> np.ndarray:
        """Return by how much the optimality conditions with complementarity mu (b, 1) are violated (b, conditions)."""
        parts = [
            self._gradient(at, slopes) - at.lower + at.upper + at.total * self._share,
            (at.points @ self._share - self._total)[:, None],
            values[:, 1:] + at.slack - at.excess,
            at.lower * (at.points - self._low) - mu,
            at.upper * (self._high - at.points) - mu,
            at.constraint * at.slack - mu,
            (_PRICE - at.constraint) * at.excess - mu,
        ]
        violation = np.concatenate(parts, axis=1)
        return np.where(np.isfinite(violation), violation, np.inf)

    def step(self, here: _State, values: np.ndarray, slopes: np.ndarray, which: np.ndarray) -> _State:
        """Return the next state: a Newton step, as much of it as keeps within bounds and reduces the violation."""
        mu = self._next_mu(here)
        step = self._newton(here, values, slopes, mu, which)
        keep = np.clip(1 - mu[:, 0], 0.995, 1 - 1e-9)
        primal = _longest(
            [here.points - self._low, self._high - here.points, here.slack, here.excess],
            [step.points, -step.points, step.slack, step.excess],
            keep,
        )
        dual = _longest(
            [here.lower, here.upper, here.constraint, _PRICE - here.constraint],
            [step.lower, step.upper, step.constraint, -step.constraint],
            keep,
        )
        before = np.linalg.norm(self.violation(here, values, slopes, mu), axis=1)
        for _ in range(_SHORTENINGS):
            moved = self._within(here.moved(step, primal, dual))
            after = np.linalg.norm(self.violation(moved, *self.evaluate(moved.points, which), mu), axis=1)
            short = ~(after <= before * (1 - 0.01 * primal)) & (before > _CLOSE)
            if not short.any():
                break
            primal, dual = np.where(short, primal / 2, primal), np.where(short, dual / 2, dual)
        return self._within(here.moved(step, primal, dual))

    def _within(self, state: _State) -> _State:
        """Keep the rounding of a step from ending on a bound."""
        margin = 4 * np.spacing(np.maximum(np.abs(self._low), np.abs(self._high)))
        points = np.clip(state.points, self._low + margin, self._high - margin)
        return state._replace(points=points, constraint=np.minimum(state.constraint, _PRICE * (1 - 1e-12)))

    def _next_mu(self, here: _State) -> np.ndarray:
        gaps = [
            here.lower * (here.points - self._low),
            here.upper * (self._high - here.points),
            here.constraint * here.slack,
            (_PRICE - here.constraint) * here.excess,
        ]
        gap = np.concatenate(gaps, axis=1).mean(axis=1)
        mu: np.ndarray = np.maximum(np.minimum(0.1 * gap, gap**1.5), _LEAST)
        return mu[:, None]

    def _newton(
        self, here: _State, values: np.ndarray, slopes: np.ndarray, mu: np.ndarray, which: np.ndarray
    ) -> _State:
        below, above = here.points - self._low, self._high - here.points
        constraints, spare = slopes[:, 1:], _PRICE - here.constraint
        stiffness = 1 / (here.slack / here.constraint + here.excess / spare)
        tight = stiffness * (values[:, 1:] + mu / here.constraint - mu / spare)
        system = self._curvature(here, which)
        system += np.matmul(constraints.swapaxes(1, 2) * stiffness[:, None, :], constraints)
        number = np.arange(here.points.shape[1])
        system[:, number, number] += here.lower / below + here.upper / above
        push = (here.constraint + tight)[:, None]
        wanted = slopes[:, 0] + np.matmul(push, constraints)[:, 0] - mu / below + mu / above
        wanted += here.total * self._share
        sides = np.stack([-wanted, np.broadcast_to(self._share, wanted.shape)], axis=-1)
        free, along = np.moveaxis(_solve_positive(system, sides), -1, 0)
        short = self._total - here.points @ self._share
        total = ((free @ self._share - short) / np.maximum(along @ self._share, 1e-300))[:, None]
        points = free - total * along
        constraint = stiffness * np.matmul(constraints, points[..., None])[..., 0] + tight
        slack = mu / here.constraint - here.slack * (1 + constraint / here.constraint)
        excess = mu / spare - here.excess * (1 - constraint / spare)
        lower = mu / below - here.lower * (1 + points / below)
        upper = mu / above - here.upper * (1 - points / above)
        return _State(points, slack, excess, constraint, lower, upper, total)

    def _curvature(self, here: _State, which: np.ndarray) -> np.ndarray:
        """Return the second derivatives (b, n, n) of the objective and the constraints times their multipliers."""
        size = np.abs(here.points)
        up, down = _DIFFERENCE * np.maximum(size, 1e-4), _DIFFERENCE * size
        unit = np.eye(size.shape[1])[:, None]
        both = np.concatenate([here.points + up * unit, here.points - down * unit])
        _, slopes = self.evaluate(both, which)
        gradients = self._gradient(here, slopes)
        count = size.shape[1]
        differences = gradients[:count] - gradients[count:]
        curvature: np.ndarray = np.moveaxis(differences / ((up + down) * unit).sum(axis=-1)[..., None], 0, 1)
        curvature += curvature.swapaxes(1, 2).copy()
        return curvature / 2

    def _gradient(self, at: _State, slopes: np.ndarray) -> np.ndarray:
        gradient: np.ndarray = slopes[..., 0, :] + np.matmul(at.constraint[:, None], slopes[..., 1:, :])[..., 0, :]
        return gradient


def _solve_positive(system: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """Solve symmetric systems (b, n, n), with negative curvature taken as positive."""
    system = np.where(np.isfinite(system), system, 0.0)
    diagonal = np.abs(np.einsum("bnn->bn", system))
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    values, vectors = np.linalg.eigh(system * scale[:, :, None] * scale[:, None, :])
    values = np.maximum(np.abs(values), 1e-14)
    turned = np.matmul(vectors.swapaxes(1, 2), sides * scale[..., None]) / values[..., None]
    solved: np.ndarray = np.matmul(vectors, turned) * scale[..., None]
    return solved


def _longest(distances: list[np.ndarray], moves: list[np.ndarray], keep: np.ndarray) -> np.ndarray:
    """Return how much of a step, at most all of it, goes `keep` of the way to where a distance (b, k) becomes 0."""
    distance, move = np.concatenate(distances, axis=1), np.concatenate(moves, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(move < 0, -distance / move, np.inf)
    length: np.ndarray = np.minimum(1.0, keep * ratios.min(axis=1))
    return length
