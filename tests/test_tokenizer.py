from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codelm import languages
from codelm.errors import UserError
from codelm.languages import LANGUAGES, Language
from codelm.tokenizer import END, INSTRUCTION, SPARE_TOKENS, Tokenizer
from tests.small_corpus import small_groups

KOTLIN = Language("kotlin", "Kotlin", (".kt",), "//", ("/*", "*/"), "kotlin", "managed")
NASTY = (
    "",
    "<|end|>",
    "print('<|python|>')  # <|instruction|> <|spare-0|>",
    "a\r\nb\rc\n\td\t\te \n \n",
    "nul\0byte",
    "👩‍👩‍👧 emoji 🏳️‍🌈",
    "e\u0301 combining, é composed, \u200b zero width, \ufeff mark",
    "北京 कखग ١٢٣ ½",
    "   leading and trailing   ",
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    programs = [code for group in small_groups().values() for code in group.values()]
    return Tokenizer.train(programs, LANGUAGES, vocab_size=400)


@pytest.fixture
def kotlin(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(languages, "_REGISTRY", {**languages._REGISTRY, "kotlin": KOTLIN})
    return "kotlin"


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_comes_back_as_it_was(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


@given(text=st.text())
@example(text="<|end|>\r\n\0")
def test_any_text_comes_back_as_it_was_and_its_bytes_are_counted(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode(text)
    assert ids.dtype == np.int32
    assert tokenizer.decode(ids) == text
    assert tokenizer.byte_lengths[ids].sum() == len(text.encode())


def test_special_tokens_that_are_spelled_out_in_a_program_stay_text(tokenizer: Tokenizer) -> None:
    special = {tokenizer.end, tokenizer.instruction, *map(tokenizer.language, LANGUAGES)}
    assert len(special) == 2 + len(LANGUAGES)
    assert not special & set(tokenizer.encode(f"{END}{INSTRUCTION}<|python|><|rust|>").tolist())


def test_special_tokens_stand_for_no_text(tokenizer: Tokenizer) -> None:
    special = [tokenizer.end, tokenizer.instruction, *map(tokenizer.language, LANGUAGES)]
    assert tokenizer.byte_lengths[special].tolist() == [0] * len(special)
    assert tokenizer.decode([special[2], *tokenizer.encode("x = 1"), tokenizer.end]) == "x = 1"


def test_bytes_that_are_not_utf8_decode_to_the_replacement_character(tokenizer: Tokenizer) -> None:
    half_of_a_character = tokenizer.encode("é")[:1]
    assert tokenizer.decode(half_of_a_character) == "\ufffd"


def test_digits_are_read_one_by_one_however_frequent_a_number_is() -> None:
    tokenizer = Tokenizer.train(["x12 = 345 + y6\n1234567\n"] * 100, LANGUAGES, vocab_size=400)
    assert [tokenizer.decode([token]) for token in tokenizer.encode("1234567")] == list("1234567")
    pieces = [tokenizer.decode([token]) for token in tokenizer.encode("x12 = 345 + y6")]
    assert [piece for piece in pieces if any(c.isdigit() for c in piece)] == list("123456")


def test_indentation_belongs_to_the_line_break_before_it(tokenizer: Tokenizer) -> None:
    assert len(tokenizer.encode("\n        ")) == 1, "frequent in the programs that it was trained on"


def test_a_batch_is_encoded_as_each_text_alone(tokenizer: Tokenizer) -> None:
    for ids, text in zip(tokenizer.encode_batch(NASTY), NASTY, strict=True):
        assert ids.tolist() == tokenizer.encode(text).tolist()


def test_training_twice_gives_the_same_tokenizer(tokenizer: Tokenizer, tmp_path: Path) -> None:
    programs = [code for group in small_groups().values() for code in group.values()]
    tokenizer.save(tmp_path / "one.json")
    Tokenizer.train(programs, LANGUAGES, vocab_size=400).save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_a_saved_or_pickled_tokenizer_is_the_same(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path / "tokenizer.json")
    for copy in (Tokenizer.load(tmp_path / "tokenizer.json"), pickle.loads(pickle.dumps(tokenizer))):
        assert copy.vocab_size == tokenizer.vocab_size == 400
        assert copy.end == tokenizer.end
        for text in NASTY:
            assert copy.encode(text).tolist() == tokenizer.encode(text).tolist()


def test_a_new_language_takes_a_spare_token_and_no_id_changes(tokenizer: Tokenizer, kotlin: str) -> None:
    assert not tokenizer.knows(kotlin)
    extended = tokenizer.with_languages([*LANGUAGES, kotlin])
    assert extended.knows(kotlin)
    assert extended.vocab_size == tokenizer.vocab_size
    assert [extended.language(name) for name in LANGUAGES] == [tokenizer.language(name) for name in LANGUAGES]
    assert extended.end == tokenizer.end
    assert extended.byte_lengths[extended.language(kotlin)] == 0
    for text in NASTY:
        assert extended.encode(text).tolist() == tokenizer.encode(text).tolist()
    assert extended.with_languages([kotlin]).language(kotlin) == extended.language(kotlin)


def test_there_are_no_more_new_languages_than_spare_tokens(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = {name: Language(name, name, (), "#", None, name, "new") for name in map("new{}".format, range(17))}
    monkeypatch.setattr(languages, "_REGISTRY", {**languages._REGISTRY, **new})
    full = tokenizer.with_languages(list(new)[:SPARE_TOKENS])
    assert len({full.language(name) for name in list(new)[:SPARE_TOKENS]}) == SPARE_TOKENS
    with pytest.raises(UserError, match="0 spare language tokens left, 1 are needed"):
        full.with_languages(list(new))


def test_a_language_without_a_token_is_an_error_that_says_what_to_do(tokenizer: Tokenizer, kotlin: str) -> None:
    with pytest.raises(UserError, match="no token for 'kotlin': prepare a corpus"):
        tokenizer.language(kotlin)


def test_a_vocabulary_must_hold_bytes_and_special_tokens() -> None:
    with pytest.raises(UserError, match="a vocabulary of 200 is too small: at least 281"):
        Tokenizer.train(["x"], LANGUAGES, vocab_size=200)


def test_a_missing_or_damaged_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    with pytest.raises(UserError, match=r"no tokenizer at .*tokenizer\.json"):
        Tokenizer.load(file)
    file.write_text('{"version": "1.0"')
    with pytest.raises(UserError, match=r"tokenizer\.json is not a tokenizer"):
        Tokenizer.load(file)
