from __future__ import annotations

from dataclasses import replace

import pytest

from codelm.errors import UserError
from codelm.ladder import LADDER, NAMING_VOCABULARY, model_config, model_name, recipe


@pytest.mark.parametrize("name", [name for name in LADDER if name.endswith("B")])
def test_a_size_has_the_parameters_of_its_name_within_3_percent(name: str) -> None:
    parameters = model_config(name, NAMING_VOCABULARY).parameters
    assert parameters == pytest.approx(float(name.removesuffix("B")) * 1e9, rel=0.03)


@pytest.mark.parametrize("name", LADDER)
def test_every_size_is_a_shape_that_can_be_built(name: str) -> None:
    config = model_config(name, NAMING_VOCABULARY)
    assert config.width == config.heads * config.head_size
    assert config.kv_heads == config.heads
    assert config.head_size % 2 == 0, "rotary positions turn pairs of features"


def test_sizes_are_listed_from_small_to_large() -> None:
    sizes = [model_config(name, NAMING_VOCABULARY).parameters for name in LADDER]
    assert sizes == sorted(sizes)


def test_an_unknown_size_is_told_the_nearest_first() -> None:
    with pytest.raises(UserError, match="unknown model 'micr': choose from micro, ") as caught:
        model_config("micr", 4096)
    assert all(name in str(caught.value) for name in LADDER)


def test_larger_models_train_with_lower_rates_and_larger_batches() -> None:
    recipes = [recipe(model_config(name, NAMING_VOCABULARY)) for name in LADDER]
    rates = [advised.learning_rate for advised in recipes]
    batches = [advised.batch_tokens for advised in recipes]
    assert rates == sorted(rates, reverse=True)
    assert batches == sorted(batches)


def test_the_recipe_is_the_published_fit_at_its_reference_size() -> None:
    config = model_config("0.1B", NAMING_VOCABULARY)
    advised = recipe(config)
    relative = config.block_parameters / 108e6
    assert advised.learning_rate == pytest.approx(0.0047 * relative ** (-1 / 3))
    assert advised.batch_tokens == pytest.approx(160 * 2048 * relative ** (2 / 3), rel=0.03)
    assert advised.tokens == 20 * config.parameters


@pytest.mark.parametrize("name", LADDER)
def test_a_default_run_has_whole_steps_that_hold_the_longest_document(name: str) -> None:
    advised = recipe(model_config(name, NAMING_VOCABULARY))
    assert advised.context <= advised.batch_tokens <= advised.tokens


@pytest.mark.parametrize("name", LADDER)
def test_a_shape_is_known_by_its_name(name: str) -> None:
    assert model_name(model_config(name, 777)) == name
    assert model_name(replace(model_config(name, 777), hidden=7)) == "other"
