"""Which programs of a corpus share long n-grams with evaluation programs."""

from __future__ import annotations

from codelm.evaluation.program_set import evaluation_programs
from data_prep.contamination import NEAR_COPY, NGRAM, NgramIndex, evaluation_texts
from data_prep.sources import builtin_programs

PROGRAM = evaluation_programs()[0].programs["python"]
OTHER = evaluation_programs()[1].programs["python"]


def test_a_copy_shares_everything_whatever_its_layout_and_place() -> None:
    index = NgramIndex({"a": PROGRAM, "b": OTHER})
    indented = "class Outer:\n" + PROGRAM.replace("\n", "\n\t\t") + "\nprint('the end')\n"
    assert index.shares(indented)["a"] == 1.0


def test_half_a_copy_shares_about_half() -> None:
    lines = PROGRAM.splitlines()
    share = NgramIndex({"a": PROGRAM}).shares("\n".join(lines[: len(lines) // 2]))["a"]
    assert 0.3 < share < 0.7


def test_a_copy_is_still_near_when_one_name_is_another() -> None:
    name = max(set(filter(str.isidentifier, PROGRAM.split())), key=len)
    assert NgramIndex({"a": PROGRAM}).shares(PROGRAM.replace(name, "renamed"))["a"] > NEAR_COPY


def test_other_programs_share_nothing_long() -> None:
    assert NgramIndex({"a": PROGRAM}).shares(OTHER).get("a", 0.0) < NEAR_COPY


def test_a_text_shorter_than_an_n_gram_shares_nothing() -> None:
    assert NgramIndex({"a": PROGRAM}).shares(" ".join(PROGRAM.split()[: NGRAM // 4])) == {}


def test_the_nearest_program_of_a_corpus_is_named() -> None:
    corpus = [("far", OTHER), ("near", PROGRAM), ("half", PROGRAM[: len(PROGRAM) // 2])]
    assert NgramIndex({"a": PROGRAM}).largest_overlaps(corpus)["a"] == ("near", 1.0)


def test_the_built_in_corpus_holds_no_near_copy_of_an_evaluation_program() -> None:
    corpus = ((program.group, program.code) for program in builtin_programs(500, seed=0))
    assert (
        max(overlap.share for overlap in NgramIndex(evaluation_texts()).largest_overlaps(corpus).values()) < NEAR_COPY
    )
