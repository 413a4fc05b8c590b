"""What residuals tell of the noise in the runs, as each objective sees it."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from codelm.scaling.solver import Objective

_TINY = np.finfo(float).tiny


def noise_scale(objective: Objective, residuals: np.ndarray, free: int) -> np.ndarray:
    """Return the standard deviation (B,) of the noise that residuals (B, n) tell of, as the objective weighs it.

    The asymptotic variance of an estimator with score psi is ``E[psi^2] / E[psi']^2`` (Huber 1964). For least squares
    this is the residuals' variance over the degrees of freedom that `free` parameters leave. With a small delta it
    needs the density of the residuals at 0, which is counted in a window of the usual bandwidth for n of them.
    """
    count = residuals.shape[-1]
    degrees = max(count - free, 1)
    squares = (residuals**2).sum(axis=-1) / degrees
    if objective.kind == "ols":
        return np.asarray(np.sqrt(squares))
    size = np.sort(np.abs(residuals), axis=-1)
    robust = 1.4826 * np.median(size[..., min(free, count - 1) :], axis=-1)
    delta = objective.delta if objective.kind == "huber" else 0.0
    window = np.maximum(delta, robust * degrees**-0.2)
    # As many residuals as there are parameters are drawn to 0 by the fit itself, where delta is small.
    drawn = free * (delta < window)
    inside = np.maximum((size <= window[..., None]).sum(axis=-1) - drawn, 1) / np.maximum(count - drawn, 1)
    if delta == 0.0:
        return np.asarray(window / inside)
    score = np.sqrt((np.minimum(size, delta) ** 2).sum(axis=-1) / degrees)
    return np.asarray(score * window / (delta * inside))


def rise(objective: Objective, residuals: np.ndarray, free: int, rows_per_run: float, level: float) -> np.ndarray:
    """Return by how much (B,) the objective rises at the ends of a range of one parameter.

    Twice the rise of a sum of rho, times ``E[psi'] / E[psi^2]``, follows chi-squared (Ronchetti 1982); the quantile is
    that of Student's t for the degrees of freedom that the runs leave. Several rows of a run count as one.
    """
    count = residuals.shape[-1]
    degrees = max(count / rows_per_run - free, 1.0)
    quantile = special.stdtrit(degrees, 0.5 + level / 2) ** 2 * rows_per_run
    scale = noise_scale(objective, residuals, free)
    if objective.kind == "ols":
        return np.asarray(quantile * scale**2)
    delta = objective.delta if objective.kind == "huber" else np.inf
    score = np.minimum(np.abs(residuals), delta) if objective.kind == "huber" else np.ones_like(residuals)
    # E[psi^2] / E[psi'] is the scale times the root of E[psi^2].
    return np.asarray(0.5 * quantile * scale * np.sqrt((score**2).sum(axis=-1) / max(count - free, 1)))


def density_scale(objective: Objective, residuals: np.ndarray) -> float:
    """Return the likeliest scale of the density proportional to ``exp(-rho / scale)``, rho being what is summed."""
    mean = max(float(objective.value(residuals)) / len(residuals), _TINY)
    if objective.kind == "ols":
        return 2 * mean
    if objective.kind == "lad":
        return mean
    centre = np.log(mean)
    found = optimize.minimize_scalar(
        lambda logarithm: mean / np.exp(logarithm) + log_normaliser(objective, np.exp(logarithm)),
        bounds=(centre - 5, centre + 5),
        method="bounded",
    )
    return float(np.exp(found.x))


def log_normaliser(objective: Objective, scale: float) -> float:
    """Return the logarithm of the integral of ``exp(-rho / scale)``."""
    if objective.kind == "ols":
        return 0.5 * float(np.log(np.pi * scale))
    if objective.kind == "lad":
        return float(np.log(2 * scale))
    width = objective.delta / np.sqrt(2 * scale)
    middle = np.sqrt(2 * np.pi * scale) * special.erf(width)
    return float(np.log(middle + 2 * scale / objective.delta * np.exp(-(width**2))))


def draw(objective: Objective, scale: float, random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Draw noise from the density proportional to ``exp(-rho / scale)``."""
    if objective.kind == "ols":
        return random.normal(0.0, np.sqrt(scale / 2), shape)
    if objective.kind == "lad":
        return random.laplace(0.0, scale, shape)
    delta = objective.delta
    width = delta / np.sqrt(2 * scale)
    middle = np.sqrt(2 * np.pi * scale) * special.erf(width)
    tails = 2 * scale / delta * np.exp(-(width**2))
    inside = np.sqrt(2 * scale) * special.erfinv(random.random(shape) * special.erf(width))
    size = np.where(
        random.random(shape) < middle / (middle + tails), inside, delta + random.exponential(scale / delta, shape)
    )
    return np.asarray(size * random.choice([-1.0, 1.0], shape))
