from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from codelm.data.store import (
    GROUPS,
    LENGTHS,
    MANIFEST,
    TOKENIZER,
    Collection,
    CollectionSummary,
    CollectionWriter,
    Corpus,
    Manifest,
    collection_name,
    listing_key,
)
from codelm.errors import UserError
from codelm.languages import LANGUAGES
from codelm.tokenizer import Tokenizer


@pytest.fixture
def corpus_folder(small_corpus: Corpus, tmp_path: Path) -> Path:
    """A copy of the small corpus to damage."""
    return Path(shutil.copytree(small_corpus.folder, tmp_path / "corpus"))


@pytest.fixture(scope="module")
def pairs() -> list[list[np.ndarray]]:
    random = np.random.default_rng(0)
    # An empty program and one of a single token are the edges.
    sizes = [(0, 5), (1, 0), *random.integers(0, 60, (198, 2)).tolist()]
    return [[random.integers(0, 2**15, size).astype(np.int32) for size in both] for both in sizes]


@pytest.fixture(scope="module")
def collection(pairs: list[list[np.ndarray]], tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = tmp_path_factory.mktemp("store") / "python-java"
    writer = CollectionWriter(folder, ("python", "java"), shard_size="4KB")
    for number, programs in enumerate(pairs):
        writer.write(programs, group=3 * number, text_bytes=10)
    tokens = sum(len(program) for programs in pairs for program in programs)
    assert writer.close() == CollectionSummary(("python", "java"), len(pairs), tokens, 10 * len(pairs))
    assert len(list(folder.glob("*.bin"))) > 5
    return Collection(folder, ("python", "java"))


def assert_holds(collection: Collection, pairs: list[list[np.ndarray]]) -> None:
    for item in np.random.default_rng(1).permutation(len(pairs)).tolist():
        for side in (0, 1):
            assert collection.program(item, side).tolist() == pairs[item][side].tolist()


def test_programs_are_read_as_they_were_written_from_any_shard(
    collection: Collection, pairs: list[list[np.ndarray]]
) -> None:
    assert collection.name == "python-java"
    assert len(collection) == len(pairs)
    assert collection.lengths.tolist() == [[len(program) for program in programs] for programs in pairs]
    assert collection.groups.tolist() == [3 * number for number in range(len(pairs))]
    assert_holds(collection, pairs)


def test_a_collection_that_was_read_goes_to_another_process_without_its_tokens(
    collection: Collection, pairs: list[list[np.ndarray]]
) -> None:
    assert_holds(collection, pairs)
    pickled = pickle.dumps(collection)
    assert len(pickled) < 1000
    assert_holds(pickle.loads(pickled), pairs)


def test_a_corpus_has_what_its_manifest_says(small_corpus: Corpus) -> None:
    manifest = small_corpus.manifest
    for split in ("train", "validation"):
        for name, summary in small_corpus.summaries(split).items():
            collection = small_corpus.collection(split, name)
            assert collection.name == name == collection_name(summary.languages)
            assert len(collection) == summary.documents
            assert collection.lengths.sum() == summary.tokens
            text = [
                small_corpus.tokenizer.decode(collection.program(item, side))
                for item in range(len(collection))
                for side in range(len(summary.languages))
            ]
            assert sum(len(code.encode()) for code in text) == summary.bytes
    assert manifest.languages == LANGUAGES
    assert manifest.vocab_size == small_corpus.tokenizer.vocab_size


def test_a_manifest_is_read_back_as_it_was(small_corpus: Corpus, tmp_path: Path) -> None:
    small_corpus.manifest.save(tmp_path / MANIFEST)
    assert Manifest.load(tmp_path / MANIFEST) == small_corpus.manifest


def test_collections_are_listed_by_their_other_language_and_text_last() -> None:
    names = ["text", "rust", "python-rust", "python-java", "python", "python-go", "java"]
    expected = ["python", "java", "python-java", "python-go", "python-rust", "rust", "text"]
    assert sorted(names, key=listing_key) == expected


# --- what is wrong with a corpus is said in one line


def test_a_missing_folder_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no corpus at .*absent: make one with data_prep/prepare\.py"):
        Corpus(tmp_path / "absent")


def test_a_half_written_corpus_is_an_error(corpus_folder: Path) -> None:
    (corpus_folder / MANIFEST).unlink()
    with pytest.raises(UserError, match=r"is not a finished corpus \(it has no manifest\.json\)"):
        Corpus(corpus_folder)


def test_another_tokenizer_is_an_error(corpus_folder: Path) -> None:
    Tokenizer.train(["other words"], LANGUAGES, 300).save(corpus_folder / TOKENIZER)
    with pytest.raises(UserError, match="is not the tokenizer that the corpus was prepared with"):
        Corpus(corpus_folder)
    (corpus_folder / TOKENIZER).unlink()
    with pytest.raises(UserError, match="is not the tokenizer that the corpus was prepared with"):
        Corpus(corpus_folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "\xff", '{"schema": 1}', '{"schema": 1, "train": 3}'])
def test_a_damaged_manifest_is_an_error(corpus_folder: Path, content: str) -> None:
    (corpus_folder / MANIFEST).write_text(content, encoding="latin-1")
    with pytest.raises(UserError, match=r"manifest\.json is damaged \(.*\): prepare the corpus again"):
        Corpus(corpus_folder)


def test_a_manifest_of_another_version_is_an_error_that_says_so(corpus_folder: Path) -> None:
    file = corpus_folder / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text()) | {"schema": 99}))
    with pytest.raises(UserError, match="has schema 99, this version reads 1"):
        Corpus(corpus_folder)


@pytest.mark.parametrize("kept", [0, 50, -8])
def test_truncated_lengths_are_an_error_that_names_the_file(corpus_folder: Path, kept: int) -> None:
    file = corpus_folder / "train" / "python-java" / LENGTHS
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(UserError, match=r"python-java/lengths\.npy is damaged: prepare the corpus again"):
        len(Corpus(corpus_folder).collection("train", "python-java"))


def test_lengths_of_other_shards_are_an_error(corpus_folder: Path) -> None:
    file = corpus_folder / "train" / "python-java" / LENGTHS
    np.save(file, np.load(file)[:-1])
    with pytest.raises(UserError, match=r"lengths\.npy does not fit its shards"):
        len(Corpus(corpus_folder).collection("train", "python-java"))


@pytest.mark.parametrize("kept", [0, 3, 4, 40, -4, -1])
def test_a_truncated_shard_is_an_error_that_names_the_file(corpus_folder: Path, kept: int) -> None:
    (shard,) = (corpus_folder / "train" / "python-java").glob("*.bin")
    shard.write_bytes(shard.read_bytes()[:kept])
    with pytest.raises(UserError, match=f"{shard.name} is damaged: prepare the corpus again"):
        Corpus(corpus_folder).collection("train", "python-java").program(0)


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_a_damaged_index_is_an_error_that_names_the_file(corpus_folder: Path, content: str) -> None:
    (corpus_folder / "train" / "python-java" / "index.json").write_text(content)
    with pytest.raises(UserError, match=r"python-java/index\.json is damaged"):
        len(Corpus(corpus_folder).collection("train", "python-java"))


def test_a_collection_without_lengths_is_missing(corpus_folder: Path) -> None:
    (corpus_folder / "validation" / "go" / LENGTHS).unlink()
    with pytest.raises(UserError, match=r"collection go is missing from .*validation: prepare the corpus again"):
        Corpus(corpus_folder).collection("validation", "go")
    assert (corpus_folder / "validation" / "go" / GROUPS).is_file()
