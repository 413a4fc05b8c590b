"""How far a parameter can be moved, the others following, before the objective rises by too much."""

from __future__ import annotations

import numpy as np

from codelm.scaling.solver import Problem, minimise

_FURTHEST = 12.0
"""Furthest that a range is followed: a factor of exp(12), or 12 units of a parameter that is 0 or may be negative."""

_EVALUATIONS = 24

_CLOSE = 1e-3
"""How near the end of a range is to be found, as a share of its distance."""


def range_ends(
    problem: Problem,
    values: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    places: np.ndarray,
    sides: np.ndarray,
    rises: np.ndarray,
) -> np.ndarray:
    """Return the values of one parameter (B,) at which the objective, minimised over the others, has risen enough.

    Parameters
    ----------
    problem
        What is minimised; its targets and weights have B rows, or one for all.
    values
        Minima (B, Q).
    low, high
        Bounds (Q,).
    places, sides
        Which parameter (B,), and -1 or 1 for the end below or above.
    rises
        By how much the objective is to rise (B,).

    Returns
    -------
    ends
        (B,); the bound, 0 or an infinite value where the objective does not rise enough.
    """
    every = np.arange(len(values))
    centre, best = values[every, places], problem.value(values)
    low, high = (np.broadcast_to(bound, values.shape).copy() for bound in (low, high))
    lowest, highest = low[every, places], high[every, places]
    positive = (lowest >= 0) & (centre > 0)
    step = np.where(positive, 1.0, _unit(problem, values)[every, places]) * sides
    # Distances from the minimum: of the last point below the rise, of the first above it, and of the next one to try.
    inner, outer, trial = np.zeros(len(values)), np.full(len(values), np.inf), np.full(len(values), 0.05)
    inner_excess, outer_excess = np.full(len(values), -1.0), np.full(len(values), np.nan)
    # Where the law fits exactly, the minimum is all of the range.
    nearest, active = values.copy(), every[rises > 0]
    trial[rises <= 0] = 0.0
    for _ in range(_EVALUATIONS):
        if not len(active):
            break
        ends = _moved(centre, positive, step * trial, lowest, highest)
        low[every, places] = high[every, places] = nearest[every, places] = ends
        found = minimise(problem.take(active), nearest[active], low[active], high[active], problem.near)
        # The root of the rise is nearly straight in the distance, which suits the method of false position.
        excess = np.sqrt(np.maximum(found.value - best[active], 0) / rises[active]) - 1
        below, above = active[excess < 0], active[excess >= 0]
        nearest[below] = found.values[excess < 0]
        inner[below], inner_excess[below] = trial[below], excess[excess < 0]
        outer[above], outer_excess[above] = trial[above], excess[excess >= 0]
        at_limit = (excess < 0) & (
            (trial[active] >= _FURTHEST) | (ends[active] == lowest[active]) | (ends[active] == highest[active])
        )
        inner[active[at_limit]] = trial[active[at_limit]] = np.inf
        active = active[(np.abs(excess) > _CLOSE) & ~at_limit]
        trial[active] = _next_trial(inner, outer, inner_excess, outer_excess)[active]
    return _moved(centre, positive, step * trial, lowest, highest)


def _unit(problem: Problem, values: np.ndarray) -> np.ndarray:
    """Return what to count distances in (B, Q), where they are not factors: for c what adds as much as the loss is."""
    linear = len(problem.law.linear)
    features = problem.features(values[:, linear:])
    loss = np.exp(problem.target) if problem.objective.log else problem.target
    size = np.abs(features).mean(axis=-1)
    unit = np.ones_like(values)
    unit[:, :linear] = loss.mean() / np.where(size > 0, size, 1.0)
    return unit


def _moved(
    centre: np.ndarray, positive: np.ndarray, distance: np.ndarray, lowest: np.ndarray, highest: np.ndarray
) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = np.where(positive, centre * np.exp(distance), centre + distance)
    return np.asarray(np.clip(shifted, lowest, highest))


def _next_trial(inner: np.ndarray, outer: np.ndarray, inner_excess: np.ndarray, outer_excess: np.ndarray) -> np.ndarray:
    """Return where a straight line meets the rise, kept away from the ends of the bracket that it would creep along."""
    with np.errstate(invalid="ignore", divide="ignore"):
        further = np.minimum(np.clip(1.1 * inner / (1 + inner_excess), 1.5 * inner, 10 * inner), _FURTHEST)
        share = inner_excess / (inner_excess - outer_excess)
        between = inner + np.clip(share, 0.05, 0.95) * (outer - inner)
    return np.asarray(np.where(np.isinf(outer), further, between))
