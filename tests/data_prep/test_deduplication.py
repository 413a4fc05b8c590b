"""Exact and near copies: which go, and that what goes is near something that stays."""

from __future__ import annotations

import os
import re
import resource
import string
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from data_prep.deduplication import (
    NGRAM,
    bands_and_rows,
    copies_of,
    dropped_copies,
    find_copies,
    minhash,
    overlap,
    shingles,
)
from data_prep.executors import Execution
from data_prep.partitions import Partitions, Record

HERE = Execution(tasks=1)


def program(group: str, code: str, language: str = "python", unit: int = 0, place: int = 0) -> Record:
    return Record(group, unit, place, language, code, "tests", "MIT")


def words(number: int, seed: int = 0) -> list[str]:
    """So many words, of a few letters each."""
    random = Random(seed)
    return ["".join(random.choices(string.ascii_lowercase, k=5)) for _ in range(number)]


def code(text: Sequence[str], *changed: int) -> str:
    """A program of these words, those at some places changed."""
    return " ".join(word.upper() if place in changed else word for place, word in enumerate(text))


def write(folder: Path, records: Sequence[Record], count: int = 1) -> Partitions:
    partitions = Partitions(folder / "programs", count)
    with partitions.writer(0) as writer:
        for record in records:
            writer.write(record)
    return partitions


def search(
    folder: Path, records: Sequence[Record], count: int = 1, near: bool = True, threshold: float = 0.85
) -> list[Record]:
    """Return the programs that stay, in the order of their partitions."""
    partitions = write(folder, records, count)
    find_copies(partitions, folder / "copies", HERE, near, threshold)
    return staying(partitions, folder / "copies")


def staying(partitions: Partitions, folder: Path) -> list[Record]:
    return [
        record
        for number in range(partitions.count)
        for copies in [copies_of(folder, number)]
        for record in partitions.read(number)
        if (record.unit, record.place) not in copies
    ]


def true_overlap(one: str, other: str) -> float:
    first, second = (
        set(zip(*(text[start:] for start in range(NGRAM)), strict=False))
        for text in (re.findall(r"\w+|[^\w\s]", text, re.ASCII) for text in (one, other))
    )
    return len(first & second) / len(first | second)


# --- exact copies


@pytest.mark.parametrize("count", [1, 3], ids=["in one partition", "in several"])
@pytest.mark.parametrize("near", [False, True], ids=["exact", "exact and near"])
def test_of_exact_copies_the_first_stays_whatever_their_group(tmp_path: Path, count: int, near: bool) -> None:
    records = [program(f"group {place}", "x = 1\n" * (1 + place % 2), place=place) for place in range(12)]
    stay = search(tmp_path, records, count, near)
    assert sorted(record.code for record in stay) == ["x = 1\n", "x = 1\nx = 1\n"]
    order = [record for number in range(count) for record in Partitions(tmp_path / "programs", count).read(number)]
    assert stay == [next(record for record in order if record.code == one.code) for one in stay]


def test_white_space_around_a_program_does_not_count(tmp_path: Path) -> None:
    stay = search(tmp_path, [program("a", "x = 1"), program("b", "\n\nx = 1\n ", place=1)], near=False)
    assert [record.group for record in stay] == ["a"]


@pytest.mark.parametrize("count", [1, 3], ids=["in one partition", "in several"])
def test_the_same_text_as_another_language_goes_from_another_group_but_not_from_its_own(
    tmp_path: Path, count: int
) -> None:
    records = [
        program(f"group {group}", "let x = 1;", language, place=2 * group + place)
        for group in range(6)
        for place, language in enumerate(("javascript", "typescript"))
    ]
    stay = search(tmp_path, records, count)
    assert [record.language for record in stay] == ["javascript", "typescript"]
    assert len({record.group for record in stay}) == 1


# --- near copies


def test_a_program_with_a_word_changed_goes(tmp_path: Path) -> None:
    text = words(100)
    stay = search(tmp_path, [program("a", code(text)), program("b", code(text, 50), place=1)])
    assert [record.group for record in stay] == ["a"]


def test_layout_does_not_count(tmp_path: Path) -> None:
    text = words(100)
    stay = search(tmp_path, [program("a", code(text)), program("b", "\n\t".join(text), place=1)])
    assert [record.group for record in stay] == ["a"]


