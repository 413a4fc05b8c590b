"""The corpus: collections of tokenised programs in litdata shards, a manifest, a tokenizer.

A collection is written by `CollectionWriter`, in one go or in parts that `join_collection` makes one of.
"""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from codelm.data.folders import CACHE_BYTES, Folder, LocalFolder, checksum, open_folder
from codelm.errors import UserError
from codelm.languages import LANGUAGES, TEXT_KINDS
from codelm.tokenizer import Tokenizer

SCHEMA = 2
MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.json"
INDEX = "index.json"
LENGTHS = "lengths.npy"
GROUPS = "groups.npy"
SUMMARY = "summary.json"

OPEN_SHARDS = 32
"""Shards of a collection that a process has mapped at a time: each takes a file descriptor."""

Split = Literal["train", "validation"]


def collection_name(languages: Sequence[str]) -> str:
    """Return the name of a collection: ``python`` for documents, ``python-java`` for pairs."""
    return "-".join(languages)


@dataclass(frozen=True)
class CollectionSummary:
    """What the manifest says of one collection.

    Parameters
    ----------
    languages
        One language, or kind of text, for documents; two languages for pairs.
    documents, tokens, bytes
        How many; tokens, and bytes of text, count both sides of a pair.
    checksums
        Check sum of each of its files, by name.
    """

    languages: tuple[str, ...]
    documents: int
    tokens: int
    bytes: int
    checksums: dict[str, str]

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> CollectionSummary:
        """Return the summary that `asdict` made this of."""
        return cls(**{**content, "languages": tuple(content["languages"])})


@dataclass(frozen=True)
class DroppedPrograms:
    """Programs of one language that a step of the preparation left out for one reason.

    Parameters
    ----------
    step, reason
        What left them out, and why.
    language
        Their language or kind of text, or "" where that is not known.
    programs
        How many they are.
    examples
        Where a few of them stood, and how they begin.
    """

    step: str
    reason: str
    language: str
    programs: int
    examples: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> DroppedPrograms:
        """Return the row that `asdict` made this of."""
        return cls(**{**content, "examples": tuple((place, text) for place, text in content["examples"])})


@dataclass(frozen=True)
class Manifest:
    """What a corpus is made of.

    Parameters
    ----------
    fingerprint
        Digest of the tokenizer and of every program: equal for equal corpora.
    tokenizer_fingerprint
        Digest of ``tokenizer.json``.
    vocab_size
        Token ids of the tokenizer.
    languages
        Languages that occur, in listing order.
    pivot
        The language on one side of every pair.
    train, validation
        The collections of each split, by name.
    groups
        Number of groups in each split.
    dropped
        Table of what each step left out, by reason and language.
    sources
        Where the programs came from.
    licences
        Number of programs by licence.
    schema
        Version of this layout.
    """

    fingerprint: str
    tokenizer_fingerprint: str
    vocab_size: int
    languages: tuple[str, ...]
    pivot: str
    train: dict[str, CollectionSummary]
    validation: dict[str, CollectionSummary]
    groups: dict[str, int]
    dropped: tuple[DroppedPrograms, ...] = ()
    sources: tuple[str, ...] = ()
    licences: dict[str, int] = field(default_factory=dict)
    schema: int = SCHEMA

    def save(self, file: Path) -> None:
        """Write the manifest as JSON."""
        file.write_text(json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, file: Path) -> Manifest:
        """Read a manifest; a UserError tells of another version or a damaged file."""
        try:
            content: dict[str, Any] = json.loads(file.read_text())
            if content.get("schema") != SCHEMA:
                raise UserError(
                    f"{file} has schema {content.get('schema')}, this version reads {SCHEMA}: prepare the corpus again"
                )
            for split in ("train", "validation"):
                content[split] = {name: CollectionSummary.from_json(entry) for name, entry in content[split].items()}
            content["dropped"] = tuple(DroppedPrograms.from_json(row) for row in content["dropped"])
            content["languages"], content["sources"] = tuple(content["languages"]), tuple(content["sources"])
            return cls(**content)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"{file} is damaged ({error}): prepare the corpus again") from None


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


