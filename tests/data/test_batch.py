from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.data.batch import IGNORED, Batch, RowShape, TrainingRows, ValidationRows, make_batch, row_shape
from codelm.data.documents import DocumentForm, Mix
from codelm.data.packing import Piece, RowPlan, RowPlanner
from codelm.data.sources import LAYOUTS, Part, Source
from codelm.data.store import Collection, CollectionWriter, Corpus
from codelm.languages import LANGUAGES, TEXT_KINDS, with_text_kinds

SHAPE = row_shape(row_tokens=64, context=16)


def documents_of(batch: Batch) -> list[list[int]]:
    """Token ids between neighbouring bounds, the unused tail left out."""
    bounds = batch.cu_seqlens.tolist()
    spans = [(start, stop) for start, stop in itertools.pairwise(bounds) if stop > start]
    return [batch.tokens[start:stop].tolist() for start, stop in spans if (batch.targets[start:stop] != IGNORED).any()]


@st.composite
def rows(draw: st.DrawFn) -> list[np.ndarray]:
    """Documents that fit into a row of SHAPE."""
    documents: list[np.ndarray] = []
    room = SHAPE.tokens
    for size in draw(st.lists(st.integers(1, SHAPE.context), max_size=SHAPE.max_documents)):
        if size <= room:
            documents.append(np.arange(100 * len(documents), 100 * len(documents) + size))
            room -= size
    return documents


@given(rows())
def test_every_token_but_a_documents_last_has_the_next_one_as_its_target(documents: list[np.ndarray]) -> None:
    languages = [np.full(len(document), number) for number, document in enumerate(documents)]
    batch = make_batch(documents, languages, SHAPE)
    expected = [target for document in documents for target in [*document[1:].tolist(), IGNORED]]
    assert batch.targets.tolist() == expected + [IGNORED] * (SHAPE.tokens - len(expected))
    tokens = [token for document in documents for token in document.tolist()]
    assert batch.tokens.tolist()[: len(tokens)] == tokens
    has_target = batch.targets != IGNORED
    assert batch.language_ids[~has_target].tolist() == [-1] * int((~has_target).sum())
    assert batch.language_ids[has_target].tolist() == [
        number for number, document in enumerate(documents) for _ in document[1:]
    ]


@given(rows())
def test_shapes_are_the_same_for_every_row_and_no_span_is_longer_than_the_context(
    documents: list[np.ndarray],
) -> None:
    batch = make_batch(documents, [np.zeros(len(document), int) for document in documents], SHAPE)
    empty = make_batch([], [], SHAPE)
    for column in ("tokens", "targets", "cu_seqlens", "language_ids"):
        assert getattr(batch, column).shape == getattr(empty, column).shape
        assert getattr(batch, column).dtype == getattr(empty, column).dtype
    bounds = batch.cu_seqlens.numpy()
    assert bounds[0] == 0 and bounds[-1] == SHAPE.tokens
    assert np.diff(bounds).min() >= 0 and np.diff(bounds).max() <= batch.max_seqlen == SHAPE.context
    ends = np.cumsum([len(document) for document in documents])
    assert bounds[1 : len(documents) + 1].tolist() == ends.tolist()


def test_a_target_belongs_to_the_language_of_the_program_that_it_is_part_of(
    small_corpus: Corpus, form: DocumentForm
) -> None:
    pairs = small_corpus.collection("train", "python-go")
    source = Source("python-go", (Part(pairs, (0, 1)),), form, "parallel", 0)
    document, _, _ = source.document(0, 0, LAYOUTS.index((1, 0)))
    row = RowPlan((Piece(0, 0, 0, LAYOUTS.index((1, 0)), 0, len(document)),), 77, (len(document),))
    batch = TrainingRows([source], LANGUAGES, row_shape(256, 256))[row]
    python, go = LANGUAGES.index("python"), LANGUAGES.index("go")
    code = pairs.lengths[0]
    # Of the opening token of the document nobody makes a prediction; the end token belongs to the translation.
    expected = [go] * code[1] + [python] * (1 + code[0] + 1)
    assert batch.language_ids.tolist() == expected + [-1] * (256 - len(expected))
    assert batch.targets[code[1]] == form.tokenizer.language("python")
    assert batch.targets[len(expected) - 1] == form.end_token
    assert batch.targets[len(expected)] == IGNORED
    assert batch.step_targets == 77
    assert batch.source_tokens.tolist() == [len(document)]


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_kinds_of_text_are_counted_after_the_languages(kind: str, form: DocumentForm, tmp_path: Path) -> None:
    writer = CollectionWriter(tmp_path / kind, [kind])
    writer.write([form.tokenizer.encode("Count to ten.")], 0, text_bytes=13)
    source = Source(kind, (Part(Collection(tmp_path / kind, writer.close()), (0,)),), form, "parallel", 0)
    length = source.epoch_tokens
    batch = TrainingRows([source], ("python", "go"), SHAPE)[RowPlan((Piece(0, 0, 0, 0, 0, length),), 1, (length,))]
    (place,) = set(batch.language_ids[: length - 1].tolist())
    assert with_text_kinds(("python", "go"))[place] == kind


