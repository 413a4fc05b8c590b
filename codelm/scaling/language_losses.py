"""Losses of every language as functions of the split: what an allocation minimises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from codelm.errors import UserError
from codelm.scaling.fit import Fit
from codelm.scaling.laws import Chinchilla, EffectiveData, MixtureLaw
from codelm.scaling.mixture_losses import MixtureLosses
from codelm.scaling.uncertainty import Bootstrap

DECAY = 15.39
"""R_D*, repetitions after which most of a token's worth is used up: Muennighoff et al. 2023, "Scaling Data-Constrained
Language Models", section 5. Their runs determine it weakly, see `codelm.scaling.laws.DataConstrained`."""


class LanguageLosses(Protocol):
    """Anything that predicts the loss of each of K languages from the shares of S sources of tokens.

    The sources are the languages themselves, or collections of several languages, or domains of text.
    """

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of what has a loss (K)."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of what has a share (S)."""

    def losses(
        self, proportions: np.ndarray, parameters: np.ndarray, tokens: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the losses (..., K), above 0, and their slopes (..., K, S + 2).

        Parameters
        ----------
        proportions
            Shares of the tokens (..., S), above 0. Slopes are by each share with the others held, so that shares need
            not sum to 1.
        parameters, tokens
            N and D (...); the last two slopes are by their logarithms.
        """


class DrawnLosses(LanguageLosses, Protocol):
    """Losses that may have bootstrap draws as their leading axis."""

    @property
    def draws(self) -> int:
        """Number of draws; 1 without them."""

    def draw(self, numbers: np.ndarray | slice) -> DrawnLosses:
        """Return some of the draws."""


def losses_of_fits(fits: Mapping[str, Fit]) -> DrawnLosses:
    """Return the losses that some laws predict, one law for each language or target; a UserError tells misfits."""
    return (MixtureLosses if _are_mixtures(fits) else LanguageLaws).of_fits(fits)


def losses_of_bootstraps(bootstraps: Mapping[str, Bootstrap]) -> DrawnLosses:
    """Return the losses that laws fitted to resampled runs predict, with the replicates as the leading axis."""
    fits = {name: drawn.fit for name, drawn in bootstraps.items()}
    return (MixtureLosses if _are_mixtures(fits) else LanguageLaws).of_bootstraps(bootstraps)


def _are_mixtures(fits: Mapping[str, Fit]) -> bool:
    return any(isinstance(fit.law, MixtureLaw) for fit in fits.values())


@dataclass(frozen=True, eq=False)
class LanguageLaws:
    """``L_k = E_k + A_k / N^alpha_k + B_k / D_k^beta_k`` with ``D_k = D * sum_j tau_kj p_j``, and tau_kk = 1.

    The form of Chinchilla's, one-language and effective-data laws, whose values it takes; without mixes among the runs
    tau is 0 between languages. The mean of these losses is convex in the proportions, and in log N where the compute is
    given, as long as tau is not negative: then every minimum is the minimum.

    Parameters
    ----------
    languages
        Names of the K languages.
    floor, size, data, alpha, beta
        E, A, B and the exponents (..., K); bootstrap draws are a leading axis.
    transfer
        tau (..., K, K), from the language of the column to that of the row; 1 on the diagonal.
    """

    languages: tuple[str, ...]
    floor: np.ndarray
    size: np.ndarray
    data: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    transfer: np.ndarray

    @classmethod
    def of_fits(cls, fits: Mapping[str, Fit]) -> LanguageLaws:
        """Take the laws that were fitted to each language.

        Raises
        ------
        UserError
            If a law is not of the form above: one of the mean loss rewards moving tokens to the easiest language, and
            nothing should be allocated on it.
        """
        return cls._of({name: (fit, fit.values) for name, fit in fits.items()})

    @classmethod
    def of_bootstraps(cls, bootstraps: Mapping[str, Bootstrap]) -> LanguageLaws:
        """Take the laws that were fitted to resampled runs, with the replicates as the leading axis.

        Bootstraps of the same runs with the same seed draw the same runs for each language, and keep what the
        languages' errors have in common.
        """
        count = min(len(drawn.values) for drawn in bootstraps.values())
        return cls._of({name: (drawn.fit, drawn.values[:count]) for name, drawn in bootstraps.items()})

    @classmethod
    def _of(cls, fitted: Mapping[str, tuple[Fit, np.ndarray]]) -> LanguageLaws:
        languages = tuple(fitted)
        _check_forms(languages, [fit for fit, _ in fitted.values()])
        columns = np.stack([values[..., :5] for _, values in fitted.values()], axis=-2)
        floor, size, data, alpha, beta = np.moveaxis(columns, -1, 0)
        transfer = np.zeros((*floor.shape, len(languages)))
        for row, (fit, values) in enumerate(fitted.values()):
            transfer[..., row, row] = 1.0
            if isinstance(fit.law, EffectiveData):
                others = [name for name in fit.law.languages if name != fit.law.target]
                transfer[..., row, [languages.index(name) for name in others]] = values[..., 5:]
        return cls(languages, floor, size, data, alpha, beta, transfer)

    @property
    def sources(self) -> tuple[str, ...]:
        """The languages: each has its own share."""
        return self.languages

    @property
    def draws(self) -> int:
        """Number of bootstrap draws; 1 without them."""
        return len(self.floor) if self.floor.ndim > 1 else 1

    def draw(self, numbers: np.ndarray | slice) -> LanguageLaws:
        """Return some of the bootstrap draws."""
        parts = ("floor", "size", "data", "alpha", "beta", "transfer")
        return replace(self, **{name: getattr(self, name)[numbers] for name in parts})

    def losses(
        self, proportions: np.ndarray, parameters: np.ndarray, tokens: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the losses (..., K) and their slopes (..., K, S + 2), see `LanguageLosses`.

        They are NaN where D_k is negative.
        """
        log_size, tokens = np.log(np.asarray(parameters))[..., None], np.asarray(tokens)[..., None]
        with np.errstate(divide="ignore", invalid="ignore"):
            effective = np.matmul(self.transfer, proportions[..., None])[..., 0]
            from_size = self.size * np.exp(-self.alpha * log_size)
            from_data = self.data * np.exp(-self.beta * np.log(tokens * effective))
            slopes = np.empty((*from_data.shape, len(self.languages) + 2))
            slopes[..., -1] = -self.beta * from_data
            slopes[..., -2] = -self.alpha * from_size
            slopes[..., :-2] = (slopes[..., -1] / effective)[..., None] * self.transfer
        return self.floor + from_size + from_data, slopes


@dataclass(frozen=True, eq=False)
class OverCollections:
    """Losses by the shares of collections that hold several languages, such as pairs of programs.

    Parameters
    ----------
    laws
        Losses by the shares of languages.
    sources
        Names of the S collections.
    content
        Share of each collection's tokens that is in each language (K, S).
    """

    laws: DrawnLosses
    sources: tuple[str, ...]
    content: np.ndarray

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of what has a loss."""
        return self.laws.languages

    @property
    def draws(self) -> int:
        """Number of bootstrap draws; 1 without them."""
        return self.laws.draws

    def draw(self, numbers: np.ndarray | slice) -> OverCollections:
        """Return some of the bootstrap draws."""
        return replace(self, laws=self.laws.draw(numbers))

    def losses(
        self, proportions: np.ndarray, parameters: np.ndarray, tokens: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the losses (..., K) and their slopes (..., K, S + 2), see `LanguageLosses`."""
        losses, slopes = self.laws.losses(proportions @ self.content.T, parameters, tokens)
        return losses, np.concatenate([slopes[..., :-2] @ self.content, slopes[..., -2:]], axis=-1)


@dataclass(frozen=True, eq=False)
class WithRepeats:
    """Losses where a source has only so many tokens, and further epochs of them are worth less and less.

    ``t' = U + U * R * (1 - exp(-(t / U - 1) / R))`` effective tokens for t > U trained on, of which U are unique.
    Source: Muennighoff et al. 2023, "Scaling Data-Constrained Language Models", eq. 5.

    Parameters
    ----------
    laws
        Losses without repetition.
    available
        Unique tokens of each source (S,); infinite where there are always more.
    decay
        R, R_D* of that paper.
    """

    laws: LanguageLosses
    available: np.ndarray
    decay: float = DECAY

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of what has a loss."""
        return self.laws.languages

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of what has a share."""
        return self.laws.sources

    def losses(
        self, proportions: np.ndarray, parameters: np.ndarray, tokens: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the losses (..., K) and their slopes (..., K, S + 2), see `LanguageLosses`."""
        # The effective tokens are themselves written as shares of the budget: shares need not sum to 1.
        unique = self.available / np.asarray(tokens)[..., None]
        repeated = np.maximum(proportions / unique - 1, 0.0)
        gone = -np.expm1(-repeated / self.decay)
        effective = np.where(repeated > 0, unique * (1 + self.decay * gone), proportions)
        worth = np.where(repeated > 0, 1 - gone, 1.0)
        losses, slopes = self.laws.losses(effective, parameters, tokens)
        by_effective = slopes[..., :-2]
        # With more tokens at the same shares, those that are repeated lose worth.
        by_tokens = slopes[..., -1] + (by_effective * (proportions * worth - effective)[..., None, :]).sum(axis=-1)
        by_share = by_effective * worth[..., None, :]
        return losses, np.concatenate([by_share, slopes[..., -2:-1], by_tokens[..., None]], axis=-1)


@dataclass(frozen=True, eq=False)
class MeanOverDraws:
    """Losses as the mean over bootstrap draws, which are the leading axis of `laws`."""

    laws: LanguageLosses

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of what has a loss."""
        return self.laws.languages

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of what has a share."""
        return self.laws.sources

    def losses(
        self, proportions: np.ndarray, parameters: np.ndarray, tokens: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the losses (..., K) and their slopes (..., K, S + 2), see `LanguageLosses`."""
        parameters, tokens = np.asarray(parameters)[..., None], np.asarray(tokens)[..., None]
        losses, slopes = self.laws.losses(proportions[..., None, :], parameters, tokens)
        return losses.mean(axis=-2), slopes.mean(axis=-3)


def _check_forms(languages: Sequence[str], fits: Sequence[Fit]) -> None:
    for language, fit in zip(languages, fits, strict=True):
        if not isinstance(fit.law, Chinchilla | EffectiveData):
            raise UserError(
                f"the law of {language!r} is {fit.law.name!r}, on which nothing can be allocated: fit one of "
                "chinchilla, one-language, effective-data or mixture to each language"
            )
        if isinstance(fit.law, EffectiveData):
            if fit.law.target != language:
                raise UserError(f"the law under the name {language!r} is of {fit.law.target!r}: name it so")
            missing = [name for name in fit.law.languages if name not in languages]
            if missing:
                raise UserError(
                    f"the law of {language} has tokens of {', '.join(missing)}, without a law: fit one to each language"
                )
