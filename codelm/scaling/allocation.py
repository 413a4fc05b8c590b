"""Which share of the tokens each language should have, and what that brings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import optimize

from codelm.errors import UserError
from codelm.scaling.frontier import REACH, best_parameters
from codelm.scaling.interior_point import minimise
from codelm.scaling.language_losses import DrawnLosses, LanguageLosses
from codelm.scaling.limits import Budget, ByLanguage, Limits, bounds, by_language
from codelm.scaling.measured import Measured

_ON_LIMIT = 1e-7
"""A share or a loss this close to a limit is on it."""

_EXCEEDED = 1e-6
"""Share by which a loss that had to be kept low may be too high."""

_NOTHING = 1e-9
"""Shares below are none."""

_TEMPERATURE = 1 / 0.3
"""Of sampling in proportion to ``available^(1 / temperature)``: Xue et al. 2021, "mT5", section 3.2."""

_UNIMAX_EPOCHS = 4.0
"""Most epochs of UniMax where the limits name none."""


@dataclass(frozen=True, eq=False)
class Split:
    """Shares of the tokens, and the losses that the laws predict for them.

    Parameters
    ----------
    sources, languages
        Names of the S sources of tokens, mostly the languages themselves, and of the K languages.
    shares
        Shares of the sources (S,); they sum to 1.
    parameters, tokens
        N and D.
    losses
        Predicted loss of each language (K,).
    weights
        Weights of the languages in the mean loss (K,); they sum to 1.
    """

    sources: tuple[str, ...]
    languages: tuple[str, ...]
    shares: np.ndarray
    parameters: float
    tokens: float
    losses: np.ndarray
    weights: np.ndarray

    @property
    def mean_loss(self) -> float:
        """Mean of the losses with the fixed weights: never with the shares, which would favour easy languages."""
        return float(self.losses @ self.weights)

    @property
    def proportions(self) -> dict[str, float]:
        """The shares by source; those of none are left out."""
        kept = {name: float(share) for name, share in zip(self.sources, self.shares, strict=True) if share > _NOTHING}
        return {name: share / sum(kept.values()) for name, share in kept.items()}

    def save(self, file: Path | str) -> None:
        """Write the proportions as JSON, as ``run.py --proportions`` reads them."""
        Path(file).write_text(json.dumps(self.proportions, indent=2) + "\n")


@dataclass(frozen=True, eq=False)
class Allocation(Split):
    """The best split.

    Parameters
    ----------
    budget, limits
        What could be spent, and what it keeps to.
    uniform
        Equal shares, with the same budget.
    residual
        How far it is from the Karush-Kuhn-Tucker conditions: the part of the slope of the mean loss that no active
        limit accounts for, relative to the slope. It is computed from the split itself, not taken from the search.
    spread
        Largest difference in a share between the ends of the searches; where it is not small there are several minima,
        and this is the lowest that was found.
    binding
        The limits that hold it where it is.
    """

    budget: Budget
    limits: Limits
    uniform: Split
    residual: float
    spread: float
    binding: tuple[str, ...]

    @property
    def gain(self) -> float:
        """Share of the uniform split's mean loss that is saved."""
        return 1 - self.mean_loss / self.uniform.mean_loss


@dataclass(frozen=True, eq=False)
class AllocationDraws:
    """An allocation under bootstrap draws of the laws.

    Parameters
    ----------
    losses, uniform_losses
        Losses (R, K) of the allocation and of equal shares.
    gains
        Share of the uniform mean loss that the allocation saves (R,).
    shares, parameters
        What would be best for each draw: shares (R, S) and N (R,).
    """

    losses: np.ndarray
    uniform_losses: np.ndarray
    gains: np.ndarray
    shares: np.ndarray
    parameters: np.ndarray


