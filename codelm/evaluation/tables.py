"""Tables of one number per translation direction: in the terminal, as JSON, and as a heat map."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from codelm.languages import LANGUAGES, PIVOT, Direction, directions, get_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.patches import Patch

EMPTY, DIAGONAL = "·", "—"

_NOT_SCORED = (0.75, 0.75, 0.75, 1.0)
_HATCH = "////"


@dataclass(frozen=True, eq=False)
class DirectionTable:
    """A score of every translation direction.

    Parameters
    ----------
    title
        What the score is: ``"Translation loss"``.
    languages
        Names of the languages, rows (source) and columns (target) alike.
    values
        Scores (languages, languages); NaN on the diagonal and where nothing was scored.
    lower_is_better
        True for a loss.
    unit
        What one unit is: ``"nats per token"``.
    """

    title: str
    languages: tuple[str, ...]
    values: np.ndarray
    lower_is_better: bool
    unit: str

    @classmethod
    def from_directions(
        cls,
        title: str,
        scores: Mapping[Direction, float],
        languages: Sequence[str] = LANGUAGES,
        *,
        lower_is_better: bool,
        unit: str,
    ) -> DirectionTable:
        """Lay out scores by direction; a direction that is missing is empty."""
        values = [
            [scores.get(Direction(source, target), np.nan) if source != target else np.nan for target in languages]
            for source in languages
        ]
        return cls(title, tuple(languages), np.array(values, dtype=np.float64), lower_is_better, unit)

    @property
    def is_empty(self) -> bool:
        """Whether no direction was scored."""
        return bool(np.isnan(self.values).all())

    def seen_mean(self, pivot: str = PIVOT) -> float:
        """Mean of the directions with the pivot on one side; empty ones do not count, NaN if all are."""
        return self._mean([direction for direction in directions(self.languages) if direction.is_seen(pivot)])

    def zero_shot_mean(self, pivot: str = PIVOT) -> float:
        """Mean of the directions without the pivot; empty ones do not count, NaN if all are."""
        return self._mean([direction for direction in directions(self.languages) if not direction.is_seen(pivot)])

    def to_json(self) -> dict[str, Any]:
        """Plain data for ``json.dump``; NaN becomes None."""
        return {
            "title": self.title,
            "unit": self.unit,
            "lower_is_better": self.lower_is_better,
            "languages": list(self.languages),
            "values": [[None if np.isnan(value) else float(value) for value in row] for row in self.values],
        }

    def value(self, direction: Direction) -> float:
        """Return the score of one direction."""
        return float(self.values[self.languages.index(direction.source), self.languages.index(direction.target)])

    def _mean(self, chosen: Sequence[Direction]) -> float:
        scored = [value for direction in chosen if not np.isnan(value := self.value(direction))]
        return float(np.mean(scored)) if scored else float("nan")


def render_table(table: DirectionTable, beside: DirectionTable | None = None, pivot: str = PIVOT) -> RenderableType:
    """Return a table for the terminal, at most 80 columns wide for the seven languages.

    Parameters
    ----------
    beside
        Scores of the same directions to compare with, shown in parentheses under each score.
    pivot
        Language whose row and column are the seen directions: marked with a star, and in bold.
    """
    decimals = _decimals(table, beside)

    def shown(value: float, other: float | None) -> str:
        return _number(value, decimals) + ("" if other is None else f"\n({_number(other, decimals)})")

    grid = Table(
        title=table.title if table.unit in table.title else f"{table.title} ({table.unit})",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    grid.add_column("from \\ to", vertical="middle", no_wrap=True)
    for language in table.languages:
        grid.add_column(_narrow(_marked(language, pivot)), justify="right", no_wrap=True)
    for source in table.languages:
        cells = []
        for target in table.languages:
            direction = Direction(source, target)
            score = shown(table.value(direction), None if beside is None else beside.value(direction))
            style = "bold" if direction.is_seen(pivot) else ""
            cells.append(Text(score if source != target else DIAGONAL, style))
        grid.add_row(_marked(source, pivot), *cells)

    means = Table.grid(padding=(0, 2))
    for name, mean, other in zip(
        ("seen directions", "zero-shot directions"),
        (table.seen_mean(pivot), table.zero_shot_mean(pivot)),
        (None, None) if beside is None else (beside.seen_mean(pivot), beside.zero_shot_mean(pivot)),
        strict=True,
    ):
        means.add_row(f"mean of the {name}", shown(mean, other).replace("\n", " "))
    lines: list[RenderableType] = [grid, means]
    if pivot in table.languages:
        lines.append(Text(f"* seen directions: the row and the column of {_title(pivot)}; the others are zero-shot"))
    if beside is not None:
        lines.append(Text(f"(in parentheses) {beside.title}"))
    return Group(*lines)


def print_table(
    table: DirectionTable, beside: DirectionTable | None = None, pivot: str = PIVOT, console: Console | None = None
) -> None:
    """Print a table as `render_table` lays it out."""
    (console or Console()).print(render_table(table, beside, pivot))


def save_heat_map(file: Path, table: DirectionTable, beside: DirectionTable | None = None, pivot: str = PIVOT) -> None:
    """Draw a table as a heat map; brighter is better.

    Parameters
    ----------
    file
        Where to write it; its suffix names the format: ``.png``, ``.pdf``.
    beside
        Scores of the same directions to compare with: a second panel on the same colour scale.
    pivot
        Language whose row and column are the seen directions; the others, zero-shot, are outlined.
    """
    # Imported here: drawing is rare, and matplotlib takes most of a second.
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    panels = [table] if beside is None else [table, beside]
    scores = np.concatenate([panel.values.ravel() for panel in panels])
    scored = scores[~np.isnan(scores)]
    low, high = (scored.min(), scored.max()) if len(scored) else (0.0, 1.0)
    colours = ScalarMappable(Normalize(low, high), "viridis_r" if table.lower_is_better else "viridis")

    side = 0.62 * len(table.languages)
    figure = Figure(figsize=((side + 0.4) * len(panels) + 2.0, side + 1.9), dpi=200, layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for panel, ax in zip(panels, axes, strict=True):
        _draw_panel(ax, panel, colours, _decimals(*panels), pivot)
    axes[0].set_ylabel("source")
    bar = figure.colorbar(colours, ax=axes, label=f"{table.unit} (brighter is better)", shrink=0.8, pad=0.02)
    if table.lower_is_better:
        bar.ax.invert_yaxis()
    figure.legend(handles=_legend(panels, pivot), loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(file, bbox_inches="tight")


def _draw_panel(ax: Axes, table: DirectionTable, colours: ScalarMappable, decimals: int, pivot: str) -> None:
    from matplotlib.patches import Rectangle

    count = len(table.languages)
    titles = [_title(language) for language in table.languages]
    ax.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5), aspect="equal", xlabel="target")
    ax.set_xticks(range(count), titles, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(count), titles)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    seen, zero_shot = (_number(mean, decimals) for mean in (table.seen_mean(pivot), table.zero_shot_mean(pivot)))
    ax.set_title(f"{table.title}\nmeans: seen {seen}, zero-shot {zero_shot}", fontsize=10)

    for row, source in enumerate(table.languages):
        for column, target in enumerate(table.languages):
            if source == target:
                ax.text(column, row, DIAGONAL, ha="center", va="center", color="0.6")
                continue
            value = table.values[row, column]
            colour = _NOT_SCORED if np.isnan(value) else tuple(colours.to_rgba(value))
            ink = "black" if _luminance(colour) > 0.18 else "white"
            hatch = _HATCH if np.isnan(value) else None
            corner = (column - 0.5, row - 0.5)
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor="white", hatch=hatch, linewidth=1.5))
            if not np.isnan(value):
                ax.text(column, row, _number(value, decimals), ha="center", va="center", fontsize=9, color=ink)
            if not Direction(source, target).is_seen(pivot):
                # Inside the cell and in the ink of its text, so that it shows on every colour.
                corner = (column - 0.42, row - 0.42)
                ax.add_patch(Rectangle(corner, 0.84, 0.84, fill=False, edgecolor=ink, linewidth=0.7))


def _legend(panels: Sequence[DirectionTable], pivot: str) -> list[Patch]:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor="0.8", label="seen")] if pivot in panels[0].languages else []
    handles.append(Patch(facecolor="white", edgecolor="black", linewidth=0.7, label="zero-shot (outlined)"))
    count = len(panels[0].languages)
    if any(np.isnan(panel.values).sum() > count for panel in panels):
        handles.append(Patch(facecolor=_NOT_SCORED, edgecolor="white", hatch=_HATCH, label="not scored"))
    return handles


def _luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2); black and white contrast alike with 0.18."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _decimals(*tables: DirectionTable | None) -> int:
    """One for scores up to 100 and for losses of sequences, three for losses of tokens: at most five characters."""
    given = [table for table in tables if table is not None]
    largest = max((float(np.nanmax(table.values, initial=0.0)) for table in given), default=0.0)
    return 1 if largest >= 10 or not all(table.lower_is_better for table in given) else 3


def _number(value: float, decimals: int) -> str:
    return EMPTY if np.isnan(value) else f"{value:.{decimals}f}"


def _title(language: str) -> str:
    return get_language(language).title


def _marked(language: str, pivot: str) -> str:
    return _title(language) + ("*" if language == pivot else "")


def _narrow(title: str) -> str:
    """Break a title where its camelCase turns: "JavaScript" takes two lines of six columns."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "\n", title)
