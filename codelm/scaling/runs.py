"""Measured runs as plain arrays: what every law is fitted to."""

from __future__ import annotations

import csv
import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.languages import registered_languages
from codelm.run_record import RunRecord

SUM_TOLERANCE = 0.01
"""How far a run's proportions may be from a sum of 1: published tables round them to two or three digits."""

_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Runs:
    """Losses that were measured, and what was trained to measure them; one row per measurement.

    Laws say what they need; what no law of yours needs can be left out.

    Parameters
    ----------
    loss
        Loss (n,), above 0, in nats per token or any other unit.
    parameters
        Size N of the model (n,), in any unit: the fitted coefficients are in the same.
    tokens
        Training tokens D (n,), in any unit.
    run
        What tells runs apart (n,): several checkpoints, or languages, of one run share it. Bootstraps and backtests
        take whole runs. By default each row is a run of its own.
    unique_tokens
        Tokens that differ, at most `tokens` (n,): the rest are repetitions.
    language
        Language, or any other group, that the loss was measured on (n,).
    proportions
        Shares of the training tokens (n, languages); those of a row sum to 1.
    languages
        Names of the columns of `proportions`.

    Raises
    ------
    UserError
        If a value is missing or impossible, lengths differ, or a row is there twice.
    """

    loss: np.ndarray
    parameters: np.ndarray | None = None
    tokens: np.ndarray | None = None
    run: np.ndarray | None = None
    unique_tokens: np.ndarray | None = None
    language: np.ndarray | None = None
    proportions: np.ndarray | None = None
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("loss", "parameters", "tokens", "unique_tokens"):
            values = getattr(self, name)
            if values is not None:
                object.__setattr__(self, name, positive_column(name, values))
        for name in ("run", "language"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _labels(name, getattr(self, name)))
        object.__setattr__(self, "languages", tuple(self.languages))
        if self.proportions is not None:
            object.__setattr__(self, "proportions", proportion_rows(self.proportions, self.languages))
        if len(self) == 0:
            raise UserError("there are no runs: give at least one")
        for field in fields(self):
            values = getattr(self, field.name)
            if field.name != "languages" and values is not None and len(values) != len(self):
                raise UserError(f"{field.name} has {len(values)} values for {len(self)} losses: give one for each")
        self._check_repetitions()
        self._check_duplicates()

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def blocks(self) -> np.ndarray:
        """Number of the run that each row belongs to (n,), from 0 in the order of appearance."""
        if self.run is None:
            return np.arange(len(self))
        _, first, inverse = np.unique(self.run, return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[inverse]

    @property
    def compute(self) -> np.ndarray:
        """Floating-point operations of training (n,), as 6 N D."""
        return np.asarray(6 * self.require("parameters") * self.require("tokens"))

    def require(self, name: str) -> np.ndarray:
        """Return a column; a UserError tells that the runs lack it."""
        values = getattr(self, name)
        if values is None:
            raise UserError(f"the runs have no {name.replace('_', ' ')}, which this law needs: give that column")
        return np.asarray(values)

    def shares(self, languages: Sequence[str]) -> np.ndarray:
        """Return the proportions (n, languages) in the order of some languages, which must be all that were trained."""
        shares = self.require("proportions")
        missing = [name for name in languages if name not in self.languages]
        used = [name for name, share in zip(self.languages, shares.T, strict=True) if share.any()]
        if missing or not set(used) <= set(languages):
            raise UserError(
                f"the law is of {', '.join(languages)}, the runs are of {', '.join(self.languages)}: give the law the "
                "languages of the runs"
            )
        return shares[:, [self.languages.index(name) for name in languages]]

    def select(self, rows: np.ndarray) -> Runs:
        """Return some rows, by number or by a mask (n,)."""
        rows = np.asarray(rows)
        columns = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "languages"}
        return replace(self, **{name: values[rows] for name, values in columns.items() if values is not None})

    def drop_highest(self, number: int) -> Runs:
        """Return all rows but those of the highest losses."""
        if not 0 <= number < len(self):
            raise UserError(f"cannot drop {number} of {len(self)} rows: give a number from 0 to {len(self) - 1}")
        return self.select(np.sort(np.argsort(self.loss, kind="stable")[: len(self) - number]))

    def of_language(self, language: str) -> Runs:
        """Return the rows of one language."""
        labels = self.require("language")
        if language not in labels:
            raise unknown_name("language of the runs", language, dict.fromkeys(labels.tolist()))
        return self.select(labels == language)

    @classmethod
    def from_csv(
        cls,
        file: Path | str,
        loss: str = "loss",
        parameters: str | None = "parameters",
        tokens: str | None = "tokens",
        compute: str | None = None,
        run: str | None = None,
        unique_tokens: str | None = None,
        language: str | None = None,
        proportions: Sequence[str] | Mapping[str, str] = (),
    ) -> Runs:
        """Read a table with a header line.

        Parameters
        ----------
        file
            Text file with commas, semicolons or tabs between the columns.
        loss, parameters, tokens, run, unique_tokens, language
            Names of the columns; None for one that the table does not have.
        compute
            Column of training FLOP, from which the tokens follow as ``compute / (6 * parameters)``.
        proportions
            Columns of the proportions, or a mapping from languages to columns.
        """
        table = read_table(file)
        shares = dict(proportions) if isinstance(proportions, Mapping) else {name: name for name in proportions}
        columns: dict[str, Any] = {"loss": _column(table, loss, file)}
        if parameters is not None:
            columns["parameters"] = _column(table, parameters, file)
        if compute is not None:
            if parameters is None:
                raise UserError("tokens follow from compute only with parameters: name that column too")
            spent = positive_column("compute", _column(table, compute, file))
            columns["tokens"] = spent / (6 * positive_column("parameters", columns["parameters"]))
        elif tokens is not None:
            columns["tokens"] = _column(table, tokens, file)
        if unique_tokens is not None:
            columns["unique_tokens"] = _column(table, unique_tokens, file)
        if shares:
            columns["proportions"] = np.stack([_column(table, name, file) for name in shares.values()], axis=1)
        for name, column in (("run", run), ("language", language)):
            if column is not None:
                columns[name] = np.array(_texts(table, column, file))
        return cls(**columns, languages=tuple(shares))

    @classmethod
    def from_records(cls, folders: Sequence[Path | str], bits_per_byte: bool = False) -> Runs:
        """Read the records of codelm runs: one row per run and language.

        Parameters
        ----------
        folders
            Folders that hold a ``record.json``.
        bits_per_byte
            Take the losses in bits per byte, which compare across languages, instead of nats per token.

        Notes
        -----
        A record tells the epochs of the source that was used up first; they are taken for all of its tokens.
        """
        records = {str(Path(folder)): RunRecord.load(Path(folder)) for folder in folders}
        if not records:
            raise UserError("there are no run records: name the folders that hold them")
        trained = list(dict.fromkeys(name for record in records.values() for name in record.language_shares))
        known = [name for name in registered_languages() if name in trained]
        languages = (*known, *(name for name in trained if name not in known))
        rows: dict[str, list[Any]] = defaultdict(list)
        for name, record in records.items():
            shares = [record.language_shares.get(language, 0.0) for language in languages]
            scores = record.validation_bits_per_byte if bits_per_byte else record.validation_nats_per_token
            if not scores:
                raise UserError(f"the run {name} has no validation loss: leave it out, or validate it")
            for language, loss in scores.items():
                if loss is None:
                    raise UserError(f"the run {name} has no finite loss of {language}: leave it out")
                rows["run"].append(name)
                rows["language"].append(language)
                rows["loss"].append(loss)
                rows["parameters"].append(record.parameters)
                rows["tokens"].append(record.tokens_seen)
                rows["unique_tokens"].append(record.tokens_seen / max(1.0, record.epochs))
                rows["proportions"].append(shares)
        return cls(**{name: np.array(values) for name, values in rows.items()}, languages=languages)

    def _check_repetitions(self) -> None:
        if self.unique_tokens is None or self.tokens is None:
            return
        above = np.flatnonzero(self.unique_tokens > self.tokens * (1 + 1e-9))
        if len(above):
            raise UserError(
                f"row {above[0] + 1} has more unique tokens ({self.unique_tokens[above[0]]:g}) than tokens "
                f"({self.tokens[above[0]]:g}): unique tokens are those of the first epoch"
            )

    def _check_duplicates(self) -> None:
        columns = [getattr(self, field.name) for field in fields(self) if field.name != "languages"]
        seen: dict[tuple[Any, ...], int] = {}
        for number in range(len(self)):
            key = tuple(_cell(values[number]) for values in columns if values is not None)
            if key in seen:
                raise UserError(
                    f"rows {seen[key] + 1} and {number + 1} are the same (loss {self.loss[number]:g}): "
                    "remove one, or name a column that tells the runs apart"
                )
            seen[key] = number


