"""Scaling laws: how the loss follows from size, tokens and proportions.

A law is separable: its prediction is ``sum_j c_j * feature_j(theta)``, with linear parameters c and nonlinear theta. It
gives the features and their slopes, and the fitter does the rest: adding a law is one class here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.scaling.runs import Runs, positive_column, proportion_rows

Columns = Mapping[str, np.ndarray]
"""What was trained, by name: ``parameters`` (n,), ``tokens`` (n,), ``unique_tokens`` (n,), ``proportions`` (n, K)."""


_MOST = 10.0
"""Largest exponent that is searched."""


@dataclass(frozen=True)
class Parameter:
    """One fitted number of a law.

    Parameters
    ----------
    name
        As in the formula: ``"alpha"``.
    unit
        What it is measured in, or ``"1"``.
    low, high
        Bounds; a fit may end on one, and then says so.
    starts
        Range in which the search starts. Linear parameters need none: they follow from the nonlinear ones.
    log
        Search on a logarithmic scale; `low` is above 0 then.
    family
        Parameters of one family, one per language say, start from the same value.
    """

    name: str
    unit: str = "1"
    low: float = 0.0
    high: float = np.inf
    starts: tuple[float, float] = (0.0, 0.0)
    log: bool = False
    family: str = ""


class Law(ABC):
    """A separable law: linear parameters first, then nonlinear ones, wherever values are listed.

    Attributes
    ----------
    name
        What the law is called on the command line and in files.
    needs
        Columns that it reads, each with the parameters that cannot be fitted where the column does not vary.
    """

    name: ClassVar[str]
    needs: ClassVar[Mapping[str, tuple[str, ...]]]

    @classmethod
    def of(cls, runs: Runs) -> Law:
        """Return the law with its default options, for some runs."""
        return cls()

    @property
    @abstractmethod
    def linear(self) -> tuple[Parameter, ...]:
        """The linear parameters c, in the order of the features."""

    @property
    @abstractmethod
    def nonlinear(self) -> tuple[Parameter, ...]:
        """The nonlinear parameters theta."""

    @abstractmethod
    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        """Return the features and their slopes.

        Parameters
        ----------
        theta
            Nonlinear parameters (..., P); the leading axes are whatever is computed at once: starts, replicates.
        columns
            What was trained, n rows.

        Returns
        -------
        features
            (..., J, n), one for each linear parameter; positive or zero.
        slopes
            (..., J, P, n), the derivative of each feature by each of theta.
        """

    @property
    def reported(self) -> tuple[str, ...]:
        """Names of the formula's own parameters, as a fit reports them."""
        return self.names

    def report(self, values: np.ndarray) -> np.ndarray:
        """Turn c and theta (..., J + P) into the formula's own parameters, in the order of `reported`."""
        return values

    def internal(self, reported: np.ndarray) -> np.ndarray:
        """Turn the formula's own parameters into c and theta (..., J + P)."""
        return reported

    @property
    def names(self) -> tuple[str, ...]:
        """Names of c and theta."""
        return tuple(parameter.name for parameter in (*self.linear, *self.nonlinear))

    def columns(self, runs: Runs) -> Columns:
        """Return what the law reads of the runs; a UserError tells what they lack."""
        languages = getattr(self, "languages", ())
        return {name: runs.shares(languages) if name == "proportions" else runs.require(name) for name in self.needs}

    def predict(self, reported: Mapping[str, float] | np.ndarray, **columns: Any) -> np.ndarray:
        """Return the loss (..., n).

        Parameters
        ----------
        reported
            The formula's own parameters, by name or as an array (..., J + P).
        columns
            What is trained: ``parameters=1e9, tokens=[1e9, 2e9]``; single numbers stand for all rows.

        Raises
        ------
        UserError
            If a parameter or a column is missing, or is not what the law can be of.
        """
        if isinstance(reported, Mapping):
            _check_given(self.name, self.reported, reported)
            reported = np.array([reported[name] for name in self.reported])
        _check_given(self.name, self.needs, columns)
        reported = np.asarray(reported, dtype=float)
        if reported.shape[-1:] != (len(self.reported),):
            raise UserError(f"the {self.name} law takes {', '.join(self.reported)}: give {len(self.reported)} numbers")
        values, count = self.internal(reported), len(self.linear)
        features, _ = self.basis(values[..., count:], _as_rows(columns, getattr(self, "languages", ())))
        return np.asarray(np.einsum("...j,...jn->...n", values[..., :count], features))


