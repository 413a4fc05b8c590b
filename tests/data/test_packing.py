from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.data.documents import DocumentForm, Mix
from codelm.data.packing import Piece, RowPlan, RowPlanner, pack
from codelm.data.sources import Part, Source
from codelm.data.store import Collection

MIXES = pytest.mark.parametrize("mix", ["shuffled", "parallel"])
SHARES = np.array([0.5, 0.35, 0.15])


def planner(
    sources: Sequence[Source], shares: np.ndarray, row_tokens: int = 4096, context: int = 1024, rows_per_step: int = 2
) -> RowPlanner:
    return RowPlanner(sources, shares, row_tokens, rows_per_step, context, max_documents=row_tokens // 16)


def plan_rows(plan: RowPlanner, steps: int) -> list[RowPlan]:
    return [row for _ in range(steps) for row in plan.step()]


def size(piece: Piece) -> int:
    return piece.stop - piece.start


@MIXES
@pytest.mark.parametrize("row_tokens", [4096, 8192])
@pytest.mark.parametrize("shares", [np.ones(3) / 3, SHARES, np.array([0.02, 0.9, 0.08])])
def test_rows_are_at_least_98_percent_full_of_whole_documents(
    pair_sources: dict[Mix, list[Source]], mix: Mix, row_tokens: int, shares: np.ndarray
) -> None:
    sources = pair_sources[mix]
    rows = plan_rows(planner(sources, shares, row_tokens), steps=20)
    used = [sum(map(size, row.pieces)) for row in rows]
    assert max(used) <= row_tokens
    assert sum(used) >= 0.98 * row_tokens * len(rows)
    for piece in {piece for row in rows for piece in row.pieces}:
        assert piece.start == 0
        assert piece.stop == len(sources[piece.source].document(piece.part, piece.item, piece.layout)[0])


@settings(max_examples=25)
@given(
    weights=st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(any),
    mix=st.sampled_from(["shuffled", "parallel"]),
    context=st.sampled_from([64, 400, 4096]),
)
def test_after_every_document_each_source_is_within_one_document_of_its_share(
    pair_sources: dict[Mix, list[Source]], weights: list[int], mix: Mix, context: int
) -> None:
    shares = np.array(weights) / sum(weights)
    sources = pair_sources[mix]
    longest = min(context, max(source.longest for source in sources))
    laid = np.zeros(3)
    for row in plan_rows(planner(sources, shares, context=context), steps=5):
        for piece in row.pieces:
            laid[piece.source] += size(piece)
            assert np.abs(laid - shares * laid.sum()).max() <= longest + 0.5
        assert row.source_tokens == tuple(
            sum(size(piece) for piece in row.pieces if piece.source == source) for source in range(3)
        )


@MIXES
@pytest.mark.parametrize("context", [200, 1024])
def test_no_token_is_lost_or_repeated_over_epochs(
    pair_sources: dict[Mix, list[Source]], mix: Mix, context: int
) -> None:
    sources = pair_sources[mix]
    plan = planner(sources, np.ones(3) / 3, row_tokens=8192, context=context)
    laid = Counter(piece for row in plan_rows(plan, steps=30) for piece in row.pieces)
    assert laid.total() > sum(map(len, sources)), "more than one epoch of some source"
    for number, (source, queue) in enumerate(zip(sources, plan.state()["queues"], strict=True)):
        (block, place), waiting = queue
        expected: Counter[Piece] = Counter()
        for index in range(block + 1):
            documents = source.block(index)
            stop = place if index == block else len(documents.length)
            for part, item, layout, length in zip(*(column[:stop].tolist() for column in documents), strict=True):
                starts = range(0, length, context)
                expected.update(Piece(number, part, item, layout, s, min(s + context, length)) for s in starts)
        still_waiting: Counter[Piece] = Counter()
        for piece in waiting:
            still_waiting[Piece(number, *piece)] += 1
        assert Counter({piece: n for piece, n in laid.items() if piece.source == number}) + still_waiting == expected


def test_only_a_document_longer_than_the_context_is_cut_and_its_stretches_do_not_overlap(
    long_documents: Collection, form: DocumentForm
) -> None:
    source = Source("python", (Part(long_documents, (0,)),), form, "parallel", 0)
    stretches = defaultdict(set)
    # Three epochs, so that every document has come up.
    for row in plan_rows(planner([source], np.ones(1), context=512), steps=3 * source.epoch_tokens // 8192):
        for piece in row.pieces:
            stretches[piece.item].add((piece.start, piece.stop))
    assert len(stretches) == len(long_documents)
    lengths = (long_documents.lengths[:, 0] + form.overhead(["python"])).tolist()
    for item, found in stretches.items():
        whole = {(0, lengths[item])} if lengths[item] <= 512 else {(0, 512), (512, lengths[item])}
        assert found == whole
    assert source.longer_than(512) == sum(len(found) == 2 for found in stretches.values()) > 50


def test_a_row_has_at_most_as_many_documents_as_it_may(pair_sources: dict[Mix, list[Source]]) -> None:
    plan = RowPlanner(pair_sources["shuffled"], SHARES, 4096, 2, 1024, max_documents=7)
    assert {len(row.pieces) for row in plan_rows(plan, steps=10)} == {7}


def test_a_row_knows_how_many_tokens_its_whole_step_predicts(pair_sources: dict[Mix, list[Source]]) -> None:
    plan = planner(pair_sources["parallel"], SHARES, rows_per_step=3)
    for _ in range(5):
        rows = plan.step()
        assert len(rows) == 3
        # The first token of a document is not predicted.
        predicted = sum(size(piece) - 1 for row in rows for piece in row.pieces)
        assert {row.step_targets for row in rows} == {predicted}


@MIXES
def test_a_restored_plan_goes_on_as_the_first_would(pair_sources: dict[Mix, list[Source]], mix: Mix) -> None:
    first = planner(pair_sources[mix], SHARES)
    plan_rows(first, steps=7)
    state = json.loads(json.dumps(first.state()))
    second = planner(pair_sources[mix], SHARES)
    second.restore(state)
    assert plan_rows(second, steps=7) == plan_rows(first, steps=7)


def test_the_first_document_that_did_not_fit_opens_the_next_row(pair_sources: dict[Mix, list[Source]]) -> None:
    source = pair_sources["parallel"][0]
    items = source.block(0).item.tolist()
    rows = plan_rows(planner([source], np.ones(1)), steps=5)
    laid: set[int] = set()
    for row in rows:
        assert row.pieces[0].item == next(item for item in items if item not in laid)
        laid.update(piece.item for piece in row.pieces)


@given(st.lists(st.integers(1, 500), max_size=300), st.integers(1, 40))
def test_a_finite_list_is_packed_with_every_document_once(lengths: list[int], max_documents: int) -> None:
    rows = list(pack(np.array(lengths, dtype=np.int64), 512, max_documents))
    assert sorted(index for row in rows for index in row) == list(range(len(lengths)))
    assert all(0 < len(row) <= max_documents for row in rows)
    assert all(sum(lengths[index] for index in row) <= 512 for row in rows)


def test_a_finite_list_of_ordinary_documents_is_packed_tightly() -> None:
    lengths = np.random.default_rng(0).integers(40, 500, 2000)
    rows = list(pack(lengths, 4096, 256))
    assert lengths.sum() >= 0.98 * 4096 * len(rows)