def allocate(
    laws: LanguageLosses,
    budget: Budget,
    limits: Limits | None = None,
    weights: ByLanguage = 1.0,
    measured: Measured | None = None,
    starts: int = 1,
    seed: int = 0,
) -> Allocation:
    """Return the split with the lowest mean loss.

    Parameters
    ----------
    laws
        Losses by language. With ``MeanOverDraws(LanguageLaws.of_bootstraps(...))`` the mean over bootstrap draws is
        minimised, and limits on losses are limits on that mean: the robust split. (A quantile over draws would not be
        convex, so that its minimum could not be certified.)
    budget
        Tokens and size, or compute.
    limits
        What to keep to.
    weights
        Weight of each language in the mean; they need not sum to 1.
    measured
        What the laws were fitted to: the default centre of the trust region, and a check of the units.
    starts
        How many starts to search from. One is enough for `LanguageLaws`, which are convex but for negative transfer;
        more than one tell whether there are several minima.
    seed
        Of the starts after the first.

    Raises
    ------
    UserError
        If no split keeps to the limits; the message names those that clash.
    """
    problem = _Problem(lambda _: laws, budget, limits or Limits(), weights, measured)
    uniform = problem.uniform_split()
    if measured is not None:
        measured.check_units(uniform.parameters, uniform.tokens)
    points, values = problem.solve(problem.starts(starts, seed))
    point = points[np.argmin(values)]
    problem.check_losses(point)
    spread = np.ptp(problem.parts(points)[0], axis=0).max()
    return Allocation(
        **vars(problem.split(point)),
        budget=budget,
        limits=problem.limits,
        uniform=uniform,
        residual=problem.residual(point),
        spread=float(spread),
        binding=problem.binding(point),
    )


def under_draws(allocation: Allocation, draws: DrawnLosses, measured: Measured | None = None) -> AllocationDraws:
    """Return what bootstrap draws of the laws, their leading axis, make of an allocation."""
    weights = dict(zip(allocation.languages, allocation.weights.tolist(), strict=True))
    budget, limits = allocation.budget, allocation.limits
    problem = _Problem(draws.draw, budget, limits, weights, measured, draws.draws)
    points, _ = problem.solve(problem.starts(1, 0).repeat(draws.draws, axis=0))
    losses, uniform_losses = (
        problem.laws(slice(None)).losses(split.shares, np.array(split.parameters), np.array(split.tokens))[0]
        for split in (allocation, allocation.uniform)
    )
    gains = 1 - losses @ allocation.weights / (uniform_losses @ allocation.weights)
    return AllocationDraws(losses, uniform_losses, gains, *problem.parts(points)[:2])


def baselines(
    laws: LanguageLosses, budget: Budget, limits: Limits | None = None, weights: ByLanguage = 1.0
) -> dict[str, Split]:
    """Return the usual splits with the same budget.

    ``uniform``: equal shares. Where the available tokens of all languages are known also ``proportional`` to them, by
    ``temperature`` (in proportion to their root of order 3.3) and ``unimax``: equal shares, but for languages that this
    would read more often than the limits allow, or 4 times (Chung et al. 2023, "UniMax").
    """
    limits = limits or Limits()
    only_repeats = Limits(available=limits.available, decay=limits.decay)
    problem = _Problem(lambda _: laws, budget, only_repeats, weights)
    uniform = problem.uniform_split()
    splits, available = {"uniform": uniform}, limits.available_to(laws.sources)
    if np.isfinite(available).all():
        epochs = limits.epochs if np.isfinite(limits.epochs) else _UNIMAX_EPOCHS
        shares = {
            "proportional": available,
            "temperature": available ** (1 / _TEMPERATURE),
            "unimax": unimax(available, uniform.tokens, epochs),
        }
        splits |= {name: problem.split_of(values / values.sum()) for name, values in shares.items()}
    return splits


def unimax(available: np.ndarray, tokens: float, epochs: float) -> np.ndarray:
    """Return the tokens of each language (K,): equal ones, but no more than some epochs of what is available (K,).

    Source: Chung et al. 2023, "UniMax: Fairer and More Effective Language Sampling for Large-Scale Multilingual
    Pretraining", algorithm 1.
    """
    given, left = np.zeros(len(available)), tokens
    order = np.argsort(available)
    for place, number in enumerate(order):
        given[number] = min(left / (len(order) - place), epochs * available[number])
        left -= given[number]
    return given


