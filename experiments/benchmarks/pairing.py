"""Paired against shuffled: the same corpus, budget and proportions, several seeds each."""

from __future__ import annotations

import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from codelm.command_line import comma_list, parse_options, run_command
from codelm.errors import UserError
from codelm.report import SETS
from codelm.run_record import FILE, RunRecord

_RUN = Path(__file__).parents[1] / "run.py"


@dataclass(frozen=True)
class PairingOptions:
    """Train on paired and on shuffled programs and compare the translation of seen and zero-shot directions.

    Parameters
    ----------
    seeds
        Seeds of the runs, with commas between.
    out
        Folder of the runs; those that it holds already are not run again.
    flags
        Further flags of run.py, in one string: "--model micro --tokens 5M".
    """

    seeds: tuple[str, ...] = field(default=("0", "1", "2"), metadata={"read": comma_list})
    out: Path = Path("runs/pairing")
    flags: str = ""


def main() -> None:
    """Run from the command line."""
    options = parse_options(PairingOptions)
    records = {(seed, mix): _record(options, mix, seed) for seed in options.seeds for mix in ("shuffled", "parallel")}
    console = Console()
    for name, programs in SETS.items():
        _print_set(name, programs, records, console)


def _print_set(name: str, programs: str, records: dict[tuple[str, str], RunRecord], console: Console) -> None:
    table = Table(title=f"paired against shuffled, {programs}", title_justify="left")
    for heading in ("seed", "mix", "zero-shot loss", "seen loss", "zero-shot BLEU", "mean BLEU", "copying", "tokens/s"):
        table.add_column(heading, justify="right")
    for (seed, mix), record in records.items():
        table.add_row(seed, mix, *_row(record, name))
    console.print(table)
    gains = []
    for seed in dict.fromkeys(seed for seed, _ in records):
        shuffled, paired = (
            records[seed, mix].zero_shot_means[name]["loss_per_token"] for mix in ("shuffled", "parallel")
        )
        gains.append(100 * (1 - paired / shuffled))  # type: ignore[operator]
        console.print(f"seed {seed}: zero-shot translation loss {gains[-1]:.1f} % lower when paired")
    console.print(f"median: {statistics.median(gains):.1f} % lower\n")


def _record(options: PairingOptions, mix: str, seed: str) -> RunRecord:
    out = options.out / f"{mix}-{seed}"
    if not (out / FILE).is_file():
        command = [sys.executable, str(_RUN), "--mix", mix, "--seed", seed, "--out", str(out), *options.flags.split()]
        resume = ["--resume"] if (out / "config.yaml").is_file() else []
        if subprocess.run([*command, *resume]).returncode:
            raise UserError(f"the {mix} run of seed {seed} failed, see above")
    return RunRecord.load(out)


def _row(record: RunRecord, name: str) -> list[str]:
    zero_shot, seen = record.zero_shot_means[name], record.seen_means[name]
    bleu, copying = (_mean_over_all(record, name, score) for score in ("bleu", "bleu_copy"))
    return [
        f"{zero_shot['loss_per_token']:.4f}",
        f"{seen['loss_per_token']:.4f}",
        f"{zero_shot['bleu']:.1f}",
        f"{bleu:.1f}",
        f"{copying:.1f}",
        f"{record.tokens_per_second:,.0f}",
    ]


def _mean_over_all(record: RunRecord, name: str, score: str) -> float:
    rows = record.translation[name].values()
    return statistics.mean(value for row in rows if (value := row[score]) is not None)


if __name__ == "__main__":
    run_command(main)
