"""Which programs are copies of others: exact ones, and near ones, whose words and symbols overlap.

Near-copies are sought among all programs of a language. datatrove's MinHash proposes them: programs whose signatures
agree in a band are candidates. Then the true overlap decides, so that a program goes only if one that stays is near it.
"""

from __future__ import annotations

import hashlib
import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import StringIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from codelm.errors import UserError
from data_prep.dropped import Dropped
from data_prep.executors import Execution, run_stage
from data_prep.partitions import Partitions, Record

if TYPE_CHECKING:
    from datatrove.pipeline.dedup.minhash import MinhashConfig

NGRAM = 5
"""Words and symbols in a shingle; datatrove's number.

Single words would call many programs copies that only look alike, ``count_even`` and ``count_odd``: of the 1,138 Python
solutions in MBXP and HumanEval-X 30 share .85 of their words with one of another task, and none .85 of its 5-grams.
"""

THRESHOLD = 0.85
"""Share of two programs' shingles that they have in common (Jaccard) from which on one is a near-copy of the other.

CodeParrot's, where candidates are compared too: huggingface.co/datasets/codeparrot/codeparrot-valid-near-deduplication
"""

STEP = "copies"
EXACT = "exact copy"
NEAR = "near copy"

_HASHES = 112
"""Hashes of a signature, at most: datatrove's number."""

_FOUND = 0.98
"""Share of the pairs right at the threshold that have to become candidates; of nearer ones more do."""

_MOST_ROWS = 16
"""Hashes in a band, at most: as many as a digest of 64 bytes fills."""

_DIGEST_ROWS = 8
"""Hashes in a row where digests alone are compared: 32 bytes."""

_OTHER_FILES = 256
"""Files that a process may have open besides those of the partitions."""

_BUFFERED_LINES = 1024


# --- words, shingles, signatures

_SPACE, _WORD, _SYMBOL = range(3)
_WORD_LENGTH = 64
"""Bytes after which a word's hash begins again; a power of two."""

_MULTIPLIER = 0xFF51AFD7ED558CCD
"""An odd number that mixes bits well: of MurmurHash3's finaliser (Austin Appleby)."""


def _kinds_of_bytes() -> np.ndarray:
    """Return for each byte of UTF-8 whether it belongs to a word, is a symbol, or is space."""
    kinds = np.full(256, _WORD, np.uint8)
    for byte in range(128):
        character = chr(byte)
        if character.isspace():
            kinds[byte] = _SPACE
        elif not (character.isalnum() or character == "_"):
            kinds[byte] = _SYMBOL
    return kinds


_RANDOM = np.random.RandomState(1)
_KINDS = _kinds_of_bytes()
_BYTE_HASHES = _RANDOM.randint(0, 1 << 63, (_WORD_LENGTH, 256), np.uint64) * (_KINDS != _SPACE)
"""A random number for each byte at each place of a word: their sum is the word's hash."""

_FACTORS = [np.uint64(pow(_MULTIPLIER, place, 1 << 64)) for place in range(NGRAM)]
_HASH_FACTORS, _HASH_SUMMANDS = _RANDOM.randint(0, 1 << 32, (2, _HASHES, 1), np.uint64).astype(np.uint32)
_HASH_FACTORS |= np.uint32(1)
_SLICE = 2048
"""Shingles that are hashed at a time, so that what lies between stays in the processor's cache."""


def shingles(code: str, language: str = "") -> np.ndarray:
    """Return the hashes of a text's n-grams of words and symbols, whatever its layout.

    Parameters
    ----------
    code
        The text. One of fewer than `NGRAM` words has a single shingle.
    language
        Shingles of different languages differ, so that their programs never meet.

    Returns
    -------
    numpy.ndarray, (shingles,), uint32
        Sorted, each once.
    """
    words = _hash_words(np.frombuffer(code.encode(), np.uint8))
    if len(words) < NGRAM:
        words = np.pad(words, (0, NGRAM - len(words)))
    starts = len(words) - NGRAM + 1
    sums = np.full(starts, _hash_name(language), np.uint64)
    for place, factor in enumerate(_FACTORS):
        sums += words[place : place + starts] * factor
    hashes = np.sort((_mix(sums) >> np.uint64(32)).astype(np.uint32))
    distinct: np.ndarray = hashes[np.append(True, hashes[1:] != hashes[:-1])]
    return distinct