def _exponent(name: str, family: str = "") -> Parameter:
    return Parameter(name, "1", 0.01, _MOST, (0.1, 1.5), log=True, family=family)


@dataclass(frozen=True)
class Chinchilla(Law):
    """Loss from size and tokens: ``L = E + A / N^alpha + B / D^beta``.

    N and D may be in any units; A and B are the loss that size and tokens add at N = 1 and D = 1.
    Source: Hoffmann et al. 2022, "Training Compute-Optimal Large Language Models", section 3.3.
    """

    name = "chinchilla"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"parameters": ("A", "alpha"), "tokens": ("B", "beta")}
    linear = (Parameter("E", "loss"), Parameter("A", "loss"), Parameter("B", "loss"))
    nonlinear = (_exponent("alpha"), _exponent("beta"))

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        features, slopes = _empty_basis(theta, 3, columns["tokens"])
        features[..., 0, :] = 1
        features[..., 1, :], slopes[..., 1, 0, :] = _power(theta[..., 0], np.log(columns["parameters"]))
        features[..., 2, :], slopes[..., 2, 1, :] = _power(theta[..., 1], np.log(columns["tokens"]))
        return features, slopes


@dataclass(frozen=True)
class OneLanguage(Chinchilla):
    """Loss of one language: ``L = (N_c / N)^alpha_N + (D_c / D)^alpha_D + L_inf``.

    The same curves as Chinchilla's, with A = N_c^alpha_N and B = D_c^alpha_D. N_c and D_c are in the units of N and D.
    Source: "Scaling Laws for Code: Every Programming Language Matters" (arXiv 2512.13472), eq. 1, with N and D in
    billions.
    """

    name = "one-language"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "parameters": ("N_c^alpha_N", "alpha_N"),
        "tokens": ("D_c^alpha_D", "alpha_D"),
    }
    linear = (Parameter("L_inf", "loss"), Parameter("N_c^alpha_N", "loss"), Parameter("D_c^alpha_D", "loss"))
    nonlinear = (_exponent("alpha_N"), _exponent("alpha_D"))
    reported = ("N_c", "alpha_N", "D_c", "alpha_D", "L_inf")

    def report(self, values: np.ndarray) -> np.ndarray:
        floor, size, data, alpha_n, alpha_d = np.moveaxis(values, -1, 0)
        with np.errstate(over="ignore"):
            return np.stack([size ** (1 / alpha_n), alpha_n, data ** (1 / alpha_d), alpha_d, floor], axis=-1)

    def internal(self, reported: np.ndarray) -> np.ndarray:
        n_c, alpha_n, d_c, alpha_d, floor = np.moveaxis(reported, -1, 0)
        return np.stack([floor, n_c**alpha_n, d_c**alpha_d, alpha_n, alpha_d], axis=-1)


