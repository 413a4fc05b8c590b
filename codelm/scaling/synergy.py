"""What languages gain from one another: the synergy matrix, transfer coefficients and the strength of transfer.

Two ways to say what a mix of two languages brings the one that is tested:

- the *gain*, a share of the loss: ``(baseline - mix) / baseline``, positive where the mix helps, with the target alone
  at the same size and budget as the baseline (arXiv 2512.13472, section 4, whose eq. 2 has the other sign but whose
  figures are these). It holds for that size and that budget.
- the *transfer coefficient* tau, tokens of the target that a token of the other language is worth:
  ``D_k = D * (p_k + sum_j tau_kj p_j)`` effective tokens of language k. It holds wherever the law does, can be added up
  over mixes of many languages, and keeps the direction of transfer; so it is what allocation takes. It is fitted to the
  one- and two-language runs of several sizes and budgets together.

The paper takes tau from the synergy table without giving a formula. In its law of the mean loss only
``gamma * (tau_ij + tau_ji)`` counts, so that tau's unit does not matter: `fit_gamma` takes either matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from codelm.errors import UserError
from codelm.scaling.fit import Fit, fit
from codelm.scaling.laws import EffectiveData, ProportionLaw
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective, ObjectiveName
from codelm.scaling.uncertainty import Bootstrap

_HALVES = 0.05
"""How far the shares of a two-language run may be from halves."""

_SAME = 0.02
"""Sizes and budgets that differ by no more than this share are the same."""

_ALONE = 1 - 1e-6


@dataclass(frozen=True, eq=False)
class Matrix:
    """A number for each target (row) and auxiliary language (column), with bootstrap draws.

    Parameters
    ----------
    languages
        Names of the K rows and columns.
    values
        (K, K); the diagonal is that of a language with itself, and NaN is what was not measured.
    draws
        (R, K, K) from resampled runs; R may be 0.
    percent
        Whether values are shares, to be written in percent.
    """

    languages: tuple[str, ...]
    values: np.ndarray
    draws: np.ndarray
    percent: bool = False

    def written(self, value: float) -> str:
        """Write one of the values for people."""
        return f"{100 * value:+.1f}" if self.percent else f"{value:.2f}"

    def intervals(self, level: float = 0.95) -> np.ndarray:
        """Return percentile limits (2, K, K); NaN where too few runs tell nothing of their noise."""
        limits = np.full((2, *self.values.shape), np.nan)
        told = np.isfinite(self.draws).any(axis=0) if len(self.draws) else np.zeros(self.values.shape, dtype=bool)
        if told.any():
            limits[:, told] = np.nanpercentile(self.draws[:, told], [50 - 50 * level, 50 + 50 * level], axis=0)
        return limits


def gains(losses: np.ndarray) -> np.ndarray:
    """Return the gains (K, K) of losses (K, K): targets in rows, auxiliaries in columns, baselines on the diagonal."""
    losses = np.asarray(losses, dtype=float)
    return 1 - losses / np.diag(losses)[:, None]


def synergy(runs: Runs, replicates: int = 2000, seed: int = 0) -> Matrix:
    """Return the matrix of gains of one- and two-language runs.

    A two-language run counts where its shares are about equal. Its loss on either language is compared with the mean of
    the runs of that language alone that have its size and budget; gains are averaged over sizes and budgets.

    Parameters
    ----------
    runs
        Losses by language, with proportions, parameters and tokens.
    replicates
        Bootstrap draws: runs are drawn with replacement from those of the same languages. A gain that rests on a single
        run, or on a single baseline, has no interval.
    seed
        Of the draws.
    """
    count, targets = len(runs.languages), _targets(runs)
    used = runs.require("proportions") > 0
    alone = runs.proportions.max(axis=1) > _ALONE  # type: ignore[union-attr]
    halves = (used.sum(axis=1) == 2) & (np.abs(runs.proportions.max(axis=1) - 0.5) <= _HALVES)  # type: ignore[union-attr]
    rows = np.arange(len(runs))
    baselines = rows[alone & used[rows, targets]]
    mixes = rows[halves & used[rows, targets]]
    matched = _same_setting(runs, mixes, baselines) & (targets[mixes][:, None] == targets[baselines])
    mixes, matched = mixes[matched.any(axis=1)], matched[matched.any(axis=1)]
    if not len(mixes):
        raise UserError(
            "no run of two languages in equal shares has the size and budget of a run of one alone: add such runs"
        )
    others = (used[mixes] & ~np.eye(count, dtype=bool)[targets[mixes]]).argmax(axis=1)
    cells = np.zeros((len(mixes), count, count))
    cells[np.arange(len(mixes)), targets[mixes], others] = 1.0
    weights = _draws_within(used, runs.blocks, replicates, seed)
    values, drawn = (
        _gains_of(runs.loss, w, mixes, baselines, matched, cells) for w in (np.ones((1, len(runs))), weights)
    )
    blocks = runs.blocks
    for target, other in zip(targets[mixes], others, strict=True):
        here = cells[:, target, other] > 0
        if min(len(set(blocks[mixes[here]])), len(set(blocks[baselines[matched[here].any(axis=0)]]))) < 2:
            drawn[:, target, other] = np.nan
    values[:, range(count), range(count)] = 0.0
    return Matrix(runs.languages, values[0], drawn, percent=True)


def transfer(fits: Mapping[str, Fit], bootstraps: Mapping[str, Bootstrap] | None = None) -> Matrix:
    """Return the transfer coefficients tau of effective-data laws, one fitted to the losses of each language.

    tau is among their parameters, so that its interval has the uncertainty of the whole law in it::

        fits = {name: fit(runs.of_language(name), "effective-data") for name in runs.languages}

    Parameters
    ----------
    fits
        Laws by language.
    bootstraps
        Their bootstraps; with one seed for all they keep what the runs' errors have in common.
    """
    languages = tuple(fits)
    for name, one in fits.items():
        if not isinstance(one.law, EffectiveData) or set(one.law.languages) != set(languages):
            raise UserError(
                f"the law of {name} has no transfer from each of the others: fit effective-data to all of them"
            )
    values = _tau({name: (one.law, one.values) for name, one in fits.items()})
    if not bootstraps:
        return Matrix(languages, values, np.empty((0, *values.shape)))
    count = min(len(one.values) for one in bootstraps.values())
    drawn = {name: (bootstraps[name].fit.law, bootstraps[name].values[:count]) for name in languages}
    return Matrix(languages, values, _tau(drawn))


def mean_losses(runs: Runs) -> Runs:
    """Return one row per run with the mean of its losses, weighted by its proportions: for laws of the mean loss."""
    shares, targets, blocks = runs.require("proportions"), _targets(runs), runs.blocks
    weights = shares[np.arange(len(runs)), targets]
    covered = np.bincount(blocks, weights)
    missing = np.flatnonzero(np.abs(covered - 1) > 1e-6)
    if len(missing):
        run = runs.run[blocks == missing[0]][0] if runs.run is not None else f"{missing[0] + 1}"
        raise UserError(
            f"run {run} has losses for {covered[missing[0]]:.0%} of its tokens: give one row for each of its "
            "languages, with a column that tells runs apart"
        )
    first = np.unique(blocks, return_index=True)[1]
    one = runs.select(first)
    names = {"parameters": one.parameters, "tokens": one.tokens, "unique_tokens": one.unique_tokens, "run": one.run}
    loss = np.bincount(blocks, weights * runs.loss)
    return Runs(loss, **names, proportions=one.proportions, languages=runs.languages)


def fit_gamma(
    runs: Runs,
    tau: Matrix | np.ndarray,
    objective: Objective | ObjectiveName = "huber",
    fixed: Mapping[str, float] | None = None,
    by_language: bool = True,
) -> Fit:
    """Fit the law of the mean loss that depends on proportions, with transfer of strength gamma, given tau.

    Runs of one language alone have to be among them: within the mixes ``1 - sum p^2`` hardly varies, and the
    coefficient of the data trades against gamma.

    Parameters
    ----------
    runs
        One row per run with its mean loss, see `mean_losses`.
    tau
        Gains or transfer coefficients (K, K), the target in the row.
    objective, fixed
        As in `fit`; the laws of single languages can be held at what was fitted before.
    by_language
        A coefficient A and B for each language, which does not depend on units, or one for all, as in the paper.

    Returns
    -------
    fit
        ``fit.parameters["gamma"]`` is the strength of transfer.
    """
    values = np.array(tau.values if isinstance(tau, Matrix) else tau, dtype=float)
    np.fill_diagonal(values, 0.0)
    unknown = np.argwhere(np.isnan(values))
    if len(unknown):
        target, other = (runs.languages[place] for place in unknown[0])
        raise UserError(f"tau of {target} with {other} was not measured: add a run of the two, or give a value")
    shares = runs.require("proportions")
    if not (shares.max(axis=1) > _ALONE).any():
        raise UserError(
            "no run is of one language alone: without such runs gamma cannot be told from the data's coefficient"
        )
    coefficients: Literal["by-language", "common"] = "by-language" if by_language else "common"
    units = {
        "unit_parameters": float(np.exp(np.log(runs.require("parameters")).mean())),
        "unit_tokens": float(np.exp(np.log(runs.require("tokens")).mean())),
    }
    law = ProportionLaw(runs.languages, coefficients, tuple(map(tuple, values.tolist())), **units)
    return fit(runs, law, objective, fixed)


def _targets(runs: Runs) -> np.ndarray:
    """Return the number of the language (n,) that each row's loss was measured on."""
    labels = runs.require("language")
    unknown = [label for label in dict.fromkeys(labels) if label not in runs.languages]
    if unknown:
        raise UserError(f"there is a loss on {unknown[0]!r}, but the proportions are of {', '.join(runs.languages)}")
    return np.array([runs.languages.index(label) for label in labels])