class _Problem:
    """The search's view of an allocation: points are the shares that are free, and log N where that is free too."""

    def __init__(
        self,
        laws_of: Callable[[np.ndarray | slice], LanguageLosses],
        budget: Budget,
        limits: Limits,
        weights: ByLanguage,
        measured: Measured | None = None,
        draws: int = 1,
    ) -> None:
        laws = laws_of(slice(None))
        self.sources, self.languages = sources, languages = laws.sources, laws.languages
        self.budget, self.limits, self._laws_of, self._draws = budget, limits, laws_of, draws
        self.weights = by_language("weight", weights, languages, 0.0)
        if not self.weights.sum() > 0:
            raise UserError("all weights are 0: give a language one above 0")
        self.weights = self.weights / self.weights.sum()
        self._equal = np.full(len(sources), 1 / len(sources))
        self.available = limits.available_to(sources)
        centre = self._equal if measured is None or measured.languages != sources else measured.centre
        self.bounds = bounds(sources, budget, limits, centre)
        self._low, self._high = self.bounds.low, self.bounds.high
        if budget.size_is_free:
            middle = 0.5 * np.log(budget.compute / 6)  # type: ignore[operator]
            self._low, self._high = np.append(self._low, middle - REACH), np.append(self._high, middle + REACH)
        self._free = self._high - self._low > _NOTHING
        self._share = (np.arange(len(self._low)) < len(sources))[self._free].astype(float)
        self._ceiling = None
        if limits.tolerance is not None:
            self._ceiling = (1 + limits.tolerance) * self._uniform_losses()

    def laws(self, which: np.ndarray | slice) -> LanguageLosses:
        """Return the losses of some draws, or the only ones, with repeated tokens at their worth."""
        return self.limits.with_repeats(self._laws_of(which))

    def parts(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return shares (..., S), N and D (...) of whole points."""
        shares = points[..., : len(self.sources)]
        if self.budget.size_is_free:
            parameters = np.exp(points[..., -1])
        else:
            parameters = np.full(points.shape[:-1], self.budget.parameters)
        return shares, parameters, self.budget.tokens_of(parameters)

    def functions(self, points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the objective and constraints (..., 1 + m) of points with the free variables alone, and their slopes.

        Losses are taken by their logarithms, which are as convex, and much straighter far from the minimum.
        """
        whole = np.empty((*points.shape[:-1], len(self._low)))
        whole[...] = self._low
        whole[..., self._free] = points
        values, slopes = self._functions(whole, which)
        return values, slopes[..., self._free]

    def _functions(self, points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shares, parameters, tokens = self.parts(points)
        losses, slopes = self.laws(which).losses(shares, parameters, tokens)
        by_point = slopes[..., :-2]
        if self.budget.size_is_free:
            by_point = np.concatenate([by_point, slopes[..., -2:-1] - slopes[..., -1:]], axis=-1)
        mean = (losses @ self.weights)[..., None]
        values, rows = [np.log(mean)], [(np.matmul(self.weights, by_point) / mean)[..., None, :]]
        if self._ceiling is not None:
            ceiling = self._ceiling[which] if self._draws > 1 else self._ceiling
            values.append(np.log(losses / ceiling))
            rows.append(by_point / losses[..., None])
        if self.budget.size_is_free and np.isfinite(self.limits.epochs):
            limited = np.flatnonzero(np.isfinite(self.available))
            per_share = tokens[..., None] / (self.limits.epochs * self.available[limited])
            used = shares[..., limited] * per_share
            row = np.zeros((*used.shape, points.shape[-1]))
            row[..., np.arange(len(limited)), limited] = per_share
            row[..., -1] = -used
            values.append(used - 1)
            rows.append(row)
        return np.concatenate(values, axis=-1), np.concatenate(rows, axis=-2)

    def starts(self, count: int, seed: int) -> np.ndarray:
        """Return points (count, free variables) strictly within the bounds, the first one in the middle."""
        random = np.random.default_rng(seed)
        low, high, share = self._low[self._free], self._high[self._free], self._share > 0
        places = random.uniform(0.1, 0.9, (count, len(low)))
        places[0] = 0.5
        # A power of the places makes the shares sum to what they have to.
        least, most = np.full((count, 1), -20.0), np.full((count, 1), 20.0)
        for _ in range(60):
            middle = 0.5 * (least + most)
            shares = low[share] + (high - low)[share] * places[:, share] ** np.exp(middle)
            above = shares.sum(axis=1, keepdims=True) > self._total
            least, most = np.where(above, middle, least), np.where(above, most, middle)
        points: np.ndarray = low + (high - low) * places
        points[:, share] = shares
        return points

    def solve(self, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Search from some starts (B, free variables).

        Returns
        -------
        points
            Where the searches end: whole points (B, n).
        values
            Logarithms of the mean losses there (B,).
        """
        points = np.repeat(self._low[None], len(start), axis=0)
        if not self._free.any():
            return points, self.functions(points[:, self._free], np.arange(len(start)))[0][:, 0]
        low, high = self._low[self._free], self._high[self._free]
        found = minimise(self.functions, start, low, high, self._share, self._total)
        points[:, self._free] = found.points
        if not found.converged.all():
            # Limits that clash are the likeliest reason.
            self.check_losses(points[0])
            raise UserError(
                f"the search for a split did not converge (violation {found.residual.max():.1e}): loosen a limit, or "
                "check that the losses are finite wherever the shares are above 0"
            )
        return points, found.value

    def split(self, point: np.ndarray) -> Split:
        """Return the split at a whole point (n,)."""
        shares, parameters, tokens = self.parts(point)
        losses, _ = self.laws(slice(None)).losses(shares, parameters, tokens)
        return Split(self.sources, self.languages, shares, float(parameters), float(tokens), losses, self.weights)

    def split_of(self, shares: np.ndarray) -> Split:
        """Return the split with given shares (S,), at its own best size where that is free."""
        if not self.budget.size_is_free:
            return self.split(shares)
        laws, compute = self.laws(slice(None)), np.array([self.budget.compute])
        return self.split(np.append(shares, np.log(best_parameters(laws, compute, shares, self.weights))))

    def uniform_split(self) -> Split:
        """Return equal shares."""
        return self.split_of(self._equal)

    def check_losses(self, point: np.ndarray) -> None:
        """Raise a UserError if a loss is above its ceiling at the best point: then no split keeps to the limits."""
        if self._ceiling is None:
            return
        excess = self.split(point).losses / self._ceiling[0] - 1
        if excess.max() > _EXCEEDED:
            worst = f"tolerance of {self.languages[int(excess.argmax())]}"
            binding = [reason for reason in self.binding(point) if reason != worst]
            others = " and the ".join([reason for reason in binding if "tolerance" not in reason] or binding)
            raise UserError(f"no split keeps to the {worst} and the {others}: loosen one of them")

    def residual(self, point: np.ndarray) -> float:
        """Return the part of the mean loss's slope (relative) that no active limit at a whole point accounts for."""
        free = point[self._free]
        values, slopes = self.functions(free[None], np.arange(1))
        slope, active = slopes[0, 0], slopes[0, 1:][values[0, 1:] > -_ON_LIMIT]
        unit = np.eye(len(free))
        normals = [
            -unit[free < self._low[self._free] + _ON_LIMIT],
            unit[free > self._high[self._free] - _ON_LIMIT],
            active,
            self._share[None],
            -self._share[None],
        ]
        columns = np.concatenate(normals)
        columns = columns[(columns != 0).any(axis=1)]
        size = float(np.linalg.norm(slope))
        if size == 0 or not len(columns):
            return size
        columns /= np.linalg.norm(columns, axis=1, keepdims=True)
        return float(optimize.nnls(columns.T, -slope)[1]) / size

    def binding(self, point: np.ndarray) -> tuple[str, ...]:
        """Return in words which limits hold a whole point."""
        split, reasons = self.split(point), []
        passes = split.shares * split.tokens / self.available
        for number, name in enumerate(self.sources):
            if split.shares[number] < self.bounds.low[number] + _ON_LIMIT:
                reasons.append(f"{self.bounds.low_reasons[number]} of {name}")
            elif split.shares[number] > self.bounds.high[number] - _ON_LIMIT:
                reasons.append(f"{self.bounds.high_reasons[number]} of {name}")
            if self.budget.size_is_free and passes[number] > self.limits.epochs * (1 - _ON_LIMIT):
                reasons.append(f"{self.limits.epochs:g} epochs of {name}")
        if self._ceiling is not None:
            close = split.losses > self._ceiling[0] * (1 - _ON_LIMIT)
            reasons += [f"tolerance of {name}" for name, here in zip(self.languages, close, strict=True) if here]
        return tuple(reasons)

    @property
    def _total(self) -> float:
        """What the free shares sum to."""
        fixed = self._low[~self._free][: len(self.sources) - int(self._share.sum())]
        return float(1 - fixed.sum()) if self._share.any() else 0.0

    def _uniform_losses(self) -> np.ndarray:
        """Return the losses (draws, K) under equal shares."""
        laws = self.laws(slice(None))
        parameters = np.array([self.budget.parameters or 1.0])
        if self.budget.size_is_free:
            parameters = best_parameters(laws, np.array([self.budget.compute]), self._equal, self.weights)
        losses, _ = laws.losses(self._equal, parameters, self.budget.tokens_of(parameters))
        return np.atleast_2d(losses)