_LITDATA_CONFIG = {
    "compression": None,
    "compression_batch_size": None,
    "compression_level": None,
    "chunk_size": None,
    "data_format": ["no_header_numpy:2"],
    "data_spec": '[1, {"type": null, "context": null, "children_spec": []}]',
    "encryption": None,
    "ipc_compression": None,
    "item_loader": "PyTreeLoader",
    "types": "json",
}
"""What litdata's index says of shards of int32 arrays; its own writer takes seconds to import, and torch's memory."""


class CollectionWriter:
    """Writes one collection, or a part of one: litdata shards of program tokens, and the lengths beside them.

    The files are those that litdata's own writer would write; `tests/contracts/test_litdata.py` pins it.

    Parameters
    ----------
    folder
        Where to write; made if it is not there.
    languages
        One language, or kind of text, for documents; two languages for pairs.
    shard_size
        Most bytes of a shard, as litdata reads it.
    """

    def __init__(self, folder: Path, languages: Sequence[str], shard_size: str = "64MB") -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._languages = tuple(languages)
        number = shard_size.rstrip("BKMG")
        self._shard_bytes = int(number) * {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}[shard_size[len(number) :]]
        self._chunks: list[dict[str, Any]] = []
        self._waiting: list[np.ndarray] = []
        self._waiting_bytes = 0
        self._lengths: list[list[int]] = []
        self._groups: list[int] = []
        self._bytes = 0

    def write(self, programs: Sequence[np.ndarray], group: int, text_bytes: int) -> None:
        """Add a document: the tokens (int32) of its one or two programs, its group's number, its size as text."""
        tokens = np.concatenate(programs).astype("<i4")
        if self._waiting and self._waiting_bytes + tokens.nbytes + 4 > self._shard_bytes:
            self._write_shard()
        self._waiting.append(tokens)
        self._waiting_bytes += tokens.nbytes + 4
        self._lengths.append([len(program) for program in programs])
        self._groups.append(group)
        self._bytes += text_bytes

    def close(self) -> CollectionSummary:
        """Finish the shards; return the summary for the manifest, which is left beside them for `join_collection`."""
        if self._waiting:
            self._write_shard()
        index = {"chunks": self._chunks, "config": {**_LITDATA_CONFIG, "chunk_bytes": self._shard_bytes}}
        lengths = np.asarray(self._lengths, dtype=np.int32).reshape(-1, len(self._languages))
        groups = np.asarray(self._groups, dtype=np.int64)
        summary = _finish(self._folder, self._languages, index, lengths, groups, self._bytes)
        (self._folder / SUMMARY).write_text(json.dumps(asdict(summary)))
        return summary

    def _write_shard(self) -> None:
        """Write what waits in litdata's layout, see `_map_shard`."""
        name = f"chunk-0-{len(self._chunks)}.bin"
        sizes = np.array([tokens.nbytes for tokens in self._waiting])
        offsets = 4 * (len(sizes) + 2) + np.concatenate([[0], np.cumsum(sizes + 4)])
        with (self._folder / name).open("wb") as file:
            file.write(np.concatenate([[len(sizes)], offsets]).astype("<u4").tobytes())
            for tokens in self._waiting:
                file.write(tokens.nbytes.to_bytes(4, "little"))
                file.write(tokens.data)
        self._chunks.append({"chunk_bytes": int(offsets[-1]), "chunk_size": len(sizes), "dim": None, "filename": name})
        self._waiting, self._waiting_bytes = [], 0


