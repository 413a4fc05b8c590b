"""Programs from JSONL files."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import zstandard

from codelm.errors import UserError
from data_prep.sources.columns import BadRowError, Columns, choose_columns
from data_prep.sources.options import SourceOptions
from data_prep.sources.programs import SourceProgram, count_dropped

if TYPE_CHECKING:
    from data_prep.dropped import Dropped

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".json.gz", ".jsonl.zst", ".json.zst")

_ZSTD_CHUNK = 1 << 20
_UNIT_BYTES = 64 << 20
_LONGEST_LINE = 64 << 20
"""A longer line is cut here, and is not JSON then: a file that is no JSONL is not read into memory whole."""
_MOST_LAYOUTS = 1000
"""Of a file whose objects have names of their own; what each field is, is decided once per layout."""
_COMPRESSION = 5
"""Bytes of JSONL in a byte of a compressed file, about."""


@dataclass(frozen=True)
class JsonLines:
    """The lines of a JSONL file, or of a stretch of it.

    Parameters
    ----------
    file
        A ``.jsonl`` file, plain, or compressed as ``.gz`` or ``.zst``.
    options
        Where the fields are, and whether bad lines are skipped.
    label
        Short name of the file: a program without a group is one of its own, named by this and its line's first byte.
    start, stop
        The lines that begin at these bytes: from the first, up to the second. A compressed file is read whole.
    folders
        Names of the folders that it lies in, which may tell the language.
    """

    file: Path
    options: SourceOptions
    label: str
    start: int = 0
    stop: int | None = None
    folders: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Stable name."""
        return f"{self.file}:{self.start}" if self.start else str(self.file)

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""
        if self.stop is not None:
            return self.stop - self.start
        return self.file.stat().st_size * (_COMPRESSION if self.file.suffix in (".gz", ".zst") else 1)

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs.

        Raises
        ------
        UserError
            For a file that cannot be read, and for a bad line unless those are skipped; it names the file and the line.
        """
        layouts: dict[tuple[str, ...], Columns] = {}
        for place, line in self._lines():
            if not line.strip():
                continue
            try:
                yield from self._programs(line, place, layouts, dropped)
            except BadRowError as bad:
                if not self.options.skip_bad:
                    number = self._number(place)
                    raise UserError(f"{self.file}:{number}: {bad} (--skip-bad goes on without such lines)") from None
                if dropped is not None:
                    dropped.add("bad line", bad.reason, "", line.decode("utf-8", "replace"), f"{self.file}:{place}")

    def _programs(
        self, line: bytes, place: int, layouts: dict[tuple[str, ...], Columns], dropped: Dropped | None
    ) -> Iterator[SourceProgram]:
        row = _object(line)
        names = _names(row)
        if names not in layouts:
            if len(layouts) == _MOST_LAYOUTS:
                layouts.clear()
            layouts[names] = self._columns(names)
        columns = layouts[names]
        try:
            programs = list(columns.programs(row, "unknown", f"{self.label}:{place}"))
        except BadRowError as bad:
            # In files that were made for this tool an unknown language is a slip; in others it is one of many.
            if not bad.language or columns.language == "language":
                raise
            count_dropped(dropped, "language not registered", bad.language)
            return
        for program in programs:
            try:
                (program.group + program.code).encode()
            except UnicodeEncodeError:
                raise BadRowError("a lone surrogate") from None
            yield program

    def _columns(self, names: tuple[str, ...]) -> Columns:
        # An object may lack what others have: a language of the group, a licence.
        given = tuple((self.options.columns or {}).values())
        try:
            return choose_columns((*names, *given), self.options, str(self.file), self.folders)
        except UserError:
            missing = "language" if "code" in names else "code"
            raise BadRowError(f"no text in the field {missing!r}") from None

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines, each with the byte that it begins at: the same, however the file is cut."""
        with _reading(self.file):
            if self.stop is None:
                with _open(self.file) as lines:
                    yield from _with_places(lines, 0)
                return
            stop = self.stop
            with self.file.open("rb") as plain:
                # Whoever reads the stretch before reads the line that reaches into this one.
                plain.seek(max(self.start - 1, 0))
                start = self.start - 1 + len(plain.readline(_LONGEST_LINE)) if self.start else 0
                yield from takewhile(lambda line: line[0] < stop, _with_places(_lines_of(plain), start))

    def _number(self, place: int) -> int:
        """Return the number of the line that begins at a byte, from 1."""
        with _open(self.file) as lines:
            return next(number for number, (begin, _) in enumerate(_with_places(lines, 0), 1) if begin >= place)


def jsonl_units(file: Path, options: SourceOptions, label: str, folders: tuple[str, ...] = ()) -> list[JsonLines]:
    """Return the units of a file: stretches of a plain one, a compressed one whole."""
    if file.suffix in (".gz", ".zst"):
        return [JsonLines(file, options, label, folders=folders)]
    size = file.stat().st_size
    starts = range(0, max(size, 1), _UNIT_BYTES)
    return [JsonLines(file, options, label, start, min(start + _UNIT_BYTES, size), folders) for start in starts]


def read_jsonl(file: Path, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
    """Read programs from a ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.zst`` file.

    Each line is an object with the strings `language` and `code`, and maybe `group`, `source` and `licence`.

    Parameters
    ----------
    file
        The file.
    dropped
        Counts bad lines by reason and goes on; None stops at the first.

    Raises
    ------
    UserError
        For a missing file, and for a bad line unless those are skipped; it names the file and the line.
    """
    if not file.is_file():
        raise UserError(f"no such file: {file}")
    return JsonLines(file, SourceOptions(skip_bad=dropped is not None), file.name).read(dropped)


def _object(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadRowError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadRowError("not JSON") from None
    if not isinstance(row, dict):
        raise BadRowError("not a JSON object")
    return row


def _names(row: dict[str, Any]) -> tuple[str, ...]:
    nested = [f"{name}.{inner}" for name, value in row.items() if isinstance(value, dict) for inner in value]
    return (*row, *nested)


def _with_places(lines: Iterable[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    for line in lines:
        yield start, line
        start += len(line)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError, zlib.error, zstandard.ZstdError) as error:
        raise UserError(f"cannot read {file}: {error}") from None


@contextmanager
def _open(file: Path) -> Iterator[Iterable[bytes]]:
    if file.suffix == ".gz":
        with gzip.open(file) as compressed:
            yield _lines_of(compressed)
    else:
        with file.open("rb") as plain:
            yield _zstd_lines(plain) if file.suffix == ".zst" else _lines_of(plain)


def _lines_of(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    return iter(lambda: file.readline(_LONGEST_LINE), b"")


def _zstd_lines(compressed: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a zstd file; unlike the library's own reader, raise EOFError where the file was cut off."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    rest = b""
    while chunk := compressed.read(_ZSTD_CHUNK):
        while chunk:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            *lines, rest = (rest + frame.decompress(chunk)).split(b"\n")
            yield from (line + b"\n" for line in lines)
            if len(rest) > _LONGEST_LINE:
                yield rest
                rest = b""
            chunk = frame.unused_data
    if not frame.eof:
        raise EOFError("it ends in the middle")
    yield rest
