"""Results that outlive an interruption: rows of JSON, one a line, added as they come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from codelm.errors import UserError


class Journal:
    """A JSONL file that is read when it is opened and added to afterwards.

    A last line that an interruption cut off is dropped: what it told of is done again.

    Parameters
    ----------
    file
        The file; made at the first row.

    Attributes
    ----------
    rows
        All rows, old and new.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.rows: list[dict[str, Any]] = []
        if file.is_file():
            whole, _, torn = file.read_bytes().rpartition(b"\n")
            try:
                self.rows = [json.loads(line) for line in whole.splitlines()]
            except ValueError as error:
                raise UserError(f"{file} is damaged ({error}): delete it, and what it held is computed anew") from None
            if torn:
                file.write_bytes(whole + b"\n" if whole else b"")

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows; they are on disk when this returns."""
        rows = list(rows)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write("".join(json.dumps(row) + "\n" for row in rows))
        self.rows += rows
