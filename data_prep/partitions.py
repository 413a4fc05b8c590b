"""Programs on disk between the stages of a preparation, in partitions by the hash of their group."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import zstandard

PARTITION_SIZE = 64 << 20
"""Bytes of text in a partition, about; the memory that a task needs follows from it, not from the input's size."""

_BUFFER = 32 << 20
"""Characters that a writer gathers before it writes them, partition by partition."""

_LEVEL = 1


class Record(NamedTuple):
    """A program with its place in the input: the number of its unit, and its own within the unit."""

    group: str
    unit: int
    place: int
    language: str
    code: str
    source: str
    licence: str


@dataclass(frozen=True)
class Partitions:
    """A folder of programs in partitions: all programs of a group are in one of them, whoever wrote them.

    Every task writes one file; in it lie compressed segments, each of one partition, and an index beside it says
    where. So the number of files is that of the tasks, not tasks times partitions.

    Parameters
    ----------
    folder
        Where the files are; made by the first writer.
    count
        Number of partitions. It decides where a program goes: `partition_count` takes it from the input's size.
    """

    folder: Path
    count: int

    def number(self, group: str) -> int:
        """Return the partition of a group."""
        return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") % self.count

    @contextmanager
    def writer(self, task: int) -> Iterator[PartitionWriter]:
        """Write the programs of a task; they are there when the context ends without an error, and not before.

        A task that is written again replaces what it wrote.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        data, index = self._files(task)
        # Another process may still be dying over the same task.
        unfinished = data.with_suffix(f".{os.getpid()}.tmp")
        try:
            with unfinished.open("wb") as file:
                writer = PartitionWriter(self, file)
                yield writer
                writer.flush()
            index.unlink(missing_ok=True)
            unfinished.replace(data)
            unfinished.write_text(json.dumps(writer.segments))
            # The index comes last: without it there is no such task.
            unfinished.replace(index)
        finally:
            unfinished.unlink(missing_ok=True)

    def read(self, number: int) -> list[Record]:
        """Return the programs of a partition, sorted by group, unit and place."""
        records: list[Record] = []
        for index in sorted(self.folder.glob("*.json")):
            segments = json.loads(index.read_text()).get(str(number), ())
            if not segments:
                continue
            with index.with_suffix(".zst").open("rb") as file:
                for start, size in segments:
                    file.seek(start)
                    lines = zstandard.ZstdDecompressor().decompress(file.read(size)).splitlines()
                    records += [Record(*json.loads(line)) for line in lines]
        records.sort(key=lambda record: record[:3])
        return records

    def _files(self, task: int) -> tuple[Path, Path]:
        data = self.folder / f"task-{task:05d}.zst"
        return data, data.with_suffix(".json")


class PartitionWriter:
    """What a task writes its programs with; `Partitions.writer` makes it."""

    def __init__(self, partitions: Partitions, file: IO[bytes]) -> None:
        self.segments: dict[int, list[tuple[int, int]]] = {}
        self._partitions = partitions
        self._file = file
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self._lines: dict[int, list[bytes]] = defaultdict(list)
        self._buffered = 0

    def write(self, record: Record) -> None:
        """Add a program to the partition of its group."""
        line = json.dumps(record).encode()
        self._lines[self._partitions.number(record.group)].append(line)
        self._buffered += len(line)
        if self._buffered >= _BUFFER:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered, one segment for each partition."""
        for number, lines in sorted(self._lines.items()):
            segment = self._compressor.compress(b"\n".join(lines))
            self.segments.setdefault(number, []).append((self._file.tell(), len(segment)))
            self._file.write(segment)
        self._lines.clear()
        self._buffered = 0


def partition_count(size: int) -> int:
    """Return the number of partitions for an input of so many bytes: a function of its size alone."""
    return max(1, round(size / PARTITION_SIZE))
