"""Partitions to collections: each partition is grouped, paired and tokenised for itself, and the parts are joined."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from codelm.data.store import CollectionSummary, CollectionWriter, collection_name, join_collection, listing_key
from codelm.tokenizer import Tokenizer
from data_prep.dropped import Dropped
from data_prep.executors import advance
from data_prep.grouping import Group, HeldOut, draw_documents, group_digest, make_groups, smallest_digests, stratum
from data_prep.partitions import Partitions, Record

_BATCH = 1 << 20
"""Characters that are tokenised in one go: enough for every core, little beside a partition."""

_DIGEST = "digest.txt"
_DROPPED = "dropped.json"
SPLITS = ("train", "validation")

_Document = tuple[tuple[Record, ...], int]
"""One program, or two, and the number of their group."""


@dataclass(frozen=True)
class Grouping:
    """How a partition becomes documents.

    Parameters
    ----------
    partitions
        The programs.
    copies
        Folder in which `find_copies` left what goes; None if nothing does.
    pivot
        Language on one side of every pair.
    pairs_per_group
        Most pairs of a group.
    seed
        Seed of the split and the pairing.
    """

    partitions: Partitions
    copies: Path | None
    pivot: str
    pairs_per_group: int
    seed: int

    def groups(self, number: int) -> list[Group]:
        """Return the groups of a partition, without the programs that go."""
        records = self.partitions.read(number)
        if self.copies is not None:
            from data_prep.deduplication import copies_of

            copies = copies_of(self.copies, number)
            records = [record for record in records if (record.unit, record.place) not in copies]
        return make_groups(records)

    def documents(self, group: Group, dropped: Dropped) -> list[tuple[Record, ...]]:
        """Return the training documents of a group."""
        return draw_documents(group, self.pivot, self.pairs_per_group, self.seed, dropped)


# --- what there is


@dataclass
class Census:
    """What a partition holds once the copies are gone.

    Attributes
    ----------
    groups
        Number of groups of each stratum.
    smallest
        The smallest digests of each stratum's groups, in order: those groups come first when some are held out.
    characters
        Characters of the documents, were all groups for training.
    languages, sources, licences
        Number of programs by each.
    """

    groups: Counter[str] = field(default_factory=Counter)
    smallest: dict[str, list[str]] = field(default_factory=dict)
    characters: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class TakeCensus:
    """The stage that counts: a task is a partition.

    Parameters
    ----------
    grouping
        How a partition becomes groups.
    held_out
        Most groups of a stratum that can be held out.
    folder
        Where each task leaves its census.
    """

    grouping: Grouping
    held_out: int
    folder: Path

    def __call__(self, number: int) -> None:
        """Count a partition."""
        census = Census()
        digests: dict[str, list[str]] = defaultdict(list)
        for group in self.grouping.groups(number):
            digests[stratum(group)].append(group_digest(group.name, self.grouping.seed))
            documents = self.grouping.documents(group, Dropped())
            census.characters += sum(len(record.code) for document in documents for record in document)
            for language, records in group.programs.items():
                census.languages[language] += len(records)
                census.sources.update(record.source for record in records)
                census.licences.update(record.licence for record in records)
        census.groups.update({name: len(found) for name, found in digests.items()})
        census.smallest = {name: smallest_digests(found, self.held_out) for name, found in digests.items()}
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{number:05d}.json").write_text(json.dumps(vars(census)))

    def result(self) -> list[Census]:
        """Return what the tasks counted, partition by partition."""
        files = (self.folder / f"{number:05d}.json" for number in range(self.grouping.partitions.count))
        parts = [json.loads(file.read_text()) for file in files]
        counters = ("groups", "languages", "sources", "licences")
        return [Census(**{**part, **{name: Counter(part[name]) for name in counters}}) for part in parts]


def training_programs(grouping: Grouping, held_out: HeldOut) -> Iterator[str]:
    """Yield the programs of the training documents, partition by partition: a tokenizer learns from the first."""
    ignored = Dropped()
    for number in range(grouping.partitions.count):
        for group in grouping.groups(number):
            if group not in held_out:
                for document in grouping.documents(group, ignored):
                    yield from (record.code for record in document)


# --- tokens


@dataclass(frozen=True)
class WriteShards:
    """The stage that tokenises: a task is a partition, and leaves a part of each collection.

    Parameters
    ----------
    grouping
        How a partition becomes documents.
    held_out
        The groups for validation.
    first_groups
        For each partition the number of its first group, of training and of validation.
    tokenizer
        File of the tokenizer.
    folder
        Where the parts go, one folder each.
    """

    grouping: Grouping
    held_out: HeldOut
    first_groups: tuple[tuple[int, int], ...]
    tokenizer: Path
    folder: Path

    def __call__(self, number: int) -> None:
        """Write a part; its folder is there when it is whole, and not before."""
        part = self.folder / f"{number:05d}"
        # Another process may still be dying over the same task.
        unfinished = self.folder / f"{number:05d}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        self._write(number, unfinished)
        shutil.rmtree(part, ignore_errors=True)
        unfinished.rename(part)

    def _write(self, number: int, folder: Path) -> None:
        dropped = Dropped()
        train: list[_Document] = []
        validation: list[_Document] = []
        train_number, validation_number = self.first_groups[number]
        for group in self.grouping.groups(number):
            if group in self.held_out:
                singles = [(record,) for records in group.programs.values() for record in records]
                validation += [(document, validation_number) for document in singles]
                validation_number += 1
            else:
                train += [(document, train_number) for document in self.grouping.documents(group, dropped)]
                train_number += 1
        tokenizer = Tokenizer.load(self.tokenizer)
        digest = hashlib.sha256()
        _write_split(folder / "train", train, tokenizer, digest)
        _write_split(folder / "validation", validation, tokenizer, digest)
        dropped.save(folder / _DROPPED)
        (folder / _DIGEST).write_text(digest.hexdigest())


def _write_split(folder: Path, documents: Sequence[_Document], tokenizer: Tokenizer, digest: hashlib._Hash) -> None:
    """Tokenise and write the documents, each with its group's number."""
    writers: dict[str, CollectionWriter] = {}
    for batch in _batches(documents):
        encoded = iter(tokenizer.encode_batch([record.code for document, _ in batch for record in document]))
        for document, number in batch:
            languages = [record.language for record in document]
            name = collection_name(languages)
            if name not in writers:
                writers[name] = CollectionWriter(folder / name, languages)
            programs = [next(encoded) for _ in document]
            text_bytes = sum(len(record.code.encode()) for record in document)
            writers[name].write(programs, number, text_bytes)
            digest.update(f"{folder.name}/{name}/{number}".encode())
            digest.update(np.concatenate(programs).tobytes())
            advance(sum(len(program) for program in programs))
    for writer in writers.values():
        writer.close()


