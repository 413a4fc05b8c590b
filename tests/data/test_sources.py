from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from codelm.data.documents import DocumentForm, Mix
from codelm.data.mixture import Proportions
from codelm.data.sources import LAYOUTS, Part, Source, choose_sources
from codelm.data.store import Collection, Corpus
from codelm.errors import UserError
from codelm.languages import LANGUAGES, TEXT_KINDS

PAIRS = [f"python-{other}" for other in LANGUAGES[1:]]


def choose(
    corpus: Corpus,
    form: DocumentForm,
    proportions: Proportions = "uniform",
    languages: tuple[str, ...] = LANGUAGES,
) -> tuple[tuple[Source, ...], np.ndarray]:
    return choose_sources(corpus, languages, proportions, form, "shuffled", 0)


def programs_of(source: Source) -> set[tuple[str, str, int, int]]:
    """Collection, language, item and side of every program in one epoch of a small source."""
    block = source.block(0)
    return {
        (source.parts[part].collection.name, source.parts[part].collection.languages[side], item, side)
        for part, item, layout in zip(block.part.tolist(), block.item.tolist(), block.layout.tolist(), strict=True)
        for side in LAYOUTS[layout]
    }


# --- the order of one source


def test_both_mixes_lay_the_same_programs_in_every_block_of_positions(
    pair_sources: dict[Mix, list[Source]],
) -> None:
    for shuffled, parallel in zip(pair_sources["shuffled"], pair_sources["parallel"], strict=True):
        assert programs_of(shuffled) == programs_of(parallel)
        alone, together = shuffled.block(0), parallel.block(0)
        assert sorted(alone.item.tolist()) == sorted(np.repeat(together.item, 2).tolist())
        extra = shuffled.form.overhead(["python"]) * 2 - shuffled.form.overhead(["python", "java"])
        assert alone.length.sum() == together.length.sum() + extra * len(together.item)


@pytest.mark.parametrize("mix", ["shuffled", "parallel"])
def test_every_epoch_has_every_program_once_in_another_order(pair_sources: dict[Mix, list[Source]], mix: Mix) -> None:
    for source in pair_sources[mix]:
        orders = set()
        for epoch in range(3):
            block = source.block(epoch)
            sides = [
                (item, side)
                for item, layout in zip(block.item.tolist(), block.layout.tolist(), strict=True)
                for side in LAYOUTS[layout]
            ]
            assert sorted(sides) == [(item, side) for item in range(len(source)) for side in (0, 1)]
            orders.add(tuple(sides))
        assert len(orders) == 3


