"""Pictures of fits, of synergy and of an allocation; matplotlib is imported where they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from codelm.languages import title_of
from codelm.scaling.allocation import Allocation, AllocationDraws, Split
from codelm.scaling.fit import Fit
from codelm.scaling.laws import Chinchilla, MixtureLaw
from codelm.scaling.synergy import Matrix
from codelm.scaling.uncertainty import Bootstrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

_CURVES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Curves of one law are drawn at these quantiles of the sizes or budgets of the runs."""

_BRIGHT = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb")
_MUTED = ("#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77", "#cc6677", "#882255", "#aa4499")
_COLOURS = (*_BRIGHT, *_MUTED)
"""Paul Tol's bright scheme, which colour-blind readers can tell apart, and his muted one for what is beyond seven."""

_LEGEND_COLUMNS = 7

_AXES = {"parameters": "N, parameters", "tokens": "D, tokens"}

_DECADES = 200
_STEPS = ((8.0, (1.0, 2.0, 5.0)), (2.0, (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)), (0.0, tuple(np.arange(1, 10, 0.25).tolist())))
"""Ticks of logarithmic axes that span less than 200: within a decade, for spans above some value."""

_UNIFORM, _BEST, _MEAN = "#cccccc", "#8fb8de", "#4477aa"


def save_fit(file: Path | str, fits: Mapping[str, Fit], bootstraps: Mapping[str, Bootstrap]) -> None:
    """Draw the losses with the fitted laws and their 95 % bands, the exponents, and the residuals.

    Of mixture laws, what each source does for each target takes the place of the exponents.

    Parameters
    ----------
    file
        Where to write; the suffix says in which format.
    fits, bootstraps
        By what they are of: a language, or any other group. Bands and intervals are of the bootstraps, if any.
    """
    curves = all(isinstance(fit.law, Chinchilla) for fit in fits.values())
    figure, axes = _figure(2, 3.6, rows=2) if curves else _figure(3, 4.2)
    if curves:
        for ax, along in zip(axes, ("tokens", "parameters"), strict=False):
            if len(fits) == 1:
                name = next(iter(fits))
                _draw_curves(figure, ax, fits[name], bootstraps.get(name), along)
            else:
                _draw_groups(ax, fits, bootstraps, along)
    else:
        _draw_predicted(axes[0], fits)
    mixtures = {name: fit.law for name, fit in fits.items() if isinstance(fit.law, MixtureLaw)}
    if mixtures:
        _draw_help(figure, axes[-2], fits, mixtures)
    else:
        _draw_exponents(axes[-2], fits, bootstraps)
    _draw_residuals(axes[-1], fits)
    if len(fits) > 1:
        handles, labels = axes[0].get_legend_handles_labels()
        columns = min(len(labels), _LEGEND_COLUMNS)
        figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False, markerscale=2)
    figure.savefig(file)


def save_synergy(file: Path | str, matrices: Mapping[str, Matrix]) -> None:
    """Draw heat maps of gains or transfer coefficients by title; bold figures have a 95 % interval without 0."""
    from matplotlib.figure import Figure

    count = max(len(matrix.languages) for matrix in matrices.values())
    side = 0.62 * count + 1.6
    figure = Figure(figsize=(side * len(matrices) + 0.4, side), dpi=200, layout="constrained")
    axes = figure.subplots(1, len(matrices), squeeze=False)[0]
    for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
        _draw_matrix(ax, title, matrix)
    figure.savefig(file)


def save_allocation(file: Path | str, allocation: Allocation, draws: AllocationDraws | None = None) -> None:
    """Draw an allocation against equal shares: the shares, and the change of every language's loss, with intervals."""
    figure, (left, right) = _figure(2, 0.34 * len(allocation.sources) + 1.7, width=4.6)
    _draw_shares(left, allocation, draws)
    _draw_losses(right, allocation, draws)
    handles, labels = left.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    figure.savefig(file)


def _figure(columns: int, height: float, width: float = 4.0, rows: int = 1) -> tuple[Figure, Any]:
    """Return a figure and its axes, row by row; width and height in inches are those of one of them."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * columns, height * rows), dpi=200, layout="constrained")
    axes = figure.subplots(rows, columns).ravel()
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _draw_curves(figure: Figure, ax: Axes, fit: Fit, bootstrap: Bootstrap | None, along: str) -> None:
    """Draw one law along N or D, at several values of the other, which is the colour."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LogNorm

    other = "parameters" if along == "tokens" else "tokens"
    across, within = fit.runs.require(other), fit.runs.require(along)
    norm = LogNorm(across.min(), across.max())
    colours = ScalarMappable(norm, "viridis")
    ax.scatter(within, fit.runs.loss, 9, c=across, norm=norm, cmap="viridis", linewidths=0, zorder=2)
    limits = ax.get_ylim()
    grid = np.geomspace(within.min(), within.max(), 100)
    for value in dict.fromkeys(np.quantile(across, _CURVES, method="nearest").tolist()):
        _draw_law(ax, fit, bootstrap, {along: grid, other: value}, colours.to_rgba(value))
    ax.set_ylim(limits)
    _name_axes(ax, along)
    figure.colorbar(colours, ax=ax, label=_AXES[other], pad=0.02)