def join_collection(parts: Sequence[Path], folder: Path) -> CollectionSummary:
    """Make one collection of several that were written for the same languages, in their order.

    The shards are moved, so that it takes next to no time; the folders of the parts stay, without them. What was
    interrupted can be called again.

    Parameters
    ----------
    parts
        Folders that `CollectionWriter` wrote, at least one; in the same file system as `folder`.
    folder
        Where the collection comes to be; made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    summaries = [CollectionSummary.from_json(json.loads((part / SUMMARY).read_text())) for part in parts]
    indices = [json.loads((part / INDEX).read_text()) for part in parts]
    chunks: list[dict[str, Any]] = []
    checksums: dict[str, str] = {}
    for part, summary, index in zip(parts, summaries, indices, strict=True):
        for chunk in index["chunks"]:
            name = f"chunk-0-{len(chunks)}.bin"
            if (part / chunk["filename"]).exists():
                os.replace(part / chunk["filename"], folder / name)
            chunks.append({**chunk, "filename": name})
            checksums[name] = summary.checksums[chunk["filename"]]
    return _finish(
        folder,
        summaries[0].languages,
        {**indices[0], "chunks": chunks},
        np.concatenate([np.load(part / LENGTHS) for part in parts]),
        np.concatenate([np.load(part / GROUPS) for part in parts]),
        sum(summary.bytes for summary in summaries),
        checksums,
    )


def _finish(
    folder: Path,
    languages: tuple[str, ...],
    index: dict[str, Any],
    lengths: np.ndarray,
    groups: np.ndarray,
    text_bytes: int,
    checksums: dict[str, str] | None = None,
) -> CollectionSummary:
    """Write what stands beside the shards of a collection; `checksums` are those of the shards, if they are known."""
    (folder / INDEX).write_text(json.dumps(index, sort_keys=True))
    np.save(folder / LENGTHS, lengths)
    np.save(folder / GROUPS, groups)
    names = [chunk["filename"] for chunk in index["chunks"]]
    checksums = checksums or {name: checksum(folder / name) for name in names}
    checksums |= {name: checksum(folder / name) for name in (INDEX, LENGTHS, GROUPS)}
    return CollectionSummary(languages, len(lengths), int(lengths.sum()), text_bytes, checksums)


class Collection:
    """Random access to the programs of one collection, by memory map; safe to hand to worker processes.

    Every file is checked when a process opens it for the first time.

    Parameters
    ----------
    folder
        The collection's folder.
    summary
        What the manifest says of it.
    """

    def __init__(self, folder: Path | Folder, summary: CollectionSummary) -> None:
        self._folder = LocalFolder(folder) if isinstance(folder, Path) else folder
        self._summary = summary
        self.languages = summary.languages
        self._open: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    @property
    def name(self) -> str:
        """``python`` for documents, ``python-java`` for pairs."""
        return collection_name(self.languages)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Tokens of each program (documents, sides)."""
        lengths: np.ndarray = np.load(self._fetch(LENGTHS), mmap_mode="r")
        if lengths.shape != (self.shard_starts[-1], len(self.languages)):
            raise UserError(f"{self._folder}/{LENGTHS} does not fit its shards: prepare the corpus again")
        # As a plain array: every access to a memmap makes another memmap, which takes longer than the access.
        return lengths.view(np.ndarray)

    @cached_property
    def groups(self) -> np.ndarray:
        """Number of each document's group (documents,): equal across collections of a split for one group."""
        return np.asarray(np.load(self._fetch(GROUPS)))

    @cached_property
    def shard_starts(self) -> np.ndarray:
        """First item of each shard, and the number of items at the end (shards + 1,)."""
        return np.concatenate([[0], np.cumsum([chunk["chunk_size"] for chunk in self._chunks], dtype=np.int64)])

    def __len__(self) -> int:
        return len(self.lengths)

    def program(self, item: int, side: int = 0) -> np.ndarray:
        """Return the tokens (int32) of one program."""
        return self.programs(item, (side,))[0]

    def programs(self, item: int, sides: Sequence[int]) -> list[np.ndarray]:
        """Return the tokens (int32) of a document's programs, those of these sides."""
        shard = bisect_right(self._starts, item) - 1
        begins, data = self._open.get(shard) or self._open_shard(shard)
        place = item - self._starts[shard]
        begin, end = begins.item(place), begins.item(place + 1) - 1
        if len(self.languages) == 1:
            return [data[begin:end]]
        middle = begin + self.lengths.item(item, 0)
        return [data[middle:end] if side else data[begin:middle] for side in sides]

    @cached_property
    def _chunks(self) -> list[dict[str, Any]]:
        chunks: list[dict[str, Any]] = json.loads(self._fetch(INDEX).read_text())["chunks"]
        return chunks

    @cached_property
    def _starts(self) -> list[int]:
        return [int(start) for start in self.shard_starts]

    def _open_shard(self, shard: int) -> tuple[np.ndarray, np.ndarray]:
        while len(self._open) >= OPEN_SHARDS:
            del self._open[next(iter(self._open))]
        self._open[shard] = _map_shard(self._fetch(self._chunks[shard]["filename"]))
        return self._open[shard]

    def _fetch(self, name: str) -> Path:
        if name not in self._summary.checksums:
            raise UserError(f"{self._folder}/{name} is not in the manifest: prepare the corpus again")
        return self._folder.fetch(name, self._summary.checksums[name])

    def __getstate__(self) -> dict[str, Any]:
        # A memory map would be pickled as a copy of the whole file.
        return {"folder": self._folder, "summary": self._summary}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]


