"""Losses by mixture laws as functions of the split: of targets that need not be sources of tokens themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from codelm.errors import UserError
from codelm.scaling.fit import Fit
from codelm.scaling.laws import MixtureLaw
from codelm.scaling.uncertainty import Bootstrap


@dataclass(frozen=True, eq=False)
class MixtureLosses:
    """``L_k = sum_j p_j E_kj / sum_j p_j + B_k / S_k^beta_k`` with ``S_k = 1 + sum_j tau_kj p_j^rho_kj``.

    The form of `codelm.scaling.laws.MixtureLaw`, whose values it takes; shares need not sum to 1, as where repeated
    tokens count for less. It holds at the size and budget of its runs: N and D change nothing. Where a rho is above 1
    it may have several minima.

    Parameters
    ----------
    languages, sources
        Names of the K targets and of the S sources.
    floor, tau, rho
        E, tau and rho of each target and source (..., K, S); bootstrap draws are a leading axis.
    data, beta
        B and beta (..., K).
    """

    languages: tuple[str, ...]
    sources: tuple[str, ...]
    floor: np.ndarray
    tau: np.ndarray
    rho: np.ndarray
    data: np.ndarray
    beta: np.ndarray

    @classmethod
    def of_fits(cls, fits: Mapping[str, Fit]) -> MixtureLosses:
        """Take the laws that were fitted to each target."""
        return cls._of({name: (fit, fit.values) for name, fit in fits.items()})

    @classmethod
    def of_bootstraps(cls, bootstraps: Mapping[str, Bootstrap]) -> MixtureLosses:
        """Take the laws that were fitted to resampled runs, with the replicates as the leading axis."""
        count = min(len(drawn.values) for drawn in bootstraps.values())
        return cls._of({name: (drawn.fit, drawn.values[:count]) for name, drawn in bootstraps.items()})

    @classmethod
    def _of(cls, fitted: Mapping[str, tuple[Fit, np.ndarray]]) -> MixtureLosses:
        laws = {name: fit.law for name, (fit, _) in fitted.items()}
        sources = next(iter(laws.values())).languages  # type: ignore[attr-defined]
        parts = []
        for name, (fit, values) in fitted.items():
            law = fit.law
            if not isinstance(law, MixtureLaw) or law.languages != sources:
                raise UserError(f"the law of {name!r} is not a mixture law of {', '.join(sources)}: fit all alike")
            count, shared = len(sources), len(law.nonlinear) - len(sources)
            floor, data, beta, rhos, tau = np.split(values, [count, count + 1, count + 2, count + 1 + shared], axis=-1)
            own = np.array([source == law.target for source in sources])
            parts.append((floor, tau, np.where(own, rhos[..., -1:], rhos[..., :1]), data[..., 0], beta[..., 0]))
        floor, tau, rho, data, beta = zip(*parts, strict=True)
        by_source = [np.stack(part, axis=-2) for part in (floor, tau, rho)]
        by_target = [np.stack(part, axis=-1) for part in (data, beta)]
        return cls(tuple(laws), sources, *by_source, *by_target)

    @property
    def draws(self) -> int:
        """Number of bootstrap draws; 1 without them."""
        return len(self.data) if self.data.ndim > 1 else 1

    def draw(self, numbers: np.ndarray | slice) -> MixtureLosses:
        """Return some of the bootstrap draws."""
        parts = ("floor", "tau", "rho", "data", "beta")
        return replace(self, **{name: getattr(self, name)[numbers] for name in parts})

    def losses(
        self, proportions: np.ndarray, parameters: np.ndarray, tokens: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the losses (..., K) and their slopes (..., K, S + 2), see `LanguageLosses`."""
        shares = np.asarray(proportions)[..., None, :]
        total = shares.sum(axis=-1)
        floor = (self.floor * shares).sum(axis=-1) / total
        with np.errstate(divide="ignore", invalid="ignore"):
            powers = self.tau * np.exp(self.rho * np.log(shares))
            worth = 1 + powers.sum(axis=-1)
            from_data = self.data * worth**-self.beta
            slopes = np.zeros((*from_data.shape, len(self.sources) + 2))
            slopes[..., :-2] = -(self.beta * from_data / worth)[..., None] * self.rho * powers / shares
        slopes[..., :-2] += (self.floor - floor[..., None]) / total[..., None]
        return floor + from_data, slopes
