from __future__ import annotations

import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest

from codelm.data.store import (
    GROUPS,
    INDEX,
    LENGTHS,
    MANIFEST,
    OPEN_SHARDS,
    TOKENIZER,
    Collection,
    CollectionSummary,
    CollectionWriter,
    Corpus,
    Manifest,
    collection_name,
    join_collection,
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
    summary = writer.close()
    shards = {file.name for file in folder.glob("*.bin")}
    assert len(shards) > 5
    assert summary == CollectionSummary(
        ("python", "java"),
        len(pairs),
        tokens,
        10 * len(pairs),
        {name: ANY for name in (*shards, INDEX, LENGTHS, GROUPS)},
    )
    return Collection(folder, summary)


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
    assert len(pickled) < 3000
    assert_holds(pickle.loads(pickled), pairs)


def write(folder: Path, pairs: list[list[np.ndarray]], shard_size: str = "4KB") -> CollectionSummary:
    writer = CollectionWriter(folder, ("python", "java"), shard_size)
    for number, programs in enumerate(pairs):
        writer.write(programs, number, text_bytes=10)
    return writer.close()


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_collection_written_in_parts_is_one_when_they_are_joined(
    pairs: list[list[np.ndarray]], tmp_path: Path
) -> None:
    parts = [tmp_path / str(number) for number in range(4)]
    summaries = [write(part, pairs[50 * number : 50 * (number + 1)]) for number, part in enumerate(parts)]
    summary = join_collection(parts, tmp_path / "joined")
    joined = Collection(tmp_path / "joined", summary)
    assert_holds(joined, pairs)
    assert joined.groups.tolist() == [*range(50)] * 4
    assert (summary.documents, summary.tokens, summary.bytes) == (
        200,
        sum(part.tokens for part in summaries),
        sum(part.bytes for part in summaries),
    )
    assert set(summary.checksums) == set(files_of(tmp_path / "joined"))
    assert not any(list(part.glob("*.bin")) for part in parts), "the shards were moved"


def test_equal_collections_have_equal_files(pairs: list[list[np.ndarray]], tmp_path: Path) -> None:
    for name in ("one", "other"):
        parts = [tmp_path / f"{name}{number}" for number in range(2)]
        for number, part in enumerate(parts):
            write(part, pairs[20 * number : 20 * (number + 1)])
        join_collection(parts, tmp_path / name)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


def test_joining_that_was_interrupted_can_be_done_again(
    pairs: list[list[np.ndarray]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [tmp_path / str(number) for number in range(2)]
    for number, part in enumerate(parts):
        write(part, pairs[20 * number : 20 * (number + 1)])
    moved = 0

    def move(source: Path, target: Path, replace: Callable[[Path, Path], None] = os.replace) -> None:
        nonlocal moved
        moved += 1
        if moved == 3:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", move)
    with pytest.raises(KeyboardInterrupt):
        join_collection(parts, tmp_path / "joined")
    assert_holds(Collection(tmp_path / "joined", join_collection(parts, tmp_path / "joined")), pairs[:40])


def test_only_some_shards_are_mapped_at_a_time(pairs: list[list[np.ndarray]], tmp_path: Path) -> None:
    collection = Collection(tmp_path / "many", write(tmp_path / "many", pairs, "600B"))
    assert len(collection.shard_starts) - 1 > 2 * OPEN_SHARDS
    lengths, before = collection.lengths, len(os.listdir("/proc/self/fd"))
    assert_holds(collection, pairs)
    assert len(os.listdir("/proc/self/fd")) - before <= OPEN_SHARDS
    assert len(lengths) == len(pairs)


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
    names = ["markup", "text", "kotlin", "rust", "python-rust", "python-java", "python", "python-go", "java"]
    expected = ["python", "java", "python-java", "python-go", "python-rust", "rust", "kotlin", "text", "markup"]
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
    with pytest.raises(UserError, match=r"tokenizer\.json is missing: prepare the corpus again"):
        Corpus(corpus_folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "\xff", '{"schema": 2}', '{"schema": 2, "train": 3}'])
def test_a_damaged_manifest_is_an_error(corpus_folder: Path, content: str) -> None:
    (corpus_folder / MANIFEST).write_text(content, encoding="latin-1")
    with pytest.raises(UserError, match=r"manifest\.json is damaged \(.*\): prepare the corpus again"):
        Corpus(corpus_folder)


@pytest.mark.parametrize("schema", [1, 99])
def test_a_manifest_of_another_version_is_an_error_that_says_so(corpus_folder: Path, schema: int) -> None:
    file = corpus_folder / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text()) | {"schema": schema}))
    with pytest.raises(UserError, match=f"has schema {schema}, this version reads 2: prepare the corpus again"):
        Corpus(corpus_folder)


def read_all(folder: Path) -> None:
    corpus = Corpus(folder)
    for split in ("train", "validation"):
        for name in corpus.summaries(split):
            collection = corpus.collection(split, name)
            for item in range(len(collection)):
                collection.program(item)
            assert len(collection.groups) == len(collection)


FILES = ["chunk-0-0.bin", INDEX, LENGTHS, GROUPS]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0, 3, 40, -4, -1])
def test_a_truncated_file_is_an_error_that_names_it(corpus_folder: Path, name: str, kept: int) -> None:
    file = corpus_folder / "train" / "python-java" / name
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(UserError, match=f"train/python-java/{name} is damaged: prepare the corpus again$"):
        read_all(corpus_folder)


@pytest.mark.parametrize("name", FILES)
def test_a_single_flipped_bit_is_an_error_that_names_the_file(corpus_folder: Path, name: str) -> None:
    file = corpus_folder / "validation" / "go" / name
    for place in (0, file.stat().st_size // 2, -1):
        content = bytearray(file.read_bytes())
        content[place] ^= 4
        file.write_bytes(content)
        with pytest.raises(UserError, match=f"validation/go/{name} is damaged: prepare the corpus again$"):
            read_all(corpus_folder)
        content[place] ^= 4
        file.write_bytes(content)
    read_all(corpus_folder)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_an_error_that_names_it(corpus_folder: Path, name: str) -> None:
    (corpus_folder / "validation" / "go" / name).unlink()
    with pytest.raises(UserError, match=f"validation/go/{name} is missing: prepare the corpus again$"):
        read_all(corpus_folder)


def test_a_shard_that_the_manifest_does_not_know_is_not_read(corpus_folder: Path) -> None:
    file = corpus_folder / MANIFEST
    manifest = json.loads(file.read_text())
    del manifest["train"]["python-java"]["checksums"]["chunk-0-0.bin"]
    file.write_text(json.dumps(manifest))
    with pytest.raises(UserError, match=r"python-java/chunk-0-0\.bin is not in the manifest"):
        read_all(corpus_folder)
