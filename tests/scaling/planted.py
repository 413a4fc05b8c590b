"""Laws that are known, and runs made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from codelm.scaling.language_losses import LanguageLaws
from codelm.scaling.runs import Runs


def planted_laws(languages: Sequence[str], transfer: float = 0.0, seed: int = 0) -> LanguageLaws:
    """Return plausible laws; tau is drawn from 0 to `transfer`."""
    random, count = np.random.default_rng(seed), len(languages)
    tau = np.where(np.eye(count, dtype=bool), 1.0, transfer * random.random((count, count)))
    ranges = ((0.3, 0.6), (50.0, 90.0), (400.0, 900.0), (0.28, 0.34), (0.33, 0.4))
    floor, size, data, alpha, beta = (random.uniform(low, high, count) for low, high in ranges)
    return LanguageLaws(tuple(languages), floor, size, data, alpha, beta, tau)


def one_and_two_language_mixes(count: int) -> np.ndarray:
    """Return the mixes of each language alone and of each two in halves."""
    alone = np.eye(count)
    pairs = [(alone[first] + alone[second]) / 2 for first in range(count) for second in range(first)]
    return np.concatenate([alone, pairs])


def planted_runs(
    laws: LanguageLaws,
    mixes: np.ndarray,
    sizes: Iterable[float] = (1e8, 3e8, 1e9),
    budgets: Iterable[float] = (2e9, 8e9, 32e9),
    noise: float = 0.0,
    seed: int = 0,
) -> Runs:
    """Return the losses of runs with every mix, size and budget: of every language that learns anything."""
    random = np.random.default_rng(seed)
    rows: list[tuple[float, float, float, int, str, np.ndarray]] = []
    settings = [(size, budget, mix) for size in sizes for budget in budgets for mix in mixes]
    for number, (size, budget, mix) in enumerate(settings):
        losses, _ = laws.losses(mix, np.array(size), np.array(budget))
        for language, loss in zip(laws.languages, losses, strict=True):
            if np.isfinite(loss):
                rows.append((loss * np.exp(noise * random.normal()), size, budget, number, language, mix))
    loss, parameters, tokens, run, language, proportions = (np.array(column) for column in zip(*rows, strict=True))
    return Runs(loss, parameters, tokens, run, None, language, proportions, laws.languages)