def read_table(file: Path | str) -> dict[str, list[str]]:
    """Read a table of text cells by column; a UserError tells what is wrong with the file.

    Commas, semicolons or tabs separate the columns, whichever the header line has most of.
    """
    try:
        with open(file, newline="", encoding="utf-8-sig") as stream:
            separator = max(",;\t", key=stream.readline().count)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=separator, skipinitialspace=True)
            lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except UnicodeDecodeError:
        raise UserError(f"cannot read the table {file}: it is no text in UTF-8, save it as such") from None
    except (OSError, csv.Error) as error:
        raise UserError(f"cannot read the table {file}: {error}") from None
    if len(lines) < 2:
        raise UserError(f"{file} has no rows: write a header line and one line per run")
    header = [_one_line(name) for name in lines[0][1]]
    for name in header:
        if name and header.count(name) > 1:
            raise UserError(f"{file} has {header.count(name)} columns {name!r}: rename or remove one")
    for number, row in lines:
        if len(row) != len(header):
            raise UserError(f"line {number} of {file} has {len(row)} cells, the header has {len(header)}: correct it")
    return {name: [row[place] for _, row in lines[1:]] for place, name in enumerate(header)}


def _texts(table: Mapping[str, list[str]], column: str, file: Path | str) -> list[str]:
    column = _one_line(column)
    if column not in table:
        near = difflib.get_close_matches(column.lower(), [name.lower() for name in table], n=1)
        suggested = next((f" (is it {name!r}?)" for name in table if near and name.lower() == near[0]), "")
        raise UserError(f"{file} has no column {column!r}{suggested}: its columns are {', '.join(table)}")
    return table[column]