@dataclass(frozen=True)
class DataConstrained(Law):
    """Loss where tokens are repeated: ``L = E + A / N'^alpha + B / D'^beta``, with repetitions worth less and less.

    ``D' = U + U * R_D* * (1 - exp(-R_D / R_D*))``: U unique tokens (at most D), repeated ``R_D = D / U - 1`` times.
    ``N' = V + V * R_N* * (1 - exp(-R_N / R_N*))``: V parameters are optimal for U tokens (at most N), and
    ``R_N = N / V - 1`` are in excess.
    Source: Muennighoff et al. 2023, "Scaling Data-Constrained Language Models", eq. 5 and 6.

    Parameters
    ----------
    optimal_scale, optimal_exponent
        ``V = min(N, optimal_scale * U^optimal_exponent)``, with N and U in the runs' units. The default is the authors'
        for C4, with N in parameters and U in tokens; `from_chinchilla` finds them for other coefficients.
    """

    optimal_scale: float = 0.05098651765
    optimal_exponent: float = 1.0

    name = "data-constrained"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "parameters": ("A", "alpha"),
        "tokens": (),
        "unique_tokens": (),
    }
    linear = Chinchilla.linear
    nonlinear = (
        *Chinchilla.nonlinear,
        Parameter("R_D*", "repetitions", 1e-2, 1e6, (1.0, 100.0), log=True),
        Parameter("R_N*", "multiples", 1e-2, 1e6, (1.0, 100.0), log=True),
    )

    @classmethod
    def from_chinchilla(cls, a: float, b: float, alpha: float, beta: float) -> DataConstrained:
        """Return the law in which V is what Chinchilla's A, B, alpha and beta call optimal for U tokens."""
        ratio = (alpha * a / (beta * b)) ** (1 / (alpha + beta))
        return cls(ratio ** (1 + beta / alpha), beta / alpha)

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        size, tokens = columns["parameters"], columns["tokens"]
        unique = np.minimum(columns["unique_tokens"], tokens)
        optimal = np.minimum(size, self.optimal_scale * unique**self.optimal_exponent)
        features, slopes = _empty_basis(theta, 3, unique)
        features[..., 0, :] = 1
        for place, (first, total) in enumerate(((optimal, size), (unique, tokens))):
            # R_N* comes after R_D* in theta, but sizes before tokens among the features.
            exponent, decay = theta[..., place], theta[..., 3 - place]
            worth, slope = _worth(decay, first, total)
            power, slopes[..., place + 1, place, :] = _power(exponent, np.log(worth))
            features[..., place + 1, :] = power
            slopes[..., place + 1, 3 - place, :] = -exponent[..., None] * power * slope / worth
        return features, slopes


