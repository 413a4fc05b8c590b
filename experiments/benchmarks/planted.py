"""Laws with known parameters, and what would be trained to find them again: for the benchmark and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from codelm.languages import LANGUAGES
from codelm.scaling import Chinchilla, DataConstrained, EffectiveData, Law, MixtureLaw, OneLanguage, ProportionLaw, Runs

SIZES = np.array([0.1, 0.2, 0.4, 0.6, 1.1, 1.3, 1.6, 2.0, 2.4, 3.1]) * 1e9
BUDGETS = np.array([2.0, 4.0, 8.0, 16.0, 32.0, 64.0]) * 1e9
"""The grid of one language in "Scaling Laws for Code" (arXiv 2512.13472), section 3."""

_THREE = LANGUAGES[:3]

_TAU = ((0.0, 0.1, -0.05), (0.2, 0.0, 0.3), (0.15, 0.25, 0.0))


@dataclass(frozen=True)
class Planted:
    """A law, the parameters it is given, and what is trained."""

    law: Law
    parameters: dict[str, float]
    columns: dict[str, Any]

    def runs(self, noise: float = 0.0, seed: int = 0) -> Runs:
        """Return runs with the law's losses, times the exponential of normal noise."""
        loss = self.law.predict(self.parameters, **self.columns)
        loss = loss * np.exp(noise * np.random.default_rng(seed).normal(size=len(loss)))
        languages = getattr(self.law, "languages", ())
        return Runs(loss=loss, run=np.arange(len(loss)), languages=languages, **self.columns)


def planted() -> dict[str, Planted]:
    """Return one planted law of each kind, by name."""
    size, budget = (values.ravel() for values in np.meshgrid(SIZES, BUDGETS))
    grid = {"parameters": size, "tokens": budget}
    unique = np.concatenate([np.minimum(most, budget) for most in (1e8, 4e8, 1.5e9, 6e9)])
    repeated = {"parameters": np.tile(size, 4), "tokens": np.tile(budget, 4), "unique_tokens": unique}
    proportions = _proportions(len(_THREE), 12)
    mixed = {
        "parameters": np.tile(SIZES[[0, 3, 5, 9]], 3 * len(proportions)),
        "tokens": np.tile(np.repeat(BUDGETS[[0, 3, 5]], 4), len(proportions)),
        "proportions": np.repeat(proportions, 12, axis=0),
    }
    coefficients = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}
    repeating = {"E": 1.87, "A": 521.0, "B": 1488.0, "alpha": 0.35, "beta": 0.36, "R_D*": 15.4, "R_N*": 5.3}
    one = {"N_c": 0.02, "alpha_N": 0.447, "D_c": 0.5, "alpha_D": 1.129, "L_inf": 0.397}
    floors = _each("L_inf", 0.566, 0.397, 0.554)
    exponents = {**_each("alpha_N", 0.221, 0.447, 0.692), **_each("alpha_D", 1.217, 1.129, 1.247)}
    own = {**_each("A", 0.1, 0.3, 0.2), **_each("B", 0.8, 0.5, 1.5)}
    transfer = {"tau[java]": 0.3, "tau[javascript]": 0.1}
    mixture = {**_each("E", 1.5, 1.8, 1.2), "B": 6.0, "beta": 0.3, "rho": 0.6, "rho[python]": 0.8}
    cases = (
        Planted(Chinchilla(), coefficients, grid),
        Planted(OneLanguage(), one, {name: values / 1e9 for name, values in grid.items()}),
        Planted(DataConstrained(), repeating, repeated),
        Planted(ProportionLaw(_THREE, tau=_TAU), {**floors, "A": 0.15, "B": 0.9, **exponents, "gamma": 0.8}, mixed),
        Planted(ProportionLaw(_THREE, "by-language", _TAU), {**floors, **own, **exponents, "gamma": 0.8}, mixed),
        Planted(EffectiveData("python", _THREE), {**coefficients, **transfer}, mixed),
        Planted(
            MixtureLaw(_THREE, "python"),
            {**mixture, **_each("tau", 8.0, 3.0, 1.0)},
            {"proportions": _proportions(len(_THREE), 200)},
        ),
    )
    names = ("chinchilla", "one-language", "data-constrained", "proportions", "proportions by language")
    return dict(zip((*names, "effective-data", "mixture"), cases, strict=True))


def _each(name: str, *values: float) -> dict[str, float]:
    return {f"{name}[{language}]": value for language, value in zip(_THREE, values, strict=True)}


def _proportions(languages: int, mixes: int) -> np.ndarray:
    """Return every language alone, every pair half and half, and some random mixes."""
    alone = np.eye(languages)
    pairs = [(alone[one] + alone[other]) / 2 for one in range(languages) for other in range(one)]
    return np.concatenate([alone, pairs, np.random.default_rng(0).dirichlet(np.full(languages, 0.7), mixes)])