def _one_line(name: str) -> str:
    """Return a name with single spaces for whatever separates its words."""
    return " ".join(name.split())


def _column(table: Mapping[str, list[str]], column: str, file: Path | str) -> np.ndarray:
    texts = _texts(table, column, file)
    values = np.empty(len(texts))
    for row, text in enumerate(texts):
        try:
            values[row] = float(text)
        except ValueError:
            raise UserError(f"row {row + 1} of {file} has {text!r} for {column!r}: write a number") from None
    return values


def positive_column(name: str, values: Any) -> np.ndarray:
    """Return numbers above 0 as an array (n,); a UserError tells what is not one."""
    array = _numbers(name, values)
    if array.ndim != 1:
        raise UserError(f"{name} has {array.ndim} dimensions: give one value per run")
    wrong = np.flatnonzero(~(np.isfinite(array) & (array > 0)))
    if len(wrong):
        also = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise UserError(
            f"row {wrong[0] + 1}{also} has {name.replace('_', ' ')} {array[wrong[0]]:g}: remove it, or give a number "
            "above 0"
        )
    return array


def proportion_rows(values: Any, languages: Sequence[str]) -> np.ndarray:
    """Return proportions (n, languages) with rows that sum to 1; a UserError tells which cannot."""
    twice = [name for name in languages if list(languages).count(name) > 1]
    if twice:
        raise UserError(f"the proportions have two columns of {twice[0]}: add them up")
    shares = _numbers("proportions", values)
    if shares.ndim != 2 or shares.shape[1] != len(languages):
        raise UserError(
            f"proportions have the shape {shares.shape}: give a column for each of {len(languages)} languages"
        )
    wrong = np.flatnonzero(~(np.isfinite(shares) & (shares >= 0)).all(axis=1))
    if len(wrong):
        raise UserError(f"row {wrong[0] + 1} has a proportion that is not a number from 0 to 1: correct it")
    totals = shares.sum(axis=1)
    wrong = np.flatnonzero(np.abs(totals - 1) > SUM_TOLERANCE)
    if len(wrong):
        raise UserError(f"the proportions of row {wrong[0] + 1} sum to {totals[wrong[0]]:g}, not to 1: correct them")
    # Rows that sum to 1 stay as they are, so that rows that were selected or stored are the same numbers again.
    return shares / np.where(np.abs(totals - 1) > _ROUNDING, totals, 1.0)[:, None]


def _numbers(name: str, values: Any) -> np.ndarray:
    try:
        return np.asarray(values, dtype=float)
    except (ValueError, TypeError):
        raise UserError(f"{name.replace('_', ' ')} are not all numbers: give one for each run") from None


def _labels(name: str, values: Any) -> np.ndarray:
    labels = np.asarray(values)
    if labels.ndim != 1:
        raise UserError(f"{name} has {labels.ndim} dimensions: give one value per run")
    # A frame's missing label is None, or NaN, which differs from itself.
    empty = [row for row, label in enumerate(labels.tolist(), 1) if label in (None, "") or label != label]
    if empty:
        raise UserError(f"row {empty[0]} has no {name}: fill it in")
    return labels.astype(str)


def _cell(value: Any) -> Any:
    return tuple(value) if isinstance(value, np.ndarray) else value
