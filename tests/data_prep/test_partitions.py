from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_prep import partitions as module
from data_prep.partitions import PARTITION_SIZE, Partitions, Record, partition_count


def record(group: str, unit: int = 0, place: int = 0, code: str = "x = 1\n") -> Record:
    return Record(group, unit, place, "python", code, "by hand", "MIT")


def write(partitions: Partitions, task: int, records: Sequence[Record]) -> None:
    with partitions.writer(task) as writer:
        for one in records:
            writer.write(one)


def read_all(partitions: Partitions) -> list[list[Record]]:
    return [partitions.read(number) for number in range(partitions.count)]


codes = st.text(max_size=40) | st.text("\ud800\u2028\x85\r\n\x00é", max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=3), codes), max_size=30), st.integers(1, 5), st.integers(1, 4))
def test_every_program_is_read_once_in_the_order_of_group_unit_and_place_whoever_wrote_it(
    tmp_path_factory: pytest.TempPathFactory, programs: list[tuple[str, str]], count: int, tasks: int
) -> None:
    partitions = Partitions(tmp_path_factory.mktemp("partitions"), count)
    records = [record(group, place % 3, place, code) for place, (group, code) in enumerate(programs)]
    for task in range(tasks):
        write(partitions, task, records[task::tasks])
    found = read_all(partitions)
    assert all(one == sorted(one, key=lambda r: (r.group, r.unit, r.place)) for one in found)
    assert sorted(r for one in found for r in one) == sorted(records)


def test_a_group_is_in_one_partition_and_groups_are_spread_evenly(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path / "partitions", 4)
    write(partitions, 0, [record(f"group {number % 400}", place=number) for number in range(1200)])
    found = read_all(partitions)
    groups = [{one.group for one in records} for records in found]
    assert len(set().union(*groups)) == sum(map(len, groups)) == 400
    assert min(map(len, groups)) > 70


def test_a_writer_keeps_little_in_memory_and_writes_what_it_gathered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUFFER", 1000)
    partitions = Partitions(tmp_path / "partitions", 2)
    records = [record(f"group {number}", place=number) for number in range(200)]
    with partitions.writer(0) as writer:
        for one in records:
            writer.write(one)
            assert sum(len(line) for lines in writer._lines.values() for line in lines) < 1000
    assert max(map(len, writer.segments.values())) > 10
    assert sorted(r.place for one in read_all(partitions) for r in one) == list(range(200))


def test_what_a_task_writes_is_there_when_it_is_whole_and_not_before(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path / "partitions", 1)
    with pytest.raises(KeyboardInterrupt), partitions.writer(0) as writer:
        writer.write(record("lost"))
        writer.flush()
        raise KeyboardInterrupt
    assert partitions.read(0) == []
    assert list((tmp_path / "partitions").iterdir()) == []


def test_a_task_that_is_written_again_replaces_what_it_wrote(tmp_path: Path) -> None:
    partitions = Partitions(tmp_path / "partitions", 1)
    write(partitions, 0, [record("first"), record("second")])
    write(partitions, 1, [record("other")])
    write(partitions, 0, [record("again")])
    assert [one.group for one in partitions.read(0)] == ["again", "other"]


@pytest.mark.parametrize(
    ("size", "count"), [(0, 1), (PARTITION_SIZE // 3, 1), (PARTITION_SIZE, 1), (10 * PARTITION_SIZE, 10)]
)
def test_the_number_of_partitions_follows_from_the_size_of_the_input(size: int, count: int) -> None:
    assert partition_count(size) == count
