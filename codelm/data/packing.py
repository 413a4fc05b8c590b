"""Whole documents into rows of fixed length, in the order of the mixture, best fit at the end of each row."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from codelm.data.mixture import Mixture
from codelm.data.sources import Source

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


class Waiting(NamedTuple):
    """A piece that is next in its source's order, and where it stands there: block, document, start."""

    length: int
    block: int
    place: int
    start: int


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
    """The next pieces of one source, oldest first."""

    def __init__(self, source: Source, context: int) -> None:
        self._source = source
        self._context = context
        self._blocks: dict[int, tuple[list[int], ...]] = {}
        self._next = (0, 0)
        self._waiting: list[Waiting] = []
        self._lengths: list[int] = []

    def fill(self) -> None:
        """Bring the number of waiting pieces up to LOOKAHEAD when half of them are gone."""
        # Not one by one, which takes a third of the time of planning.
        if len(self._waiting) > LOOKAHEAD // 2:
            return
        number, place = self._next
        while len(self._waiting) < LOOKAHEAD:
            lengths = self._block(number)[-1]
            stop = min(len(lengths), place + LOOKAHEAD - len(self._waiting))
            for index, length in enumerate(lengths[place:stop], place):
                for start in range(0, length, self._context):
                    self._waiting.append(Waiting(min(self._context, length - start), number, index, start))
            number, place = (number, stop) if stop < len(lengths) else (number + 1, 0)
        self._next = (number, place)
        self._lengths = [piece.length for piece in self._waiting]

    def best_fit(self, room: int) -> int | None:
        """Return which waiting piece to lay next: the oldest if there is room for it, else the longest that fits."""
        if self._lengths[0] <= room:
            return 0
        longest = max((length for length in self._lengths if length <= room), default=None)
        return None if longest is None else self._lengths.index(longest)

    def pop(self, index: int) -> tuple[int, int, int, int, int]:
        """Remove a waiting piece; return its part, item, layout, start and length."""
        length, number, place, start = self._waiting.pop(index)
        del self._lengths[index]
        part, item, layout, _ = self._block(number)
        return part[place], item[place], layout[place], start, length

    def state(self) -> list[Any]:
        return [list(self._next), [list(piece) for piece in self._waiting]]

    def restore(self, state: Sequence[Any]) -> None:
        number, place = state[0]
        self._next = (int(number), int(place))
        self._waiting = [Waiting(*piece) for piece in state[1]]
        self._lengths = [piece.length for piece in self._waiting]

    def _block(self, number: int) -> tuple[list[int], ...]:
        """Return the columns of a `DocumentBlock` as lists, of which single numbers are read faster."""
        if number not in self._blocks:
            # The waiting pieces reach over two blocks at the most, but for very small collections.
            self._blocks = {n: b for n, b in self._blocks.items() if n >= number - 2}
            self._blocks[number] = tuple(column.tolist() for column in self._source.block(number))
        return self._blocks[number]


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
        self._queues = [_Queue(source, context) for source in sources]
        # Of the documents as they are: with a longer one in mind the mixture would keep its shares less well.
        self._mixture = Mixture(shares, min(context, max(source.longest for source in sources)))

    def step(self) -> list[RowPlan]:
        """Return the rows of the next optimiser step."""
        rows = [self._row() for _ in range(self._rows_per_step)]
        targets = sum(piece.stop - piece.start - 1 for pieces in rows for piece in pieces)
        plans = []
        for pieces in rows:
            tokens = np.bincount(
                [piece.source for piece in pieces],
                weights=[piece.stop - piece.start for piece in pieces],
                minlength=len(self._queues),
            )
            plans.append(RowPlan(tuple(pieces), targets, tuple(int(count) for count in tokens)))
        return plans

    def state(self) -> dict[str, Any]:
        """Return where the plan stands, as plain lists; small, whatever the corpus."""
        return {"tokens": list(self._mixture.tokens), "queues": [queue.state() for queue in self._queues]}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` returned."""
        self._mixture.restore(state["tokens"])
        for queue, saved in zip(self._queues, state["queues"], strict=True):
            queue.restore(saved)

    def _row(self) -> list[Piece]:
        pieces: list[Piece] = []
        room = self._row_tokens
        while room and len(pieces) < self._max_documents:
            choice = self._choose(room)
            if choice is None:
                break
            source, index = choice
            part, item, layout, start, length = self._queues[source].pop(index)
            pieces.append(Piece(source, part, item, layout, start, start + length))
            room -= length
            self._mixture.take(source, length)
        return pieces

    def _choose(self, room: int) -> tuple[int, int] | None:
        """Return the source to take from and which of its waiting pieces, or None if none has one that fits."""
        for source in self._mixture.by_urgency():
            queue = self._queues[source]
            queue.fill()
            index = queue.best_fit(room)
            if index is not None:
                return source, index
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
