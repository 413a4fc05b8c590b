"""Whole documents into rows of fixed length, in the order of the mixture, best fit at the end of each row."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np

from codelm.data.mixture import Mixture
from codelm.data.sources import DocumentBlock, Source

LOOKAHEAD = 256
"""Most documents of a source that are considered for the end of a row; half as many at least."""


class Piece(NamedTuple):
    """A document, or a stretch of one that is longer than the context: its tokens from `start` to `stop`."""

    source: int
    part: int
    item: int
    layout: int
    start: int
    stop: int


# As `Piece._make`, but without a frame of Python's for each.
_make_piece: Callable[[tuple[int, ...]], Piece] = partial(tuple.__new__, Piece)


@dataclass(frozen=True)
class RowPlan:
    """What one row is made of.

    Parameters
    ----------
    pieces
        The documents, in the order in which they lie in the row.
    step_targets
        Number of predicted tokens in all rows of the same optimiser step: what the loss is divided by.
    source_tokens
        Tokens that each source has in the row.
    """

    pieces: tuple[Piece, ...]
    step_targets: int
    source_tokens: tuple[int, ...]


class _Queue:
    """The next pieces of one source, oldest first.

    They are made many at a time, by arrays, since what is done for each document is what planning takes its time for.
    """

    def __init__(self, number: int, source: Source, context: int) -> None:
        self._number = number
        self._source = source
        self._context = context
        self._block = (0, source.block(0))
        self._next = (0, 0)
        self._pieces: list[Piece] = []
        self._lengths: list[int] = []

    def fill(self) -> None:
        """Bring the number of waiting pieces up to LOOKAHEAD when half of them are gone."""
        if len(self._pieces) > LOOKAHEAD // 2:
            return
        number, first = self._next
        while len(self._pieces) < LOOKAHEAD:
            block = self._read(number)
            last = min(len(block.length), first + LOOKAHEAD - len(self._pieces))
            self._add(DocumentBlock(*(column[first:last] for column in block)))
            number, first = (number, last) if last < len(block.length) else (number + 1, 0)
        self._next = (number, first)

    def best_fit(self, room: int) -> int | None:
        """Return which waiting piece to lay next: the oldest if there is room for it, else the longest that fits."""
        if self._lengths[0] <= room:
            return 0
        longest = max((length for length in self._lengths if length <= room), default=None)
        return None if longest is None else self._lengths.index(longest)

    def pop(self, index: int) -> Piece:
        """Remove a waiting piece."""
        del self._lengths[index]
        return self._pieces.pop(index)

    def state(self) -> list[Any]:
        return [list(self._next), [list(piece[1:]) for piece in self._pieces]]

    def restore(self, state: Sequence[Any]) -> None:
        self._next = (state[0][0], state[0][1])
        self._pieces = [Piece(self._number, *place) for place in state[1]]
        self._lengths = [piece.stop - piece.start for piece in self._pieces]

    def _add(self, documents: DocumentBlock) -> None:
        """Append documents, those that are longer than the context in pieces."""
        counts = -(-documents.length // self._context)
        part, item, layout, length = (np.repeat(column, counts) for column in documents)
        starts = self._context * (np.arange(len(length)) - np.repeat(np.cumsum(counts) - counts, counts))
        stops = np.minimum(starts + self._context, length)
        columns = (column.tolist() for column in (part, item, layout, starts, stops))
        self._pieces += map(_make_piece, zip(repeat(self._number), *columns, strict=False))
        self._lengths += (stops - starts).tolist()

    def _read(self, number: int) -> DocumentBlock:
        if self._block[0] != number:
            self._block = (number, self._source.block(number))
        return self._block[1]


class RowPlanner:
    """Plans the rows of a run, from the documents' lengths alone.

    The row under construction gets the next document of the source that the mixture names. When that document does not
    fit any more, the longest of the source's next LOOKAHEAD documents that does is taken instead, and the one passed
    over opens the next row: documents are whole, hardly a position stays empty, and after every row each source has
    its share. Only a document longer than the context is cut, into stretches that do not see each other.

    Parameters
    ----------
    sources, shares
        Where documents come from, and the share of tokens of each.
    row_tokens
        Positions in a row.
    rows_per_step
        Rows in one optimiser step, over all ranks and accumulated micro-batches.
    context
        Longest document, at most `row_tokens`.
    max_documents
        Most documents in a row.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        shares: np.ndarray,
        row_tokens: int,
        rows_per_step: int,
        context: int,
        max_documents: int,
    ) -> None:
        self._row_tokens = row_tokens
        self._rows_per_step = rows_per_step
        self._max_documents = max_documents
        self._queues = [_Queue(number, source, context) for number, source in enumerate(sources)]
        # Of the documents as they are: with a longer one in mind the mixture would keep its shares less well.
        self._mixture = Mixture(shares, min(context, max(source.longest for source in sources)))

    def step(self) -> list[RowPlan]:
        """Return the rows of the next optimiser step."""
        rows = [self._row() for _ in range(self._rows_per_step)]
        # The first token of a document is not predicted.
        targets = sum(sum(source_tokens) - len(pieces) for pieces, source_tokens in rows)
        return [RowPlan(tuple(pieces), targets, tuple(source_tokens)) for pieces, source_tokens in rows]

    def state(self) -> dict[str, Any]:
        """Return where the plan stands, as plain lists; small, whatever the corpus."""
        return {"tokens": list(self._mixture.tokens), "queues": [queue.state() for queue in self._queues]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned."""
        self._mixture.restore(state["tokens"])
        for queue, saved in zip(self._queues, state["queues"], strict=True):
            queue.restore(saved)

    def _row(self) -> tuple[list[Piece], list[int]]:
        """Return the pieces of the next row, and the tokens of each source in it."""
        pieces: list[Piece] = []
        source_tokens = [0] * len(self._queues)
        room = self._row_tokens
        while room and len(pieces) < self._max_documents:
            piece = self._take(room)
            if piece is None:
                break
            length = piece.stop - piece.start
            pieces.append(piece)
            source_tokens[piece.source] += length
            room -= length
            self._mixture.take(piece.source, length)
        return pieces, source_tokens

    def _take(self, room: int) -> Piece | None:
        """Remove the piece to lay next from its queue; None if no source has one that fits."""
        for source in self._mixture.by_urgency():
            queue = self._queues[source]
            queue.fill()
            index = queue.best_fit(room)
            if index is not None:
                return queue.pop(index)
        return None


def pack(lengths: np.ndarray, row_tokens: int, max_documents: int) -> Iterator[list[int]]:
    """Pack a finite list of documents (documents,), best fit decreasing; yield the documents of each row.

    For validation, where every document is read once and the order does not matter.
    """
    rows: list[list[int]] = []
    open_rows: list[tuple[int, int]] = []
    for index in np.argsort(-lengths, kind="stable").tolist():
        length = int(lengths[index])
        place = bisect.bisect_left(open_rows, (length, -1))
        if place < len(open_rows):
            room, row = open_rows.pop(place)
        else:
            room, row = row_tokens, len(rows)
            rows.append([])
        rows[row].append(index)
        if len(rows[row]) < max_documents:
            bisect.insort(open_rows, (room - length, row))
    yield from rows