def _draw_groups(ax: Axes, fits: Mapping[str, Fit], bootstraps: Mapping[str, Bootstrap], along: str) -> None:
    """Draw the laws of several groups along N or D, at each group's largest value of the other."""
    other = "parameters" if along == "tokens" else "tokens"
    for number, (name, fit) in enumerate(fits.items()):
        across, within = fit.runs.require(other), fit.runs.require(along)
        here = across > 0.99 * across.max()
        colour = _COLOURS[number % len(_COLOURS)]
        ax.scatter(within[here], fit.runs.loss[here], 12, color=colour, linewidths=0, zorder=2, label=title_of(name))
        grid = np.geomspace(within.min(), within.max(), 100)
        _draw_law(ax, fit, bootstraps.get(name), {along: grid, other: across.max()}, colour)
    _name_axes(ax, along)
    ax.set_title(f"at the largest {'N' if other == 'parameters' else 'D'}", fontsize=10)


def _draw_law(ax: Axes, fit: Fit, bootstrap: Bootstrap | None, columns: Mapping[str, Any], colour: Any) -> None:
    grid = next(values for values in columns.values() if np.ndim(values))
    ax.plot(grid, fit.predict(**columns), color=colour, linewidth=1.2)
    if bootstrap is not None:
        ax.fill_between(grid, *bootstrap.band(**columns), color=colour, alpha=0.2, linewidth=0)


def _name_axes(ax: Axes, along: str) -> None:
    ax.set(xscale="log", yscale="log", xlabel=_AXES[along], ylabel="loss")
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        if high / low < _DECADES:
            _write_out(axis, high / low)


def _write_out(axis: Axis, ratio: float) -> None:
    """Write numbers out on a logarithmic axis of few decades, few enough not to run into one another."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    steps = next(steps for least, steps in _STEPS if ratio > least)
    axis.set_major_locator(LogLocator(subs=steps))
    axis.set_major_formatter(StrMethodFormatter("{x:.3g}"))
    axis.set_minor_formatter(NullFormatter())


def _draw_predicted(ax: Axes, fits: Mapping[str, Fit]) -> None:
    for number, (name, fit) in enumerate(fits.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        ax.scatter(fit.predicted, fit.runs.loss, 9, color=colour, linewidths=0, label=title_of(name))
    losses = np.concatenate([fit.runs.loss for fit in fits.values()])
    ends = [losses.min(), losses.max()]
    ax.plot(ends, ends, color="0.6", linewidth=0.8, zorder=0)
    ax.set(xlabel="predicted loss", ylabel="loss")


def _draw_exponents(ax: Axes, fits: Mapping[str, Fit], bootstraps: Mapping[str, Bootstrap]) -> None:
    """Draw the exponents with their 95 % intervals, one row for each group."""
    names = [name for name in next(iter(fits.values())).law.reported if name.startswith(("alpha", "beta"))]
    for place, exponent in enumerate(names):
        inside, shift = ("black", "white")[place % 2], 0.18 * (place - (len(names) - 1) / 2)
        for row, (group, fit) in enumerate(fits.items()):
            value, label = fit.parameters[exponent], exponent if row == 0 else None
            if group in bootstraps:
                low, high = bootstraps[group].intervals()[exponent]
                ax.plot([low, high], [row + shift, row + shift], color="0.5", linewidth=1.2, zorder=1)
            ax.plot(value, row + shift, "o", color="black", markerfacecolor=inside, markersize=4.5, label=label)
    ax.set_yticks(range(len(fits)), [title_of(name) if len(fits) > 1 else "" for name in fits])
    ax.set(ylim=(len(fits) - 0.5, -0.5), xlabel="exponent" + (", 95 % interval" if bootstraps else ""))
    if 0 < len(names) <= 4:
        ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(names))


def _draw_help(figure: Figure, ax: Axes, fits: Mapping[str, Fit], laws: Mapping[str, MixtureLaw]) -> None:
    """Draw tau of each source for each target, as a share of the target's largest: a source of the runs, a row each."""
    from matplotlib.colors import LogNorm

    sources = next(iter(laws.values())).languages
    values = np.array([[fits[name].parameters[f"tau[{source}]"] for name in laws] for source in sources])
    shares = values / np.maximum(values.max(axis=0), np.finfo(float).tiny)
    # The target's own source is often a hundred times the others, which colours in proportion would not show.
    norm = LogNorm(1e-3, 1.0, clip=True)
    drawn = ax.imshow(shares, cmap="Blues", norm=norm, aspect="auto")
    figure.colorbar(drawn, ax=ax, label="tau / largest tau", pad=0.02)
    ax.set_yticks(range(len(sources)), [title_of(name) for name in sources], fontsize=7)
    ax.set_xticks(range(len(laws)), [title_of(name) for name in laws], fontsize=7, rotation=90)
    ax.set(xlabel="target")