def _hash_words(text: np.ndarray) -> np.ndarray:
    kinds = _KINDS[text]
    begins = kinds == _SYMBOL
    begins |= (kinds == _WORD) & np.append(True, kinds[:-1] != _WORD)[: len(kinds)]
    starts = np.flatnonzero(begins)
    if not len(starts):
        return np.zeros(0, np.uint64)
    places = np.arange(starts[0], len(text)) - np.repeat(starts, np.diff(starts, append=len(text)))
    hashes = _BYTE_HASHES[places & (_WORD_LENGTH - 1), text[starts[0] :]]
    return _mix(np.add.reduceat(hashes, starts - starts[0]))


def _mix(numbers: np.ndarray) -> np.ndarray:
    mixed: np.ndarray = (numbers ^ (numbers >> np.uint64(32))) * np.uint64(_MULTIPLIER)
    mixed ^= mixed >> np.uint64(32)
    return mixed


@lru_cache
def _hash_name(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Return the Jaccard similarity of two sets of shingles, 0 to 1."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def bands_and_rows(threshold: float) -> tuple[int, int]:
    """Return how many bands a signature has, and hashes in each, so that pairs at the threshold become candidates.

    Two programs of similarity s agree in one of b bands of r hashes with the probability 1 - (1 - s^r)^b (Leskovec,
    Rajaraman and Ullman, Mining of Massive Datasets, section 3.4); the more rows, the fewer the candidates below it.
    """
    if 0 < threshold <= 1:
        for rows in range(_MOST_ROWS, 0, -1):
            bands = _HASHES // rows
            if 1 - (1 - threshold**rows) ** bands >= _FOUND:
                return bands, rows
    raise UserError(f"near-copies cannot be found from an overlap of {threshold} on: set it between 0.1 and 1")


def minhash(hashes: np.ndarray, bands: int, rows: int) -> np.ndarray:
    """Return the MinHash signature of a set of shingles, (bands, rows), uint32."""
    number = bands * rows
    smallest = [
        (hashes[start : start + _SLICE] * _HASH_FACTORS[:number] + _HASH_SUMMANDS[:number]).min(axis=1)
        for start in range(0, len(hashes), _SLICE)
    ]
    signature: np.ndarray = np.min(smallest, axis=0).reshape(bands, rows)
    return signature


# --- the stages


def find_copies(
    partitions: Partitions, folder: Path, execution: Execution, near: bool = True, threshold: float = THRESHOLD
) -> None:
    """Find the programs that are copies; `copies_of` and `dropped_copies` say which.

    Of a program and its copies the first stays, in the order of partition, group, unit and place. A text that stays
    in another language makes it a copy too, unless both stand in one group: there it is a translation. What is found
    depends on the partitions alone.

    Parameters
    ----------
    partitions
        The programs.
    folder
        Where the result goes, and what the stages leave for one another; a search that was killed goes on there.
    execution
        Where the stages run.
    near
        Whether to look for near-copies too.
    threshold
        Overlap from which on a program is a near-copy, see `overlap`.

    Raises
    ------
    UserError
        If the threshold is not between 0.1 and 1.
    """
    search = _Search(partitions, folder, near, threshold)
    stages: tuple[tuple[str, Callable[[int], None], int], ...] = (
        ("signing programs", search.sign, partitions.count),
        ("comparing signatures", search.pair, search.buckets),
        ("joining candidates", search.join, 1),
        ("gathering candidates", search.gather, partitions.count),
        ("comparing programs", search.compare, partitions.count),
    )
    for name, work, tasks in stages:
        run_stage(name, work, tasks, execution, folder / "stages" / name.replace(" ", "-"))


def copies_of(folder: Path, number: int) -> set[tuple[int, int]]:
    """Return the copies in a partition, each as the number of its unit and its place in it."""
    places = np.load(folder / "places" / f"{number:05d}.npy")
    copies = [np.load(folder / "exact" / f"{number:05d}.npy")]
    for file in sorted((folder / "copies").glob("*.npy")):
        numbers, indices = np.load(file, mmap_mode="r")
        start, stop = np.searchsorted(numbers, [number, number + 1])
        copies.append(places[indices[start:stop]])
    return {(unit, place) for unit, place in np.concatenate(copies).tolist()}


def dropped_copies(folder: Path) -> Dropped:
    """Return the counts of all copies that were found, with examples."""
    dropped = Dropped()
    for file in sorted((folder / "dropped").glob("*.json")):
        dropped.merge(Dropped.load(file))
    return dropped


@dataclass(frozen=True)
class _Search:
    """The stages of one search: each method is the work of a task."""

    partitions: Partitions
    folder: Path
    near: bool
    threshold: float

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Bands of a signature, and rows."""
        return bands_and_rows(self.threshold) if self.near else (0, _DIGEST_ROWS)

    @property
    def buckets(self) -> int:
        """One more than there are bands: in the last are digests, by which the same text is found in any language."""
        return self.shape[0] + 1

    def sign(self, number: int) -> None:
        """Leave the exact copies within a partition, and the signatures of its other programs as datatrove has them."""
        stay, copies = _split_exact_copies(self.partitions.read(number))
        self._save("places", number, np.array([record[1:3] for record in stay], np.int64).reshape(-1, 2))
        self._save("exact", number, np.array([record[1:3] for record in copies], np.int64).reshape(-1, 2))
        self._count(f"exact-{number:05d}", ((record, EXACT, record.group) for record in copies))
        signatures = np.empty((len(stay), self.buckets, self.shape[1] + 1), "<u4")
        for index, record in enumerate(stay):
            signatures[index, :, :-1] = self._sketch(record)[1]
            signatures[index, :, -1] = index
        for bucket in range(self.buckets):
            rows = signatures[:, bucket]
            folder = self.folder / "signatures" / f"bucket_{bucket:03d}"
            folder.mkdir(parents=True, exist_ok=True)
            rows[np.lexsort(rows.T[::-1])].tofile(folder / f"{number:05d}.minhash.sig")

    def pair(self, bucket: int) -> None:
        """Find the programs whose signatures agree in a bucket."""
        from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets

        folders = (str(self.folder / name) for name in ("signatures", "pairs"))
        with self._datatrove() as config:
            step = MinhashDedupBuckets(*folders, config=config, lines_to_buffer=_BUFFERED_LINES)
            step.run(None, bucket, self.buckets)

    def join(self, _: int) -> None:
        """Number the clusters of programs that such pairs connect."""
        from datatrove.pipeline.dedup.minhash import MinhashDedupCluster

        folders = (str(self.folder / name) for name in ("pairs", "clusters"))
        with self._datatrove() as config:
            step = MinhashDedupCluster(*folders, config, save_cluster_id=True, lines_to_buffer=_BUFFERED_LINES)
            step.run(None, 0, 1)

    def gather(self, number: int) -> None:
        """Bring the candidates of a partition to where the rest of their cluster is."""
        file = self.folder / "clusters" / f"{number:06d}.clusters"
        members = np.fromfile(file, "<u4").reshape(-1, 2).tolist() if file.exists() else []
        with self._candidates.writer(number) as writer:
            stay = _split_exact_copies(self.partitions.read(number))[0] if members else []
            for index, cluster in members:
                record = stay[index]
                writer.write(Record(str(cluster), number, index, record.language, record.code, record.group, ""))

    def compare(self, number: int) -> None:
        """Leave the copies among the candidates of whole clusters."""
        found = [
            copy
            for _, cluster in groupby(self._candidates.read(number), attrgetter("group"))
            for copy in self._copies_in(cluster)
        ]
        self._count(f"candidates-{number:05d}", ((record, reason, record.source) for record, reason in found))
        rows = sorted((record.unit, record.place) for record, _ in found)
        self._save("copies", number, np.array(rows, np.uint32).reshape(-1, 2).T.copy())

    @property
    def _candidates(self) -> Partitions:
        """Programs by cluster: group is the cluster, unit and place the partition and index in it, source the group."""
        return Partitions(self.folder / "candidates", self.partitions.count)

    def _copies_in(self, cluster: Iterable[Record]) -> Iterator[tuple[Record, str]]:
        """Yield the copies in a cluster; only programs that agree in a band are compared."""
        seen: set[tuple[str, bytes]] = set()
        groups: dict[bytes, str] = {}
        staying: dict[tuple[int, bytes], list[np.ndarray]] = defaultdict(list)
        for record in cluster:
            hashes, signature = self._sketch(record)
            *bands, (_, digest) = enumerate(map(np.ndarray.tobytes, signature))
            group = record.source
            if (record.language, digest) in seen or groups.get(digest, group) != group:
                yield record, EXACT
                continue
            seen.add((record.language, digest))
            candidates = {id(other): other for band in bands for other in staying[band]}
            if any(overlap(hashes, other) >= self.threshold for other in candidates.values()):
                yield record, NEAR
                continue
            groups.setdefault(digest, group)
            for band in bands:
                staying[band].append(hashes)

    def _sketch(self, record: Record) -> tuple[np.ndarray, np.ndarray]:
        """Return the shingles of a program, and its signature with the digest of its text as the last row."""
        bands, rows = self.shape
        digest = np.frombuffer(_digest(record.code, 4 * rows), "<u4")[None]
        if not self.near:
            return np.zeros(0, np.uint32), digest
        hashes = shingles(record.code, record.language)
        return hashes, np.concatenate([minhash(hashes, bands, rows), digest])

    @contextmanager
    def _datatrove(self) -> Iterator[MinhashConfig]:
        """Make room for datatrove's steps: they say much, and have a file open for each partition."""
        from datatrove.pipeline.dedup.minhash import MinhashConfig
        from datatrove.utils.hashing import HashConfig
        from loguru import logger

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        files = min(self.partitions.count + _OTHER_FILES, hard if hard != resource.RLIM_INFINITY else sys.maxsize)
        if soft != resource.RLIM_INFINITY and soft < files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
        logger.disable("datatrove")
        with redirect_stderr(StringIO()):
            yield MinhashConfig(NGRAM, self.buckets, self.shape[1], hash_config=HashConfig(precision=32))

    def _save(self, name: str, number: int, rows: np.ndarray) -> None:
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        np.save(self.folder / name / f"{number:05d}.npy", rows)

    def _count(self, name: str, copies: Iterable[tuple[Record, str, str]]) -> None:
        dropped = Dropped()
        for record, reason, group in copies:
            dropped.add(STEP, reason, record.language, record.code, group)
        (self.folder / "dropped").mkdir(parents=True, exist_ok=True)
        dropped.save(self.folder / "dropped" / f"{name}.json")


def _split_exact_copies(records: Iterable[Record]) -> tuple[list[Record], list[Record]]:
    """Return a partition's programs, each text once in a language, and the other copies in the same language.

    Copies in other languages are found later, when it is known which programs go as near-copies.
    """
    seen: set[tuple[str, bytes]] = set()
    stay: list[Record] = []
    copies: list[Record] = []
    for record in records:
        text = record.language, _digest(record.code)
        (copies if text in seen else stay).append(record)
        seen.add(text)
    return stay, copies


def _digest(code: str, size: int = 32) -> bytes:
    return hashlib.blake2b(code.strip().encode(), digest_size=size).digest()
