"""What the tests of the main job share: one corpus, prepared once."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_prep.prepare import Preparation, prepare


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "builtin"
    preparation = Preparation(("builtin",), out=folder, groups=90, vocab_size=600, validation_groups=4)
    prepare(preparation, show_progress=False)
    return folder
