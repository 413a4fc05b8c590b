"""What our own reader of litdata's shards relies on; the version is pinned, and this says why an upgrade breaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from litdata import StreamingDataset
from litdata.streaming.cache import Cache

from codelm.data.store import Collection, CollectionSummary, CollectionWriter, join_collection


@pytest.fixture(scope="module")
def programs() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.integers(0, 2**31 - 1, size, dtype=np.int32) for size in random.integers(1, 300, 150)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("litdata") / "python"


@pytest.fixture(scope="module", params=["in one go", "in parts"])
def summary(request: pytest.FixtureRequest, programs: list[np.ndarray], folder: Path) -> CollectionSummary:
    if request.param == "in one go":
        return write(programs, folder)
    shutil.rmtree(folder)
    parts = [folder.with_name(f"part{number}") for number in range(3)]
    for number, part in enumerate(parts):
        write(programs[50 * number : 50 * (number + 1)], part)
    return join_collection(parts, folder)


def write(programs: list[np.ndarray], folder: Path) -> CollectionSummary:
    writer = CollectionWriter(folder, ["python"], shard_size="16KB")
    for number, program in enumerate(programs):
        writer.write([program], number, text_bytes=0)
    return writer.close()


def test_our_reader_and_litdatas_agree_on_every_program(
    folder: Path, summary: CollectionSummary, programs: list[np.ndarray]
) -> None:
    assert len(list(folder.glob("*.bin"))) > 3
    theirs = StreamingDataset(str(folder), shuffle=False)
    ours = Collection(folder, summary)
    assert len(theirs) == len(ours) == len(programs)
    for item, program in enumerate(programs):
        assert theirs[item].tolist() == ours.program(item).tolist() == program.tolist()


def test_shards_follow_one_another_in_the_order_of_writing(
    folder: Path, summary: CollectionSummary, programs: list[np.ndarray]
) -> None:
    assert len(summary.checksums) > 6
    streamed = [item.tolist() for item in StreamingDataset(str(folder), shuffle=False)]
    assert streamed == [program.tolist() for program in programs]


def test_our_writer_writes_what_litdatas_own_does(tmp_path: Path, programs: list[np.ndarray]) -> None:
    ours = CollectionWriter(tmp_path / "ours", ["python"], shard_size="16KB")
    theirs = Cache(str(tmp_path / "theirs"), chunk_bytes="16KB")
    for number, program in enumerate(programs):
        ours.write([program], number, text_bytes=0)
        theirs._add_item(number, program)
    ours.close()
    theirs.done()
    theirs.merge()
    index, their_index = (json.loads((tmp_path / name / "index.json").read_text()) for name in ("ours", "theirs"))
    del their_index["updated_at"]
    assert index == their_index
    for chunk in index["chunks"]:
        file = chunk["filename"]
        assert (tmp_path / "ours" / file).read_bytes() == (tmp_path / "theirs" / file).read_bytes()
