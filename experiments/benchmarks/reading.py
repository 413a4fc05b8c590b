"""The data path alone: how full rows are, how exact the proportions, how fast order, mixture, packing and reading."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import count, parse_options, run_command

if TYPE_CHECKING:
    from codelm.data.datamodule import CodeDataModule
    from codelm.data.packing import RowPlan

ROUNDS = 3
"""Every way of reading is timed so often, by turns; the best time counts."""


@dataclass(frozen=True)
class ReadingOptions:
    """Measure order, mixture, packing and reading on a corpus, in one process and without a model.

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
    tokens: int = field(default=20_000_000, metadata={"read": count})
    context: int = field(default=1024, metadata={"read": count})
    batch_tokens: int = field(default=16_384, metadata={"read": count})


def main() -> None:
    """Run from the command line."""
    options = parse_options(ReadingOptions)
    from codelm.data.datamodule import ParallelDataModule, ShuffledDataModule
    from codelm.data.order import WINDOW
    from codelm.data.store import Corpus
    from data_prep.builtin_corpus import builtin_corpus

    folder = builtin_corpus(options.groups) if options.corpus == "builtin" else Path(options.corpus)
    fullness = Table(title=f"rows of {options.tokens:,} tokens", title_justify="left")
    for heading in ("mix", "documents", "tokens each", "filled", "least full", "off its share"):
        fullness.add_column(heading, justify="right")
    speed = Table(title="million tokens per second of one core", title_justify="left")
    for heading in ("mix", "planned", "planned and read", "slices alone", "slices to batches", "read / sliced"):
        speed.add_column(heading, justify="right")
    for kind in (ParallelDataModule, ShuffledDataModule):
        data = kind(Corpus(folder), options.tokens, options.context, options.batch_tokens)
        plans = list(itertools.chain.from_iterable(_steps(data)))
        tokens = np.array([plan.source_tokens for plan in plans])
        documents = sum(len(plan.pieces) for plan in plans)
        filled, totals = tokens.sum(axis=1) / data.shape.tokens, tokens.cumsum(axis=0)
        off = np.abs(totals - data.shares * totals.sum(axis=1, keepdims=True)).max()
        fullness.add_row(
            data.mix,
            f"{documents:,}",
            f"{tokens.sum() / documents:.0f}",
            f"{100 * filled.mean():.2f} %",
            f"{100 * filled.min():.2f} %",
            f"{off:,.0f} tokens",
        )
        planned, read, sliced, laid = tokens.sum() / 1e6 / _best_seconds(data, plans)
        speed.add_row(data.mix, f"{planned:.1f}", f"{read:.1f}", f"{sliced:.1f}", f"{laid:.1f}", f"{read / laid:.2f}")
    console = Console()
    console.print(fullness)
    console.print("off its share: the largest distance of any source from its share of the tokens, after any row")
    console.print(speed)
    console.print("slices: the same documents, at places known beforehand, by np.memmap from one file a collection")
    shards = max(len(part.collection.shard_starts) - 1 for source in data.sources for part in source.parts)
    console.print(f"order: random within windows of {WINDOW} shards; the largest collection here has {shards}")


def _steps(data: CodeDataModule) -> Iterator[list[RowPlan]]:
    planner = data.planner()
    return (planner.step() for _ in range(data.steps))


def _best_seconds(data: CodeDataModule, plans: Sequence[RowPlan]) -> np.ndarray:
    """Return the seconds for planning, planning and reading, slicing, and slicing to batches (4,)."""
    from codelm.data.batch import TrainingRows, make_batch

    reader = TrainingRows(data.sources, data.run_languages, data.shape)

    def plan() -> None:
        for _ in _steps(data):
            pass

    def plan_and_read() -> None:
        for rows in _steps(data):
            for row in rows:
                reader[row]

    with tempfile.TemporaryDirectory() as folder:
        slices = _slices(data, plans, Path(folder))

        def cut() -> None:
            for row in slices:
                np.concatenate([tokens[begin:end] for tokens, begin, end in row])

        def cut_and_lay() -> None:
            for row in slices:
                documents = [tokens[begin:end] for tokens, begin, end in row]
                make_batch(documents, [np.zeros(len(document), np.int64) for document in documents], data.shape)

        runs = (plan, plan_and_read, cut, cut_and_lay)
        times = np.array([[_seconds(run) for run in runs] for _ in range(ROUNDS)])
        return np.asarray(times.min(axis=0))


def _seconds(run: Callable[[], None]) -> float:
    # Of this process's own time: what else the machine does is not measured.
    start = time.process_time()
    run()
    return time.process_time() - start


def _slices(data: CodeDataModule, plans: Sequence[RowPlan], folder: Path) -> list[list[tuple[np.ndarray, int, int]]]:
    """Return for each row its documents as stretches of files of nothing but tokens, one file a collection."""
    files: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    rows = []
    for plan in plans:
        row = []
        for piece in plan.pieces:
            source = data.sources[piece.source]
            collection = source.parts[piece.part].collection
            if collection.name not in files:
                ends = np.cumsum(collection.lengths.sum(axis=1))
                with (folder / collection.name).open("wb") as file:
                    for item in range(len(collection)):
                        for side in range(len(collection.languages)):
                            file.write(collection.program(item, side).tobytes())
                files[collection.name] = np.memmap(folder / collection.name, np.int32, "r"), ends
            tokens, ends = files[collection.name]
            stretches = source.layouts[piece.part][piece.layout].stretches(piece.item)
            length = min(piece.stop - piece.start, sum(len(program) for program in stretches[1::2]))
            row.append((tokens, int(ends[piece.item]) - length, int(ends[piece.item])))
        rows.append(row)
    return rows


if __name__ == "__main__":
    run_command(main)