@dataclass(frozen=True)
class ProportionLaw(Law):
    """Mean loss of a mix of languages: ``L = A(p) * N^-alpha_N(p) + B(p) * D_x^-alpha_D(p) + L_inf(p)``.

    alpha_N(p), alpha_D(p) and L_inf(p) are the means of the languages' own, weighted by their proportions p, and
    ``D_x = D * (1 + gamma * sum_{i != j} p_i p_j tau_ij)`` counts what languages learn from one another.
    Source: "Scaling Laws for Code: Every Programming Language Matters" (arXiv 2512.13472), section 6, which has one A
    and one B for all languages. Such a law depends on the units of N and D; they are kept with it. With a coefficient
    for each language, ``A(p) = prod_k A_k^p_k`` and B(p) likewise, it does not.

    Parameters
    ----------
    languages
        Names of the languages, in the order of everything that is listed by language.
    coefficients
        ``common``: one A and one B; ``by-language``: one of each language.
    tau
        Transfer coefficients, ``tau[i][j]`` from language j to i; without them there is no gamma. Only
        ``gamma * (tau_ij + tau_ji)`` can be told from mixes.
    unit_parameters, unit_tokens
        What N and D are divided by.
    """

    languages: tuple[str, ...]
    coefficients: Literal["common", "by-language"] = "common"
    tau: tuple[tuple[float, ...], ...] = ()
    unit_parameters: float = 1e9
    unit_tokens: float = 1e9

    name = "proportions"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "parameters": ("A",),
        "tokens": ("B",),
        "proportions": (),
    }

    def __post_init__(self) -> None:
        _freeze(self, "languages", "tau")
        if self.coefficients not in ("common", "by-language"):
            raise unknown_name("coefficients", self.coefficients, ("common", "by-language"))
        count = len(self.languages)
        if self.tau and np.shape(self.tau) != (count, count):
            raise UserError(f"tau has the shape {np.shape(self.tau)}: give {count} rows of {count}, one per language")

    @classmethod
    def of(cls, runs: Runs) -> Law:
        return cls(runs.languages)

    @property
    def linear(self) -> tuple[Parameter, ...]:
        floors = (Parameter(f"L_inf[{language}]", "loss") for language in self.languages)
        return (*floors, Parameter("A", "loss"), Parameter("B", "loss"))

    @property
    def nonlinear(self) -> tuple[Parameter, ...]:
        exponents = [
            _exponent(f"{name}[{language}]", name) for name in ("alpha_N", "alpha_D") for language in self.languages
        ]
        gamma = [Parameter("gamma", "1", -100.0, 100.0, (-0.5, 0.5))] if self.tau else []
        ratios = [
            Parameter(f"log({name}[{language}]/{name})", "1", -20.0, 20.0)
            for name in ("A", "B")
            for language in self.languages[:-1]
            if self.coefficients == "by-language"
        ]
        return (*exponents, *gamma, *ratios)

    @property
    def reported(self) -> tuple[str, ...]:
        if self.coefficients == "common":
            return self.names
        count = len(self.languages)
        own = [f"{name}[{language}]" for name in ("A", "B") for language in self.languages]
        return (*self.names[:count], *own, *self.names[count + 2 : len(self.names) - 2 * (count - 1)])

    def report(self, values: np.ndarray) -> np.ndarray:
        if self.coefficients == "common":
            return values
        count = len(self.languages)
        floors, means, rest, ratios = np.split(values, [count, count + 2, values.shape[-1] - 2 * (count - 1)], axis=-1)
        ratios = ratios.reshape(*values.shape[:-1], 2, count - 1)
        ratios = np.concatenate([ratios, -ratios.sum(axis=-1, keepdims=True)], axis=-1)
        own = (means[..., None] * np.exp(ratios)).reshape(*values.shape[:-1], 2 * count)
        return np.concatenate([floors, own, rest], axis=-1)

    def internal(self, reported: np.ndarray) -> np.ndarray:
        if self.coefficients == "common":
            return reported
        count = len(self.languages)
        floors, own, rest = np.split(reported, [count, 3 * count], axis=-1)
        # A coefficient that a fit put at 0 has no logarithm, but is the same in every mix.
        logarithms = np.log(np.maximum(own, np.finfo(float).tiny).reshape(*reported.shape[:-1], 2, count))
        means = logarithms.mean(axis=-1, keepdims=True)
        ratios = (logarithms - means)[..., :-1].reshape(*reported.shape[:-1], 2 * (count - 1))
        return np.concatenate([floors, np.exp(means[..., 0]), rest, ratios], axis=-1)

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        count, shares = len(self.languages), columns["proportions"].T
        features, slopes = _empty_basis(theta, count + 2, columns["tokens"])
        features[..., :count, :] = shares
        between = np.where(np.eye(count), 0.0, self.tau or 0.0)
        gain = np.einsum("in,ij,jn->n", shares, between, shares) if self.tau else 0.0 * shares[0]
        gamma = theta[..., 2 * count, None] if self.tau else 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            logarithms = (
                np.log(columns["parameters"] / self.unit_parameters),
                np.log(columns["tokens"] / self.unit_tokens) + np.log1p(gamma * gain),
            )
        relative = shares[:-1] - shares[-1]
        for place, logarithm in enumerate(logarithms):
            own = slice(place * count, (place + 1) * count)
            exponent = np.matmul(theta[..., own], shares)
            power = np.exp(-exponent * logarithm)
            if self.coefficients == "by-language":
                first = 2 * count + bool(self.tau) + place * (count - 1)
                ratios = slice(first, first + count - 1)
                power *= np.exp(np.matmul(theta[..., ratios], relative))
                slopes[..., count + place, ratios, :] = relative * power[..., None, :]
            features[..., count + place, :] = power
            slopes[..., count + place, own, :] = -shares * (logarithm * power)[..., None, :]
            if place and self.tau:
                slopes[..., count + 1, 2 * count, :] = -exponent * power * gain / (1 + gamma * gain)
        return features, slopes


