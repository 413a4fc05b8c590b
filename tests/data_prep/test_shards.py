from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from codelm.data.store import GROUPS, Collection, CollectionSummary
from codelm.languages import LANGUAGES
from codelm.tokenizer import Tokenizer
from data_prep import shards as module
from data_prep.grouping import PARALLEL, HeldOut, group_digest, smallest_digests
from data_prep.partitions import Partitions, Record
from data_prep.shards import Grouping, Joined, TakeCensus, WriteShards, join_parts, training_programs
from tests.small_corpus import small_groups

GROUPS_HELD_OUT = 12


def write(folder: Path, count: int) -> Partitions:
    """Write the sixty groups of the small corpus, and a text, to partitions."""
    partitions = Partitions(folder / f"programs-{count}", count)
    with partitions.writer(0) as writer:
        for unit, (group, programs) in enumerate(small_groups().items()):
            for place, (language, code) in enumerate(programs.items()):
                writer.write(Record(group, unit, place, language, code, "by hand", "MIT"))
        writer.write(Record("a story", 60, 0, "text", "once upon a time", "a book", "CC0-1.0"))
    return partitions


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    codes = [code for programs in small_groups().values() for code in programs.values()]
    Tokenizer.train(codes, LANGUAGES, 512).save(folder / "tokenizer.json")
    return folder


def held_out() -> HeldOut:
    digests = (group_digest(name, 0) for name in small_groups())
    return HeldOut(0, {PARALLEL: smallest_digests(digests, GROUPS_HELD_OUT)[-1]})


def stages(folder: Path, partitions: Partitions) -> tuple[TakeCensus, WriteShards]:
    grouping = Grouping(partitions, None, "python", 1, 0)
    census = TakeCensus(grouping, GROUPS_HELD_OUT, folder / f"census-{partitions.count}")
    first_groups = [(0, 0)]
    for number in range(partitions.count):
        census(number)
    for part in census.result():
        here = sum(digest <= held_out().last[PARALLEL] for digest in part.smallest.get(PARALLEL, ()))
        first_groups.append((first_groups[-1][0] + part.groups.total() - here, first_groups[-1][1] + here))
    parts = folder / f"parts-{partitions.count}"
    return census, WriteShards(grouping, held_out(), tuple(first_groups), folder / "tokenizer.json", parts)


def make(folder: Path, count: int) -> tuple[Joined, Path]:
    partitions = write(folder, count)
    _, shards = stages(folder, partitions)
    for number in range(count):
        shards(number)
    return join_parts(shards.folder, count, folder / f"corpus-{count}"), folder / f"corpus-{count}"


def programs_of(joined: Joined, corpus: Path, tokenizer: Tokenizer) -> dict[tuple[str, str], dict[int, set[str]]]:
    """Return the text of all programs by split and collection, and by the number of their group."""
    found: dict[tuple[str, str], dict[int, set[str]]] = {}
    for split, summaries in (("train", joined.train), ("validation", joined.validation)):
        for name, summary in summaries.items():
            collection = Collection(corpus / split / name, summary)
            by_group = found.setdefault((split, name), {})
            for item, number in enumerate(collection.groups.tolist()):
                for side in range(len(summary.languages)):
                    by_group.setdefault(number, set()).add(tokenizer.decode(collection.program(item, side)))
    return found


def test_the_census_counts_what_the_partitions_hold_together(folder: Path) -> None:
    totals = []
    for count in (1, 5):
        census, _ = stages(folder, write(folder, count))
        parts = census.result()
        totals.append(
            (
                sum((part.groups for part in parts), start=type(parts[0].groups)()),
                smallest_digests((d for part in parts for d in part.smallest.get(PARALLEL, ())), GROUPS_HELD_OUT),
                sum(part.characters for part in parts),
                sum((part.languages for part in parts), start=type(parts[0].languages)()),
                sum((part.licences for part in parts), start=type(parts[0].licences)()),
            )
        )
    assert totals[0] == totals[1]
    groups, smallest, characters, languages, licences = totals[0]
    assert (groups, len(smallest)) == ({PARALLEL: 60, "text": 1}, GROUPS_HELD_OUT)
    assert languages == dict.fromkeys(LANGUAGES, 60) | {"text": 1}
    assert licences == {"MIT": 420, "CC0-1.0": 1}
    assert 0 < characters < sum(len(code) for programs in small_groups().values() for code in programs.values())


