"""Fit a scaling law to runs, or to a table of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from codelm.command_line import comma_list, numbers_by_name, parse_options, progress_bar, run_command
from codelm.errors import UserError, unknown_name

if TYPE_CHECKING:
    from rich.console import Console

    from codelm.scaling.law_file import LawFile
    from codelm.scaling.runs import Runs


@dataclass(frozen=True)
class FitOptions:
    """Fit a scaling law, with its uncertainty; leave it as a file that allocate.py reads, and draw it.

    Parameters
    ----------
    runs
        Folders of runs, or one table: a CSV file with a header line.
    law
        chinchilla, one-language, data-constrained, effective-data, proportions or mixture.
    n_column
        Column of sizes N. Default: parameters.
    d_column
        Column of training tokens D. Default: tokens.
    c_column
        Column of training FLOP, from which D follows as C / (6 N).
    loss_column
        Column of losses.
    group_column
        Column that splits the table: one fit for each language, or whatever else it holds.
    run_column
        Column that tells runs apart, where one has several rows: they are resampled together.
    unique_column
        Column of unique tokens, for data-constrained laws.
    proportion_columns
        Columns of the languages' shares of the tokens, with commas between.
    bits_per_byte
        Of runs, take the losses in bits per byte, which compare across languages, instead of nats per token.
    fix
        Parameters to hold at a value: alpha=0.34,E=1.8, or a JSON file.
    objective
        What is minimised: huber, lad (least absolute deviation) or ols (least squares).
    delta
        Where Huber's function becomes linear.
    log
        Fit the logarithm of the loss.
    bootstrap
        Times that the runs are resampled for intervals; 0: intervals by profile.
    drop_highest
        Leave out the rows of the highest losses, so many of each group.
    seed
        Seed of the resampling.
    plots
        Draw fit.png beside the law, and synergy.png where runs of two languages tell it.
    out
        File for the law.
    """

    runs: tuple[Path, ...]
    law: str = "chinchilla"
    n_column: str | None = None
    d_column: str | None = None
    c_column: str | None = None
    loss_column: str = "loss"
    group_column: str | None = None
    run_column: str | None = None
    unique_column: str | None = None
    proportion_columns: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    bits_per_byte: bool = False
    fix: Mapping[str, float] | None = field(default=None, metadata={"read": numbers_by_name})
    objective: Literal["huber", "lad", "ols"] = "huber"
    delta: float = 1e-3
    log: bool = True
    bootstrap: int = 4000
    drop_highest: int = 0
    seed: int = 0
    plots: bool = True
    out: Path = Path("law.json")


def main() -> None:
    """Run from the command line."""
    options = parse_options(FitOptions, positional=("runs",))
    # The matrices are many and small: more threads gain little, and lose a lot where the machine has other work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Heavy imports come after the options are read, so that --help and mistakes answer at once.
    from rich.console import Console

    from codelm.scaling.fit import fit
    from codelm.scaling.law_file import LawFile
    from codelm.scaling.laws import LAWS
    from codelm.scaling.plots import save_fit
    from codelm.scaling.report import Checks, print_fit, print_fits
    from codelm.scaling.solver import Objective
    from codelm.scaling.uncertainty import bootstrap

    if options.law not in LAWS:
        raise unknown_name("law", options.law, LAWS)
    objective = Objective(options.objective, options.delta, options.log)
    runs = _read(options)
    groups = {name: group.drop_highest(options.drop_highest) for name, group in _groups(options, runs).items()}
    fits, bootstraps, checks = {}, {}, {}
    with progress_bar("fitting, resampling, leaving out", len(groups), show=sys.stderr.isatty()) as advance:
        for name, group in groups.items():
            fits[name] = fit(group, options.law, objective, options.fix)
            if options.bootstrap:
                bootstraps[name] = bootstrap(fits[name], options.bootstrap, seed=options.seed)
            checks[name] = Checks.of(fits[name])
            advance(1)
    laws = LawFile(fits, bootstraps)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    laws.save(options.out)

    console = Console()
    if len(fits) > 1:
        print_fits(fits, bootstraps, checks, console)
    else:
        name, only = next(iter(fits.items()))
        print_fit(name, only, bootstraps.get(name), checks[name], console)
    drawn = [options.out]
    if options.plots:
        drawn.append(options.out.with_name("fit.png"))
        save_fit(drawn[-1], fits, bootstraps)
    drawn += _synergy(options, runs, laws, console)
    console.print(f"written: {', '.join(map(str, drawn))}", highlight=False, soft_wrap=True)


def _read(options: FitOptions) -> Runs:
    from codelm.scaling.laws import LAWS
    from codelm.scaling.runs import Runs

    if len(options.runs) > 1 or options.runs[0].is_dir():
        return Runs.from_records(options.runs, options.bits_per_byte)
    needs = LAWS[options.law].needs
    return Runs.from_csv(
        options.runs[0],
        loss=options.loss_column,
        parameters=options.n_column or ("parameters" if "parameters" in needs or options.c_column else None),
        tokens=options.d_column or ("tokens" if "tokens" in needs else None),
        compute=options.c_column,
        run=options.run_column,
        unique_tokens=options.unique_column,
        language=options.group_column,
        proportions=options.proportion_columns,
    )


def _groups(options: FitOptions, runs: Runs) -> Mapping[str, Runs]:
    """Return the runs of each fit, by language; those of the only one under the law's name."""
    from codelm.languages import registered_languages
    from codelm.scaling.synergy import mean_losses

    if runs.language is None:
        return {options.law: runs}
    if options.law == "proportions":
        return {options.law: mean_losses(runs)}
    found = list(dict.fromkeys(runs.language.tolist()))
    known = [name for name in registered_languages() if name in found]
    return {name: runs.of_language(name) for name in known + [name for name in found if name not in known]}


def _synergy(options: FitOptions, runs: Runs, laws: LawFile, console: Console) -> list[Path]:
    """Show what languages gain from one another, where the runs tell it; return the pictures."""
    from codelm.scaling.plots import save_synergy
    from codelm.scaling.report import print_matrix
    from codelm.scaling.synergy import synergy, transfer

    matrices = {}
    if runs.language is not None and runs.proportions is not None:
        # Most sets of runs have no pairs of languages at the size and budget of each language alone.
        with suppress(UserError):
            matrices["gain over training alone, %"] = synergy(runs, options.bootstrap, options.seed)
    if options.law == "effective-data" and len(laws.fits) > 1:
        matrices["transfer coefficients, tokens per token"] = transfer(laws.fits, laws.bootstraps)
    for title, matrix in matrices.items():
        print_matrix(title, matrix, console)
    if not matrices or not options.plots:
        return []
    file = options.out.with_name("synergy.png")
    save_synergy(file, matrices)
    return [file]


if __name__ == "__main__":
    run_command(main)
