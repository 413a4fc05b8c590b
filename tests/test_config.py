from __future__ import annotations

import pytest

from codelm.config import ModelConfig
from codelm.model.transformer import Transformer

SMALL = ModelConfig(vocab_size=300, layers=3, width=64, heads=4, kv_heads=4, hidden=176)
GROUPED = ModelConfig(vocab_size=300, layers=2, width=64, heads=8, kv_heads=2, hidden=128)


@pytest.mark.parametrize("config", [SMALL, GROUPED], ids=["multi-head", "grouped queries"])
def test_the_count_of_parameters_is_that_of_the_model(config: ModelConfig) -> None:
    model = Transformer(config)
    assert config.parameters == sum(parameter.numel() for parameter in model.parameters())
    assert config.block_parameters == config.parameters - 2 * config.vocab_size * config.width


def test_a_step_costs_six_operations_per_multiplying_parameter_and_attention_on_top() -> None:
    without_attention = SMALL.flops_per_token(context=0)
    assert without_attention == 6 * (SMALL.parameters - SMALL.vocab_size * SMALL.width)
    assert SMALL.flops_per_token(context=512) - without_attention == 6 * 3 * 64 * 512