@dataclass(frozen=True)
class EffectiveData(Law):
    """Loss of one language in a mix: ``L = E + A / N^alpha + B / D_k^beta``, with its own effective tokens D_k.

    ``D_k = D * (p_k + sum_{j != k} tau_j p_j)``: of the tokens of another language j, tau_j are worth as much as tokens
    of language k. Unlike a law of the mean loss, it keeps the direction of transfer: each language has its own tau.
    A form of ours, after the data term of Hoffmann et al. 2022.

    Parameters
    ----------
    target
        Language k, whose loss this is.
    languages
        All languages of the mixes, with the target.
    """

    target: str
    languages: tuple[str, ...]

    name = "effective-data"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"parameters": ("A", "alpha"), "tokens": (), "proportions": ()}
    linear = Chinchilla.linear

    def __post_init__(self) -> None:
        _freeze(self, "languages")
        if self.target not in self.languages:
            raise unknown_name("target language", self.target, self.languages)

    @classmethod
    def of(cls, runs: Runs) -> Law:
        target = _only_language(runs)
        runs.require("proportions")
        return cls(target, runs.languages)

    @property
    def nonlinear(self) -> tuple[Parameter, ...]:
        others = (language for language in self.languages if language != self.target)
        return (
            *Chinchilla.nonlinear,
            *(Parameter(f"tau[{other}]", "tokens per token", -0.5, 10.0, (0.0, 0.3), family="tau") for other in others),
        )

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        features, slopes = _empty_basis(theta, 3, columns["tokens"])
        features[..., 0, :] = 1
        features[..., 1, :], slopes[..., 1, 0, :] = _power(theta[..., 0], np.log(columns["parameters"]))
        place = self.languages.index(self.target)
        own, others = columns["proportions"][:, place], np.delete(columns["proportions"], place, axis=1).T
        effective = own + np.matmul(theta[..., 2:], others)
        with np.errstate(invalid="ignore", divide="ignore"):
            power, slopes[..., 2, 1, :] = _power(theta[..., 1], np.log(columns["tokens"] * effective))
            slopes[..., 2, 2:, :] = -(theta[..., 1, None] * power / effective)[..., None, :] * others
        features[..., 2, :] = power
        return features, slopes


@dataclass(frozen=True)
class MixtureLaw(Law):
    """Loss of one target from the mix alone, at one size and budget: ``L = sum_k p_k E_k + B / S^beta``.

    ``S = 1 + sum_k tau_k p_k^rho`` is what the shares p_k of the tokens are worth to the target: tau_k says how much a
    language helps, and rho below 1 that more of the same helps less and less. The target's own language has a rho of
    its own. A form of ours: the floor of `ProportionLaw`, and the effective tokens of `EffectiveData` with diminishing
    returns, as in a production function of constant elasticity (Arrow et al. 1961, "Capital-Labor Substitution and
    Economic Efficiency").

    Parameters
    ----------
    languages
        Languages, or any other sources, of the mix.
    target
        That of them whose loss this is, or None for a loss on something else.
    untrained
        Bound of B: the loss of a model that has learned nothing, the logarithm of its vocabulary in nats.
    """

    languages: tuple[str, ...]
    target: str | None = None
    untrained: float = 12.0

    name = "mixture"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"proportions": ()}

    def __post_init__(self) -> None:
        _freeze(self, "languages")
        if self.target is not None and self.target not in self.languages:
            raise unknown_name("target language", self.target, self.languages)

    @classmethod
    def of(cls, runs: Runs) -> Law:
        target = None if runs.language is None else _only_language(runs)
        return cls(runs.languages, target if target in runs.languages else None)

    @property
    def linear(self) -> tuple[Parameter, ...]:
        floors = (Parameter(f"E[{language}]", "loss") for language in self.languages)
        return (*floors, Parameter("B", "loss", 0.0, self.untrained))

    @property
    def nonlinear(self) -> tuple[Parameter, ...]:
        own = [] if self.target is None else [f"rho[{self.target}]"]
        return (
            Parameter("beta", "1", 0.01, _MOST, (0.1, 1.0), log=True),
            *(Parameter(name, "1", 0.1, 3.0, (0.3, 1.0), log=True) for name in ("rho", *own)),
            *(Parameter(f"tau[{language}]", "1", 0.0, 1e6, (0.1, 20.0), family="tau") for language in self.languages),
        )

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        count, shares = len(self.languages), columns["proportions"].T
        features, slopes = _empty_basis(theta, count + 1, shares[0])
        features[..., :count, :] = shares
        # Which of the languages share a rho: all but the target, and the target.
        own = np.array([language == self.target for language in self.languages])
        groups = [~own, own] if own.any() else [~own]
        first = 1 + len(groups)
        beta, tau = theta[..., 0], theta[..., first:, None]
        rho = sum(theta[..., 1 + place, None] * group for place, group in enumerate(groups))
        logarithm = np.log(np.where(shares > 0, shares, 1.0))
        powers = np.where(shares > 0, np.exp(rho[..., None] * logarithm), 0.0)
        worth = 1 + (tau * powers).sum(axis=-2)
        features[..., count, :], slopes[..., count, 0, :] = _power(beta, np.log(worth))
        by_worth = (-beta[..., None] * features[..., count, :] / worth)[..., None, :]
        by_rho = by_worth * tau * powers * logarithm
        for place, group in enumerate(groups):
            slopes[..., count, 1 + place, :] = by_rho[..., group, :].sum(axis=-2)
        slopes[..., count, first:, :] = by_worth * powers
        return features, slopes


