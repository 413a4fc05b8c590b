from __future__ import annotations

from dataclasses import replace

import pytest

from codelm.command_line import count
from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.ladder import CPU_PARAMETERS, LADDER, model_config, model_name, recipe

PAPER_B = ("470M", "2.8B")
PAPER_A = [name for name in LADDER if name not in PAPER_B]


def named(name: str) -> ModelConfig:
    return model_config(name, LADDER[name].naming_vocabulary)


@pytest.mark.parametrize("name", [name for name in LADDER if name.endswith(("B", "M"))])
def test_a_size_has_the_parameters_of_its_name_within_3_percent(name: str) -> None:
    assert named(name).parameters == pytest.approx(count(name), rel=0.03)


def test_the_sizes_of_paper_b_have_parallel_blocks_and_its_batch_context_and_budget() -> None:
    for name in PAPER_B:
        assert named(name).block == "parallel"
        assert named(name).vocab_size == 256_000
        advised = recipe(named(name))
        assert (advised.batch_tokens, advised.context, advised.tokens) == (512 * 8192, 8192, 200_000_000_000)


def test_heads_share_the_key_heads_that_are_asked_for_if_they_can() -> None:
    assert model_config("nano", 100, kv_heads=2, qk_norm=True).kv_heads == 2
    with pytest.raises(UserError, match="4 heads cannot share 3 heads of keys: give a divisor"):
        model_config("nano", 100, kv_heads=3)


@pytest.mark.parametrize("name", LADDER)
def test_every_size_is_a_shape_that_can_be_built(name: str) -> None:
    config = named(name)
    assert config.width == config.heads * config.head_size
    assert config.kv_heads == config.heads
    assert config.head_size % 2 == 0, "rotary positions turn pairs of features"


def test_sizes_are_listed_from_small_to_large() -> None:
    sizes = [named(name).parameters for name in PAPER_A]
    assert sizes == sorted(sizes)


def test_an_unknown_size_is_told_the_nearest_first() -> None:
    with pytest.raises(UserError, match="unknown model 'micr': choose from micro, ") as caught:
        model_config("micr", 4096)
    assert all(name in str(caught.value) for name in LADDER)


@pytest.mark.parametrize("for_cpus", [True, False])
def test_larger_models_train_with_lower_rates_and_larger_batches(for_cpus: bool) -> None:
    """Among those for CPUs, and among the others: batches of 2,048 tokens have lower rates than any larger ones."""
    configs = [named(name) for name in PAPER_A]
    recipes = [recipe(config) for config in configs if (config.block_parameters < CPU_PARAMETERS) is for_cpus]
    rates = [advised.learning_rate for advised in recipes]
    batches = [advised.batch_tokens for advised in recipes]
    assert len(rates) >= 3
    assert rates == sorted(set(rates), reverse=True)
    assert batches == sorted(batches)


def test_rates_of_the_sizes_for_cpus_are_near_the_best_of_a_sweep() -> None:
    """Those of `experiments/benchmarks/learning_rate.py`, see docs/measurements.md."""
    for name, best in (("nano", 0.0064), ("micro", 0.0030), ("mini", 0.0016)):
        assert recipe(named(name)).learning_rate == pytest.approx(best, rel=0.05)


def test_the_recipe_is_the_published_fit_at_its_reference_size() -> None:
    config = named("0.1B")
    advised = recipe(config)
    relative = config.block_parameters / 108e6
    assert advised.learning_rate == pytest.approx(0.0047 * relative ** (-1 / 3))
    assert advised.batch_tokens == pytest.approx(160 * 2048 * relative ** (2 / 3), rel=0.03)
    assert advised.tokens == 20 * config.parameters


@pytest.mark.parametrize("name", LADDER)
def test_a_default_run_has_whole_steps_that_hold_the_longest_document(name: str) -> None:
    advised = recipe(named(name))
    assert advised.context <= advised.batch_tokens <= advised.tokens


@pytest.mark.parametrize("name", LADDER)
def test_a_shape_is_known_by_its_name(name: str) -> None:
    assert model_name(model_config(name, 777)) == name
    assert model_name(model_config(name, 777, qk_norm=True)) == name
    assert model_name(replace(model_config(name, 777), hidden=7)) == "other"
