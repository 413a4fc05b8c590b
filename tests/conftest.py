"""What many tests share: one small corpus, prepared once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from hypothesis import settings

from codelm.data.store import Corpus
from codelm.tokenizer import Tokenizer
from data_prep.prepare import Preparation, prepare
from tests.small_corpus import small_groups, write_jsonl

# Machines that run tests are busy ones: how long an example takes says nothing. In CI the examples are always the same,
# so that what fails there is due to the change; new ones are looked for at home.
settings.register_profile("any-machine", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("any-machine")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Small tensors are slower on several threads."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def programs_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """JSONL file of sixty tiny groups in all seven languages."""
    return write_jsonl(tmp_path_factory.mktemp("programs") / "programs.jsonl", small_groups())


@pytest.fixture(scope="session")
def small_corpus(programs_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Corpus of those groups: 54 for training, as pairs, and 6 held out."""
    folder = tmp_path_factory.mktemp("corpora") / "small"
    prepare(Preparation((str(programs_file),), folder, vocab_size=512, validation_groups=6), show_progress=False)
    return Corpus(folder)


@pytest.fixture(scope="session")
def corpus_tokenizer(small_corpus: Corpus) -> Tokenizer:
    """Tokenizer of the small corpus."""
    return small_corpus.tokenizer
