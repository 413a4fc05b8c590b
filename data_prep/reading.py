"""The first stage of a preparation: units of input are read, filtered, and written to partitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data_prep.dropped import Dropped
from data_prep.executors import advance
from data_prep.partitions import Partitions, Record
from data_prep.sources.programs import Unit

if TYPE_CHECKING:
    from datatrove.data import Document
    from datatrove.pipeline.filters.base_filter import BaseFilter

_TASKS = 64
_SMALLEST_TASK, _LARGEST_TASK = 1 << 20, 64 << 20
"""Bytes of input. A task that is killed is read again from its start."""


@dataclass(frozen=True)
class ReadUnits:
    """The stage that reads: a task is a run of consecutive units.

    Parameters
    ----------
    units
        All units, in order.
    starts
        First unit of each task, and the number of units.
    partitions
        Where the programs go.
    filters
        Names of the filters that they pass.
    evaluation_sets
        Names and files of evaluation sets whose programs are left out.
    folder
        Where each task leaves what was dropped.
    """

    units: tuple[Unit, ...]
    starts: tuple[int, ...]
    partitions: Partitions
    filters: tuple[str, ...]
    evaluation_sets: tuple[str, ...]
    folder: Path

    def __call__(self, task: int) -> None:
        """Read the units of a task."""
        dropped = Dropped()
        filters = make_all_filters(self.filters, self.evaluation_sets, dropped)
        with self.partitions.writer(task) as writer:
            for number in range(self.starts[task], self.starts[task + 1]):
                for record in _filtered(_read(self.units[number], number, dropped), filters, self.units[number].name):
                    writer.write(record)
            self.folder.mkdir(parents=True, exist_ok=True)
            dropped.save(self.folder / f"{task:05d}.json")

    def dropped(self) -> Dropped:
        """Return what all tasks left out."""
        total = Dropped()
        for task in range(len(self.starts) - 1):
            total.merge(Dropped.load(self.folder / f"{task:05d}.json"))
        return total


def task_starts(units: Sequence[Unit]) -> tuple[int, ...]:
    """Return the first unit of each task, and the number of units: a function of the units alone."""
    share = min(max(sum(unit.size for unit in units) // _TASKS, _SMALLEST_TASK), _LARGEST_TASK)
    starts = [0]
    size = 0
    for number, unit in enumerate(units):
        if size and size + unit.size > share:
            starts.append(number)
            size = 0
        size += unit.size
    return (*starts, len(units))


def make_all_filters(filters: Sequence[str], evaluation_sets: Sequence[str], dropped: Dropped) -> list[BaseFilter]:
    """Return the filters of those names, and the one that knows the evaluation sets; a UserError if a name is wrong."""
    made: list[BaseFilter] = []
    if filters:
        from data_prep.filters import make_filters

        made += make_filters(filters, dropped)
    if evaluation_sets:
        from data_prep.contamination import EvaluationFilter

        made.append(EvaluationFilter(evaluation_sets, dropped))
    return made


def _read(unit: Unit, number: int, dropped: Dropped) -> Iterator[Record]:
    for place, program in enumerate(unit.read(dropped)):
        advance(len(program.code))
        yield Record(program.group, number, place, program.language, program.code, program.source, program.licence)


def _filtered(records: Iterable[Record], filters: Sequence[BaseFilter], unit: str) -> Iterator[Record]:
    if not filters:
        yield from records
        return
    documents: Iterable[Document] = (_document(record, unit) for record in records)
    for step in filters:
        documents = step.run(documents)
    for document in documents:
        yield document.metadata["record"]


def _document(record: Record, unit: str) -> Document:
    from datatrove.data import Document

    described = {"group": record.group, "language": record.language, "source": record.source}
    return Document(
        record.code, f"{unit}:{record.place}", metadata={**described, "licence": record.licence, "record": record}
    )
