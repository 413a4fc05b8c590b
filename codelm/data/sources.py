"""What a run reads: the sources of training documents that languages and proportions choose from a corpus."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from codelm.data.documents import DocumentForm, Mix
from codelm.data.mixture import Proportions, check_proportions
from codelm.data.order import epoch_order, random_bits, spread_sides, stream_key
from codelm.data.store import Collection, Corpus, listing_key
from codelm.errors import UserError, unknown_name
from codelm.languages import TEXT_KINDS

BLOCK = 8192
"""Documents that are laid out together: the two programs of a shuffled pair lie in the same block."""

# Which sides of an item a document holds, in order.
LAYOUTS = ((0,), (1,), (0, 1), (1, 0))


class Part(NamedTuple):
    """A collection, or one side of it alone; both sides for a pair collection read as such."""

    collection: Collection
    sides: tuple[int, ...]


class Layout(NamedTuple):
    """A way to lay out the items of a collection: these sides, in this order, in this frame."""

    collection: Collection
    sides: tuple[int, ...]
    languages: tuple[str, ...]
    frame: list[np.ndarray]

    def stretches(self, item: int) -> list[np.ndarray]:
        """Return the document of an item: for each program what opens it, and the program; the end token."""
        stretches = self.frame.copy()
        stretches[1::2] = self.collection.programs(item, self.sides)
        return stretches


class DocumentBlock(NamedTuple):
    """Consecutive training documents of one source, arrays (documents,)."""

    part: np.ndarray
    item: np.ndarray
    layout: np.ndarray
    length: np.ndarray


@dataclass(frozen=True)
class Source:
    """Documents that share one proportion: pairs of two languages, or programs of one language.

    Parameters
    ----------
    name
        Name in the proportions: ``python-java``, ``python``, ``markup``.
    parts
        Where the documents come from.
    form
        How documents are laid out.
    mix
        ``parallel``: a pair is one document, either side first; ``shuffled``: two documents, far apart.
    seed
        Seed of the order.
    """

    name: str
    parts: tuple[Part, ...]
    form: DocumentForm
    mix: Mix
    seed: int

    def __len__(self) -> int:
        """Return the number of items in an epoch: pairs, or programs."""
        return sum(len(part.collection) for part in self.parts)

    @property
    def epoch_tokens(self) -> int:
        """Training tokens in one epoch, special tokens included."""
        return sum(int(lengths.sum()) for lengths in self._epoch_lengths())

    @property
    def longest(self) -> int:
        """Tokens of the longest document of an epoch, special tokens included."""
        return max(int(lengths.max()) for lengths in self._epoch_lengths() if len(lengths))

    def longer_than(self, context: int) -> int:
        """Return how many documents of an epoch have more tokens than `context`."""
        return sum(int((lengths > context).sum()) for lengths in self._epoch_lengths())

    def block(self, number: int) -> DocumentBlock:
        """Return block `number` of the endless training order, a pure function of the seed and the number."""
        key = stream_key(self.seed, "order", self.name)
        paired = len(self.parts[0].sides) == 2
        per_block = BLOCK // 2 if paired and self.mix == "shuffled" else BLOCK
        # A block never reaches past the end of an epoch, so that each epoch has every document once.
        blocks_per_epoch = -(-len(self) // per_block)
        epoch, place = divmod(number, blocks_per_epoch)
        start = epoch * len(self) + place * per_block
        stop = min(start + per_block, (epoch + 1) * len(self))
        items = epoch_order(start, stop, self._shard_starts, key)
        if not paired:
            layout = np.array([LAYOUTS.index(part.sides) for part in self.parts])
            part = np.searchsorted(self._part_starts, items, side="right") - 1
            return self._with_lengths(part, items - self._part_starts[part], layout[part])
        part = np.zeros(len(items), dtype=np.int64)
        if self.mix == "parallel":
            first = (random_bits(np.arange(start, stop), stream_key(key, "side")) & np.uint64(1)).astype(np.int64)
            return self._with_lengths(part, items, 2 + first)
        pairs, sides = spread_sides(len(items), key, number)
        return self._with_lengths(part[pairs], items[pairs], sides)

    @cached_property
    def layouts(self) -> list[list[Layout]]:
        """How documents are laid out, by part and layout; a single program has one layout only."""
        return [[self._layout(part, sides) for sides in LAYOUTS] for part in self.parts]

    def document(self, part: int, item: int, layout: int) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
        """Return a document's tokens, for each the index of its language, and the languages of its programs."""
        languages = self.layouts[part][layout].languages
        stretches = self.layouts[part][layout].stretches(item)
        lengths = [len(program) for program in stretches[1::2]]
        return np.concatenate(stretches), self.form.positions_by_language(languages, lengths), languages

    def _with_lengths(self, part: np.ndarray, item: np.ndarray, layout: np.ndarray) -> DocumentBlock:
        length = np.zeros(len(item), dtype=np.int64)
        for part_number, chosen in enumerate(self.parts):
            for layout_number, sides in enumerate(LAYOUTS):
                here = (part == part_number) & (layout == layout_number)
                if here.any():
                    overhead = self.form.overhead(self.layouts[part_number][layout_number].languages)
                    length[here] = chosen.collection.lengths[item[here]][:, list(sides)].sum(axis=1) + overhead
        return DocumentBlock(part, item, layout, length)

    def _epoch_lengths(self) -> Iterator[np.ndarray]:
        """Yield the lengths of all documents of an epoch, special tokens included, a part at a time."""
        for part in self.parts:
            whole = len(part.sides) == 1 or self.mix == "parallel"
            for layout in [part.sides] if whole else [(0,), (1,)]:
                overhead = self.form.overhead(self._layout(part, layout).languages)
                yield part.collection.lengths[:, list(layout)].sum(axis=1) + overhead

    @cached_property
    def _part_starts(self) -> np.ndarray:
        """First item of each part (parts,)."""
        return np.concatenate([[0], np.cumsum([len(part.collection) for part in self.parts])])[:-1]

    @cached_property
    def _shard_starts(self) -> np.ndarray:
        """First item of each shard of all parts, and the number of items at the end (shards + 1,)."""
        starts = [
            part.collection.shard_starts[:-1] + start for part, start in zip(self.parts, self._part_starts, strict=True)
        ]
        return np.concatenate([*starts, [len(self)]])

    def _layout(self, part: Part, sides: tuple[int, ...]) -> Layout:
        # A collection of single documents has no second side to lay out.
        sides = tuple(side for side in sides if side < len(part.collection.languages))
        languages = tuple(part.collection.languages[side] for side in sides)
        return Layout(part.collection, sides, languages, self.form.frame(languages) if languages else [])