@pytest.mark.parametrize("mix", ["shuffled", "parallel"])
def test_epochs_that_span_several_blocks_have_every_program_once(
    pair_sources: dict[Mix, list[Source]], mix: Mix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codelm.data.sources.BLOCK", 128)
    source = pair_sources[mix][0]
    per_block = 64 if mix == "shuffled" else 128
    blocks_per_epoch = -(-len(source) // per_block)
    for epoch in range(2):
        sides = [
            (item, side)
            for number in range(epoch * blocks_per_epoch, (epoch + 1) * blocks_per_epoch)
            for block in [source.block(number)]
            for item, layout in zip(block.item.tolist(), block.layout.tolist(), strict=True)
            for side in LAYOUTS[layout]
        ]
        assert sorted(sides) == [(item, side) for item in range(len(source)) for side in (0, 1)]


def test_the_two_programs_of_a_shuffled_pair_stand_far_apart(pair_sources: dict[Mix, list[Source]]) -> None:
    block = pair_sources["shuffled"][0].block(0)
    place = np.empty((len(block.item) // 2, 2), dtype=np.int64)
    place[block.item, block.layout] = np.arange(len(block.item))
    assert np.abs(place[:, 0] - place[:, 1]).min() > 0.2 * len(block.item)


def test_either_side_of_a_parallel_pair_comes_first_about_as_often(pair_sources: dict[Mix, list[Source]]) -> None:
    source = pair_sources["parallel"][0]
    forward, backward = LAYOUTS.index((0, 1)), LAYOUTS.index((1, 0))
    epochs = [source.block(epoch) for epoch in range(4)]
    layouts = np.concatenate([block.layout for block in epochs])
    assert set(layouts.tolist()) == {forward, backward}
    assert 0.45 < (layouts == forward).mean() < 0.55
    by_item = [block.layout[np.argsort(block.item)].tolist() for block in epochs]
    assert by_item[0] != by_item[1], "drawn anew in every epoch"


def test_another_seed_or_source_has_another_order(pair_collections: list[Collection], form: DocumentForm) -> None:
    def order(name: str, seed: int) -> tuple[int, ...]:
        return tuple(Source(name, (Part(pair_collections[0], (0, 1)),), form, "parallel", seed).block(0).item)

    assert order("python-java", 0) == order("python-java", 0)
    assert len({order("python-java", 0), order("python-java", 1), order("python-go", 0)}) == 3


@pytest.mark.parametrize("mix", ["shuffled", "parallel"])
def test_planned_lengths_are_those_of_the_documents(pair_sources: dict[Mix, list[Source]], mix: Mix) -> None:
    for source in pair_sources[mix]:
        block = source.block(0)
        assert source.epoch_tokens == block.length.sum()
        assert source.longest == block.length.max()
        assert source.longer_than(300) == (block.length > 300).sum()
        for index in range(0, len(block.item), 50):
            part, item, layout, length = (int(column[index]) for column in block)
            tokens, places, languages = source.document(part, item, layout)
            assert len(tokens) == len(places) == length
            assert languages == tuple(source.name.split("-")[side] for side in LAYOUTS[layout])
            assert set(places.tolist()) == set(range(len(languages)))


# --- which sources a run has


def test_by_default_every_pair_collection_is_a_source_with_an_equal_share(
    small_corpus: Corpus, form: DocumentForm
) -> None:
    sources, shares = choose(small_corpus, form)
    assert [source.name for source in sources] == PAIRS
    assert shares.tolist() == pytest.approx([1 / 6] * 6)


@pytest.mark.parametrize(
    ("languages", "names"),
    [(LANGUAGES, PAIRS), (("python", "go"), ["python", "python-go"]), (("java", "go"), ["java", "go"])],
)
def test_proportional_shares_are_the_tokens_of_all_that_the_corpus_has_in_these_languages(
    corpus_with_text: Corpus, form: DocumentForm, languages: tuple[str, ...], names: list[str]
) -> None:
    sources, shares = choose(corpus_with_text, form, "proportional", languages)
    assert [source.name for source in sources] == names
    tokens = np.array(
        [sum(part.collection.lengths[:, list(part.sides)].sum() for part in source.parts) for source in sources]
    )
    assert shares.tolist() == pytest.approx((tokens / tokens.sum()).tolist())
    programs = [program for source in sources for program in programs_of(source)]
    held = [language for name in PAIRS for language in name.split("-") if language in languages]
    assert len(programs) == len(set(programs))
    assert {language for _, language, _, _ in programs} == set(held)


@pytest.mark.parametrize("weights", [[1] * 6, [1, 2, 3, 4, 5, 7], [0.3331, 0.3333, 0.3332, 0.0001, 0.0001, 0.0001]])
def test_shares_that_a_run_has_written_down_stay_as_they_are(
    small_corpus: Corpus, form: DocumentForm, weights: list[float]
) -> None:
    given = {name: weight / sum(weights) for name, weight in zip(PAIRS, weights, strict=True)}
    rounded = {name: round(share, 4) for name, share in given.items()}
    for proportions in (given, rounded):
        _, shares = choose(small_corpus, form, proportions)
        written = {name: float(repr(share)) for name, share in zip(PAIRS, shares.tolist(), strict=True)}
        assert choose(small_corpus, form, written)[1].tolist() == shares.tolist()


def test_a_language_outside_every_pair_of_the_run_is_a_source_of_its_own(
    small_corpus: Corpus, form: DocumentForm
) -> None:
    sources, _ = choose(small_corpus, form, languages=("java", "go"))
    assert [source.name for source in sources] == ["java", "go"]
    sources, _ = choose(small_corpus, form, languages=("python", "go"))
    assert [source.name for source in sources] == ["python-go"]
    sources, _ = choose(small_corpus, form, languages=("python",))
    assert [source.name for source in sources] == ["python"]


def test_a_language_as_a_source_reads_its_side_of_every_pair_that_is_not_a_source_itself(
    small_corpus: Corpus, form: DocumentForm
) -> None:
    (python, go), shares = choose(small_corpus, form, {"python": 0.25, "python-go": 0.75})
    assert shares.tolist() == [0.25, 0.75]
    assert {program[:2] for program in programs_of(go)} == {("python-go", "python"), ("python-go", "go")}
    others = {name: summary.documents for name, summary in small_corpus.manifest.train.items() if name != "python-go"}
    expected = {(name, "python", item, 0) for name, documents in others.items() for item in range(documents)}
    assert programs_of(python) == expected
    assert len(python.block(0).item) == len(python) == len(expected)
    assert python.epoch_tokens == python.block(0).length.sum()


def test_every_training_program_can_be_read_by_language(small_corpus: Corpus, form: DocumentForm) -> None:
    sources, _ = choose(small_corpus, form, {name: 1 / 7 for name in LANGUAGES})
    assert sum(map(len, sources)) == 2 * small_corpus.manifest.groups["train"]
    for source in sources:
        tokens, places, languages = source.document(*(int(column[0]) for column in source.block(0)[:3]))
        assert languages == (source.name,)
        assert tokens[0] == form.tokenizer.language(source.name)
        assert not places.any()


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_a_kind_of_text_is_a_source_where_it_is_named(corpus_with_text: Corpus, form: DocumentForm, kind: str) -> None:
    (_, text), shares = choose(corpus_with_text, form, {"python-java": 0.9, kind: 0.1})
    assert shares.tolist() == [0.9, 0.1]
    assert len(text) == 5
    documents = {form.tokenizer.decode(text.document(0, item, 0)[0]) for item in text.block(0).item.tolist()}
    assert documents == {f"Chapter {number} of {kind}: how to count." for number in range(5)}


def test_kinds_of_text_that_are_not_named_are_left_alone(corpus_with_text: Corpus, form: DocumentForm) -> None:
    sources, _ = choose(corpus_with_text, form)
    assert [source.name for source in sources] == PAIRS


@pytest.mark.parametrize(
    ("proportions", "message"),
    [
        ({"python-jav": 1.0}, "unknown collection in the proportions 'python-jav': choose from python-java, "),
        ({"java-go": 1.0}, "unknown collection in the proportions 'java-go'"),
        ({"text": 1.0}, "unknown collection in the proportions 'text'"),
        ({"python-java": 1.5, "go": -0.5}, "cannot be negative"),
        ({"python-java": 0.5}, r"sum to 0\.5, not to 1"),
        ({name: 1 / 7 for name in [*PAIRS, "python"]}, "collection python is empty: leave it out"),
    ],
    ids=["misspelled", "not around the pivot", "absent", "negative", "sum", "nothing left"],
)
def test_proportions_that_the_corpus_cannot_serve_are_an_error(
    small_corpus: Corpus, form: DocumentForm, proportions: dict[str, float], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        choose(small_corpus, form, proportions)


def test_a_missing_collection_is_an_error_that_names_it(
    small_corpus: Corpus, form: DocumentForm, tmp_path: Path
) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(small_corpus.folder, folder)
    shutil.rmtree(folder / "train" / "python-go")
    with pytest.raises(UserError, match=r"train/python-go/\w+\.\w+ is missing: prepare the corpus again"):
        choose(Corpus(folder), form)
