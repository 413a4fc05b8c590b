"""What the runs behind some laws covered, and how far a split lies outside of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from codelm.errors import UserError
from codelm.scaling.fit import Fit
from codelm.scaling.laws import MixtureLaw

_NEAR = 1e-3
"""A split this close to the hull, in any share, is not called outside."""

_OTHER_UNIT = 1e5
"""A size or budget this many times beyond those of the runs is in another unit."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What was trained.

    Parameters
    ----------
    languages
        Names of the K languages, or of the sources of a mixture law.
    proportions
        Mixes that were trained (M, K).
    parameters
        Smallest and largest N (2,); 0 and infinity where the laws are not of N and D.
    tokens
        Smallest and largest D for each language (K, 2): of the runs that its law was fitted to.
    epochs
        Most passes over the same tokens.
    """

    languages: tuple[str, ...]
    proportions: np.ndarray
    parameters: np.ndarray
    tokens: np.ndarray
    epochs: float

    @classmethod
    def of_fits(cls, fits: Mapping[str, Fit]) -> Measured:
        """Return what the runs of each language's law covered."""
        languages, runs = tuple(fits), [fit.runs for fit in fits.values()]
        first = next(iter(fits.values())).law
        if isinstance(first, MixtureLaw):
            everything = np.array([0.0, np.inf])
            shares = np.unique(np.concatenate([one.shares(first.languages) for one in runs]), axis=0)
            reach = np.tile(everything, (len(first.languages), 1))
            return cls(first.languages, shares, everything, reach, epochs=np.inf)
        mixes = [one.shares(languages) for one in runs if one.proportions is not None]
        proportions = np.unique(np.concatenate(mixes), axis=0) if len(mixes) == len(runs) else np.eye(len(languages))
        sizes = np.concatenate([one.require("parameters") for one in runs])
        tokens = np.array([[one.require("tokens").min(), one.require("tokens").max()] for one in runs])
        epochs = [(one.tokens / one.unique_tokens).max() for one in runs if one.unique_tokens is not None]
        reach = np.array([sizes.min(), sizes.max()])
        return cls(languages, proportions, reach, tokens, float(max(epochs, default=1.0)))

    @property
    def mixed(self) -> bool:
        """Whether any run had more than one language."""
        return bool(((self.proportions > 0).sum(axis=1) > 1).any())

    @property
    def centre(self) -> np.ndarray:
        """Mean of the mixes of several languages (K,), or equal shares where there is none."""
        mixes = self.proportions[(self.proportions > 0).sum(axis=1) > 1]
        return mixes.mean(axis=0) if len(mixes) else np.full(len(self.languages), 1 / len(self.languages))

    def distance(self, shares: np.ndarray) -> float:
        """Return by how much a share has to change for a split (K,) to lie in the convex hull of what was trained."""
        count, languages = self.proportions.shape
        mixes = np.concatenate([self.proportions.T, -self.proportions.T])
        found = optimize.linprog(
            np.append(np.zeros(count), 1.0),
            A_ub=np.concatenate([mixes, -np.ones((2 * languages, 1))], axis=1),
            b_ub=np.concatenate([shares, -shares]),
            A_eq=np.append(np.ones(count), 0.0)[None],
            b_eq=[1.0],
        )
        return float(found.fun)

    def nearest(self, shares: np.ndarray) -> float:
        """Return the share of the tokens by which a split (K,) differs from the nearest mix that was trained."""
        return float(0.5 * np.abs(self.proportions - shares).sum(axis=1).min())

    def check_units(self, parameters: float, tokens: float) -> None:
        """Raise a UserError if N or D is in another unit than those of the runs."""
        for name, value, (least, most) in (
            ("N", parameters, self.parameters),
            ("D", tokens, (self.tokens.min(), self.tokens.max())),
        ):
            if not least / _OTHER_UNIT < value < most * _OTHER_UNIT:
                raise UserError(f"{name} is {value:g}, the runs had {least:g} to {most:g}: give it in their unit")

    def warnings(self, shares: np.ndarray, parameters: float, tokens: float) -> Iterator[str]:
        """Yield a sentence for everything in which a split lies outside of what was measured.

        Parameters
        ----------
        shares
            Share of the tokens in each language (K,).
        parameters, tokens
            N and D.
        """
        if np.isinf(self.parameters[1]):
            yield "a mixture law holds at the size and budget of its runs: that N and D change nothing is not measured"
        if not self.mixed and len(self.languages) > 1:
            yield "every run was of one language: what languages learn from one another is taken as nothing"
        elif (outside := self.distance(shares)) > _NEAR:
            yield f"the split lies outside the mixes that were trained: a share would have to change by {outside:.1%}"
        yield from _beyond("N", parameters, *self.parameters)
        if self.mixed:
            yield from _beyond("D", tokens, self.tokens.min(), self.tokens.max())
        else:
            for name, share, (least, most) in zip(self.languages, shares, self.tokens, strict=True):
                yield from _beyond(f"D of {name}", share * tokens, least, most)

    def epoch_warnings(self, sources: Sequence[str], epochs: np.ndarray) -> Iterator[str]:
        """Yield a sentence for every source that is read more often (S,) than any was in the runs."""
        for name, times in zip(sources, epochs, strict=True):
            if times > self.epochs * 1.001:
                yield f"{name} is read {times:.2f} times, in the runs nothing was more than {self.epochs:.2f} times"


def _beyond(name: str, value: float, least: float, most: float) -> Iterator[str]:
    if value > most * 1.001:
        yield f"{name} = {value:.3g} is {value / most:.1f} times the largest that was trained ({most:.3g})"
    elif value < least * 0.999:
        yield f"{name} = {value:.3g} is below the smallest that was trained ({least:.3g})"
