"""What a decoder has read so far: keys and values by row, of which rows of any length are read on together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

# Neighbouring rows of a cache are attended to in one rectangle while padding makes it at most this much larger than
# what is in it. On a CPU the padding costs time; on a GPU what costs time is to start many kernels.
_PADDING = {"cpu": 1.25, "cuda": math.inf}


@dataclass
class KeyValueCache:
    """Keys and values of what each row of a batch has read so far; rows may differ in length.

    Parameters
    ----------
    layers
        Keys and values of each layer, both (rows, kv_heads, capacity, size).
    lengths
        Tokens that each row holds (rows,), int64, on the host: nothing waits for the device to learn them.
    """

    layers: list[tuple[Tensor, Tensor]]
    lengths: np.ndarray

    @classmethod
    def empty(
        cls, shapes: Sequence[tuple[int, int, int]], rows: int, capacity: int, dtype: torch.dtype, device: torch.device
    ) -> KeyValueCache:
        """Room for `capacity` tokens in each row, in the precision of autocast where that is on.

        Parameters
        ----------
        shapes
            Of each layer: kv_heads, and the sizes of a key and of a value.
        """
        if torch.is_autocast_enabled(device.type):
            dtype = torch.get_autocast_dtype(device.type)

        def room(heads: int, size: int) -> Tensor:
            # Zeros, since attention multiplies what it masks by 0, and memory that was never written may hold NaN.
            return torch.zeros(rows, heads, capacity, size, dtype=dtype, device=device)

        layers = [(room(heads, key), room(heads, value)) for heads, key, value in shapes]
        return cls(layers, np.zeros(rows, dtype=np.int64))

    @property
    def device(self) -> torch.device:
        """Where the keys and values are."""
        return self.layers[0][0].device

    def rows(self, start: int, stop: int) -> KeyValueCache:
        """Return a view of some rows: what is read into it is read into this cache."""
        layers = [(keys[start:stop], values[start:stop]) for keys, values in self.layers]
        return KeyValueCache(layers, self.lengths[start:stop])

    def take(self, source: KeyValueCache, rows: Sequence[int]) -> None:
        """Copy rows of another cache, one for each row of this one; one may be named several times."""
        chosen = np.asarray(rows, dtype=np.int64)
        self.lengths[:] = source.lengths[chosen]
        filled = int(self.lengths.max(initial=0))
        index = torch.from_numpy(chosen).to(self.device)
        for own, others in zip(self.layers, source.layers, strict=True):
            for tensor, other in zip(own, others, strict=True):
                tensor[:, :, :filled] = other[:, :, :filled].index_select(0, index)


class CachedStep:
    """Where the tokens of one step stand, which read on in the rows of a cache; the rows are longer from then on.

    Parameters
    ----------
    cache
        The cache. Must have room for the tokens in every row.
    counts
        Tokens that come to each row (rows,).
    padding
        How much larger than what is in it a rectangle may be; by default what suits the device.

    Attributes
    ----------
    positions
        Position of each token in its row (T,).
    rectangles
        The tokens of neighbouring rows of similar length, laid side by side for attention.
    """

    def __init__(self, cache: KeyValueCache, counts: np.ndarray, padding: float | None = None) -> None:
        self._cache = cache
        rows = np.repeat(np.arange(len(counts)), counts)
        starts = cache.lengths - np.cumsum(counts) + counts
        self._rows = torch.from_numpy(rows).to(cache.device)
        self.positions = torch.from_numpy(np.arange(len(rows)) + starts[rows]).to(cache.device)
        padding = _PADDING.get(cache.device.type, math.inf) if padding is None else padding
        bounds = _rectangle_bounds(counts, cache.lengths + counts, padding)
        first_tokens = np.concatenate([[0], np.cumsum(counts)])
        self.rectangles = [
            Rectangle(
                slice(start, stop),
                slice(int(first_tokens[start]), int(first_tokens[stop])),
                counts[start:stop],
                cache.lengths[start:stop].copy(),
                self.positions[first_tokens[start] : first_tokens[stop]],
            )
            for start, stop in pairwise(bounds)
            if counts[start:stop].any()
        ]
        cache.lengths += counts

    def write(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put keys and values (T, kv_heads, size) into a layer of the cache, and return all that it holds."""
        for tensor, new in zip(self._cache.layers[layer], (keys, values), strict=True):
            tensor[self._rows, :, self.positions] = new.to(tensor.dtype)
        return self._cache.layers[layer]


