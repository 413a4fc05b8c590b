from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.data.mixture import Mixture, check_proportions, read_proportions
from codelm.errors import UserError


@st.composite
def sources(draw: st.DrawFn) -> tuple[np.ndarray, list[list[int]]]:
    """Shares of up to seven sources, and document lengths of each, which differ among them."""
    weights = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=7).filter(any))
    lengths = [draw(st.lists(st.integers(1, draw(st.integers(1, 1000))), min_size=1, max_size=20)) for _ in weights]
    return np.array(weights) / sum(weights), lengths


@given(sources())
def test_after_every_document_each_source_is_within_one_document_of_its_share(
    drawn: tuple[np.ndarray, list[list[int]]],
) -> None:
    shares, lengths = drawn
    longest = max(max(own) for own in lengths)
    mixture = Mixture(shares, longest)
    endless = [itertools.cycle(own) for own in lengths]
    for _ in range(300):
        source = next(mixture.by_urgency())
        mixture.take(source, next(endless[source]))
        away = np.array(mixture.tokens) - shares * sum(mixture.tokens)
        # Half a token of slack is what the mixture allows for rounding.
        assert np.abs(away).max() <= longest + 0.5


def test_a_source_without_a_share_is_never_named() -> None:
    mixture = Mixture(np.array([0.5, 0.0, 0.5]), 10)
    for _ in range(50):
        assert 1 not in mixture.by_urgency()
        mixture.take(next(mixture.by_urgency()), 7)


def test_rounding_at_trillions_of_tokens_leaves_a_source_that_may_go() -> None:
    random = np.random.default_rng(0)
    for weights in random.integers(1, 20, (500, 5)):
        mixture = Mixture(weights / weights.sum(), 1000)
        mixture.restore([int(weight) * 10**12 for weight in weights])
        assert list(mixture.by_urgency())


def test_a_restored_mixture_goes_on_as_the_first_would() -> None:
    shares = np.array([0.2, 0.3, 0.5])
    first = Mixture(shares, 100)
    for length in range(1, 60):
        first.take(next(first.by_urgency()), length)
    second = Mixture(shares, 100)
    second.restore(first.tokens)
    for length in range(1, 60):
        assert list(first.by_urgency()) == list(second.by_urgency())
        first.take(next(first.by_urgency()), length)
        second.take(next(second.by_urgency()), length)


@pytest.mark.parametrize(
    ("proportions", "message"),
    [
        ({"python": 1.5, "go": -0.5}, r"the proportion of go is -0\.5: proportions cannot be negative"),
        ({"python": float("nan")}, "the proportion of python is nan"),
        ({"python": 0.5, "go": 0.4}, r"the proportions sum to 0\.9, not to 1: python=0\.5, go=0\.4"),
        ({}, "the proportions sum to 0, not to 1"),
    ],
)
def test_shares_that_are_negative_or_do_not_sum_to_one_are_an_error(
    proportions: dict[str, float], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        check_proportions(proportions)


def test_proportions_are_read_from_the_command_line_or_a_json_file(tmp_path: Path) -> None:
    assert read_proportions("python-java=0.3, python-go=0.7") == {"python-java": 0.3, "python-go": 0.7}
    file = tmp_path / "shares.json"
    file.write_text('{"python-java": 0.3, "python-go": 0.7}')
    assert read_proportions(str(file)) == {"python-java": 0.3, "python-go": 0.7}
    assert len(read_proportions("a=0.333,b=0.333,c=0.333")) == 3, "three digits are enough"
    assert [read_proportions(name) for name in ("uniform", "proportional")] == ["uniform", "proportional"]


@pytest.mark.parametrize("text", ["", "python", "python=", "python=much", "python=1,"])
def test_an_unreadable_share_is_an_error_that_shows_how_to_write_one(text: str) -> None:
    with pytest.raises(UserError, match=r"cannot read the proportion .*: write it as python-java=0\.3"):
        read_proportions(text)


@pytest.mark.parametrize("content", ["", "{", "[0.5, 0.5]", '{"python": "much"}', '{"python": null}'])
def test_a_file_without_proportions_is_an_error_that_names_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "shares.json"
    file.write_text(content)
    with pytest.raises(UserError, match=r"shares\.json does not hold proportions"):
        read_proportions(str(file))


def test_a_missing_file_of_proportions_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no file of proportions at .*shares\.json"):
        read_proportions(str(tmp_path / "shares.json"))


def test_read_proportions_are_checked(tmp_path: Path) -> None:
    (tmp_path / "shares.json").write_text('{"python": 0.5}')
    for text in ("python=0.5", str(tmp_path / "shares.json")):
        with pytest.raises(UserError, match=r"sum to 0\.5, not to 1"):
            read_proportions(text)