def test_a_program_that_overlaps_less_than_the_threshold_stays(tmp_path: Path) -> None:
    text = words(100)
    records = [program("a", code(text)), program("b", code(text, 20, 50, 80), place=1)]
    assert 0.7 < overlap(*(shingles(record.code) for record in records)) < 0.85
    assert len(search(tmp_path / "strict", records)) == 2
    assert len(search(tmp_path / "loose", records, threshold=0.5)) == 1


def test_near_copies_stay_where_only_exact_ones_are_asked_for(tmp_path: Path) -> None:
    text = words(100)
    assert len(search(tmp_path, [program("a", code(text)), program("b", code(text, 50), place=1)], near=False)) == 2


def test_programs_of_different_languages_are_no_near_copies(tmp_path: Path) -> None:
    text = words(100)
    records = [program("a", code(text), "javascript"), program("b", code(text, 50), "typescript", place=1)]
    assert len(search(tmp_path, records)) == 2


def test_a_text_stays_where_the_same_text_in_another_language_goes_as_a_near_copy(tmp_path: Path) -> None:
    text = words(100)
    records = [
        program("a", code(text), "javascript"),
        program("b", code(text, 50), "javascript", place=1),
        program("c", code(text, 50), "typescript", place=2),
    ]
    assert [record.group for record in search(tmp_path, records)] == ["a", "c"]


def test_a_chain_of_near_copies_does_not_take_its_far_end_along(tmp_path: Path) -> None:
    text = words(100)
    chain = [code(text), code(text, 30), code(text, 30, 70)]
    assert true_overlap(chain[0], chain[2]) < 0.85 < min(true_overlap(*chain[:2]), true_overlap(*chain[1:]))
    stay = search(tmp_path, [program(str(place), text, place=place) for place, text in enumerate(chain)])
    assert [record.group for record in stay] == ["0", "2"]


@settings(max_examples=15, deadline=None)
@example(seed=339, count=1, threshold=0.85)
@given(seed=st.integers(0, 1000), count=st.integers(1, 4), threshold=st.sampled_from([0.5, 0.7, 0.85]))
def test_whatever_goes_is_near_a_program_that_stays(
    tmp_path_factory: pytest.TempPathFactory, seed: int, count: int, threshold: float
) -> None:
    random = Random(seed)
    records = [
        program(
            f"group {random.randrange(20)}",
            code(words(80, random.randrange(3)), *random.sample(range(80), random.randrange(5))),
            random.choice(("go", "rust")),
            place=place,
        )
        for place in range(40)
    ]
    stay = search(tmp_path_factory.mktemp("copies"), records, count, threshold=threshold)
    for record in set(records) - set(stay):
        assert any(
            other.code == record.code
            or (other.language == record.language and true_overlap(other.code, record.code) >= threshold)
            for other in stay
        )


def test_nineteen_in_twenty_of_the_near_copies_are_found(tmp_path: Path) -> None:
    records = []
    for number in range(400):
        text = words(200, seed=number)
        for place, changed in enumerate(((), (30, 90, 150))):
            records.append(program(f"{number}", code(text, *changed), unit=number, place=place))
    assert 0.85 < true_overlap(records[0].code, records[1].code) < 0.87
    assert len(search(tmp_path, records, count=2)) <= 420


# --- what it rests on


def test_what_is_found_does_not_depend_on_the_number_of_tasks(tmp_path: Path) -> None:
    random = Random(0)
    records = [
        program(f"group {place % 30}", code(words(200, random.randrange(20)), random.randrange(200)), place=place)
        for place in range(90)
    ]
    partitions = write(tmp_path, records, 3)
    for tasks in (1, 2):
        find_copies(partitions, tmp_path / str(tasks), Execution(tasks=tasks))
    one, two = (staying(partitions, tmp_path / tasks) for tasks in "12")
    assert one == two and len(one) < 60
    for tasks in (1, 2):
        dropped_copies(tmp_path / str(tasks)).save(tmp_path / f"{tasks}.json")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_a_search_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = words(100)
    partitions = write(tmp_path, [program(str(place), code(text, place), place=place) for place in range(10)], 2)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("data_prep.deduplication._Search.compare", _stop)
        find_copies(partitions, tmp_path / "stopped", HERE)
    with monkeypatch.context() as patch:
        patch.setattr("data_prep.deduplication._Search.sign", _stop)
        find_copies(partitions, tmp_path / "stopped", HERE)
    find_copies(partitions, tmp_path / "whole", HERE)
    assert staying(partitions, tmp_path / "stopped") == staying(partitions, tmp_path / "whole")


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_copies_are_counted_by_reason_and_language_with_examples(tmp_path: Path) -> None:
    text = words(100)
    records = [
        program("a", code(text)),
        program("b", code(text), place=1),
        program("c", code(text, 50), place=2),
        program("d", "x = 1", "go", place=3),
    ]
    search(tmp_path, records)
    dropped = dropped_copies(tmp_path / "copies")
    assert dropped.counts == {("copies", "exact copy", "python"): 1, ("copies", "near copy", "python"): 1}
    (example,) = dropped.examples["copies", "near copy"]
    assert (example.place, example.text) == ("c", records[2].code)


