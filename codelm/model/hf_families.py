"""Which architecture of Hugging Face's carries a decoder of ours, and how its shape and weights are written there.

Sequential blocks are its Llama, with normalised queries and keys its Qwen3. Parallel blocks are its Cohere, where two
neighbouring channels turn together, instead of two that are half a head apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from codelm.config import ModelConfig
from codelm.model.transformer import initial_std

_NORM_EPS = {"llama": "rms_norm_eps", "qwen3": "rms_norm_eps", "cohere": "layer_norm_eps"}


def family(config: ModelConfig) -> str:
    """Return the ``model_type`` that carries a decoder: llama, qwen3 or cohere."""
    if config.block == "parallel":
        return "cohere"
    return "qwen3" if config.qk_norm else "llama"


def config_fields(config: ModelConfig) -> dict[str, Any]:
    """Return the fields of the family's configuration that make the same decoder."""
    carrier = family(config)
    fields = {
        "vocab_size": config.vocab_size,
        "num_hidden_layers": config.layers,
        "hidden_size": config.width,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_size,
        "intermediate_size": config.hidden,
        "rope_theta": config.rope_base,
        _NORM_EPS[carrier]: config.norm_eps,
        "initializer_range": initial_std(config),
        "tie_word_embeddings": config.tied,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    if carrier == "cohere":
        fields |= {"use_qk_norm": config.qk_norm, "logit_scale": 1.0}
        # It follows from the width there.
        del fields["head_dim"]
    return fields


def read_config(config: Any, rope: Mapping[str, Any]) -> ModelConfig | None:
    """Return the shape that a configuration of Hugging Face's describes, None if our decoder cannot hold it.

    Parameters
    ----------
    config
        A ``PreTrainedConfig``.
    rope
        Its settings of the rotary positions.
    """
    carrier = config.model_type
    if carrier not in _NORM_EPS or getattr(config, "quantization_config", None) is not None:
        return None
    plain = (
        rope.keys() <= {"rope_type", "rope_theta"}
        and rope.get("rope_type", "default") == "default"
        and config.hidden_act == "silu"
        and not (config.attention_bias or getattr(config, "mlp_bias", False))
        and getattr(config, "head_dim", 0) in (0, config.hidden_size // config.num_attention_heads)
        and getattr(config, "logit_scale", 1.0) == 1.0
        and not getattr(config, "use_sliding_window", False)
    )
    if not plain:
        return None
    return ModelConfig(
        config.vocab_size,
        config.num_hidden_layers,
        config.hidden_size,
        config.num_attention_heads,
        config.num_key_value_heads,
        config.intermediate_size,
        rope["rope_theta"],
        getattr(config, _NORM_EPS[carrier]),
        block="parallel" if carrier == "cohere" else "sequential",
        qk_norm=carrier == "qwen3" or getattr(config, "use_qk_norm", False),
        tied=config.tie_word_embeddings,
    )


def to_family(weights: Mapping[str, Tensor], config: ModelConfig) -> dict[str, Tensor]:
    """Return a decoder's weights as its family has them; what need not be moved is shared."""
    if family(config) != "cohere":
        return dict(weights)
    moved = _reorder_channels(weights, _neighbours(config.head_size))
    for name, tensor in moved.items():
        if name.endswith(_HEAD_NORMS):
            # Each head has weights of its own there.
            heads = config.heads if name.endswith("q_norm.weight") else config.kv_heads
            moved[name] = tensor.expand(heads, -1).contiguous()
    return moved


def from_family(weights: Mapping[str, Tensor], config: ModelConfig) -> dict[str, Tensor] | None:
    """Return the weights of a family as our decoder has them, None if its heads are normalised by different weights."""
    if family(config) != "cohere":
        return dict(weights)
    shared = dict(weights)
    for name, tensor in weights.items():
        if name.endswith(_HEAD_NORMS):
            if not torch.equal(tensor, tensor[:1].expand_as(tensor)):
                return None
            shared[name] = tensor[0]
    return _reorder_channels(shared, _neighbours(config.head_size).argsort())


_HEAD_NORMS = ("q_norm.weight", "k_norm.weight")


def _neighbours(head_size: int) -> Tensor:
    """Order of a head's channels (head_size,) in which those half a head apart stand side by side."""
    return torch.arange(head_size).view(2, -1).T.flatten()


def _reorder_channels(weights: Mapping[str, Tensor], order: Tensor) -> dict[str, Tensor]:
    """Give the channels of queries and keys another order, the same in every head."""
    reordered = dict(weights)
    for name, tensor in weights.items():
        if name.endswith(("q_proj.weight", "k_proj.weight")):
            reordered[name] = tensor.unflatten(0, (-1, len(order)))[:, order].flatten(0, 1)
        elif name.endswith(_HEAD_NORMS):
            reordered[name] = tensor[order]
    return reordered
