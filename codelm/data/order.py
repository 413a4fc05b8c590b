"""Training order as a pure function of a seed and a position: nothing is shuffled in memory, nothing is remembered."""

from __future__ import annotations

import zlib

import numpy as np

WINDOW = 16
"""Shards whose items are shuffled among each other: of 64 MB each, a quarter of a billion tokens.

In a collection of more shards, the shards of a window stand in random order too. So a run reads shards one after the
other, each once in an epoch, and few at a time, wherever they lie.
"""

_ROUNDS = 6


def stream_key(seed: int, *names: str | int) -> int:
    """Return a 64-bit key that differs for every seed and purpose."""
    text = "/".join(str(name) for name in (seed, *names)).encode()
    return zlib.crc32(text) << 32 | zlib.crc32(text[::-1])


def random_bits(positions: np.ndarray, key: int) -> np.ndarray:
    """Return 64 random bits (uint64) for each position: the SplitMix64 finaliser (Steele et al., OOPSLA 2014)."""
    with np.errstate(over="ignore"):
        x = positions.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def permute(positions: np.ndarray, size: int, key: int) -> np.ndarray:
    """Return where a pseudo-random permutation of ``range(size)`` takes each position.

    A Feistel network over the next even number of bits, walked again where it leaves the range (Black and Rogaway,
    CT-RSA 2002): any part of the permutation is computed alone, in constant memory.
    """
    half = max(1, -(-max(size - 1, 1).bit_length() // 2))
    result = positions.astype(np.uint64)
    outside = np.ones(len(result), dtype=bool)
    while outside.any():
        result[outside] = _feistel(result[outside], half, key)
        outside = result >= size
    return result.astype(np.int64)


def _feistel(values: np.ndarray, half: int, key: int) -> np.ndarray:
    mask = np.uint64((1 << half) - 1)
    shift = np.uint64(half)
    left, right = values >> shift, values & mask
    for round_number in range(_ROUNDS):
        mixed = random_bits(right, stream_key(key, round_number)) & mask
        left, right = right, left ^ mixed
    return (left << shift) | right


def epoch_order(start: int, stop: int, shard_starts: np.ndarray, key: int) -> np.ndarray:
    """Return the items at training positions `start` to `stop`: every epoch is another permutation.

    Parameters
    ----------
    start, stop
        Positions, counted from the start of the run, over epochs.
    shard_starts
        First item of each shard, and the number of items at the end (shards + 1,). Up to WINDOW shards, the permutation
        is one of all items; else the order is that of the shards, and random within windows of them.
    key
        Key of the order.
    """
    size = int(shard_starts[-1])
    positions = np.arange(start, stop)
    epochs, places = np.divmod(positions, size)
    items = np.empty_like(positions)
    for epoch in np.unique(epochs):
        chosen = epochs == epoch
        epoch_key = stream_key(key, "epoch", int(epoch))
        if len(shard_starts) <= WINDOW + 1:
            items[chosen] = permute(places[chosen], size, epoch_key)
        else:
            items[chosen] = _windowed(places[chosen], shard_starts, epoch_key)
    return items


def _windowed(places: np.ndarray, shard_starts: np.ndarray, key: int) -> np.ndarray:
    """Return the items at these ascending places of an epoch."""
    shards = permute(np.arange(len(shard_starts) - 1), len(shard_starts) - 1, stream_key(key, "shards"))
    # Where each shard, in this order, ends: among the places, a window ends with every so many shards.
    ends = np.cumsum(np.diff(shard_starts)[shards])
    window_starts = np.concatenate([[0], ends[WINDOW - 1 : -1 : WINDOW], ends[-1:]])
    drawn = np.empty_like(places)
    windows = np.searchsorted(window_starts, places, side="right") - 1
    for window in np.unique(windows):
        here = windows == window
        begin, end = int(window_starts[window]), int(window_starts[window + 1])
        drawn[here] = begin + permute(places[here] - begin, end - begin, stream_key(key, "window", int(window)))
    order = np.searchsorted(ends, drawn, side="right")
    # The last item of a shard stands one place before its end.
    return np.asarray(shard_starts[shards[order] + 1] - (ends[order] - drawn))


def spread_sides(count: int, key: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """Return an order of both sides of `count` pairs in which the two of a pair stand far apart.

    Each first side lies at a random point of a circle, its second side a quarter to three quarters of a turn later, so
    that between the two there is at least about a quarter of the block.

    Returns
    -------
    pairs, sides
        Arrays (2 * count,): which pair, and which of its sides (0 or 1), stands at each place.
    """
    unit = random_bits(np.arange(2 * count), stream_key(key, "spread", block)).astype(np.float64) / 2.0**64
    first = unit[:count]
    second = (first + 0.25 + 0.5 * unit[count:]) % 1.0
    order = np.argsort(np.concatenate([first, second]), kind="stable")
    return order % count, order // count