@pytest.mark.parametrize("mix", ["shuffled", "parallel"])
def test_training_rows_hold_the_planned_documents(pair_sources: dict[Mix, list[Source]], mix: Mix) -> None:
    sources, shape = pair_sources[mix], row_shape(2048, 300)
    plan = RowPlanner(sources, np.ones(3) / 3, shape.tokens, 2, shape.context, shape.max_documents)
    reader = TrainingRows(sources, LANGUAGES, shape)
    for _ in range(4):
        planned = plan.step()
        batches = [reader[row] for row in planned]
        for batch, row in zip(batches, planned, strict=True):
            expected = [
                sources[piece.source].document(piece.part, piece.item, piece.layout)[0][piece.start : piece.stop]
                for piece in row.pieces
            ]
            assert documents_of(batch) == [document.tolist() for document in expected if len(document) > 1]
        assert {batch.step_targets for batch in batches} == {
            sum(int((batch.targets != IGNORED).sum()) for batch in batches)
        }


def test_readers_of_rows_go_to_another_process(pair_sources: dict[Mix, list[Source]]) -> None:
    sources, shape = pair_sources["parallel"], row_shape(2048, 512)
    row = RowPlanner(sources, np.ones(3) / 3, shape.tokens, 1, shape.context, shape.max_documents).step()[0]
    reader = TrainingRows(sources, LANGUAGES, shape)
    expected = reader[row]
    copy = pickle.loads(pickle.dumps(reader))[pickle.loads(pickle.dumps(row))]
    assert copy.tokens.equal(expected.tokens) and copy.targets.equal(expected.targets)


# --- validation


def validation_rows(corpus: Corpus, form: DocumentForm, shape: RowShape, multiple_of: int = 1) -> ValidationRows:
    collections = [corpus.collection("validation", name) for name in LANGUAGES]
    return ValidationRows(collections, LANGUAGES, form, shape, multiple_of)


def test_validation_has_every_program_once_as_a_document_of_its_language(
    small_corpus: Corpus, form: DocumentForm
) -> None:
    found, targets = [], np.zeros(len(LANGUAGES), dtype=np.int64)
    data = validation_rows(small_corpus, form, row_shape(1024, 256))
    for row in range(len(data)):
        batch = data[row]
        found += documents_of(batch)
        targets += np.bincount(batch.language_ids[batch.language_ids >= 0], minlength=len(LANGUAGES))
    collections = [small_corpus.collection("validation", name) for name in LANGUAGES]
    expected = [
        form.document([collection.name], [collection.program(item)]).tolist()
        for collection in collections
        for item in range(len(collection))
    ]
    assert sorted(found) == sorted(expected)
    assert targets.tolist() == [int(collection.lengths.sum()) + len(collection) for collection in collections]


def test_a_long_validation_program_is_read_in_stretches(small_corpus: Corpus, form: DocumentForm) -> None:
    data = validation_rows(small_corpus, form, row_shape(256, 32))
    stretches = [document for row in range(len(data)) for document in documents_of(data[row])]
    assert max(map(len, stretches)) == 32
    collections = [small_corpus.collection("validation", name) for name in LANGUAGES]
    tokens = [
        token
        for collection in collections
        for item in range(len(collection))
        for token in form.document([collection.name], [collection.program(item)]).tolist()
    ]
    # A stretch of one token has no target and is not found.
    assert abs(sum(map(len, stretches)) - len(tokens)) < 10


def test_validation_has_texts_beside_programs(corpus_with_text: Corpus, form: DocumentForm) -> None:
    names = with_text_kinds(("python", "go"))
    collections = [corpus_with_text.collection("validation", name) for name in names]
    data = ValidationRows(collections, ("python", "go"), form, row_shape(1024, 256))
    ids = np.concatenate([data[row].language_ids for row in range(len(data))])
    # Of a program the token that opens it is no target; a text has none, so its own first token is not.
    expected = [int(c.lengths.sum()) + (len(c) if c.name in ("python", "go") else 0) for c in collections]
    assert np.bincount(ids[ids >= 0], minlength=len(names)).tolist() == expected


def test_empty_rows_give_every_rank_as_many(small_corpus: Corpus, form: DocumentForm) -> None:
    shape = row_shape(1024, 256)
    rows, padded = (validation_rows(small_corpus, form, shape, multiple) for multiple in (1, 5))
    assert len(rows) % 5 != 0 and len(padded) % 5 == 0
    assert len(padded) - len(rows) < 5
    for row in range(len(rows), len(padded)):
        assert (padded[row].targets == IGNORED).all()