LAWS: Mapping[str, type[Law]] = {
    law.name: law for law in (Chinchilla, OneLanguage, DataConstrained, ProportionLaw, EffectiveData, MixtureLaw)
}
"""The laws by name."""


def _empty_basis(theta: np.ndarray, count: int, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    leading, rows = theta.shape[:-1], column.shape[-1]
    return np.empty((*leading, count, rows)), np.zeros((*leading, count, theta.shape[-1], rows))


def _power(exponent: np.ndarray, logarithm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``x^-exponent`` (..., n), and its derivative by the exponent, of the logarithm of x (..., n)."""
    power = np.exp(-exponent[..., None] * logarithm)
    return power, -logarithm * power


def _worth(decay: np.ndarray, first: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what repetitions are worth (..., n): ``first * (1 + decay * (1 - exp(-r / decay)))``; and its slope."""
    repetitions = total / first - 1
    passed = repetitions / decay[..., None]
    gone = -np.expm1(-passed)
    return first * (1 + decay[..., None] * gone), first * (gone - passed * np.exp(-passed))


def _only_language(runs: Runs) -> str:
    languages = sorted(set(runs.require("language").tolist()))
    if len(languages) > 1:
        raise UserError(f"the runs have losses of {', '.join(languages)}: fit each language by itself")
    return str(languages[0])


def _freeze(law: Any, *names: str) -> None:
    """Turn lists, as files hold them, and arrays into tuples."""
    for name in names:
        values = (item.tolist() if isinstance(item, np.ndarray) else item for item in getattr(law, name))
        object.__setattr__(law, name, tuple(tuple(item) if isinstance(item, list) else item for item in values))


def _check_given(law: str, names: Iterable[str], given: Iterable[str]) -> None:
    missing = [name for name in names if name not in given]
    if missing:
        raise UserError(f"the {law} law needs {' and '.join(missing)}: give them by name")


def _as_rows(columns: Mapping[str, Any], languages: tuple[str, ...]) -> Columns:
    """Turn single numbers into as many rows as the other columns have; a UserError tells what cannot be trained."""
    arrays = {
        name: proportion_rows(np.atleast_2d(values), languages)
        if name == "proportions"
        else positive_column(name, np.atleast_1d(values))
        for name, values in columns.items()
    }
    rows = max(len(values) for values in arrays.values())
    for name, values in arrays.items():
        if len(values) not in (1, rows):
            raise UserError(f"{name} has {len(values)} values, another column {rows}: give as many, or one for all")
    return {name: np.broadcast_to(values, (rows, *values.shape[1:])) for name, values in arrays.items()}
