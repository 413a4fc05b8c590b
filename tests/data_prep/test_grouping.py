from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.languages import LANGUAGES, TEXT_KINDS
from data_prep.dropped import Dropped
from data_prep.grouping import (
    ALL,
    PARALLEL,
    STEP,
    Group,
    HeldOut,
    count_held_out,
    draw_documents,
    group_digest,
    listed,
    make_groups,
    smallest_digests,
)
from data_prep.partitions import Record


def program(group: str, language: str, code: str) -> Record:
    return Record(group, 0, 0, language, code, "by hand", "MIT")


def group(name: str, **programs: int) -> Group:
    """Group with so many programs in each language."""
    return Group(
        name,
        {
            language: tuple(program(name, language, f"{name} {language} {index}") for index in range(number))
            for language, number in programs.items()
        },
    )


def not_drawn(dropped: Dropped) -> dict[str, int]:
    assert {key[:2] for key in dropped.counts} <= {(STEP, "not drawn for a pair")}
    return {language: number for (_, _, language), number in dropped.counts.items()}


def test_programs_are_gathered_by_group_with_languages_in_listing_order_and_kinds_of_text_after_them() -> None:
    programs = [
        program("a", "go", "2"),
        program("b", "web", "0"),
        program("b", "rust", "1"),
        program("b", "text", "5"),
        program("b", "python", "3"),
        program("b", "rust", "4"),
    ]
    first, second = make_groups(programs)
    assert (first.name, second.name) == ("a", "b")
    assert list(second.programs) == ["python", "rust", "text", "web"]
    assert [found.code for found in second.programs["rust"]] == ["1", "4"]


def test_languages_are_listed_before_the_kinds_of_text() -> None:
    assert listed([*reversed(TEXT_KINDS), *reversed(LANGUAGES), "go"]) == (*LANGUAGES, *TEXT_KINDS)


@given(st.sets(st.text(max_size=4), min_size=1), st.integers(1, 10), st.integers(1, 4), st.integers(0, 3))
def test_the_groups_that_are_held_out_are_found_partition_by_partition(
    names: set[str], held_out: int, partitions: int, seed: int
) -> None:
    digests = [group_digest(name, seed) for name in sorted(names)]
    parts = [smallest_digests(digests[number::partitions], held_out) for number in range(partitions)]
    assert smallest_digests([digest for part in parts for digest in part], held_out) == sorted(digests)[:held_out]


def test_groups_are_held_out_among_their_like() -> None:
    digests = {name: group_digest(name, 0) for name in "abcd"}
    by_digest = sorted(digests, key=digests.__getitem__)
    held_out = HeldOut(0, {PARALLEL: digests[by_digest[1]], "python": digests[by_digest[0]]})
    for place, name in enumerate(by_digest):
        assert (group(name, python=1, go=1) in held_out) == (place < 2)
        assert (group(name, python=2, text=1) in held_out) == (place < 1)
        assert group(name, go=1) not in held_out and group(name, text=1) not in held_out


@given(st.dictionaries(st.sampled_from(LANGUAGES), st.integers(1, 10_000), min_size=1), st.integers(1, 200))
def test_of_smaller_strata_at_most_one_group_in_twenty_is_held_out(groups: dict[str, int], number: int) -> None:
    held_out = count_held_out(groups, number)
    for name, count in groups.items():
        assert held_out[name] == number if count == max(groups.values()) else 20 * held_out[name] <= count
        assert held_out[name] == number or count < 20 * number


def test_another_seed_holds_out_other_groups() -> None:
    names = [f"group {number}" for number in range(40)]
    held_out = {tuple(sorted(names, key=lambda name: group_digest(name, seed))[:5]) for seed in range(5)}
    assert len(held_out) == 5


def test_a_group_gives_one_pair_around_the_pivot_and_the_rest_is_counted() -> None:
    dropped = Dropped()
    (pair,) = draw_documents(group("a", **dict.fromkeys(LANGUAGES, 1)), "python", 1, 0, dropped)
    assert pair[0].language == "python" != pair[1].language
    assert not_drawn(dropped) == dict.fromkeys(set(LANGUAGES[1:]) - {pair[1].language}, 1)


def test_partners_are_drawn_evenly_and_as_a_function_of_seed_and_name() -> None:
    def partner(name: str, seed: int) -> str:
        whole = group(name, **dict.fromkeys(LANGUAGES, 1))
        return draw_documents(whole, "python", 1, seed, Dropped())[0][1].language

    names = [f"group {number}" for number in range(600)]
    drawn = Counter(partner(name, 0) for name in names)
    assert set(drawn) == set(LANGUAGES) - {"python"}
    assert min(drawn.values()) > 60
    assert [partner(name, 0) for name in names] == [partner(name, 0) for name in names]
    assert [partner(name, 0) for name in names] != [partner(name, 1) for name in names]


def test_a_group_with_several_pairs_repeats_the_pivots_program() -> None:
    dropped = Dropped()
    documents = draw_documents(group("a", python=1, java=1, go=1, rust=1), "python", 5, 0, dropped)
    assert [document[1].language for document in documents] == ["java", "go", "rust"]
    assert len({document[0].code for document in documents}) == 1
    assert not dropped.counts


@pytest.mark.parametrize("programs", [{"python": 2}, {"java": 1, "go": 2}], ids=["pivot alone", "no pivot"])
def test_a_group_without_a_pair_around_the_pivot_gives_its_programs_alone(programs: dict[str, int]) -> None:
    dropped = Dropped()
    documents = draw_documents(group("a", **programs), "python", 1, 0, dropped)
    assert Counter(only.language for (only,) in documents) == programs
    assert not dropped.counts


def test_any_language_can_be_the_pivot() -> None:
    (pair,) = draw_documents(group("a", python=1, java=1, rust=1), "rust", 1, 0, Dropped())
    assert pair[0].language == "rust" != pair[1].language


def test_all_to_all_draws_from_every_two_languages_each_pair_once() -> None:
    whole = group("a", java=1, go=1, rust=1)
    documents = draw_documents(whole, ALL, 9, 0, Dropped())
    assert [[record.language for record in document] for document in documents] == [
        ["java", "go"],
        ["java", "rust"],
        ["go", "rust"],
    ]
    assert len(draw_documents(whole, ALL, 2, 0, Dropped())) == 2


def test_duplicate_translations_are_sampled_and_not_multiplied() -> None:
    drawn: Counter[str] = Counter()
    for number in range(60):
        dropped = Dropped()
        (pair,) = draw_documents(group(f"group {number}", python=1, java=3), "python", 6, 0, dropped)
        assert not_drawn(dropped) == {"java": 2}
        drawn[pair[1].code.rpartition(" ")[2]] += 1
    assert set(drawn) == {"0", "1", "2"}


def test_texts_of_a_group_are_documents_of_their_own_and_in_no_pair() -> None:
    dropped = Dropped()
    documents = draw_documents(group("a", python=1, java=1, text=2, markup=1), "python", 6, 0, dropped)
    languages = [[record.language for record in document] for document in documents]
    assert languages == [["python", "java"], ["text"], ["text"], ["markup"]]
    assert not dropped.counts
