from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.data.documents import DocumentForm, Form
from codelm.languages import LANGUAGES, TEXT, TEXT_KINDS, with_text_kinds
from codelm.tokenizer import Tokenizer

CODE = {"python": "print(1)\n", "csharp": "Console.WriteLine(1);\n", TEXT: "A program prints one.\n"}


@pytest.fixture(params=["direct", "prompt"])
def any_form(request: pytest.FixtureRequest, corpus_tokenizer: Tokenizer) -> DocumentForm:
    form: Form = request.param
    return DocumentForm(corpus_tokenizer, form)


@pytest.fixture
def ids(corpus_tokenizer: Tokenizer) -> dict[str, np.ndarray]:
    return {language: corpus_tokenizer.encode(code) for language, code in CODE.items()}


def test_a_program_stands_between_its_languages_token_and_the_end(
    any_form: DocumentForm, ids: dict[str, np.ndarray]
) -> None:
    tokenizer = any_form.tokenizer
    document = any_form.document(["python"], [ids["python"]])
    assert document.tolist() == [tokenizer.language("python"), *ids["python"], tokenizer.end]
    assert document.dtype == np.int32


def test_a_translation_follows_the_program_with_the_token_of_its_language(
    form: DocumentForm, ids: dict[str, np.ndarray]
) -> None:
    tokenizer = form.tokenizer
    assert form.document(["python", "csharp"], [ids["python"], ids["csharp"]]).tolist() == [
        tokenizer.language("python"),
        *ids["python"],
        tokenizer.language("csharp"),
        *ids["csharp"],
        tokenizer.end,
    ]


def test_a_prompt_asks_for_the_translation_in_words(corpus_tokenizer: Tokenizer) -> None:
    opening = DocumentForm(corpus_tokenizer, "prompt").opening("python", "csharp")
    assert opening[0] == corpus_tokenizer.instruction
    assert opening[-1] == corpus_tokenizer.language("csharp")
    assert corpus_tokenizer.decode(opening) == "Translate Python to C#."
    assert opening.dtype == np.int32


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_text_of_any_kind_opens_with_no_token(any_form: DocumentForm, ids: dict[str, np.ndarray], kind: str) -> None:
    assert any_form.document([kind], [ids[TEXT]]).tolist() == [*ids[TEXT], any_form.end_token]
    assert any_form.positions_by_language([kind], [3]).tolist() == [0, 0, 0, 0]


def test_tokens_are_counted_under_languages_and_then_kinds_of_text() -> None:
    names = with_text_kinds(LANGUAGES)
    assert names[:7] == LANGUAGES and names[7:] == ("text", "web", "markup", "synthetic", "adjacent")
    pairs = {f"{one}-{other}" for one in LANGUAGES for other in LANGUAGES}
    assert len({*names, *pairs}) == len(names) + len(pairs)


def test_evaluation_sees_the_same_tokens_as_training(any_form: DocumentForm, ids: dict[str, np.ndarray]) -> None:
    parts = [
        any_form.prefix("csharp", ids["csharp"]),
        any_form.continuation("csharp", "python", ids["python"]),
    ]
    document = any_form.document(["csharp", "python"], [ids["csharp"], ids["python"]])
    assert np.concatenate(parts).tolist() == document.tolist()


@given(lengths=st.lists(st.integers(0, 50), min_size=1, max_size=2), prompt=st.booleans())
def test_every_token_belongs_to_one_of_the_programs(
    corpus_tokenizer: Tokenizer, lengths: list[int], prompt: bool
) -> None:
    form = DocumentForm(corpus_tokenizer, "prompt" if prompt else "direct")
    languages = ["java", "go"][: len(lengths)]
    programs = [np.zeros(length, np.int32) for length in lengths]
    document = form.document(languages, programs)
    assert len(document) == form.overhead(languages) + sum(lengths)
    positions = form.positions_by_language(languages, lengths)
    assert len(positions) == len(document)
    first = len(form.prefix("java", programs[0]))
    assert (positions == (np.arange(len(document)) >= first)).all() or len(languages) == 1
    assert set(positions.tolist()) == set(range(len(languages)))
