"""Does one learning rate serve several widths? Each width is trained at several rates, all else equal."""

from __future__ import annotations

import math
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import comma_list, parse_options, run_command
from codelm.errors import UserError
from codelm.ladder import LADDER
from codelm.run_record import FILE, RunRecord

_RUN = Path(__file__).parents[1] / "run.py"


@dataclass(frozen=True)
class LearningRateOptions:
    """Train models of several widths at several learning rates, and say where each width has its lowest loss.

    Parameters
    ----------
    models
        Sizes, with commas between.
    rates
        Peak learning rates, with commas between, from low to high.
    tokens
        Budget of each run.
    out
        Folder of the runs; those that it holds already are not run again.
    flags
        Further flags of run.py, in one string.
    """

    models: tuple[str, ...] = field(default=("nano", "micro", "mini"), metadata={"read": comma_list})
    rates: tuple[str, ...] = field(
        default=("0.0016", "0.0032", "0.0065", "0.013", "0.026"), metadata={"read": comma_list}
    )
    tokens: str = "200k"
    out: Path = Path("runs/learning_rate")
    flags: str = ""


def main() -> None:
    """Run from the command line."""
    options = parse_options(LearningRateOptions)
    losses = {model: {float(rate): _loss(options, model, rate) for rate in options.rates} for model in options.models}
    table = Table(title=f"validation loss after {options.tokens} tokens, nats per token", title_justify="left")
    for heading in ("model", "width", *options.rates, "lowest at", "lost at the middle rate"):
        table.add_column(heading, justify="right")
    for model, by_rate in losses.items():
        best, lowest = lowest_loss(by_rate)
        middle = by_rate[sorted(by_rate)[len(by_rate) // 2]]
        cells = [f"{loss:.4f}" for loss in by_rate.values()]
        table.add_row(model, str(LADDER[model].width), *cells, f"{best:.2g}", f"{middle - lowest:.4f}")
    Console().print(table)


def lowest_loss(losses: Mapping[float, float]) -> tuple[float, float]:
    """Return the learning rate with the lowest loss, and that loss.

    From the parabola over the logarithm of the rate through the lowest measured loss and its two neighbours; where it
    is measured at an end, that end.
    """
    rates = sorted(losses)
    index = min(range(len(rates)), key=lambda number: losses[rates[number]])
    if index in (0, len(rates) - 1):
        return rates[index], losses[rates[index]]
    near = rates[index - 1 : index + 2]
    parabola = np.polynomial.Polynomial.fit([math.log(rate) for rate in near], [losses[rate] for rate in near], 2)
    (place,) = parabola.deriv().roots()
    return math.exp(place), float(parabola(place))


def _loss(options: LearningRateOptions, model: str, rate: str) -> float:
    out = options.out / f"{model}-{rate}"
    if not (out / FILE).is_file():
        fixed = ["--model", model, "--learning-rate", rate, "--tokens", options.tokens, "--out", str(out)]
        unscored = ["--loss-groups", "0", "--bleu-groups", "0"]
        resume = ["--resume"] if (out / "config.yaml").is_file() else []
        command = [sys.executable, str(_RUN), *fixed, *unscored, *options.flags.split(), *resume]
        if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
            raise UserError(f"the run of {model} at {rate} failed, see above")
    return statistics.mean(RunRecord.load(out).validation_nats_per_token.values())


if __name__ == "__main__":
    run_command(main)