def _batches(documents: Sequence[_Document]) -> Iterator[Sequence[_Document]]:
    start = size = 0
    for stop, (document, _) in enumerate(documents, 1):
        size += sum(len(record.code) for record in document)
        if size >= _BATCH or stop == len(documents):
            yield documents[start:stop]
            start, size = stop, 0


# --- joining


@dataclass(frozen=True)
class Joined:
    """What the parts were joined to.

    Parameters
    ----------
    digest
        Digest of all programs, and of which group and collection each is in.
    train, validation
        Summary of each collection, by name.
    dropped
        What the pairing left out.
    """

    digest: str
    train: dict[str, CollectionSummary]
    validation: dict[str, CollectionSummary]
    dropped: Dropped


def join_parts(parts: Path, count: int, folder: Path) -> Joined:
    """Join the parts of all partitions to collections in `folder`; started again after a kill, it goes on."""
    folders = [parts / f"{number:05d}" for number in range(count)]
    digest = hashlib.sha256()
    dropped = Dropped()
    collections: dict[str, dict[str, list[Path]]] = {split: defaultdict(list) for split in SPLITS}
    for part in folders:
        digest.update((part / _DIGEST).read_bytes())
        dropped.merge(Dropped.load(part / _DROPPED))
        for split in SPLITS:
            for collection in (part / split).glob("*"):
                collections[split][collection.name].append(collection)
    splits = {
        split: {
            name: join_collection(collections[split][name], folder / split / name)
            for name in sorted(collections[split], key=listing_key)
        }
        for split in SPLITS
    }
    return Joined(digest.hexdigest(), splits["train"], splits["validation"], dropped)
