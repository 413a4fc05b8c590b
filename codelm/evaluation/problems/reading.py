"""Where problems come from: JSONL files, and data sets on the Hugging Face hub."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from codelm.errors import UserError
from codelm.evaluation.problems.layouts import Layout, Row, recognise
from codelm.evaluation.problems.problem import Problem

HUB = "hub:"
"""What a source on the hub begins with."""

_SPLIT = "test"


def read_problems(source: str | Path, languages: Sequence[str] | None = None) -> list[Problem]:
    """Read a problem set in the layout of MultiPL-E or of HumanEval-X.

    Parameters
    ----------
    source
        A ``.jsonl`` or ``.jsonl.gz`` file, or ``hub:NAME:CONFIGURATION`` for a data set on the Hugging Face hub, such
        as ``hub:nuprl/MultiPL-E:humaneval-rs``.
    languages
        Languages whose problems are wanted; by default all.

    Raises
    ------
    UserError
        If there is no such source, or if a row cannot be read; the message has its number.
    """
    if isinstance(source, str) and source.startswith(HUB):
        rows: Iterable[tuple[int, Row]] = enumerate(_hub_rows(*source.removeprefix(HUB).partition(":")[::2]), 1)
    else:
        rows = file_rows(Path(source))
    problems: dict[tuple[str, str], Problem] = {}
    layout: Layout | None = None
    for number, row in rows:
        try:
            own = recognise(row)
            layout = layout or own
            if own != layout:
                raise UserError(f"it is in the layout of {own.title}, the first in that of {layout.title}")
            problem = own.problem(row)
            if problems.setdefault((problem.language, problem.name), problem) is not problem:
                raise UserError(f"there is a problem {problem.name!r} already")
        except UserError as error:
            raise UserError(f"{source}, row {number}: {error}") from None
    if not problems:
        raise UserError(f"there are no problems in {source}")
    return [problem for problem in problems.values() if languages is None or problem.language in languages]


def file_rows(file: Path) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a JSONL file, which may be compressed, by line; a UserError tells what cannot be read."""
    if not file.is_file():
        raise UserError(f"no such file: {file}")
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    except (EOFError, OSError, UnicodeDecodeError, zlib.error) as error:
        raise UserError(f"cannot read {file}: {error}") from None
    for number, line in rows:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise UserError(f"{file}, row {number}: not a JSON object")
        yield number, row


def _hub_rows(name: str, configuration: str) -> Iterable[Row]:
    if not name:
        raise UserError(f"give {HUB}NAME:CONFIGURATION, such as {HUB}nuprl/MultiPL-E:humaneval-rs")
    # Its import takes seconds, and most problems come from files.
    from datasets import load_dataset

    try:
        splits = load_dataset(name, configuration or None)
    except Exception as error:  # of many libraries, whatever is between here and the hub
        reason = " ".join(str(error).split())[:300]
        raise UserError(f"cannot load {name} {configuration}: {reason}") from None
    if _SPLIT not in splits:
        raise UserError(f"{name} {configuration} has no split {_SPLIT!r}, only {', '.join(splits)}")
    rows: Iterable[Row] = splits[_SPLIT]
    return rows