def _map_shard(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return where each item's tokens begin in a shard, and where one more would, and the shard (int32).

    litdata's layout: the number of items, their byte offsets from the start of the file and the end (all uint32), then
    the items, each with its size in bytes (uint32) before it. `tests/contracts/test_litdata.py` pins it.
    """
    data = np.memmap(file, dtype=np.int32, mode="r").view(np.ndarray)
    offsets = data[1 : int(data[0]) + 2].view(np.uint32)
    return offsets // 4 + 1, data


class Corpus:
    """A prepared corpus.

    Parameters
    ----------
    folder
        What `data_prep/prepare.py` wrote, or the URL of a copy in a store that litdata streams from:
        ``s3://bucket/corpus``.
    cache_bytes
        Most bytes of shards that are kept on disk of a corpus in a store.

    Raises
    ------
    UserError
        If the corpus is missing, unfinished, or its tokenizer is not the one that it was prepared with.
    """

    def __init__(self, folder: Path | str, cache_bytes: int = CACHE_BYTES) -> None:
        self._files = open_folder(folder, cache_bytes)
        self.folder = self._files.path
        """Where its files are on disk, or come to be."""
        if isinstance(self._files, LocalFolder):
            if not self.folder.is_dir():
                raise UserError(f"no corpus at {folder}: make one with data_prep/prepare.py, or use --corpus builtin")
            if not (self.folder / MANIFEST).is_file():
                raise UserError(
                    f"{folder} is not a finished corpus (it has no {MANIFEST}): run data_prep/prepare.py again"
                )
        self.manifest = Manifest.load(self._files.fetch(MANIFEST))
        tokenizer_file = self._files.fetch(TOKENIZER)
        if file_digest(tokenizer_file) != self.manifest.tokenizer_fingerprint:
            raise UserError(
                f"{self._files}/{TOKENIZER} is not the tokenizer that the corpus was prepared with: prepare it again"
            )
        self.tokenizer = Tokenizer.load(tokenizer_file)

    def collection(self, split: Split, name: str) -> Collection:
        """Return a collection of a split by name."""
        return Collection(self._files / split / name, self.summaries(split)[name])

    def summaries(self, split: Split) -> dict[str, CollectionSummary]:
        """Return the manifest's entries for a split."""
        return self.manifest.train if split == "train" else self.manifest.validation


def listing_key(name: str) -> tuple[int, str]:
    """Sort key that lists languages, and pairs by their other side, in the order of the study.

    Other languages come after them, and the kinds of text last.
    """
    last = name.rpartition("-")[2]
    if name in TEXT_KINDS:
        return (len(LANGUAGES) + 1 + TEXT_KINDS.index(name), name)
    return (LANGUAGES.index(last) if last in LANGUAGES else len(LANGUAGES), name)
