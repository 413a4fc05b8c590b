"""Where programs come from: JSONL files, and the built-in sampler."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import IO

import zstandard

from codelm.errors import UserError
from codelm.languages import get_language

_ZSTD_CHUNK = 1 << 20
_GROUPS_PER_TASK = 250
_SEED_STRIDE = 1_000_000_007
"""Keeps the built-in programs of different seeds apart."""


@dataclass(frozen=True)
class SourceProgram:
    """One program as it comes in: `group` names the task that it solves, in whatever language."""

    group: str
    language: str
    code: str
    source: str = "unknown"
    licence: str = "unknown"


def read_jsonl(file: Path, skipped: Counter[str] | None = None) -> Iterator[SourceProgram]:
    """Read programs from a ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.zst`` file.

    Each line is an object with the strings `group`, `language` and `code`, and maybe `source` and `licence`.

    Parameters
    ----------
    file
        The file.
    skipped
        Counts bad lines by reason and goes on; None stops at the first.

    Raises
    ------
    UserError
        For a missing file, and for a bad line unless those are skipped; it names the file and the line.
    """
    if not file.is_file():
        raise UserError(f"no such file: {file}")
    with _open(file) as lines:
        try:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    yield _read_line(line)
                except _BadLineError as bad:
                    if skipped is None:
                        raise UserError(f"{file}:{number}: {bad} (--skip-bad goes on without such lines)") from None
                    skipped[f"bad line: {bad.reason}"] += 1
        except (EOFError, OSError, zlib.error, zstandard.ZstdError) as error:
            raise UserError(f"cannot read {file}: {error}") from None


class _BadLineError(Exception):
    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(message or reason)
        self.reason = reason


def _read_line(line: bytes) -> SourceProgram:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _BadLineError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise _BadLineError("not JSON") from None
    if not isinstance(row, dict):
        raise _BadLineError("not a JSON object")
    for name in ("group", "language", "code"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise _BadLineError(f"no text in the field {name!r}")
    try:
        (row["group"] + row["code"]).encode("utf-8")
        language = get_language(row["language"]).name
    except UnicodeEncodeError:
        raise _BadLineError("a lone surrogate") from None
    except UserError as error:
        raise _BadLineError("unknown language", str(error)) from None
    fields = {name: str(row[name]) for name in ("source", "licence") if row.get(name)}
    return SourceProgram(row["group"], language, row["code"], **fields)


@contextmanager
def _open(file: Path) -> Iterator[Iterable[bytes]]:
    if file.suffix == ".gz":
        with gzip.open(file) as lines:
            yield lines
    else:
        with file.open("rb") as plain:
            yield _zstd_lines(plain) if file.suffix == ".zst" else plain


def _zstd_lines(compressed: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a zstd file; unlike the library's own reader, raise EOFError where the file was cut off."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    rest = b""
    while chunk := compressed.read(_ZSTD_CHUNK):
        while chunk:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            *lines, rest = (rest + frame.decompress(chunk)).split(b"\n")
            yield from lines
            chunk = frame.unused_data
    if not frame.eof:
        raise EOFError("it ends in the middle")
    yield rest


def builtin_programs(groups: int, seed: int) -> Iterator[SourceProgram]:
    """Sample the built-in corpus: `groups` programs in all seven languages each, a function of the seed."""
    starts = range(0, groups, _GROUPS_PER_TASK)
    sizes = [min(_GROUPS_PER_TASK, groups - start) for start in starts]
    tasks = (starts, sizes, [seed] * len(starts))
    if len(starts) == 1:
        yield from _sample_groups(0, groups, seed)
        return
    # Spawned, not forked: the caller may have loaded torch, whose threads do not survive a fork.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for programs in pool.map(_sample_groups, *tasks):
            yield from programs


def _sample_groups(start: int, number: int, seed: int) -> list[SourceProgram]:
    from data_prep.builtin.emitters import EMITTERS
    from data_prep.builtin.sampler import sample_program

    emitters = {name: emitter() for name, emitter in EMITTERS.items()}
    programs = []
    for index in range(start, start + number):
        program = sample_program(seed * _SEED_STRIDE + index)
        for language, emitter in emitters.items():
            code = emitter.emit(program)
            programs.append(SourceProgram(f"builtin-{index:07d}", language, code, "builtin", "Apache-2.0"))
    return programs