def _same_setting(runs: Runs, some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return which rows have the same size and budget (some, others)."""
    same = np.ones((len(some), len(others)), dtype=bool)
    for name in ("parameters", "tokens"):
        logarithm = np.log(runs.require(name))
        same &= np.abs(logarithm[some][:, None] - logarithm[others]) <= _SAME
    return same


def _draws_within(used: np.ndarray, blocks: np.ndarray, replicates: int, seed: int) -> np.ndarray:
    """Return how often each row counts (R, n) where runs are drawn from those of the same languages."""
    random = np.random.default_rng(seed)
    first = np.unique(blocks, return_index=True)[1]
    _, kinds = np.unique(used[first], axis=0, return_inverse=True)
    times = np.zeros((replicates, len(first)))
    for kind in range(kinds.max() + 1):
        members = np.flatnonzero(kinds == kind)
        drawn = random.integers(len(members), size=(replicates, len(members)))
        np.add.at(times, (np.arange(replicates)[:, None], members[drawn]), 1.0)
    return times[:, blocks]


def _gains_of(
    loss: np.ndarray,
    weights: np.ndarray,
    mixes: np.ndarray,
    baselines: np.ndarray,
    matched: np.ndarray,
    cells: np.ndarray,
) -> np.ndarray:
    """Return the gains (R, K, K) of rows that count `weights` (R, n) times; NaN where no row is left."""
    with np.errstate(invalid="ignore", divide="ignore"):
        baseline = (weights[:, baselines] * loss[baselines]) @ matched.T / (weights[:, baselines] @ matched.T)
        gain = 1 - loss[mixes] / baseline
        counted = np.where(np.isfinite(gain), weights[:, mixes], 0.0)
        total = np.tensordot(counted * np.where(np.isfinite(gain), gain, 0.0), cells, axes=1)
        return total / np.tensordot(counted, cells, axes=1)


def _tau(fitted: Mapping[str, tuple[Any, np.ndarray]]) -> np.ndarray:
    """Return tau (..., K, K), 1 on the diagonal, of each language's effective-data law and its values (..., Q)."""
    languages = list(fitted)
    tau = np.ones((*next(iter(fitted.values()))[1].shape[:-1], len(languages), len(languages)))
    for row, (law, values) in enumerate(fitted.values()):
        others = [languages.index(name) for name in law.languages if name != law.target]
        tau[..., row, others] = values[..., len(law.names) - len(others) :]
    return tau
