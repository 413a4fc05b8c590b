"""What "Scaling Laws for Code: Every Programming Language Matters" (arXiv 2512.13472) reports, as data.

Each table says where in the paper it stands. Some figures are doubtful, and `doubtful` lists those; what the laws would
need and the paper does not give is in `NOT_PUBLISHED`. In particular N_c and D_c are not published, so that its laws
predict no loss; `fixed` starts a fit to runs of your own from what is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from codelm.errors import unknown_name
from codelm.languages import LANGUAGES

PAPER = "arXiv 2512.13472"

SIZES = (0.1e9, 0.2e9, 0.4e9, 0.6e9, 1.1e9, 1.3e9, 1.6e9, 2.0e9, 2.4e9, 3.1e9)
"""Sizes of the grid for one language at a time, in parameters (the experiments of eq. 1)."""

BUDGETS = (2e9, 4e9, 8e9, 16e9, 32e9, 64e9)
"""Budgets of that grid, in tokens: with `SIZES` and the seven languages, 420 runs."""

NOT_PUBLISHED: Mapping[str, str] = {
    "N_c, D_c": "eq. 1: the scales of size and tokens, of every language",
    "fit": "eq. 1: how the laws were fitted, and how well",
    "tau": "section 6: the formula that turns the synergy table into transfer coefficients",
    "gamma": "section 6: the strength of transfer",
    "A, B": "section 6: the coefficients of the law that depends on proportions",
    "search": "section 6: how the optimised proportions were found",
    "run": "layers, width, tokenizer, sequence length, batch, learning rate, optimiser, precision and seeds",
}
"""What the paper is silent on."""


@dataclass(frozen=True)
class Table:
    """A table of the paper.

    Parameters
    ----------
    title
        What it holds, and in which unit.
    place
        Where it stands in the paper.
    rows, columns
        What its rows and columns are.
    values
        One tuple for each row.
    doubts
        By row, why its figures are to be used with care.
    """

    title: str
    place: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    doubts: Mapping[str, str] = field(default_factory=dict)

    @property
    def array(self) -> np.ndarray:
        """The values (rows, columns)."""
        return np.array(self.values)

    def row(self, name: str) -> dict[str, float]:
        """Return a row's values by column."""
        if name not in self.rows:
            raise unknown_name("row", name, self.rows)
        return dict(zip(self.columns, self.values[self.rows.index(name)], strict=True))


class Doubt(NamedTuple):
    """A row whose figures are to be used with care, where it stands, and why."""

    table: str
    row: str
    place: str
    reason: str


ONE_LANGUAGE = Table(
    "Law of one language: exponents, and the floor in nats per token",
    "eq. 1",
    LANGUAGES,
    ("alpha_N", "alpha_D", "L_inf"),
    (
        (0.221, 1.217, 0.566),
        (0.447, 1.129, 0.397),
        (0.692, 1.247, 0.554),
        (0.439, 1.303, 0.518),
        (0.321, 1.350, 0.288),
        (0.845, 1.149, 0.414),
        (0.643, 1.297, 0.397),
    ),
    {
        "python": "the prose says that Python has the highest exponents; these figures do not",
        "javascript": "the synergy table has JavaScript alone at .5424, below this floor",
        "rust": "the synergy table has Rust alone at .3954, below this floor",
    },
)

_OUT_OF_ORDER = "the columns are printed out of order; put right here, so that all printed percentages agree"

SYNERGY = Table(
    "Loss of a target language (row) with an auxiliary one (column), nats per token; with itself: the baseline",
    "section 4, table 1",
    LANGUAGES,
    LANGUAGES,
    (
        (0.7528, 0.7426, 0.7613, 0.7600, 0.7656, 0.7688, 0.7733),
        (0.8490, 0.9034, 0.7894, 0.7942, 0.7175, 0.8069, 0.7913),
        (0.5126, 0.5262, 0.5424, 0.5170, 0.5292, 0.5352, 0.5285),
        (0.5124, 0.5225, 0.5169, 0.5347, 0.5257, 0.5273, 0.5284),
        (0.3327, 0.3393, 0.3352, 0.3331, 0.3459, 0.3395, 0.3391),
        (0.4121, 0.4200, 0.4211, 0.4137, 0.4200, 0.4328, 0.4204),
        (0.3801, 0.3840, 0.3788, 0.3794, 0.3843, 0.3844, 0.3954),
    ),
    dict.fromkeys(LANGUAGES, _OUT_OF_ORDER),
)
"""Baseline: 64 B tokens of the target, seen twice; mix: 64 B of each. The gains are `codelm.scaling.synergy.gains`."""

PAIRING = Table(
    "Translation loss, A * N^-alpha + B * D^-beta + L_inf, N and D in billions",
    "section 5",
    ("shuffled", "paired, seen", "paired, zero-shot"),
    ("A", "B", "alpha", "beta", "L_inf"),
    (
        (0.1574, 9.553, 0.3470, 0.8829, 0.1236),
        (0.0508, 0.793, 6.404, 0.8829, 0.1006),
        (0.0350, 4.518, 0.781, 0.869, 0.0524),
    ),
    {
        "paired, seen": "gives absurd losses under 1 B parameters",
        "paired, zero-shot": "L_inf is the fitted asymptote, not a loss that was measured",
    },
)

_READ_OFF = "read off a plot: the most likely reading"

ZERO_SHOT = Table(
    "Translation loss of the zero-shot directions, by size",
    "section 5, as plotted",
    ("shuffled", "paired"),
    ("0.2B", "0.5B", "1.5B", "3B", "7B"),
    ((0.2690, 0.2014, 0.1526, 0.1306, 0.1019), (0.1880, 0.1206, 0.0976, 0.0849, 0.0760)),
    {"shuffled": _READ_OFF, "paired": _READ_OFF},
)

MULTIPL_E = Table(
    "MultiPL-E Pass@1 in percent, mean of five languages, by size",
    "section 5",
    ("shuffled", "paired"),
    ("0.5B", "1.5B", "3B", "7B"),
    ((9.84, 16.96, 21.60, 32.46), (10.12, 18.47, 25.12, 33.79)),
)

ALLOCATION = Table(
    "Code tokens in billions under the uniform and the optimised split: a model of 1.5 B parameters, 350 B of code",
    "section 6",
    ("python",),
    ("uniform", "optimised"),
    ((50.0, 76.77),),
)
"""Of Python alone, for the text does not say safely which language each of `ALLOCATION_SHIFTS` belongs to."""

ALLOCATION_SHIFTS = Table(
    "Shifts of the six other languages from uniform, billions of tokens, in no order",
    "section 6",
    ("others",),
    ("1st", "2nd", "3rd", "4th", "5th", "6th"),
    ((5.60, 0.0, -4.24, -5.81, -8.83, -13.49),),
    {"others": "which language each belongs to is not safely told"},
)

TABLES = (ONE_LANGUAGE, SYNERGY, PAIRING, ZERO_SHOT, MULTIPL_E, ALLOCATION, ALLOCATION_SHIFTS)


def doubtful() -> Iterator[Doubt]:
    """Yield every row whose figures are to be used with care."""
    for table in TABLES:
        for row, reason in table.doubts.items():
            yield Doubt(table.title, row, table.place, reason)


def fixed(language: str) -> dict[str, float]:
    """Return the published exponents and floor of a language, to hold in a fit of N_c and D_c to runs of your own::

        fit(runs.of_language("go"), "one-language", fixed=published.fixed("go"))

    The exponents do not depend on units; L_inf does on the tokenizer, so that you may want to leave it free.
    """
    return ONE_LANGUAGE.row(language)
