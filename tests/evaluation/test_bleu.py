from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU

from codelm.evaluation.bleu import BleuScore, BleuTokens, lexer_tokens
from codelm.languages import LANGUAGES, Direction

PYTHON_TO_GO = Direction("python", "go")

PROGRAMS = {
    "python": ['def add(a, b):\n    """Sum of two."""\n    return a + b\n', "print('hello  world')  # greets\n"],
    "java": ["int add(int a, int b) {\n  return a + b; // sum\n}\n", 'System.out.println("hello  world");\n'],
    "javascript": ["function add(a, b) {\n  return a + b;\n}\n", "console.log(`hello ${name}`);\n"],
    "typescript": [
        "function add(a: number, b: number): number {\n  return a + b;\n}\n",
        "console.log(`hello ${name}`);\n",
    ],
    "go": ["func add(a, b int) int {\n\treturn a + b\n}\n", 'fmt.Println("hello  world")\n'],
}
GROUPS = [{language: programs[index] for language, programs in PROGRAMS.items()} for index in range(2)]


def test_a_program_is_cut_where_the_lexer_of_its_language_cuts_it() -> None:
    assert lexer_tokens("x := a<=b", "go") == ["x", ":=", "a", "<=", "b"]
    assert lexer_tokens("let v: Vec<u8>;", "rust") == ["let", "v", ":", "Vec", "<", "u8", ">", ";"]


def test_comments_and_strings_count_word_by_word() -> None:
    assert lexer_tokens("x = 'a  b'  # two\twords\n", "python") == ["x", "=", "'", "a", "b", "'", "#", "two", "words"]


def test_white_space_outside_tokens_makes_no_difference() -> None:
    assert lexer_tokens("\n\nint a ;\r\n\n\n   int b;", "java") == lexer_tokens("int a; int b;", "java")


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), language=st.sampled_from(LANGUAGES))
def test_any_text_has_tokens_without_white_space_and_no_character_is_lost(text: str, language: str) -> None:
    tokens = lexer_tokens(text, language)

    assert all(token.split() == [token] for token in tokens)
    assert "".join(tokens) == "".join(text.removeprefix("\ufeff").split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["x\n", "int foo ", "a.", "\n\n", "("])
def test_what_a_poor_model_repeats_to_its_limit_is_lexed_in_time(unit: str, language: str) -> None:
    start = time.perf_counter()
    tokens = lexer_tokens(unit * (6000 // len(unit)), language)

    assert time.perf_counter() - start < 3
    assert "".join(tokens) == "".join(unit.split()) * (6000 // len(unit))


@pytest.mark.parametrize("tokens", ["lexer", "13a"])
def test_the_score_is_sacrebleus_own_to_the_last_bit(tokens: BleuTokens) -> None:
    hypotheses, references = PROGRAMS["javascript"], PROGRAMS["typescript"]
    direction = Direction("javascript", "typescript")
    score = BleuScore(tokens=tokens)
    for hypothesis, reference in zip(hypotheses, references, strict=True):
        score.update(direction, [hypothesis], [reference])

    if tokens == "lexer":
        hypotheses, references = (
            [" ".join(lexer_tokens(code, "typescript")) for code in programs] for programs in (hypotheses, references)
        )
    expected = BLEU(tokenize="none" if tokens == "lexer" else "13a").corpus_score(hypotheses, [references]).score
    assert score.compute()[direction] == expected
    assert 20 < expected < 100


def test_the_same_programs_score_100_and_others_less() -> None:
    score = BleuScore()
    score.update(PYTHON_TO_GO, PROGRAMS["go"], PROGRAMS["go"])
    score.update(Direction("go", "python"), [*PROGRAMS["python"][:1], ""], PROGRAMS["python"])

    assert score.compute()[PYTHON_TO_GO] == pytest.approx(100)
    assert 0 < score.compute()[Direction("go", "python")] < 100


def test_a_direction_without_programs_is_empty_and_one_without_a_match_is_zero() -> None:
    score = BleuScore()
    score.update(PYTHON_TO_GO, ["", ""], PROGRAMS["go"])
    score.update(Direction("python", "rust"), [], [])

    assert score.compute()[PYTHON_TO_GO] == 0
    assert math.isnan(score.compute()[Direction("python", "rust")])
    assert math.isnan(score.compute()[Direction("rust", "go")])


def test_a_translation_without_a_reference_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        BleuScore().update(PYTHON_TO_GO, PROGRAMS["go"], PROGRAMS["go"][:1])


def test_two_ranks_with_half_the_programs_each_agree_with_one_that_has_all() -> None:
    direction = Direction("java", "typescript")
    both, first, second = BleuScore(), BleuScore(), BleuScore()
    both.update(direction, PROGRAMS["java"], PROGRAMS["typescript"])
    first.update(direction, PROGRAMS["java"][:1], PROGRAMS["typescript"][:1])
    second.update(direction, PROGRAMS["java"][1:], PROGRAMS["typescript"][1:])
    first.merge_state(second)

    assert first.compute()[direction] == both.compute()[direction]


def test_the_signature_names_all_that_the_score_depends_on() -> None:
    assert BleuScore().signature.startswith("nrefs:1|case:mixed|eff:no|tok:none|smooth:exp|version:")
    assert "|pygments:" in BleuScore().signature
    assert "tok:13a" in BleuScore(tokens="13a").signature
    assert "pygments" not in BleuScore(tokens="13a").signature
