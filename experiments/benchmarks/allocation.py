"""Allocation: time, agreement of starts and exactness against what was asked, beside scipy's own minimisers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import optimize

from codelm.command_line import parse_options, run_command
from codelm.languages import LANGUAGES
from codelm.scaling.allocation import allocate
from codelm.scaling.language_losses import LanguageLaws
from codelm.scaling.limits import Budget, Limits

BUDGET = Budget(parameters=1.5e9, tokens=400e9)
COMPUTE = Budget(compute=6 * 1.5e9 * 400e9)


@dataclass(frozen=True)
class AllocationBenchmarkOptions:
    """Split 400 B tokens over seven languages under planted laws.

    Parameters
    ----------
    repeats
        Times that each figure is measured; the median counts.
    laws
        Sets of planted laws of known optimum.
    """

    repeats: int = 5
    laws: int = 100


def main() -> None:
    """Run from the command line."""
    options = parse_options(AllocationBenchmarkOptions)
    table = Table(title="allocation of 400 B tokens, 7 languages", title_justify="left")
    for heading in ("figure", "asked", "measured"):
        table.add_column(heading)
    laws, limits = _laws(0.2, 0), Limits(floor=0.02, cap=0.4, tolerance=0.01)
    for what, budget, limit in (
        ("tokens", BUDGET, Limits()),
        ("tokens; floor, cap and tolerance", BUDGET, limits),
        ("compute, the size is free", COMPUTE, Limits()),
        ("compute; floor, cap and tolerance", COMPUTE, limits),
    ):
        milliseconds = 1e3 * _median(partial(allocate, laws, budget, limit), options.repeats)
        table.add_row(f"time: {what}", "15 ms" if budget is BUDGET else "", f"{milliseconds:.1f} ms")
        found = allocate(laws, budget, limit, starts=30)
        table.add_row("  largest difference over 30 starts", "1e-8", f"{found.spread:.1e}")
        table.add_row("  Karush-Kuhn-Tucker residual", "", f"{found.residual:.1e}")
    errors = [_error(seed) for seed in range(options.laws)]
    known = [error for error in errors if error is not None]
    table.add_row(f"largest error in a share, {len(known)} laws of known optimum", "1e-4", f"{max(known):.1e}")
    best = allocate(laws, BUDGET).shares
    for method, settings in (
        ("SLSQP", {"ftol": 1e-15, "maxiter": 500}),
        ("trust-constr", {"gtol": 1e-10, "xtol": 1e-12}),
    ):
        seconds = _median(partial(_scipy, laws, method, settings), options.repeats)
        away = np.abs(_scipy(laws, method, settings) - best).max()
        table.add_row(f"scipy's {method}, from equal shares", "", f"{1e3 * seconds:.1f} ms, {away:.0e} away")
    Console().print(table)


def _laws(transfer: float, seed: int) -> LanguageLaws:
    random, count = np.random.default_rng(seed), len(LANGUAGES)
    tau = np.where(np.eye(count, dtype=bool), 1.0, transfer * random.random((count, count)))
    ranges = ((0.3, 0.6), (50.0, 90.0), (400.0, 900.0), (0.28, 0.34), (0.33, 0.4))
    floor, size, data, alpha, beta = (random.uniform(low, high, count) for low, high in ranges)
    return LanguageLaws(LANGUAGES, floor, size, data, alpha, beta, tau)


def _error(seed: int) -> float | None:
    """Return the largest error in a share where the optimum is known: with one beta, and inside the simplex."""
    laws = replace(_laws(0.05, seed), beta=np.full(len(LANGUAGES), 0.37))
    price = np.linalg.solve(laws.transfer.T, np.ones(len(LANGUAGES)))
    effective = (laws.data / price) ** (1 / 1.37)
    best = np.linalg.solve(laws.transfer, effective / (price @ effective))
    return float(np.abs(allocate(laws, BUDGET).shares - best).max()) if best.min() > 0 else None


def _scipy(laws: LanguageLaws, method: str, settings: dict[str, Any]) -> np.ndarray:
    count = len(LANGUAGES)
    size, tokens = np.array(BUDGET.parameters), np.array(BUDGET.tokens)

    def mean_loss(shares: np.ndarray) -> tuple[float, np.ndarray]:
        losses, slopes = laws.losses(shares, size, tokens)
        return losses.mean(), slopes[:, :count].mean(axis=0)

    constraint = optimize.LinearConstraint(np.ones((1, count)), 1.0, 1.0)
    start, bounds = np.full(count, 1 / count), [(1e-9, 1.0)] * count
    found = optimize.minimize(
        mean_loss, start, jac=True, method=method, bounds=bounds, constraints=[constraint], options=settings
    )
    return np.asarray(found.x)


def _median(work: Callable[[], Any], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    run_command(main)
