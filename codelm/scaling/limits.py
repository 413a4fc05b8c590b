"""What can be spent on a split of the tokens, and what it has to keep to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.scaling.language_losses import DECAY, LanguageLosses, WithRepeats

ByLanguage = Mapping[str, float] | float
"""A number for each language, or one for all."""

_EQUAL = 1e-12


@dataclass(frozen=True)
class Budget:
    """What can be spent: tokens for a model of a given size, or compute for a model of any size.

    Parameters
    ----------
    parameters
        Size N of the model; without it the best one is looked for.
    tokens
        Training tokens D.
    compute
        Floating-point operations of training, ``6 N D``, instead of the tokens.
    """

    parameters: float | None = None
    tokens: float | None = None
    compute: float | None = None

    def __post_init__(self) -> None:
        for name in ("parameters", "tokens", "compute"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise UserError(f"{name} is {value:g}: give a number above 0")
        if (self.tokens is None) == (self.compute is None):
            raise UserError("give a budget of tokens, or of compute")
        if self.tokens is not None and self.parameters is None:
            raise UserError("a budget of tokens needs the size of the model: give parameters")

    @property
    def size_is_free(self) -> bool:
        """Whether the best size is looked for."""
        return self.parameters is None

    def tokens_of(self, parameters: np.ndarray) -> np.ndarray:
        """Return D for models of size N (...)."""
        return np.full_like(parameters, self.tokens) if self.compute is None else self.compute / (6 * parameters)


@dataclass(frozen=True)
class Limits:
    """What a split has to keep to.

    Parameters
    ----------
    floor, cap
        Least and largest share, for all languages or by name.
    available
        Unique tokens by language; a language that is not named has as many as are asked for. More of them than that are
        repetitions, which are worth less and less (`WithRepeats`).
    epochs
        Most passes over the available tokens.
    decay
        After how many repetitions most of a token's worth is used up.
    tolerance
        Largest loss of any language, relative to its loss under equal shares: .01 allows 1 % more.
    radius
        By how much a share may differ from that of `centre`: a trust region around what was measured.
    centre
        A split that was trained. By default the mean of the mixes that were, or else equal shares.
    """

    floor: ByLanguage = 0.0
    cap: ByLanguage = 1.0
    available: Mapping[str, float] | None = None
    epochs: float = np.inf
    decay: float = DECAY
    tolerance: float | None = None
    radius: float | None = None
    centre: Mapping[str, float] | None = None

    def __post_init__(self) -> None:
        for name in ("epochs", "decay", "radius"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise UserError(f"{name} is {value:g}: give a number above 0")
        if self.tolerance is not None and not self.tolerance >= 0:
            raise UserError(f"tolerance is {self.tolerance:g}: give 0 or more, .01 for 1 %")
        if np.isfinite(self.epochs) and self.available is None:
            raise UserError("epochs are counted over the available tokens: give these too")

    def available_to(self, languages: Sequence[str]) -> np.ndarray:
        """Return the unique tokens of each language (K,); infinite where nothing is said of them."""
        return by_language("available tokens", self.available or {}, languages, np.inf)

    def with_repeats(self, laws: LanguageLosses) -> LanguageLosses:
        """Return the losses with repeated tokens at their worth."""
        if self.available is None or self.epochs <= 1:
            return laws
        return WithRepeats(laws, self.available_to(laws.sources), self.decay)


@dataclass(frozen=True, eq=False)
class Bounds:
    """Bounds of the shares, and which limits they come from.

    Parameters
    ----------
    low, high
        Bounds (K,).
    low_reasons, high_reasons
        The limit behind each, in words.
    """

    low: np.ndarray
    high: np.ndarray
    low_reasons: tuple[str, ...]
    high_reasons: tuple[str, ...]


def bounds(languages: Sequence[str], budget: Budget, limits: Limits, centre: np.ndarray) -> Bounds:
    """Return the bounds of the shares; a UserError names the limits that clash.

    Parameters
    ----------
    languages
        Names of the K languages.
    budget, limits
        What can be spent and what to keep to. Where the size is free, epochs depend on it and are left out here.
    centre
        Centre (K,) of the trust region, if `limits` has none.
    """
    lows = {"floor": _shares("floor", limits.floor, languages, 0.0)}
    highs = {"cap": _shares("cap", limits.cap, languages, 1.0)}
    if limits.radius is not None:
        if limits.centre is not None:
            centre = _shares("share of the centre", limits.centre, languages, 0.0)
        lows["trust region"], highs["trust region"] = centre - limits.radius, centre + limits.radius
    if np.isfinite(limits.epochs) and not budget.size_is_free:
        tokens = float(budget.tokens_of(np.array(budget.parameters, dtype=float)))
        highs[f"{limits.epochs:g} epochs"] = limits.epochs * limits.available_to(languages) / tokens
    low, low_reasons = _tightest(lows, least=True)
    high, high_reasons = _tightest(highs, least=False)
    for name, least, most, why_least, why_most in zip(languages, low, high, low_reasons, high_reasons, strict=True):
        if least > most + _EQUAL:
            raise UserError(
                f"the {why_least} of {name}, {least:.4g}, is above its limit by the {why_most}, {most:.4g}: loosen one"
            )
    for total, reasons, wrong, what in (
        (low.sum(), low_reasons, low.sum() > 1 + 1e-9, "at least"),
        (high.sum(), high_reasons, high.sum() < 1 - 1e-9, "at most"),
    ):
        if wrong:
            names = " and ".join(dict.fromkeys(reasons))
            raise UserError(f"by {names} the shares add up to {what} {total:.4g}, but have to add up to 1: loosen it")
    # No share can be larger than what the others' least leaves over, and the other way round.
    high = np.minimum(high, low + max(1 - low.sum(), 0.0))
    low = np.maximum(low, high - max(high.sum() - 1, 0.0))
    return Bounds(low, np.maximum(low, high), low_reasons, high_reasons)


def by_language(what: str, values: ByLanguage, languages: Sequence[str], missing: float) -> np.ndarray:
    """Return a number for each language (K,); a UserError tells of an unknown language or a negative number."""
    if not isinstance(values, Mapping):
        values = dict.fromkeys(languages, values)
    for name, value in values.items():
        if name not in languages:
            raise unknown_name(f"language in the {what}", name, languages)
        if not value >= 0:
            raise UserError(f"the {what} of {name} is {value:g}: it cannot be negative")
    return np.array([float(values.get(name, missing)) for name in languages])


def _shares(what: str, values: ByLanguage, languages: Sequence[str], missing: float) -> np.ndarray:
    shares = by_language(what, values, languages, missing)
    if (shares > 1).any():
        raise UserError(f"the {what} of {languages[int(np.argmax(shares))]} is {shares.max():g}: a share is at most 1")
    return shares


def _tightest(limits: Mapping[str, np.ndarray], least: bool) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the bound (K,) that remains of several, and which of them it is."""
    values, names = np.stack(list(limits.values())), tuple(limits)
    which = values.argmax(axis=0) if least else values.argmin(axis=0)
    return values[which, np.arange(values.shape[1])], tuple(names[number] for number in which)
