"""What our own reader of litdata's shards relies on; the version is pinned, and this says why an upgrade breaks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from litdata import StreamingDataset

from codelm.data.store import Collection, CollectionWriter


@pytest.fixture(scope="module")
def programs() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.integers(0, 2**31 - 1, size, dtype=np.int32) for size in random.integers(1, 300, 150)]


@pytest.fixture(scope="module")
def folder(programs: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("litdata") / "python"
    writer = CollectionWriter(folder, ["python"], shard_size="16KB")
    for number, program in enumerate(programs):
        writer.write([program], number, text_bytes=0)
    writer.close()
    return folder


def test_our_reader_and_litdatas_agree_on_every_program(folder: Path, programs: list[np.ndarray]) -> None:
    assert len(list(folder.glob("*.bin"))) > 3
    theirs = StreamingDataset(str(folder), shuffle=False)
    ours = Collection(folder, ["python"])
    assert len(theirs) == len(ours) == len(programs)
    for item, program in enumerate(programs):
        assert theirs[item].tolist() == ours.program(item).tolist() == program.tolist()


def test_shards_follow_one_another_in_the_order_of_writing(folder: Path, programs: list[np.ndarray]) -> None:
    streamed = [item.tolist() for item in StreamingDataset(str(folder), shuffle=False)]
    assert streamed == [program.tolist() for program in programs]
