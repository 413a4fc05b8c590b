"""Compute-optimal size and tokens: where N and D share a budget of ``C = 6 N D``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codelm.errors import UserError
from codelm.scaling.language_losses import LanguageLosses

REACH = 14.0
"""The optimum is looked for where N and D are within this many powers of e of each other's geometric mean."""

_HALVINGS = 60


@dataclass(frozen=True, eq=False)
class Frontier:
    """The best size and tokens for each compute.

    Parameters
    ----------
    compute
        C (n,), floating-point operations of training.
    parameters, tokens, loss
        N, D and the mean loss (n,).
    draws
        The best N of each bootstrap draw (n, R); R may be 0.
    """

    compute: np.ndarray
    parameters: np.ndarray
    tokens: np.ndarray
    loss: np.ndarray
    draws: np.ndarray

    def intervals(self, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Return percentile limits (2, n) of N and of D."""
        if not self.draws.size:
            raise UserError("the frontier has no bootstrap draws: give them to tell its intervals")
        parameters = np.percentile(self.draws, [50 - 50 * level, 50 + 50 * level], axis=1)
        return parameters, self.compute / (6 * parameters[::-1])


def frontier(
    laws: LanguageLosses,
    compute: np.ndarray,
    shares: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    draws: LanguageLosses | None = None,
) -> Frontier:
    """Return the size and tokens that make the mean loss lowest for each compute.

    Parameters
    ----------
    laws
        Losses by language; ``LanguageLaws.of_fits({"all": fit})`` makes them of a single fit.
    compute
        C (n,).
    shares
        Proportions (S,) that are trained; equal by default.
    weights
        Weights (K,) of the languages' losses in the mean; equal by default.
    draws
        The same laws with bootstrap draws as a leading axis.
    """
    compute = np.atleast_1d(np.asarray(compute, dtype=float))
    if not (compute > 0).all():
        raise UserError("compute has to be above 0")
    shares = np.full(len(laws.sources), 1 / len(laws.sources)) if shares is None else shares
    weights = np.ones(len(laws.languages)) if weights is None else np.asarray(weights, dtype=float)
    weights = weights / weights.sum()
    parameters = best_parameters(laws, compute[:, None], shares, weights)[:, 0]
    tokens = compute / (6 * parameters)
    loss = laws.losses(np.broadcast_to(shares, (len(compute), len(shares))), parameters, tokens)[0] @ weights
    drawn = np.empty((len(compute), 0)) if draws is None else best_parameters(draws, compute[:, None], shares, weights)
    return Frontier(compute, parameters, tokens, loss, drawn)


def best_parameters(laws: LanguageLosses, compute: np.ndarray, shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the N (..., R) that makes the mean loss lowest for each compute (..., 1), by bisection of its slope.

    The loss is convex in log N wherever it is a sum of powers of N and D, so that its slope has one root.
    """
    middle = 0.5 * np.log(compute / 6)
    low, high = middle - REACH, middle + REACH
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        parameters = np.exp(middle)
        _, slopes = laws.losses(shares, parameters, compute / (6 * parameters))
        rising = (slopes[..., -2] - slopes[..., -1]) @ weights > 0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    return np.exp(0.5 * (low + high))
