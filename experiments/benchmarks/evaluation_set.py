"""Measure the seven-way evaluation set: lengths, how long checking it takes, and what is right by definition.

References handed in as translations must score 100 in every direction, empty ones 0; copies of the source show what a
score is worth.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import count, parse_options, progress_bar, run_command
from codelm.data.documents import ProgramGroup
from codelm.data.store import Corpus
from codelm.errors import UserError
from codelm.evaluation.computational_accuracy import (
    ComputationalAccuracy,
    References,
    execute_translations,
    run_references,
)
from codelm.evaluation.execution import Executor
from codelm.evaluation.program_set import evaluation_programs
from codelm.evaluation.tables import DirectionTable, print_table
from codelm.evaluation.text_scores import score_texts
from codelm.evaluation.translation import Instance, Translation
from codelm.languages import LANGUAGES, Direction, directions, get_language
from data_prep.builtin_corpus import builtin_corpus

Hypothesis = Callable[[ProgramGroup, Direction], str]


@dataclass(frozen=True)
class EvaluationSetOptions:
    """Check the evaluation programs and the scores that are known in advance; exit code 2 if something is wrong.

    Parameters
    ----------
    lengths_only
        Only the programs' lengths in tokens of the built-in corpus' tokenizer.
    groups
        Groups of the built-in corpus.
    """

    lengths_only: bool = False
    groups: int = field(default=5000, metadata={"read": count})


def main() -> None:
    """Run from the command line."""
    options = parse_options(EvaluationSetOptions)
    console = Console()
    console.print(_lengths(options.groups))
    if options.lengths_only:
        return
    groups = evaluation_programs()
    cache = Path(mkdtemp(prefix="codelm-executions-"))
    try:
        with Executor(LANGUAGES, cache=cache) as executor:
            for version in executor.toolchains.values():
                console.print(version, highlight=False)
            references = _verify(groups, executor, console)
            _score(
                "references", lambda group, direction: group.programs[direction.target], groups, references, executor
            )
            _score("empty texts", lambda group, direction: "", groups, references, executor)
            _score("copies", lambda group, direction: group.programs[direction.source], groups, references, executor)
    finally:
        shutil.rmtree(cache)


def _lengths(groups: int) -> Table:
    tokenizer = Corpus(builtin_corpus(groups)).tokenizer
    table = Table(title="tokens", title_justify="left", box=None, pad_edge=False)
    for heading in ("language", "mean", "shortest", "longest", "bytes per token"):
        table.add_column(heading, justify="left" if heading == "language" else "right")
    everything: list[int] = []
    for language in LANGUAGES:
        texts = [group.programs[language] for group in evaluation_programs()]
        tokens = [len(tokenizer.encode(text)) for text in texts]
        everything += tokens
        ratio = sum(len(text.encode()) for text in texts) / sum(tokens)
        table.add_row(
            get_language(language).title, f"{np.mean(tokens):.0f}", str(min(tokens)), str(max(tokens)), f"{ratio:.2f}"
        )
    table.add_row("all", f"{np.mean(everything):.0f}", str(min(everything)), str(max(everything)), "")
    return table


def _verify(groups: tuple[ProgramGroup, ...], executor: Executor, console: Console) -> References:
    for cache in ("empty", "full"):
        start = time.perf_counter()
        with progress_bar(f"running the programs, cache {cache}", 7 * len(groups)) as advance:
            references = run_references(groups, executor, LANGUAGES, advance)
        seconds = time.perf_counter() - start
        console.print(f"{len(references.outputs)} of {7 * len(groups)} programs right, {seconds:.0f} s, cache {cache}")
    if references.withheld:
        raise UserError("; ".join(f"{language}: {reason}" for language, reason in references.withheld.items()))
    return references


def _score(
    name: str,
    hypothesis: Hypothesis,
    groups: tuple[ProgramGroup, ...],
    references: References,
    executor: Executor,
) -> None:
    translations = [
        Translation(Instance(group.name, direction), hypothesis(group, direction))
        for group in groups
        for direction in directions()
    ]
    texts, accuracy = score_texts(translations, groups), ComputationalAccuracy()
    with progress_bar(f"running {name}", len(translations)) as advance:
        for batch in execute_translations(translations, references, executor):
            accuracy.update(batch)
            advance(len(batch))
    for title, scores in (
        ("BLEU", texts.bleu),
        ("Exact match", texts.exact_match),
        ("Computational accuracy", accuracy.compute()),
    ):
        table = DirectionTable.from_directions(
            f"{title} of {name}", scores, lower_is_better=False, unit="BLEU" if title == "BLEU" else "%"
        )
        values = set(scores.values())
        if len(values) == 1:
            print(f"{table.title}: {values.pop():.1f} in all {len(scores)} directions")
        else:
            print_table(table)


if __name__ == "__main__":
    run_command(main)
