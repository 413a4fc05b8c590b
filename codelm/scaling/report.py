"""What a person sees of fits and allocations in the terminal."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from codelm.errors import UserError
from codelm.languages import title_of
from codelm.scaling.allocation import Allocation, AllocationDraws, Split
from codelm.scaling.fit import Fit
from codelm.scaling.frontier import Frontier
from codelm.scaling.measured import Measured
from codelm.scaling.synergy import Matrix
from codelm.scaling.uncertainty import Backtest, Bootstrap, LeaveOneOut, hold_out_largest, intervals, leave_one_out

_MINIMA = 5


@dataclass(frozen=True, eq=False)
class Checks:
    """Tests of a fit on runs that it did not see; None where there are too few runs.

    Parameters
    ----------
    one_out
        Without each run in turn.
    largest
        Without the runs of most compute.
    """

    one_out: LeaveOneOut | None
    largest: Backtest | None

    @classmethod
    def of(cls, fit: Fit) -> Checks:
        """Make both tests."""
        one_out = largest = None
        with suppress(UserError):
            one_out = leave_one_out(fit)
        with suppress(UserError):
            largest = hold_out_largest(fit)
        return cls(one_out, largest)


def print_fit(name: str, fit: Fit, bootstrap: Bootstrap | None, checks: Checks, console: Console) -> None:
    """Print everything about one fit: parameters, other minima, diagnostics, tests, warnings."""
    what = f"{title_of(name)}: " if name != fit.law.name else ""
    title = f"{what}{fit.law.name}, {fit.run_count} runs, {_objective(fit)}"
    table = _table(title, ("parameter", "value", "95 % interval", "standard error"), left=1)
    ranges, errors = _ranges(fit, bootstrap), {} if bootstrap is None else bootstrap.standard_errors()
    for parameter, value in fit.parameters.items():
        if parameter in fit.fixed:
            table.add_row(parameter, f"{value:.6g}", "held", "")
            continue
        error = f"{errors[parameter]:.4g}" if parameter in errors else ""
        table.add_row(parameter, f"{value:.6g}", ranges.get(parameter, ""), error)
    _print(console, table)
    source = "percentiles of the bootstrap by run" if bootstrap else "the profile of the objective"
    _print(console, f"intervals: {source}")
    if len(fit.minima) > 1:
        _print(console, _minima(fit))
    _print(console, _diagnostics(fit))
    for line in _tests(fit, checks):
        _print(console, line)
    _print_warnings(fit.warnings, console)


def print_fits(
    fits: Mapping[str, Fit], bootstraps: Mapping[str, Bootstrap], checks: Mapping[str, Checks], console: Console
) -> None:
    """Print one row for each of several fits of the same kind of law, intervals below the values.

    Parameters of each source, such as transfer coefficients, are left out: they are a matrix, and stand in the file.
    """
    first = next(iter(fits.values()))
    names = [name for name in first.parameters if "[" not in name]
    parameters = _table(f"{first.law.name}, {_objective(first)}", ("", *names), left=1)
    heads = ("", "runs", "R2", "residual scale", "one run out", "largest out", "minima")
    quality = _table("how well they fit, and predict what is left out", heads, left=1)
    for name, fit in fits.items():
        ranges = _ranges(fit, bootstraps.get(name), names, digits=3, between="–")
        parameters.add_row(title_of(name), *(f"{fit.parameters[one]:.4g}\n{ranges.get(one, '')}" for one in names))
        tests = (checks[name].one_out, checks[name].largest)
        cells = ["" if test is None else f"{100 * np.abs(test.errors).mean():.2f} %" for test in tests]
        scale = f"{fit.residual_scale:.2g}"
        quality.add_row(title_of(name), str(fit.run_count), f"{fit.r_squared:.4f}", scale, *cells, str(len(fit.minima)))
    _print(console, parameters)
    _print(console, quality)
    _print(console, "one run out: mean error on each run without fitting to it; largest out: the fifth of most compute")
    hidden = 0
    for name, fit in fits.items():
        shown = [warning for warning in fit.warnings if "[" not in warning]
        hidden += len(fit.warnings) - len(shown)
        _print_warnings((f"{title_of(name)}: {warning}" for warning in shown), console)
    if hidden:
        _print_warnings([f"{hidden} more are of parameters of single sources: they stand in the file"], console)


def print_matrix(title: str, matrix: Matrix, console: Console) -> None:
    """Print gains or transfer coefficients, and half the width of the 95 % interval below each."""
    heads = ("target \\ with", *(_narrow(title_of(name)) for name in matrix.languages))
    table = _table(f"{title} (± half the 95 % interval)", heads, left=1)
    low, high = matrix.intervals()
    for row, language in enumerate(matrix.languages):
        cells = []
        for column in range(len(matrix.languages)):
            value, half = matrix.values[row, column], (high[row, column] - low[row, column]) / 2
            around = f"\n±{matrix.written(half).lstrip('+')}" if np.isfinite(half) else ""
            cells.append("—" if row == column else "·" if np.isnan(value) else matrix.written(value) + around)
        table.add_row(title_of(language), *cells)
    _print(console, table)


def print_allocation(
    allocation: Allocation,
    baselines: Mapping[str, Split],
    draws: AllocationDraws | None,
    measured: Measured,
    content: np.ndarray,
    console: Console,
) -> None:
    """Print an allocation: shares, losses by language, the usual splits, the certificate, warnings.

    Parameters
    ----------
    allocation, baselines
        The split, and others with the same budget.
    draws
        The allocation under bootstrap draws, if there are any.
    measured
        What the laws were fitted to.
    content
        Share of each source's tokens in each language (K, S).
    """
    limits = allocation.limits
    title = f"N = {allocation.parameters:.4g}, D = {allocation.tokens:.4g}"
    source = "language" if allocation.sources == allocation.languages else "source"
    table = _table(title, (source, "share", "best of 95 % of draws", "tokens", "epochs"), left=1)
    available = limits.available_to(allocation.sources)
    optima = ["" for _ in allocation.sources] if draws is None else _percent_ranges(draws.shares)
    for name, of_draws, unique in zip(allocation.sources, optima, available, strict=True):
        share = allocation.proportions.get(name, 0.0)
        tokens = share * allocation.tokens
        epochs = f"{tokens / unique:.2f}" if np.isfinite(unique) else ""
        table.add_row(title_of(name), f"{100 * share:.2f} %", of_draws, f"{tokens:.4g}", epochs)
    _print(console, table)
    _print(console, _loss_table(allocation, draws))
    _print(console, _baseline_table(allocation, baselines))
    _print(console, _certificate(allocation))
    shares = content @ allocation.shares
    _print(
        console,
        f"{100 * measured.nearest(shares):.1f} % of the tokens are elsewhere in the nearest mix that was trained",
    )
    unique = None if limits.available is None else available
    warnings = list(measured.warnings(shares, allocation.parameters, allocation.tokens))
    if unique is not None:
        warnings += measured.epoch_warnings(allocation.sources, allocation.shares * allocation.tokens / unique)
    if allocation.spread > 1e-4:
        warnings.append(
            f"other starts end up to {allocation.spread:.2g} away: there are several minima, this is the lowest"
        )
    _print_warnings(warnings, console)


def print_frontier(found: Frontier, console: Console) -> None:
    """Print the best size and tokens for each compute, with intervals if there are draws."""
    table = _table("compute-optimal size and tokens", ("compute", "N", "95 %", "D", "95 %", "mean loss"))
    ranges = [("", "")] * len(found.compute)
    if found.draws.size:
        limits = (_spelled_ranges(ends) for ends in found.intervals())
        ranges = list(zip(*limits, strict=True))
    rows = zip(found.compute, found.parameters, found.tokens, found.loss, ranges, strict=True)
    for compute, parameters, tokens, loss, (of_parameters, of_tokens) in rows:
        table.add_row(f"{compute:.3g}", f"{parameters:.3g}", of_parameters, f"{tokens:.3g}", of_tokens, f"{loss:.4g}")
    _print(console, table)


def _spelled_ranges(ends: np.ndarray) -> list[str]:
    return [f"{low:.3g}–{high:.3g}" for low, high in ends.T]


def _loss_table(allocation: Allocation, draws: AllocationDraws | None) -> Table:
    heads = ("language", "loss", "equal shares", "change", "95 % interval")
    table = _table("predicted losses", heads, left=1)
    names = [*(title_of(name) for name in allocation.languages), "mean"]
    best, uniform = (np.append(split.losses, split.mean_loss) for split in (allocation, allocation.uniform))
    ranges = [""] * len(names)
    if draws is not None:
        drawn, even = (
            np.concatenate([losses, (losses @ allocation.weights)[:, None]], axis=1)
            for losses in (draws.losses, draws.uniform_losses)
        )
        ranges = _percent_ranges(drawn / even - 1, signed=True)
    for name, loss, equal, interval in zip(names, best, uniform, ranges, strict=True):
        table.add_row(name, f"{loss:.5g}", f"{equal:.5g}", f"{100 * (loss / equal - 1):+.2f} %", interval)
    return table


def _baseline_table(allocation: Allocation, baselines: Mapping[str, Split]) -> Table:
    splits = {"allocation": allocation, **baselines}
    table = _table("against the usual splits", ("share of the tokens", *splits), left=1)
    for place, name in enumerate(allocation.sources):
        table.add_row(title_of(name), *(f"{100 * split.shares[place]:.1f} %" for split in splits.values()))
    table.add_row("mean loss", *(f"{split.mean_loss:.5g}" for split in splits.values()))
    return table


def _certificate(allocation: Allocation) -> str:
    held = f"; held by the {', the '.join(allocation.binding)}" if allocation.binding else ""
    return f"certificate: Karush-Kuhn-Tucker residual {allocation.residual:.1e}{held}"


def _minima(fit: Fit) -> Table:
    table = _table("minima found", ("objective", "starts", *fit.law.reported))
    for minimum in fit.minima[:_MINIMA]:
        values = (f"{minimum.parameters[name]:.4g}" for name in fit.law.reported)
        table.add_row(f"{minimum.value:.8g}", str(minimum.starts), *values)
    if len(fit.minima) > _MINIMA:
        table.caption = f"and {len(fit.minima) - _MINIMA} higher ones"
    return table


def _diagnostics(fit: Fit) -> str:
    return (
        f"objective {fit.value:.8g}, R2 {fit.r_squared:.5f}, residual scale {fit.residual_scale:.3g}, "
        f"AIC {fit.aic:.1f}, BIC {fit.bic:.1f}, condition {fit.condition:.2g}, gradient {fit.gradient:.1e}"
    )


def _tests(fit: Fit, checks: Checks) -> Iterable[str]:
    if checks.one_out is not None:
        shifts = np.abs(checks.one_out.shifts)
        run, place = np.unravel_index(np.argmax(shifts), shifts.shape)
        row = int(np.flatnonzero(fit.runs.blocks == run)[0])
        label = f"row {row + 1}" if fit.runs.run is None else f"run {fit.runs.run[row]}"
        yield (
            f"left out one by one: mean error {100 * np.abs(checks.one_out.errors).mean():.3f} %; most influential: "
            f"{label}, which moves {fit.law.names[place]} by {shifts[run, place]:.2f} standard errors"
        )
    if checks.largest is not None:
        count = len(checks.largest.tested)
        yield f"the {count} rows of most compute left out: mean error {100 * checks.largest.mean_error:.3f} % on them"


def _ranges(
    fit: Fit, bootstrap: Bootstrap | None, names: Collection[str] | None = None, digits: int = 4, between: str = " to "
) -> dict[str, str]:
    ends = intervals(fit, names=names) if bootstrap is None else bootstrap.intervals()
    return {name: f"{low:.{digits}g}{between}{high:.{digits}g}" for name, (low, high) in ends.items()}


def _percent_ranges(draws: np.ndarray, signed: bool = False) -> list[str]:
    sign, decimals = ("+", 2) if signed else ("", 1)
    ends = 100 * np.percentile(draws, [2.5, 97.5], axis=0)
    return [f"{low:{sign}.{decimals}f} to {high:{sign}.{decimals}f} %" for low, high in ends.T]


def _objective(fit: Fit) -> str:
    objective = fit.objective
    delta = f"({objective.delta:g})" if objective.kind == "huber" else ""
    return f"{objective.kind}{delta} of the {'logarithm of the ' if objective.log else ''}loss"


def _narrow(title: str) -> str:
    """Break a name within, so that its column is narrow: ``JavaScript``."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "\n", title)


def _table(title: str, heads: Iterable[str], left: int = 0) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number < left else "right")
    return table


def _print(console: Console, what: Table | str) -> None:
    if isinstance(what, str):
        console.print(what, highlight=False, markup=False, soft_wrap=True)
        return
    # A title of its own is not broken at the width of the table.
    title, what.title = what.title, None
    console.print(title, style="bold", highlight=False, markup=False, soft_wrap=True)
    console.print(what, highlight=False, markup=False)
    console.print()


def _print_warnings(warnings: Iterable[str], console: Console) -> None:
    for warning in warnings:
        console.print(f"[yellow]note:[/] {escape(warning)}", highlight=False, soft_wrap=True)
