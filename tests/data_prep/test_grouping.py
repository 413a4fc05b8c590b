from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.languages import LANGUAGES
from data_prep.grouping import Group, draw_documents, make_groups, split_groups
from data_prep.sources import SourceProgram


def program(group: str, language: str, code: str) -> SourceProgram:
    return SourceProgram(group, language, code)


def group(name: str, **programs: int) -> Group:
    """Group with so many programs in each language."""
    return Group(
        name,
        {
            language: tuple(program(name, language, f"{name} {language} {index}") for index in range(number))
            for language, number in programs.items()
        },
    )


def test_programs_are_gathered_by_group_with_languages_in_listing_order() -> None:
    programs = [
        program("b", "rust", "1"),
        program("a", "go", "2"),
        program("b", "python", "3"),
        program("b", "rust", "4"),
    ]
    dropped: Counter[str] = Counter()
    second, first = make_groups(programs, dropped)
    assert (second.name, first.name) == ("b", "a")
    assert list(second.programs) == ["python", "rust"]
    assert [found.code for found in second.programs["rust"]] == ["1", "4"]
    assert not dropped


def test_an_exact_copy_is_dropped_wherever_it_stands() -> None:
    programs = [
        program("a", "python", "x = 1\n"),
        program("a", "python", "x = 1\n"),
        program("b", "python", "\nx = 1"),
        program("b", "go", "x = 1\n"),
    ]
    dropped: Counter[str] = Counter()
    first, second = make_groups(programs, dropped)
    assert dropped == {"exact copy": 2}
    assert list(first.programs) == ["python"]
    assert list(second.programs) == ["go"], "the same text in another language is no copy"


@given(st.integers(2, 40), st.integers(1, 39), st.integers(0, 5), st.randoms())
def test_a_split_holds_out_whole_groups_whatever_their_order(
    count: int, held_out: int, seed: int, random: Random
) -> None:
    held_out = min(held_out, count - 1)
    groups = [group(f"group {number}", python=1) for number in range(count)]
    train, validation = split_groups(groups, held_out, seed)
    assert len(validation) == held_out
    assert sorted(one.name for one in train + validation) == sorted(one.name for one in groups)
    shuffled = list(groups)
    random.shuffle(shuffled)
    again = split_groups(shuffled, held_out, seed)
    assert {one.name for one in again[1]} == {one.name for one in validation}


def test_another_seed_holds_out_other_groups() -> None:
    groups = [group(f"group {number}", python=1) for number in range(40)]
    held_out = {tuple(one.name for one in split_groups(groups, 5, seed)[1]) for seed in range(5)}
    assert len(held_out) == 5


def test_a_group_gives_one_pair_around_the_pivot_and_the_rest_is_counted() -> None:
    dropped: Counter[str] = Counter()
    (pair,) = draw_documents(group("a", **dict.fromkeys(LANGUAGES, 1)), "python", 1, 0, dropped)
    assert pair[0].language == "python" != pair[1].language
    assert dropped == {"not drawn for a pair": 5}


def test_partners_are_drawn_evenly_and_as_a_function_of_seed_and_name() -> None:
    def partner(name: str, seed: int) -> str:
        whole = group(name, **dict.fromkeys(LANGUAGES, 1))
        return draw_documents(whole, "python", 1, seed, Counter())[0][1].language

    names = [f"group {number}" for number in range(600)]
    drawn = Counter(partner(name, 0) for name in names)
    assert set(drawn) == set(LANGUAGES) - {"python"}
    assert min(drawn.values()) > 60
    assert [partner(name, 0) for name in names] == [partner(name, 0) for name in names]
    assert [partner(name, 0) for name in names] != [partner(name, 1) for name in names]


def test_a_group_with_several_pairs_repeats_the_pivots_program() -> None:
    dropped: Counter[str] = Counter()
    documents = draw_documents(group("a", python=1, java=1, go=1, rust=1), "python", 5, 0, dropped)
    assert [document[1].language for document in documents] == ["java", "go", "rust"]
    assert len({document[0].code for document in documents}) == 1
    assert not dropped["not drawn for a pair"]


@pytest.mark.parametrize("programs", [{"python": 2}, {"java": 1, "go": 2}], ids=["pivot alone", "no pivot"])
def test_a_group_without_a_pair_around_the_pivot_gives_its_programs_alone(programs: dict[str, int]) -> None:
    dropped: Counter[str] = Counter()
    documents = draw_documents(group("a", **programs), "python", 1, 0, dropped)
    assert Counter(only.language for (only,) in documents) == programs
    assert not dropped