def _draw_residuals(ax: Axes, fits: Mapping[str, Fit]) -> None:
    for number, fit in enumerate(fits.values()):
        error = 100 * (fit.predicted / fit.runs.loss - 1)
        ax.scatter(fit.predicted, error, 9, color=_COLOURS[number % len(_COLOURS)], linewidths=0)
    ax.axhline(0, color="0.6", linewidth=0.8, zorder=0)
    ax.set(xlabel="predicted loss", ylabel="prediction less measurement, %")


def _draw_matrix(ax: Axes, title: str, matrix: Matrix) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import TwoSlopeNorm
    from matplotlib.patches import Rectangle

    count = len(matrix.languages)
    off = ~np.eye(count, dtype=bool)
    reach = max(float(np.nanmax(np.abs(matrix.values[off]), initial=0.0)), 1e-9)
    colours = ScalarMappable(TwoSlopeNorm(0.0, -reach, reach), "PuOr")
    low, high = matrix.intervals()
    for row in range(count):
        for column in range(count):
            value, corner = matrix.values[row, column], (column - 0.5, row - 0.5)
            if row == column or np.isnan(value):
                ax.text(column, row, "—" if row == column else "·", ha="center", va="center", color="0.6")
                continue
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=colours.to_rgba(value), edgecolor="white", linewidth=1.5))
            sure = low[row, column] > 0 or high[row, column] < 0
            ink = "white" if abs(value) > 0.55 * reach else "black"
            weight = "bold" if sure else "normal"
            ax.text(
                column, row, matrix.written(value), ha="center", va="center", fontsize=9, color=ink, fontweight=weight
            )
    titles = [title_of(name) for name in matrix.languages]
    ax.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5), aspect="equal", xlabel="with", ylabel="target")
    ax.set_xticks(range(count), titles, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(count), titles)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_title(title, fontsize=10)


def _draw_shares(ax: Axes, allocation: Allocation, draws: AllocationDraws | None) -> None:
    rows = np.arange(len(allocation.sources))
    ax.barh(rows - 0.2, 100 * allocation.uniform.shares, 0.36, color=_UNIFORM, label="equal shares")
    ax.barh(rows + 0.2, 100 * allocation.shares, 0.36, color=_BEST, label="allocation")
    if draws is not None:
        low, high = 100 * np.percentile(draws.shares, [2.5, 97.5], axis=0)
        ax.hlines(rows + 0.2, low, high, color="black", linewidth=1, label="95 % of the bootstrap draws")
    _name_rows(ax, allocation.sources)
    ax.set_xlabel("share of the training tokens, %")


def _draw_losses(ax: Axes, allocation: Allocation, draws: AllocationDraws | None) -> None:
    rows = np.arange(len(allocation.languages) + 1)
    changes = 100 * (_with_mean(allocation, allocation.losses) / _with_mean(allocation, allocation.uniform.losses) - 1)
    ax.barh(rows, changes, 0.5, color=[_BEST] * len(allocation.languages) + [_MEAN])
    if draws is not None:
        drawn = _with_mean(allocation, draws.losses) / _with_mean(allocation, draws.uniform_losses)
        low, high = 100 * (np.percentile(drawn, [2.5, 97.5], axis=0) - 1)
        ax.hlines(rows, low, high, color="black", linewidth=1)
    ax.axvline(0, color="0.4", linewidth=0.8)
    _name_rows(ax, (*allocation.languages, "mean"))
    ax.set_xlabel("change of the loss against equal shares, %")


def _with_mean(split: Split, losses: np.ndarray) -> np.ndarray:
    """Return losses (..., K) with their weighted mean behind them."""
    return np.concatenate([losses, (losses @ split.weights)[..., None]], axis=-1)


def _name_rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), [title_of(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
