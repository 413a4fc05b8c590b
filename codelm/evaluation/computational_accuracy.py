"""Computational accuracy: whether a translation compiles, runs, and prints what the original prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torchmetrics import Metric

from codelm.data.documents import ProgramGroup
from codelm.evaluation.execution import Execution, Executor, Program, Verdict
from codelm.evaluation.translation import Instance, Translation
from codelm.languages import LANGUAGES, Direction, directions

_PROGRAMS_PER_CALL = 64
"""Programs that are executed between two reports; what they gave is kept then."""


@dataclass(frozen=True)
class References:
    """What came of the reference programs, which run before any translation.

    Parameters
    ----------
    outputs
        What each program prints, by group and language.
    withheld
        Why translations into a language are not scored: its tools are missing, or its own references fail.
    """

    outputs: dict[tuple[str, str], str]
    withheld: dict[str, str]

    def expected(self, instance: Instance) -> str | None:
        """Return what a translation has to print; None if the original did not run, or prints nothing."""
        return self.outputs.get((instance.group, instance.direction.source)) or None


class ExecutedTranslation(NamedTuple):
    """What came of one translation."""

    instance: Instance
    verdict: Verdict
    message: str
    output: str


def run_references(
    groups: Sequence[ProgramGroup],
    executor: Executor,
    languages: Sequence[str] = LANGUAGES,
    advance: Callable[[int], None] = lambda programs: None,
) -> References:
    """Run the groups' own programs in the given languages.

    A language is withheld if its tools are missing or one of its programs fails: what the translations into it would
    score says nothing then.
    """
    outputs: dict[tuple[str, str], str] = {}
    withheld = {name: executor.unavailable[name] for name in languages if name in executor.unavailable}
    for language in languages:
        own = [group for group in groups if language in group.programs]
        if language in withheld:
            # What a group prints may be known without running it.
            outputs |= {(group.name, language): group.output for group in own if group.output is not None}
            advance(len(own))
            continue
        programs = [Program(language, group.programs[language], group.output) for group in own]
        executions = executor.run(programs, advance)
        failures = []
        for group, execution in zip(own, executions, strict=True):
            if execution.verdict == Verdict.PASSED:
                outputs[group.name, language] = execution.output
            else:
                failures.append(f"{group.name}: {execution.verdict}: {_first_line(execution)}")
        if failures:
            withheld[language] = f"{len(failures)} of its {len(own)} reference programs fail, first {failures[0]}"
    return References(outputs, withheld)


def execute_translations(
    translations: Sequence[Translation], references: References, executor: Executor
) -> Iterator[list[ExecutedTranslation]]:
    """Compile and run translations, a few at a time; those into a withheld language are left out.

    So are those whose original prints nothing, where nothing could be compared.
    """
    runnable = [
        translation
        for translation in translations
        if translation.instance.direction.target not in references.withheld
        and references.expected(translation.instance) is not None
    ]
    for start in range(0, len(runnable), _PROGRAMS_PER_CALL):
        batch = runnable[start : start + _PROGRAMS_PER_CALL]
        executions = executor.run(
            [Program(t.instance.direction.target, t.text, references.expected(t.instance)) for t in batch]
        )
        yield [
            ExecutedTranslation(translation.instance, execution.verdict, execution.message, execution.output)
            for translation, execution in zip(batch, executions, strict=True)
        ]


class ComputationalAccuracy(Metric):
    """Share of the translations that do what the original does, and what went wrong with the others.

    Parameters
    ----------
    languages
        Languages whose directions are scored.
    """

    full_state_update = False
    higher_is_better = True
    is_differentiable = False
    counts: Tensor

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        super().__init__()
        self.directions = directions(languages)
        empty = torch.zeros(len(self.directions), len(Verdict), dtype=torch.int64)
        self.add_state("counts", default=empty, dist_reduce_fx="sum")

    def update(self, executed: Iterable[ExecutedTranslation]) -> None:
        """Add executed translations."""
        order = list(Verdict)
        for (direction, verdict), number in Counter((e.instance.direction, e.verdict) for e in executed).items():
            self.counts[self.directions.index(direction), order.index(verdict)] += number

    def compute(self) -> dict[Direction, float]:
        """Return the percentage of passed translations per direction, NaN where none was run."""
        return {
            direction: 100 * verdicts[Verdict.PASSED] / total if (total := sum(verdicts.values())) else float("nan")
            for direction, verdicts in self.verdicts().items()
        }

    def verdicts(self) -> dict[Direction, dict[Verdict, int]]:
        """Return how many translations of each direction ended how."""
        return {
            direction: dict(zip(Verdict, row, strict=True))
            for direction, row in zip(self.directions, self.counts.tolist(), strict=True)
        }


def _first_line(execution: Execution) -> str:
    lines = (execution.message or execution.output).strip().splitlines()
    return lines[0][:200] if lines else "no message"