def test_parts_join_to_the_same_documents_whatever_the_number_of_partitions(folder: Path) -> None:
    tokenizer = Tokenizer.load(folder / "tokenizer.json")
    one, corpus_of_one = make(folder, 1)
    five, corpus_of_five = make(folder, 5)
    for split in ("train", "validation"):
        summaries, others = (getattr(joined, split) for joined in (one, five))
        assert list(summaries) == list(others)
        for name, summary in summaries.items():
            other = others[name]
            assert (summary.documents, summary.tokens, summary.bytes, summary.languages) == (
                other.documents,
                other.tokens,
                other.bytes,
                other.languages,
            )
    assert one.dropped.counts == five.dropped.counts
    text = programs_of(one, corpus_of_one, tokenizer)
    assert {key: sorted(map(sorted, groups.values())) for key, groups in text.items()} == {
        key: sorted(map(sorted, groups.values()))
        for key, groups in programs_of(five, corpus_of_five, tokenizer).items()
    }


def test_a_group_has_one_number_in_all_collections_of_a_split(folder: Path) -> None:
    tokenizer = Tokenizer.load(folder / "tokenizer.json")
    joined, corpus = make(folder, 5)
    known = [set(programs.values()) for programs in small_groups().values()] + [{"once upon a time"}]
    for split, count in (("train", 61 - GROUPS_HELD_OUT), ("validation", GROUPS_HELD_OUT)):
        by_number: dict[int, set[str]] = {}
        for (of_split, _), groups in programs_of(joined, corpus, tokenizer).items():
            for number, programs in groups.items() if of_split == split else ():
                by_number.setdefault(number, set()).update(programs)
        assert sorted(by_number) == list(range(count))
        assert all(any(programs <= group for group in known) for programs in by_number.values())


def test_a_join_that_was_interrupted_can_be_done_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, corpus = make(folder, 3)
    _, shards = stages(folder, Partitions(folder / "programs-3", 3))
    shutil.rmtree(shards.folder)
    for number in range(3):
        shards(number)
    joined = 0

    def interrupted(parts: Sequence[Path], folder: Path) -> CollectionSummary:
        nonlocal joined
        joined += 1
        if joined == 4:
            raise KeyboardInterrupt
        return join(parts, folder)

    join = module.join_collection
    with monkeypatch.context() as patch:
        patch.setattr(module, "join_collection", interrupted)
        with pytest.raises(KeyboardInterrupt):
            join_parts(shards.folder, 3, tmp_path / "again")
    again = join_parts(shards.folder, 3, tmp_path / "again")
    assert (again.digest, again.train, again.validation) == (expected.digest, expected.train, expected.validation)
    assert digests(tmp_path / "again") == digests(corpus)


def test_a_part_that_is_written_again_replaces_what_was_there(folder: Path) -> None:
    _, shards = stages(folder, write(folder, 2))
    shards(1)
    before = digests(shards.folder)
    (shards.folder / "00001" / "train" / "python-java" / GROUPS).unlink(missing_ok=True)
    shards(1)
    assert digests(shards.folder) == before


def test_the_digest_tells_of_one_program_and_of_its_group(folder: Path, tmp_path: Path) -> None:
    expected, _ = make(folder, 2)
    shutil.copy(folder / "tokenizer.json", tmp_path)
    again, _ = make(tmp_path, 2)
    assert again.digest == expected.digest
    partitions = Partitions(tmp_path / "programs-2", 2)
    with partitions.writer(1) as writer:
        writer.write(Record("shape-0/total", 99, 0, "text", "one more", "by hand", "MIT"))
    _, shards = stages(tmp_path, partitions)
    for number in range(2):
        shards(number)
    assert join_parts(shards.folder, 2, tmp_path / "changed").digest != expected.digest


def test_a_tokenizer_learns_from_training_programs_alone(folder: Path) -> None:
    partitions = write(folder, 3)
    learnt = set(training_programs(Grouping(partitions, None, "python", 6, 0), held_out()))
    names = {name for name in small_groups() if group_digest(name, 0) <= held_out().last[PARALLEL]}
    assert len(names) == GROUPS_HELD_OUT
    assert learnt - {"once upon a time"} == {
        code for name, programs in small_groups().items() if name not in names for code in programs.values()
    }


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }
