"""A row of documents as the arrays that a training step takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from codelm.data.documents import DocumentForm
from codelm.data.packing import Piece, RowPlan, pack
from codelm.data.sources import LAYOUTS, Layout, Part, Source
from codelm.data.store import Collection
from codelm.languages import with_text_kinds

IGNORED = -100
"""Target of positions whose prediction is not part of the loss."""


class Batch(NamedTuple):
    """One row of documents; the shapes are the same for every batch of a run.

    Attributes
    ----------
    tokens
        Token ids (T,), int64.
    targets
        The token that follows within the same document (T,), -100 at a document's end and in the unused tail.
    cu_seqlens
        Where documents begin (documents + 1,), int32, padded to a fixed length by repeating T.
    max_seqlen
        Longest possible document: the context, a constant.
    language_ids
        Index of the language that the target belongs to (T,), -1 where there is no target.
    step_targets
        Number of targets in the whole optimiser step, over all ranks and micro-batches: the loss is divided by it.
    source_tokens
        Training tokens of each source in this row (sources,).
    """

    tokens: Tensor
    targets: Tensor
    cu_seqlens: Tensor
    max_seqlen: int
    language_ids: Tensor
    step_targets: int
    source_tokens: Tensor


class RowShape(NamedTuple):
    """Sizes that are constant over a run: positions in a row, longest document, most documents in a row."""

    tokens: int
    context: int
    max_documents: int


def row_shape(row_tokens: int, context: int) -> RowShape:
    """Return the shape of rows that hold documents of 16 tokens or more on average."""
    return RowShape(row_tokens, context, max(1, row_tokens // 16))


def make_batch(
    documents: Sequence[np.ndarray],
    language_ids: Sequence[np.ndarray],
    shape: RowShape,
    step_targets: int = 0,
    source_tokens: Sequence[int] = (),
) -> Batch:
    """Lay documents (token ids, and per token the language's index) one after the other into a row."""
    nothing = np.empty(0, dtype=np.int64)
    return _make_batch(
        np.concatenate(documents) if documents else nothing,
        np.concatenate(language_ids) if documents else nothing,
        np.cumsum([len(document) for document in documents], dtype=np.int64),
        shape,
        step_targets,
        source_tokens,
    )


def _make_batch(
    laid: np.ndarray,
    language_ids: np.ndarray,
    ends: np.ndarray,
    shape: RowShape,
    step_targets: int,
    source_tokens: Sequence[int],
) -> Batch:
    """Make a row of its documents' tokens, the languages they belong to (both (used,)), and the documents' ends."""
    used = len(laid)
    tokens = np.zeros(shape.tokens, dtype=np.int64)
    targets = np.full(shape.tokens, IGNORED, dtype=np.int64)
    languages = np.full(shape.tokens, -1, dtype=np.int64)
    if used:
        tokens[:used] = laid
        targets[: used - 1] = laid[1:]
        languages[: used - 1] = language_ids[1:]
        targets[ends - 1] = IGNORED
        languages[ends - 1] = -1
    # The unused tail is made of documents too: no longer than the context, and without targets.
    tail = np.arange(used, shape.tokens, shape.context)[1:]
    cu_seqlens = np.full(shape.max_documents + shape.tokens // shape.context + 3, shape.tokens, dtype=np.int32)
    bounds = np.concatenate([[0], ends, tail])
    cu_seqlens[: len(bounds)] = bounds
    return Batch(
        torch.from_numpy(tokens),
        torch.from_numpy(targets),
        torch.from_numpy(cu_seqlens),
        shape.context,
        torch.from_numpy(languages),
        step_targets,
        torch.tensor(source_tokens, dtype=torch.int64),
    )


class TrainingRows(torch.utils.data.Dataset[Batch]):
    """Reads the rows that a plan describes.

    Parameters
    ----------
    sources
        The run's sources, as in the plan.
    languages
        Names that `Batch.language_ids` indexes; the kinds of text come after them.
    shape
        Sizes of a row.
    """

    def __init__(self, sources: Sequence[Source], languages: Sequence[str], shape: RowShape) -> None:
        ids = {name: index for index, name in enumerate(with_text_kinds(languages))}
        # Of each layout, by source, part and layout: what reads a document, and the language of each of its stretches.
        self._layouts = [
            [[(layout.stretches, _stretch_ids(layout, ids)) for layout in part] for part in source.layouts]
            for source in sources
        ]
        self._shape = shape

    def __getitem__(self, row: RowPlan) -> Batch:
        # The time that reading takes is the number of calls for each document, so everything is joined only once.
        laid: list[np.ndarray] = []
        ids: list[int] = []
        ends: list[int] = []
        end = 0
        for source, part, item, layout, start, stop in row.pieces:
            read, stretch_ids = self._layouts[source][part][layout]
            stretches = read(item)
            if stop - start == self._shape.context or start:
                stretches = _cut(stretches, start, stop)
            laid += stretches
            ids += stretch_ids
            end += stop - start
            ends.append(end)
        language_ids = np.repeat(ids, list(map(len, laid)))
        return _make_batch(
            np.concatenate(laid), language_ids, np.array(ends), self._shape, row.step_targets, row.source_tokens
        )


def _stretch_ids(layout: Layout, ids: Mapping[str, int]) -> list[int]:
    """Return the index of the language of each of a document's stretches; the end token has the last program's."""
    if not ids.keys() >= set(layout.languages):
        return []  # No document of the run is laid out like this.
    programs = [ids[language] for language in layout.languages for _ in range(2)]
    return programs + programs[-1:]


def _cut(stretches: Sequence[np.ndarray], start: int, stop: int) -> list[np.ndarray]:
    """Return as many stretches, with what lies between two places in the document that they make up."""
    cut, begin = [], 0
    for stretch in stretches:
        cut.append(stretch[max(0, start - begin) : max(0, stop - begin)])
        begin += len(stretch)
    return cut


class ValidationRows(torch.utils.data.Dataset[Batch]):
    """Every validation program once, alone in its document, packed into rows.

    Parameters
    ----------
    collections
        One collection of single programs for each language or kind of text.
    languages
        Names that `Batch.language_ids` indexes; the kinds of text come after them.
    form
        How documents are laid out.
    shape
        Sizes of a row.
    multiple_of
        The number of rows is rounded up to a multiple of this with empty rows, so that every rank has as many.
    """

    def __init__(
        self,
        collections: Sequence[Collection],
        languages: Sequence[str],
        form: DocumentForm,
        shape: RowShape,
        multiple_of: int = 1,
    ) -> None:
        self._source = [Source(c.name, (Part(c, (0,)),), form, "shuffled", 0) for c in collections]
        self._language_ids = [with_text_kinds(languages).index(c.name) for c in collections]
        self._shape = shape
        self._pieces = [
            piece for number, source in enumerate(self._source) for piece in self._stretches(number, source)
        ]
        lengths = np.array([piece.stop - piece.start for piece in self._pieces])
        rows = list(pack(lengths, shape.tokens, shape.max_documents))
        self._rows = rows + [[] for _ in range(-len(rows) % multiple_of)]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> Batch:
        documents, language_ids = [], []
        for index in self._rows[row]:
            piece = self._pieces[index]
            tokens, _, _ = self._source[piece.source].document(0, piece.item, 0)
            documents.append(tokens[piece.start : piece.stop])
            language_ids.append(np.full(piece.stop - piece.start, self._language_ids[piece.source]))
        return make_batch(documents, language_ids, self._shape)

    def _stretches(self, number: int, source: Source) -> list[Piece]:
        collection = source.parts[0].collection
        overhead = source.form.overhead(collection.languages)
        return [
            Piece(number, 0, item, LAYOUTS.index((0,)), start, min(start + self._shape.context, length))
            for item, length in enumerate((collection.lengths[:, 0] + overhead).tolist())
            for start in range(0, length, self._shape.context)
        ]
