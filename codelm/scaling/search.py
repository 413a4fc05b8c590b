"""From a law and its runs to local minima: starts spread over the parameters' ranges, the best of them followed."""

from __future__ import annotations

import numpy as np

from codelm.scaling.laws import Law
from codelm.scaling.solver import Problem, Solution, minimise, to_corner

_STARTS_PER_DIMENSION = 32
"""Starts that are looked at, for each nonlinear parameter or family of them."""

_FOLLOWED = 16
"""How many of them, the best, are followed by default."""

_GRADUAL = 8
"""How many of those are followed through large deltas too."""


def local_minima(problem: Problem, low: np.ndarray, high: np.ndarray, followed: int | None = None) -> Solution:
    """Search for local minima; the result depends on the arguments alone.

    Parameters
    ----------
    problem
        What to minimise, a single problem.
    low, high
        Bounds of c and theta (Q,).
    followed
        How many of the starts to follow.
    """
    count = len(problem.law.linear)
    theta = spread_theta(problem.law, low, high)
    candidates = np.concatenate([least_squares(problem, theta, low[:count], high[:count]), theta], axis=1)
    best = candidates[np.argsort(problem.value(candidates), kind="stable")[: followed or _FOLLOWED]]
    solution = _follow(problem, best, low, high)
    return _in_corners(problem, solution, low, high) if problem.objective.kind == "lad" else solution


def spread_theta(law: Law, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return nonlinear parameters (S, P) spread evenly over their ranges, those of a family moving together."""
    families = list(dict.fromkeys(parameter.family or parameter.name for parameter in law.nonlinear))
    points = _spread(_STARTS_PER_DIMENSION * max(1, len(families)), len(families))
    theta = np.empty((len(points), len(law.nonlinear)))
    for place, parameter in enumerate(law.nonlinear):
        first, last = np.log(parameter.starts) if parameter.log else parameter.starts
        value = first + points[:, families.index(parameter.family or parameter.name)] * (last - first)
        theta[:, place] = np.exp(value) if parameter.log else value
    return np.clip(theta, low[len(law.linear) :], high[len(law.linear) :])


def _spread(number: int, dimensions: int) -> np.ndarray:
    """Return points (number, dimensions) of a sequence that fills the unit cube evenly (Roberts 2018, "R_d")."""
    root = 2.0
    for _ in range(64):
        root = (1 + root) ** (1 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    return (0.5 + np.arange(1, number + 1)[:, None] * steps) % 1


def least_squares(problem: Problem, theta: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the linear parameters (S, J) of least squares, given theta (S, P) and bounds (J,) or (S, J).

    With an objective of logarithms the squares are of relative errors, which are nearly the same.
    """
    features = problem.features(theta)
    loss = np.exp(problem.target) if problem.objective.log else problem.target
    weights = 1 / loss if problem.objective.log else np.ones_like(loss)
    low, high = (np.broadcast_to(bound, features.shape[:2]) for bound in (low, high))
    free = low < high
    given = np.where(free, 0.0, low)
    size = np.sqrt((features**2).mean(axis=-1))
    size[size == 0] = 1.0
    scaled = features * weights / size[..., None]
    wanted = weights * (loss - np.matmul(given[:, None], features)[:, 0])
    normal = np.matmul(scaled, scaled.swapaxes(1, 2))
    identity = np.eye(features.shape[1])
    normal += 1e-12 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * identity
    moment = np.matmul(scaled, wanted[..., None])
    for _ in identity:
        both = free[:, :, None] & free[:, None, :]
        system = np.where(both, normal, 0.0) + np.where(free, 0.0, 1.0)[:, :, None] * identity
        linear = np.linalg.solve(system, np.where(free[..., None], moment, 0.0))[..., 0] / size
        wrong = free & (linear < low)
        if not wrong.any():
            break
        free &= ~wrong
    return np.clip(np.where(free, linear, given), low, high)


def _follow(problem: Problem, starts: np.ndarray, low: np.ndarray, high: np.ndarray) -> Solution:
    """Follow starts to minima.

    Going through large deltas first leads from afar to a good minimum, but always to the same: where Huber's function
    has several, most are found by going straight to the last delta.
    """
    near, far = problem.near, problem.far
    solution = minimise(problem, starts, low, high, near)
    if near == far:
        return solution
    gradual = minimise(problem, starts[:_GRADUAL], low, high, far)
    return Solution(*(np.concatenate(part) for part in zip(solution, gradual, strict=True)))


def _in_corners(problem: Problem, solution: Solution, low: np.ndarray, high: np.ndarray) -> Solution:
    """Return the solution with each end moved to the exact minimum of the absolute deviations nearby."""
    corners = [to_corner(problem, values, low, high) for values in solution.values]
    values, exact = np.array([corner for corner, _ in corners]), np.array([minimum for _, minimum in corners])
    return solution._replace(
        values=values,
        value=problem.value(values),
        gradient=np.where(exact, 0.0, solution.gradient),
        converged=solution.converged | exact,
    )
