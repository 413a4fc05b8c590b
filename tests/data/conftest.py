"""Collections of random tokens, large enough for counts and proportions to mean something."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from codelm.data.documents import DocumentForm, Mix
from codelm.data.sources import Part, Source
from codelm.data.store import MANIFEST, Collection, CollectionWriter, Corpus
from codelm.languages import TEXT_KINDS
from codelm.tokenizer import Tokenizer


def write_collection(folder: Path, languages: tuple[str, ...], lengths: np.ndarray, shard_size: str) -> Collection:
    """Write random programs of these lengths (documents, sides)."""
    random = np.random.default_rng(0)
    writer = CollectionWriter(folder, languages, shard_size)
    for number, sides in enumerate(lengths):
        writer.write([random.integers(0, 500, size, dtype=np.int32) for size in sides], number, text_bytes=0)
    return Collection(folder, writer.close())


@pytest.fixture(scope="session")
def form(corpus_tokenizer: Tokenizer) -> DocumentForm:
    return DocumentForm(corpus_tokenizer)


@pytest.fixture(scope="session")
def pair_collections(tmp_path_factory: pytest.TempPathFactory) -> list[Collection]:
    """Pairs of 40 to 500 tokens, in several shards; Go programs are the longest, those in Rust the fewest."""
    folder, random = tmp_path_factory.mktemp("pairs"), np.random.default_rng(1)
    ranges = {"java": (20, 150, 900), "go": (100, 250, 700), "rust": (20, 248, 300)}
    return [
        write_collection(folder / name, ("python", name), random.integers(low, high, (documents, 2)), "100KB")
        for name, (low, high, documents) in ranges.items()
    ]


@pytest.fixture(scope="session")
def long_documents(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Single programs of up to 1000 tokens."""
    lengths = np.random.default_rng(2).integers(1, 1000, (300, 1))
    return write_collection(tmp_path_factory.mktemp("long") / "python", ("python",), lengths, "64MB")


@pytest.fixture(scope="session")
def pair_sources(pair_collections: list[Collection], form: DocumentForm) -> dict[Mix, list[Source]]:
    """The pair collections as sources, for each mix."""
    return {
        mix: [Source(pairs.name, (Part(pairs, (0, 1)),), form, mix, 0) for pairs in pair_collections]
        for mix in ("shuffled", "parallel")
    }


def add_kinds_of_text(corpus: Corpus, folder: Path) -> Corpus:
    """Copy a corpus to a folder, with a collection of every kind of text beside its programs, in both splits."""
    shutil.copytree(corpus.folder, folder)
    manifest = json.loads((folder / MANIFEST).read_text())
    for split, documents in (("train", 5), ("validation", 2)):
        for kind in TEXT_KINDS:
            writer = CollectionWriter(folder / split / kind, [kind])
            for number in range(documents):
                text = f"Chapter {number} of {kind}: how to count."
                writer.write([corpus.tokenizer.encode(text)], number, len(text))
            manifest[split][kind] = asdict(writer.close())
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return Corpus(folder)


@pytest.fixture(scope="session")
def corpus_with_text(small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The small corpus with all kinds of text beside its programs: 5 documents of each to train on, 2 held out."""
    return add_kinds_of_text(small_corpus, tmp_path_factory.mktemp("text") / "corpus")
