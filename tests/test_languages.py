from __future__ import annotations

import pytest

from codelm import languages
from codelm.errors import UserError
from codelm.languages import (
    JAVA,
    LANGUAGES,
    PIVOT,
    Direction,
    Language,
    directions,
    get_language,
    in_listing_order,
    register,
    registered_languages,
    title_of,
)

KOTLIN = Language("kotlin", "Kotlin", (".kt",), "//", ("/*", "*/"), "kotlin", "managed")


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "_REGISTRY", dict(languages._REGISTRY))


def test_languages_are_listed_in_the_order_of_the_study() -> None:
    assert LANGUAGES == ("python", "java", "javascript", "typescript", "csharp", "go", "rust")
    assert in_listing_order(["rust", "go", "python", "go"]) == ("python", "go", "rust")


def test_seven_languages_have_42_directions_of_which_30_are_zero_shot() -> None:
    every = directions()
    assert len(every) == len(set(every)) == 42
    assert all(source != target for source, target in every)
    assert [direction for direction in every if direction.is_seen()] == [d for d in every if PIVOT in d]
    assert sum(not direction.is_seen() for direction in every) == 30


def test_another_pivot_has_other_seen_directions() -> None:
    assert Direction("java", "go").is_seen(pivot="go")
    assert not Direction("python", "java").is_seen(pivot="go")


def test_a_direction_is_written_with_an_arrow() -> None:
    assert str(Direction("python", "csharp")) == "python->csharp"


def test_a_language_opens_its_programs_with_a_token_of_its_own() -> None:
    assert len({get_language(name).token for name in LANGUAGES}) == 7
    assert JAVA.token == "<|java|>"


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_lexer_is_known_to_pygments(name: str) -> None:
    from pygments.lexers import get_lexer_by_name

    language = get_language(name)
    assert get_lexer_by_name(language.lexer)
    assert all(suffix.startswith(".") for suffix in language.suffixes)


@pytest.mark.usefixtures("own_registry")
def test_a_registered_language_comes_after_the_seven() -> None:
    register(KOTLIN)
    assert register(KOTLIN) is KOTLIN
    assert registered_languages() == (*LANGUAGES, "kotlin")
    assert get_language("kotlin") == KOTLIN
    assert in_listing_order(["kotlin", "java"]) == ("java", "kotlin")


@pytest.mark.usefixtures("own_registry")
def test_a_language_cannot_be_registered_with_other_properties() -> None:
    with pytest.raises(UserError, match="'java' is already registered"):
        register(Language("java", "Java", (".jav",), "//", None, "java", "managed"))


def test_an_unknown_language_is_told_the_nearest_first() -> None:
    with pytest.raises(UserError, match=r"unknown language 'pyton': choose from python, .*rust") as caught:
        get_language("pyton")
    assert all(name in str(caught.value) for name in LANGUAGES)
    with pytest.raises(UserError, match="choose from javascript, "):
        in_listing_order(["python", "javascrip"])


def test_languages_have_their_titles_and_other_names_are_their_own() -> None:
    assert [title_of(name) for name in ("csharp", "markup")] == ["C#", "markup"]


@pytest.mark.parametrize("name", ["text", "markup", "visual-basic"])
def test_a_language_is_not_named_like_a_kind_of_text_or_a_pair(name: str) -> None:
    with pytest.raises(UserError, match="a language cannot be named"):
        register(Language(name, "A language", (".x",), "//", None, "text", "other"))
