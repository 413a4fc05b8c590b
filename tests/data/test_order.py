from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.data.order import WINDOW, epoch_order, permute, random_bits, spread_sides, stream_key

KEYS = st.integers(0, 2**64 - 1)


@given(st.integers(1, 3000), KEYS)
def test_every_position_of_any_size_goes_to_another_one(size: int, key: int) -> None:
    assert sorted(permute(np.arange(size), size, key).tolist()) == list(range(size))


@given(st.integers(1, 3000), KEYS, st.data())
def test_any_part_of_a_permutation_is_computed_alone(size: int, key: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, size - 1))
    stop = data.draw(st.integers(start, size))
    part = permute(np.arange(start, stop), size, key)
    assert part.tolist() == permute(np.arange(size), size, key)[start:stop].tolist()


def test_a_permutation_of_a_huge_collection_costs_nothing_to_enter() -> None:
    size = 10**12 + 39
    places = permute(np.arange(size - 1000, size), size, 7)
    assert len(set(places.tolist())) == 1000
    assert places.min() >= 0 and places.max() < size


@pytest.mark.parametrize("key", range(3))
def test_a_permutation_leaves_neither_places_nor_neighbours(key: int) -> None:
    order = permute(np.arange(10_000), 10_000, key)
    assert (order == np.arange(10_000)).sum() < 10
    assert (np.abs(np.diff(order)) == 1).sum() < 20
    assert abs(np.corrcoef(order, np.arange(10_000))[0, 1]) < 0.05


def shard_starts(sizes: list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)])


# With few shards an epoch is one permutation, with more it has windows; the last window may be a short one.
SHARDS = st.lists(st.integers(1, 12), min_size=1, max_size=3 * WINDOW + 2)


@given(SHARDS, KEYS, st.data())
def test_every_epoch_has_every_item_once(sizes: list[int], key: int, data: st.DataObject) -> None:
    starts, size = shard_starts(sizes), sum(sizes)
    order = epoch_order(0, 4 * size, starts, key)
    assert (np.sort(order.reshape(4, size), axis=1) == np.arange(size)).all()
    start = data.draw(st.integers(0, 4 * size - 1))
    stop = data.draw(st.integers(start, 4 * size))
    assert epoch_order(start, stop, starts, key).tolist() == order[start:stop].tolist()


@pytest.mark.parametrize("shards", [1, WINDOW, 4 * WINDOW])
def test_another_epoch_or_key_has_another_order(shards: int) -> None:
    starts = shard_starts([640 // shards] * shards)
    orders = {tuple(epoch_order(start, start + 640, starts, key)) for start in range(0, 6400, 640) for key in range(5)}
    assert len(orders) == 50


def test_of_many_shards_only_a_window_is_read_at_a_time_and_each_of_them_once() -> None:
    sizes = np.random.default_rng(0).integers(50, 150, 10 * WINDOW + 3)
    starts = shard_starts(sizes.tolist())
    shards = np.searchsorted(starts, epoch_order(0, int(sizes.sum()), starts, 5), side="right") - 1
    places = [np.flatnonzero(shards == shard) for shard in range(len(sizes))]
    begun = np.bincount([place[0] for place in places], minlength=len(shards)).cumsum()
    ended = np.bincount([place[-1] + 1 for place in places], minlength=len(shards) + 1)[:-1].cumsum()
    assert (begun - ended).max() == WINDOW
    assert set(shards[: 20 * WINDOW]) != set(range(WINDOW)), "which shards are read together is random too"


def test_items_of_a_window_are_thoroughly_mixed() -> None:
    starts = shard_starts([100] * 4 * WINDOW)
    shards = np.searchsorted(starts, epoch_order(0, 100 * WINDOW, starts, 1), side="right") - 1
    same = (np.diff(shards) == 0).mean()
    assert same < 2 / WINDOW, "neighbours in the order are neighbours on disk as rarely as by chance"


@given(st.integers(0, 2000), KEYS, st.integers(0, 1000))
def test_a_block_has_both_sides_of_every_pair_once(count: int, key: int, block: int) -> None:
    pairs, sides = spread_sides(count, key, block)
    assert sorted(zip(pairs.tolist(), sides.tolist(), strict=True)) == [(p, s) for p in range(count) for s in (0, 1)]


@given(st.integers(2000, 4096), KEYS, st.integers(0, 1000))
def test_the_two_sides_of_a_pair_stand_about_a_quarter_of_the_block_apart_or_more(
    count: int, key: int, block: int
) -> None:
    pairs, sides = spread_sides(count, key, block)
    place = np.empty((count, 2), dtype=np.int64)
    place[pairs, sides] = np.arange(2 * count)
    distance = np.abs(place[:, 0] - place[:, 1])
    assert distance.min() > 0.2 * 2 * count
    assert 0.4 < (place[:, 0] < place[:, 1]).mean() < 0.6


def test_another_block_is_spread_in_another_way() -> None:
    assert spread_sides(100, 3, 0)[0].tolist() != spread_sides(100, 3, 1)[0].tolist()


def test_random_bits_are_even_and_a_function_of_key_and_position() -> None:
    bits = random_bits(np.arange(20_000), 5)
    assert len(set(bits.tolist())) == 20_000
    for bit in range(64):
        assert 0.48 < ((bits >> np.uint64(bit)) & np.uint64(1)).mean() < 0.52
    assert random_bits(np.array([77]), 5)[0] == bits[77]
    assert random_bits(np.array([77]), 6)[0] != bits[77]


def test_keys_differ_for_every_seed_and_purpose() -> None:
    purposes: list[tuple[str | int, ...]] = [
        ("order", "python"),
        ("order", "python-java"),
        ("side", 0),
        ("epoch", 1),
        ("epoch", 11),
        (1, "epoch"),
    ]
    keys = {stream_key(seed, *names) for seed in range(1000) for names in purposes}
    assert len(keys) == 6000
    assert all(0 <= key < 2**64 for key in keys)