class Rectangle:
    """Tokens that continue neighbouring rows of a cache, laid side by side and padded on the right.

    Attributes
    ----------
    rows, tokens
        The rows of the cache, and their tokens among all.
    filled
        Tokens in the longest row, the new ones included.
    fresh
        Whether the rows were empty before, so that a causal mask hides the padding too.
    level
        Whether a token sees all that its row may hold, so that there is nothing to mask.
    """

    def __init__(self, rows: slice, tokens: slice, counts: np.ndarray, lengths: np.ndarray, positions: Tensor) -> None:
        self.rows, self.tokens = rows, tokens
        self._shape = len(counts), int(counts.max())
        self._positions = positions
        self.filled = int((lengths + counts).max())
        self.fresh = not lengths.any()
        self.level = bool((lengths + 1 == self.filled).all())
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        slots = np.repeat(np.arange(len(counts)) * self._shape[1], counts) + within
        padded = len(slots) < self._shape[0] * self._shape[1]
        self._slots = torch.from_numpy(slots).to(positions.device) if padded else None

    def lay(self, tokens: Tensor) -> Tensor:
        """(T, ...) to (rows, longest, ...), with zeros where there is no token."""
        if self._slots is not None:
            slots = tokens.new_zeros(self._shape[0] * self._shape[1], *tokens.shape[1:])
            tokens = slots.index_copy_(0, self._slots, tokens)
        return tokens.view(*self._shape, *tokens.shape[1:])

    def pick(self, laid: Tensor) -> Tensor:
        """(rows, longest, ...) to (T, ...)."""
        flat = laid.flatten(0, 1)
        return flat if self._slots is None else flat.index_select(0, self._slots)

    def mask(self, dtype: torch.dtype) -> Tensor:
        """(rows, 1, longest, filled): 0 where a token may look, minus infinity where it may not."""
        positions = self.lay(self._positions)[:, None, :, None]
        unseen = torch.arange(self.filled, device=positions.device) > positions
        return torch.zeros(unseen.shape, dtype=dtype, device=positions.device).masked_fill_(unseen, -math.inf)


def _rectangle_bounds(counts: np.ndarray, ends: np.ndarray, padding: float) -> list[int]:
    """Where to cut the rows, so that no rectangle of queries and keys is much larger than what is in it."""
    bounds, content, longest, furthest = [0], 0, 0, 0
    for row, (count, end) in enumerate(zip(counts.tolist(), ends.tolist(), strict=True)):
        content, longest, furthest = content + count * end, max(longest, count), max(furthest, end)
        if (row + 1 - bounds[-1]) * longest * furthest > padding * content:
            bounds.append(row)
            content, longest, furthest = count * end, count, end
    return [*bounds, len(counts)]


def attend_cached(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
    """Attention of queries (rows, t, heads, size) to keys and values (rows, kv_heads, filled, size)."""
    rows, new, heads, size = queries.shape
    if new == 1:
        # The queries that share a key head stand as if they were several tokens: otherwise its keys would be copied.
        queries = queries.view(rows, keys.shape[1], -1, size)
        return F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask).reshape(rows, 1, heads, -1)
    grouped = heads != keys.shape[1]
    queries = queries.transpose(1, 2)
    output = F.scaled_dot_product_attention(queries, keys, values, mask, is_causal=causal, enable_gqa=grouped)
    return output.transpose(1, 2)
