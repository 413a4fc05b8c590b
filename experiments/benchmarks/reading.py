"""The data path alone: how full rows are, how exact the proportions, how fast planning and reading."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import count, parse_options, run_command


@dataclass(frozen=True)
class ReadingOptions:
    """Measure order, mixture, packing and reading on a corpus, without a model.

    Parameters
    ----------
    corpus
        `builtin`, or a folder that data_prep/prepare.py wrote.
    groups
        Groups of the built-in corpus.
    tokens
        Tokens to read.
    context
        Longest document.
    batch_tokens
        Tokens in a row.
    """

    corpus: str = "builtin"
    groups: int = field(default=5000, metadata={"read": count})
    tokens: int = field(default=5_000_000, metadata={"read": count})
    context: int = field(default=1024, metadata={"read": count})
    batch_tokens: int = field(default=2048, metadata={"read": count})


def main() -> None:
    """Run from the command line."""
    options = parse_options(ReadingOptions)
    from codelm.data.datamodule import ParallelDataModule, ShuffledDataModule
    from codelm.data.store import Corpus
    from data_prep.builtin_corpus import builtin_corpus

    folder = builtin_corpus(options.groups) if options.corpus == "builtin" else Path(options.corpus)
    table = Table(title=f"reading {options.tokens:,} tokens", title_justify="left")
    for heading in ("mix", "rows filled", "least full", "off its share", "planned tokens/s", "read tokens/s"):
        table.add_column(heading, justify="right")
    for kind in (ParallelDataModule, ShuffledDataModule):
        data = kind(Corpus(folder), options.tokens, options.context, options.batch_tokens)
        planner = data.planner()
        seconds, filled, off = 0.0, [], 0.0
        totals = np.zeros(len(data.sources))
        for _ in range(data.steps):
            start = time.perf_counter()
            rows = planner.step()
            seconds += time.perf_counter() - start
            for row in rows:
                totals += row.source_tokens
                filled.append(sum(row.source_tokens) / data.shape.tokens)
            off = max(off, float(np.abs(totals - data.shares * totals.sum()).max()))
        start = time.perf_counter()
        for _ in data.train_dataloader():
            pass
        reading = time.perf_counter() - start
        table.add_row(
            data.mix,
            f"{100 * np.mean(filled):.2f} %",
            f"{100 * min(filled):.2f} %",
            f"{off:,.0f} tokens",
            f"{totals.sum() / seconds:,.0f}",
            f"{totals.sum() / reading:,.0f}",
        )
    console = Console()
    console.print(table)
    console.print("off its share: the largest distance of any source from its share of the tokens, after any step")


if __name__ == "__main__":
    run_command(main)