def choose_sources(
    corpus: Corpus,
    languages: Sequence[str],
    proportions: Proportions,
    form: DocumentForm,
    mix: Mix,
    seed: int,
) -> tuple[tuple[Source, ...], np.ndarray]:
    """Return the sources of a run and their shares of the training tokens (sources,).

    ``uniform``: each pair collection between the run's languages is a source, and so is each language that is in none
    of those pairs; all get an equal share. ``proportional``: the same pair collections and what else each language has,
    with shares such that all are read equally often. Other proportions name the sources themselves. A language as a
    source reads its own documents, and its side of every pair collection that is not a source itself. Kinds of text
    are sources only where they are named.

    Raises
    ------
    UserError
        If a name is unknown or has no documents, or a share is negative, or the shares do not sum to 1.
    """
    collections = {name: corpus.collection("train", name) for name in corpus.manifest.train}
    if isinstance(proportions, str):
        weights = (_uniform if proportions == "uniform" else _proportional)(collections, languages)
        if not weights:
            raise UserError("the corpus has no programs in the run's languages: choose what to read by --proportions")
        proportions = {name: weight / sum(weights.values()) for name, weight in weights.items()}
    check_proportions(proportions)
    known = sorted({*collections, *corpus.manifest.languages}, key=listing_key)
    sources = []
    for name in proportions:
        if name not in known:
            raise unknown_name("collection in the proportions", name, known)
        source = Source(name, _parts(name, collections, set(proportions)), form, mix, seed)
        if len(source) == 0:
            raise UserError(f"collection {name} is empty: leave it out, or prepare the corpus with programs for it")
        sources.append(source)
    shares = np.array(list(proportions.values()), dtype=np.float64)
    # Shares that were written in full are kept to the last bit, so that a run's own options give the same run.
    exact = abs(shares.sum() - 1) < 1e-12
    return tuple(sources), shares if exact else shares / shares.sum()


def _uniform(collections: Mapping[str, Collection], languages: Sequence[str]) -> dict[str, int]:
    """Return equal weights of the pair collections between the languages, and of the languages in none of them."""
    pairs = _pairs(collections, languages)
    in_pairs = {language for name in pairs for language in collections[name].languages}
    alone = [language for language in languages if language not in in_pairs]
    return dict.fromkeys(sorted([*pairs, *alone], key=listing_key), 1)


def _proportional(collections: Mapping[str, Collection], languages: Sequence[str]) -> dict[str, int]:
    """Return the program tokens of the pair collections between the languages, and of what else each language has."""
    names = sorted([*_pairs(collections, languages), *languages], key=listing_key)
    tokens = {
        name: sum(
            int(collection.lengths[:, list(sides)].sum()) for collection, sides in _parts(name, collections, names)
        )
        for name in names
    }
    return {name: count for name, count in tokens.items() if count}


def _pairs(collections: Mapping[str, Collection], languages: Sequence[str]) -> list[str]:
    return [name for name, c in collections.items() if len(c.languages) == 2 and set(c.languages) <= set(languages)]


def _parts(name: str, collections: Mapping[str, Collection], named: Container[str]) -> tuple[Part, ...]:
    if name in collections and len(collections[name].languages) == 2:
        return (Part(collections[name], (0, 1)),)
    parts = []
    for other, collection in collections.items():
        if other == name:
            parts.append(Part(collection, (0,)))
        elif other not in named and name in collection.languages and name not in TEXT_KINDS:
            parts.append(Part(collection, (collection.languages.index(name),)))
    return tuple(parts)
