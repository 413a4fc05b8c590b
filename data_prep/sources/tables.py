"""Programs from tables: Parquet and CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codelm.errors import UserError
from data_prep.sources.columns import BadRowError, Columns, choose_columns
from data_prep.sources.options import SourceOptions
from data_prep.sources.programs import SourceProgram, count_dropped

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

    from data_prep.dropped import Dropped

CSV_SUFFIXES = (".csv", ".tsv")

_ROWS_PER_BATCH = 64
_LARGEST_FIELD = 64 << 20


def programs_of_rows(
    rows: Iterable[Mapping[str, Any]], columns: Columns, source: str, label: str, first: int, dropped: Dropped | None
) -> Iterator[SourceProgram]:
    """Yield the programs of the rows of a table; count those that are none.

    Parameters
    ----------
    rows
        The rows.
    columns
        Which of their values are what.
    source
        Name of the data set.
    label
        Name of the table: a program without a group is one of its own, named by this and its row.
    first
        Number of the first row.
    dropped
        Counts rows without text, and those in languages that are not registered.
    """
    for number, row in enumerate(rows, first):
        place = f"{label}:{number}"
        try:
            programs = list(columns.programs(row, source, place))
        except BadRowError as bad:
            reason = "language not registered" if bad.language else bad.reason
            count_dropped(dropped, reason, bad.language, place=place)
            continue
        yield from programs


# --- Parquet


@dataclass(frozen=True)
class RowGroup:
    """A row group of a Parquet file.

    Parameters
    ----------
    file
        The file.
    number
        Number of the row group.
    first_row
        Number of its first row in the file.
    size
        Bytes of text, an estimate.
    columns
        Which columns are what.
    source, label
        Names of the data set and of the file.
    """

    file: Path
    number: int
    first_row: int
    size: int
    columns: Columns
    source: str
    label: str

    @property
    def name(self) -> str:
        """Stable name."""
        return f"{self.file}:{self.number}"

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs of the rows."""
        return programs_of_rows(self._rows(), self.columns, self.source, self.label, self.first_row, dropped)

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        with _parquet(self.file) as table:
            batches = table.iter_batches(_ROWS_PER_BATCH, row_groups=[self.number], columns=list(self.columns.names))
            while True:
                try:
                    batch = next(batches, None)
                except (OSError, UnicodeDecodeError) as error:
                    raise _unreadable(self.file, error) from None
                if batch is None:
                    return
                yield from batch.to_pylist()


def parquet_units(
    file: Path, options: SourceOptions, source: str, label: str, folders: tuple[str, ...] = ()
) -> list[RowGroup]:
    """Return the units of a Parquet file, a row group each.

    Raises
    ------
    UserError
        If the file cannot be read, or its columns do not tell what is what.
    """
    with _parquet(file) as table:
        columns = choose_columns(_column_names(table.schema_arrow), options, str(file), folders)
        units = []
        first_row = 0
        for number in range(table.num_row_groups):
            group = table.metadata.row_group(number)
            wanted = [
                column.total_uncompressed_size
                for column in map(group.column, range(group.num_columns))
                if _leaf(column.path_in_schema) in columns.names
            ]
            units.append(RowGroup(file, number, first_row, sum(wanted), columns, source, label))
            first_row += group.num_rows
        return units


def _parquet(file: Path) -> pyarrow.parquet.ParquetFile:
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(file)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None


def _column_names(schema: pyarrow.Schema) -> list[str]:
    """Return the names of the columns, and with dots those of what lies in them."""
    import pyarrow.types

    structs = [column for column in schema if pyarrow.types.is_struct(column.type)]
    nested = [f"{column.name}.{inner.name}" for column in structs for inner in column.type]
    return [*schema.names, *nested]


def _leaf(path: str) -> str:
    # A list's values have a path of their own: licences.list.element.
    return path.split(".list.")[0]


# --- CSV


@dataclass(frozen=True)
class CsvRows:
    """The rows of a CSV file (or, as .tsv, of one with tabs); its first row names the columns.

    Parameters
    ----------
    file
        The file.
    columns
        Which columns are what.
    source, label
        Names of the data set and of the file.
    """

    file: Path
    columns: Columns
    source: str
    label: str

    @property
    def name(self) -> str:
        """Stable name."""
        return str(self.file)

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""
        return self.file.stat().st_size

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs of the rows."""
        return programs_of_rows(_csv_rows(self.file), self.columns, self.source, self.label, 0, dropped)


def csv_units(
    file: Path, options: SourceOptions, source: str, label: str, folders: tuple[str, ...] = ()
) -> list[CsvRows]:
    """Return the one unit of a CSV file.

    Raises
    ------
    UserError
        If the file cannot be read, or its columns do not tell what is what.
    """
    first = next(_csv_rows(file), None)
    if first is None:
        return []
    return [CsvRows(file, choose_columns(list(first), options, str(file), folders), source, label)]


def _csv_rows(file: Path) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(_LARGEST_FIELD)
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text, delimiter="\t" if file.suffix == ".tsv" else ",", restkey="")
            yield from rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> UserError:
    return UserError(f"cannot read {file}: {' '.join(str(error).split())}")
