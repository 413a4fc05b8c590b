"""Split a token budget among languages by the laws that fit.py left."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codelm.command_line import number, numbers_by_name, parse_options, run_command
from codelm.errors import UserError

if TYPE_CHECKING:
    import numpy as np

    from codelm.scaling.language_losses import DrawnLosses, LanguageLosses


_STARTS = 8
"""Searches, to see whether there are several minima."""


def _for_each(text: str | float | Mapping[str, float]) -> Mapping[str, float] | float:
    """Read one number for all, or numbers by name."""
    if isinstance(text, Mapping) or "=" in str(text) or Path(str(text)).is_file():
        return numbers_by_name(text)  # type: ignore[arg-type]
    return number(text)


@dataclass(frozen=True)
class AllocationOptions:
    """Find the split of the training tokens with the lowest mean loss, and write it for run.py --proportions.

    Parameters
    ----------
    law
        File of laws, one for each language or target, that fit.py wrote.
    params
        Size N of the model, in the unit of the runs (1.5e9, or 1.5B). Left out with --flops, the best one is found.
    tokens
        Training tokens D, in the unit of the runs.
    flops
        Floating-point operations of training, 6 N D, instead of tokens.
    weights
        Weight of each language's loss in the mean: python=2,rust=1, or a JSON file; those left out have none.
    floor
        Least share, of all or by name: 0.05, or python=0.1,rust=0.05, or a JSON file.
    cap
        Largest share, likewise.
    available
        Unique tokens by name: rust=5B,go=12B, or a JSON file. More than these are repetitions, which are worth less.
    epochs
        Most passes over the available tokens. Default: no limit.
    tolerance
        How much worse than under equal shares a language may become: 0.01 for 1 %. Default: no limit.
    radius
        How far a share may be from the mean of the mixes that were trained. Default: no limit.
    robust
        Minimise the mean over the bootstrap draws of the laws, instead of the loss of the fitted laws.
    draws
        Bootstrap draws to use for intervals, and for --robust.
    corpus
        Corpus to split over: shares are of its collections then, such as pairs of programs, and available tokens are
        those that it has.
    plots
        Draw allocation.png beside the proportions.
    out
        File for the proportions.
    """

    law: Path
    params: float | None = field(default=None, metadata={"read": number})
    tokens: float | None = field(default=None, metadata={"read": number})
    flops: float | None = field(default=None, metadata={"read": number})
    weights: Mapping[str, float] | float = field(default=1.0, metadata={"read": _for_each})
    floor: Mapping[str, float] | float = field(default=0.0, metadata={"read": _for_each})
    cap: Mapping[str, float] | float = field(default=1.0, metadata={"read": _for_each})
    available: Mapping[str, float] | None = field(default=None, metadata={"read": numbers_by_name})
    epochs: float | None = None
    tolerance: float | None = None
    radius: float | None = None
    robust: bool = False
    draws: int = 400
    corpus: Path | None = None
    plots: bool = True
    out: Path = Path("proportions.json")


def main() -> None:
    """Run from the command line."""
    options = parse_options(AllocationOptions, positional=("law",))
    # The matrices are many and small: more threads gain little, and lose a lot where the machine has other work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Heavy imports come after the options are read, so that --help and mistakes answer at once.
    import numpy as np
    from rich.console import Console

    from codelm.scaling.allocation import allocate, baselines, under_draws
    from codelm.scaling.frontier import frontier
    from codelm.scaling.language_losses import MeanOverDraws, OverCollections, losses_of_bootstraps, losses_of_fits
    from codelm.scaling.law_file import LawFile
    from codelm.scaling.limits import Budget, Limits
    from codelm.scaling.measured import Measured
    from codelm.scaling.plots import save_allocation
    from codelm.scaling.report import print_allocation, print_frontier

    budget = Budget(options.params, options.tokens, options.flops)
    file = LawFile.load(options.law)
    fitted = losses_of_fits(file.fits)
    drawn: DrawnLosses | None = None
    if len(file.bootstraps) == len(file.fits) and options.draws:
        drawn = losses_of_bootstraps(file.bootstraps).draw(slice(options.draws))
    available, content = options.available, np.eye(len(fitted.sources))
    if options.corpus is not None:
        sources, content, tokens = _collections(options.corpus, fitted.sources)
        available = available or dict(zip(sources, tokens.tolist(), strict=True))
        fitted, drawn = OverCollections(fitted, sources, content), drawn and OverCollections(drawn, sources, content)
    epochs = float("inf") if options.epochs is None else options.epochs
    limits = Limits(options.floor, options.cap, available, epochs, tolerance=options.tolerance, radius=options.radius)
    if options.robust and drawn is None:
        raise UserError(f"--robust needs bootstrap draws, of which {options.law} has none: fit with --bootstrap 1000")
    laws: LanguageLosses = MeanOverDraws(drawn) if options.robust and drawn is not None else fitted
    measured = Measured.of_fits(file.fits)
    allocation = allocate(laws, budget, limits, options.weights, measured, starts=_STARTS)
    under = None if drawn is None else under_draws(allocation, drawn, measured)

    options.out.parent.mkdir(parents=True, exist_ok=True)
    allocation.save(options.out)
    console = Console()
    others = baselines(laws, budget, limits, options.weights)
    print_allocation(allocation, others, under, measured, content, console)
    if budget.compute is not None and budget.size_is_free:
        draws = None if drawn is None else limits.with_repeats(drawn)
        compute, shares = budget.compute * np.logspace(-2, 1, 4), allocation.shares
        found = frontier(limits.with_repeats(laws), compute, shares, allocation.weights, draws)
        print_frontier(found, console)
    written = [options.out]
    if options.plots:
        written.append(options.out.with_name("allocation.png"))
        save_allocation(written[-1], allocation, under)
    console.print(f"written: {', '.join(map(str, written))}", highlight=False, soft_wrap=True)


def _collections(folder: Path, languages: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return a corpus's training collections (S) of some languages (K), what they hold (K, S), their tokens (S,)."""
    import numpy as np

    from codelm.data.store import Corpus

    corpus = Corpus(folder)
    chosen = {
        name: corpus.collection("train", name)
        for name, summary in corpus.manifest.train.items()
        if summary.documents and set(summary.languages) <= set(languages)
    }
    tokens = np.zeros((len(languages), len(chosen)))
    for column, collection in enumerate(chosen.values()):
        for language, lengths in zip(collection.languages, collection.lengths.T, strict=True):
            # Each program has the token of its language before it.
            tokens[languages.index(language), column] = lengths.sum() + len(lengths)
    absent = [name for name, row in zip(languages, tokens, strict=True) if not row.any()]
    if absent:
        raise UserError(
            f"the corpus in {folder} has no training tokens of {', '.join(absent)}, for which there is a law"
        )
    return tuple(chosen), tokens / tokens.sum(axis=0), tokens.sum(axis=0)


if __name__ == "__main__":
    run_command(main)
