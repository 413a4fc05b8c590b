"""A CSV file by step that survives a crash and goes on in a resumed run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


class ResumableTable:
    """Rows of numbers, the first of which is the step.

    Parameters
    ----------
    file
        The file.
    columns
        Their names, ``step`` among them.
    """

    def __init__(self, file: Path, columns: Sequence[str]) -> None:
        self._file = file
        self._columns = columns

    def start(self, step: int) -> None:
        """Begin the file, or drop the lines after the step that a run resumes from."""
        rows = read_table(self._file) if step and self._file.is_file() else []
        with self._file.open("w", newline="") as file:
            writer = csv.DictWriter(file, self._columns, restval="nan", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(row for row in rows if int(row["step"]) <= step)

    def append(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Add lines, each by the names of the columns."""
        with self._file.open("a", newline="") as file:
            csv.DictWriter(file, self._columns).writerows(rows)


def read_table(file: Path) -> list[dict[str, str]]:
    """Return the whole lines of such a file; a last line that a crash cut off is left out."""
    with file.open(newline="") as lines:
        return list(csv.DictReader(line for line in lines if line.endswith("\n")))