def test_nothing_is_found_among_no_programs(tmp_path: Path) -> None:
    assert search(tmp_path, [], count=2) == []


def test_there_may_be_more_partitions_than_files_that_a_process_may_open(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")) + 20, limits[1]))
    try:
        records = [program(f"group {place}", f"x = {place % 20}", place=place) for place in range(90)]
        assert len(search(tmp_path, records, count=30, near=False)) == 20
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_a_search_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = words(100)
    search(tmp_path, [program("a", code(text)), program("b", code(text, 50), place=1)])
    assert capfd.readouterr() == ("", "")


# --- shingles and signatures


@given(
    st.lists(st.sampled_from(["aé", "b1", "foo_bar", "+", "==", "(", "x"]), min_size=NGRAM, max_size=60), st.randoms()
)
def test_shingles_are_the_n_grams_of_words_and_symbols(text: list[str], random: Random) -> None:
    symbols = [symbol for word in text for symbol in (["=", "="] if word == "==" else [word])]
    layout = "".join(word + random.choice([" ", "\n", "\t\r\n"]) for word in text)
    ngrams = {tuple(symbols[start : start + NGRAM]) for start in range(len(symbols) - NGRAM + 1)}
    assert len(shingles(layout)) == len(ngrams)
    assert np.array_equal(shingles(layout), shingles(" ".join(symbols)))


def test_words_and_symbols_need_no_space_between() -> None:
    assert np.array_equal(shingles("for(i=0;i<n;i++)"), shingles("for ( i = 0 ; i < n ; i + + )"))
    assert not np.array_equal(shingles("a b c d e"), shingles("ab c d e f"))


def test_a_short_text_has_one_shingle() -> None:
    assert [len(shingles(text)) for text in ("", "  \n", "a", "a b", "a b c d e")] == [1] * 5
    assert overlap(shingles("a"), shingles("b")) == 0


def test_words_that_differ_only_far_behind_are_different() -> None:
    assert overlap(shingles("a" * 500 + "b"), shingles("a" * 500 + "c")) == 0


@given(st.integers(0, 100), st.sets(st.integers(0, 99), max_size=12))
def test_overlap_is_the_share_of_n_grams_in_common(seed: int, changed: set[int]) -> None:
    text = words(100, seed)
    one, other = code(text), code(text, *changed)
    assert overlap(shingles(one), shingles(other)) == pytest.approx(true_overlap(one, other))


@pytest.mark.parametrize("changed", [3, 8, 20])
def test_signatures_agree_in_about_the_share_that_overlaps(changed: int) -> None:
    expected, estimated = [], []
    for seed in range(60):
        text = words(300, seed)
        one, other = (shingles(each) for each in (code(text), code(text, *Random(seed).sample(range(300), changed))))
        expected.append(overlap(one, other))
        estimated.append((minhash(one, 14, 8) == minhash(other, 14, 8)).mean())
    assert np.mean(estimated) == pytest.approx(np.mean(expected), abs=0.02)


@given(st.floats(0.1, 1))
def test_pairs_at_the_threshold_become_candidates_almost_always(threshold: float) -> None:
    bands, rows = bands_and_rows(threshold)
    assert 1 - (1 - threshold**rows) ** bands >= 0.98
    assert bands * rows <= 112


def test_bands_and_rows_are_datatroves_at_the_usual_threshold() -> None:
    assert bands_and_rows(0.85) == (14, 8)


@pytest.mark.parametrize("threshold", [-1, 0, 0.01, 1.01, float("nan")])
def test_a_threshold_that_makes_no_sense_is_a_users_error(tmp_path: Path, threshold: float) -> None:
    with pytest.raises(UserError, match="between"):
        find_copies(Partitions(tmp_path, 1), tmp_path / "copies", HERE, threshold=threshold)
