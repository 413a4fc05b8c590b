"""The corpus on disk: collections of tokenised programs in litdata shards, a manifest, a tokenizer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from codelm.errors import UserError
from codelm.languages import LANGUAGES
from codelm.tokenizer import Tokenizer

SCHEMA = 1
MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.json"
LENGTHS = "lengths.npy"
GROUPS = "groups.npy"

Split = Literal["train", "validation"]


def collection_name(languages: Sequence[str]) -> str:
    """Return the name of a collection: ``python`` for documents, ``python-java`` for pairs."""
    return "-".join(languages)


@dataclass(frozen=True)
class CollectionSummary:
    """What the manifest says of one collection. `programs`, `tokens`, `bytes` count both sides of a pair."""

    languages: tuple[str, ...]
    documents: int
    tokens: int
    bytes: int


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
        How many programs were left out, by reason.
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
    dropped: dict[str, int] = field(default_factory=dict)
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
                content[split] = {
                    name: CollectionSummary(**{**summary, "languages": tuple(summary["languages"])})
                    for name, summary in content[split].items()
                }
            content["languages"], content["sources"] = tuple(content["languages"]), tuple(content["sources"])
            return cls(**content)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"{file} is damaged ({error}): prepare the corpus again") from None


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


class CollectionWriter:
    """Writes one collection: litdata shards of program tokens, and the lengths beside them.

    Parameters
    ----------
    folder
        Where to write; made if it is not there.
    languages
        One language for documents, two for pairs.
    shard_size
        Most bytes of a shard, as litdata reads it.
    """

    def __init__(self, folder: Path, languages: Sequence[str], shard_size: str = "64MB") -> None:
        from litdata.streaming.cache import Cache

        folder.mkdir(parents=True)
        self._folder = folder
        self._languages = tuple(languages)
        self._cache = Cache(str(folder), chunk_bytes=shard_size)
        self._lengths: list[list[int]] = []
        self._groups: list[int] = []
        self._bytes = 0

    def write(self, programs: Sequence[np.ndarray], group: int, text_bytes: int) -> None:
        """Add a document: the tokens (int32) of its one or two programs, its group's number, its size as text."""
        self._cache._add_item(len(self._lengths), np.concatenate(programs).astype(np.int32))
        self._lengths.append([len(program) for program in programs])
        self._groups.append(group)
        self._bytes += text_bytes

    def close(self) -> CollectionSummary:
        """Finish the shards and return the counts for the manifest."""
        self._cache.done()
        self._cache.merge()
        lengths = np.asarray(self._lengths, dtype=np.int32).reshape(-1, len(self._languages))
        np.save(self._folder / LENGTHS, lengths)
        np.save(self._folder / GROUPS, np.asarray(self._groups, dtype=np.int64))
        return CollectionSummary(self._languages, len(lengths), int(lengths.sum()), self._bytes)


class Collection:
    """Random access to the programs of one collection, by memory map; safe to hand to worker processes.

    Parameters
    ----------
    folder
        The collection's folder.
    languages
        One language for documents, two for pairs.
    """

    def __init__(self, folder: Path, languages: Sequence[str]) -> None:
        self.folder = folder
        self.languages = tuple(languages)

    @property
    def name(self) -> str:
        """``python`` for documents, ``python-java`` for pairs."""
        return collection_name(self.languages)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Tokens of each program (documents, sides)."""
        try:
            lengths = np.load(self.folder / LENGTHS)
        except (ValueError, EOFError):
            raise _damaged(self.folder / LENGTHS) from None
        if lengths.shape != (self._starts[-1], len(self.languages)):
            raise UserError(f"{self.folder / LENGTHS} does not fit its shards: prepare the corpus again")
        return np.asarray(lengths)

    @cached_property
    def groups(self) -> np.ndarray:
        """Number of each document's group (documents,): equal across collections of a split for one group."""
        return np.asarray(np.load(self.folder / GROUPS))

    def __len__(self) -> int:
        return len(self.lengths)

    def program(self, item: int, side: int = 0) -> np.ndarray:
        """Return the tokens (int32) of one program."""
        shard = int(np.searchsorted(self._starts, item, side="right")) - 1
        offsets, data = self._shards[shard]
        place = item - int(self._starts[shard])
        begin = int(offsets[place]) // 4 + 1 + int(self.lengths[item, :side].sum())
        return data[begin : begin + int(self.lengths[item, side])]

    @cached_property
    def _index(self) -> list[dict[str, Any]]:
        file = self.folder / "index.json"
        try:
            chunks: list[dict[str, Any]] = json.loads(file.read_text())["chunks"]
        except (ValueError, TypeError, KeyError):
            raise _damaged(file) from None
        return chunks

    @cached_property
    def _starts(self) -> np.ndarray:
        """First item of each shard, and the number of items at the end."""
        return np.concatenate([[0], np.cumsum([chunk["chunk_size"] for chunk in self._index])])

    @cached_property
    def _shards(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return [_open_shard(self.folder / chunk["filename"]) for chunk in self._index]

    def __getstate__(self) -> dict[str, Any]:
        # A memory map would be pickled as a copy of the whole file.
        return {"folder": self.folder, "languages": self.languages}


def _open_shard(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the byte offsets of a shard's items after the header, and its tokens.

    litdata's layout: the number of items, their byte offsets from the start of the file and the end (all uint32), then
    the items, each with its size in bytes (uint32) before it. `tests/contracts/test_litdata.py` pins it.
    """
    try:
        data = np.memmap(file, dtype=np.int32, mode="r")
        header = int(data[0]) + 2
        offsets = data[1:header].view(np.uint32)
        if int(offsets[-1]) != data.nbytes:
            raise ValueError
    except (ValueError, IndexError):
        raise _damaged(file) from None
    return offsets - 4 * header, data[header:]


def _damaged(file: Path) -> UserError:
    return UserError(f"{file} is damaged: prepare the corpus again")


class Corpus:
    """A prepared corpus folder.

    Parameters
    ----------
    folder
        What `data_prep/prepare.py` wrote.

    Raises
    ------
    UserError
        If the folder is missing, unfinished, or its tokenizer is not the one that it was prepared with.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.is_dir():
            raise UserError(f"no corpus at {folder}: make one with data_prep/prepare.py, or use --corpus builtin")
        if not (folder / MANIFEST).is_file():
            raise UserError(f"{folder} is not a finished corpus (it has no {MANIFEST}): run data_prep/prepare.py again")
        self.manifest = Manifest.load(folder / MANIFEST)
        tokenizer_file = folder / TOKENIZER
        if not tokenizer_file.is_file() or file_digest(tokenizer_file) != self.manifest.tokenizer_fingerprint:
            raise UserError(
                f"{tokenizer_file} is not the tokenizer that the corpus was prepared with: prepare it again"
            )
        self.tokenizer = Tokenizer.load(tokenizer_file)

    def collection(self, split: Split, name: str) -> Collection:
        """Return a collection of a split by name."""
        summary = self.summaries(split)[name]
        folder = self.folder / split / name
        if not (folder / LENGTHS).is_file():
            raise UserError(f"collection {name} is missing from {folder.parent}: prepare the corpus again")
        return Collection(folder, summary.languages)

    def summaries(self, split: Split) -> dict[str, CollectionSummary]:
        """Return the manifest's entries for a split."""
        return self.manifest.train if split == "train" else self.manifest.validation


def listing_key(name: str) -> tuple[int, str]:
    """Sort key that lists languages, and pairs by their other side, in the order of the study, others after them."""
    last = name.rpartition("-")[2]
    return (LANGUAGES.index(last) if last in LANGUAGES else len(LANGUAGES), name)
