"""The decoder: LLaMA-2 style or with parallel blocks, over packed documents, or over a cache for evaluation."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.utils.checkpoint import checkpoint

from codelm.config import ModelConfig
from codelm.model.attention import document_attention, document_layout
from codelm.model.cache import CachedStep, KeyValueCache, attend_cached

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Queries, keys and values (..., heads, head_size) to what the queries read (..., heads, head_size)."""

ActivationCheckpointing = Literal["none", "selective", "full"]


def initial_std(config: ModelConfig) -> float:
    """Return the standard deviation of the initial weights, before the scaling of the residual projections."""
    return 1 / math.sqrt(config.width)


class Transformer(nn.Module):
    """A decoder whose parameters are named as in Hugging Face's ``LlamaForCausalLM``, or for parallel blocks Cohere's.

    Parameters
    ----------
    config
        Its shape.
    attention_backend
        A name that `codelm.model.attention.resolve_backend` returned.
    activation_checkpointing
        What is kept for the backward pass: ``none``, everything; ``selective``, only what goes into and comes out of
        attention, so that all else is computed again; ``full``, only each block's input.
    """

    def __init__(
        self,
        config: ModelConfig,
        attention_backend: str = "sdpa",
        activation_checkpointing: ActivationCheckpointing = "none",
    ) -> None:
        super().__init__()
        self.config = config
        self.attention_backend = attention_backend
        device = torch.get_default_device()
        # Without the initial weights that torch's layers give themselves: ours come from the seed alone.
        with torch.device("meta"):
            self.model = _Decoder(config, activation_checkpointing)
            self.lm_head = nn.Linear(config.width, config.vocab_size, bias=False)
        self.materialise(device)

    def materialise(self, device: torch.device, generator: torch.Generator | None = None) -> None:
        """Give parameters without storage their storage and the initial weights, unless `device` is meta.

        Parameters
        ----------
        device
            Where they go.
        generator
            Source of the weights, which do not depend on the device or on sharding; by default torch's own on the CPU.
        """
        self.to_empty(device=device)
        self.tie()
        if device.type != "meta":
            self._initialise(generator)

    def forward(self, tokens: Tensor, cu_seqlens: Tensor, max_seqlen: int) -> Tensor:
        """Read a row of packed documents; positions start anew, and attention ends, at each.

        Parameters
        ----------
        tokens
            Token ids (T,).
        cu_seqlens, max_seqlen
            Where documents start, and a bound on their length: see `document_attention`.

        Returns
        -------
        Tensor
            Hidden states (T, width) after the last norm, for `logits` or a loss.
        """
        layout = document_layout(cu_seqlens, len(tokens)) if self.attention_backend == "sdpa" else None

        def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            return document_attention(q, k, v, cu_seqlens, max_seqlen, self.attention_backend, layout)

        hidden: Tensor = self.model(tokens, _positions(cu_seqlens, len(tokens)), [attend] * self.config.layers)
        return hidden

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.lm_head.weight.device

    def empty_cache(self, rows: int, capacity: int) -> KeyValueCache:
        """Cache for `forward_cached` with room for `capacity` tokens in each row."""
        shape = self.config.kv_heads, self.config.head_size, self.config.head_size
        weight = self.lm_head.weight
        return KeyValueCache.empty([shape] * self.config.layers, rows, capacity, weight.dtype, weight.device)

    def forward_cached(self, tokens: Tensor, counts: np.ndarray, cache: KeyValueCache) -> Tensor:
        """Read on: tokens that continue the rows of a cache, which then holds them too. For evaluation.

        Parameters
        ----------
        tokens
            Token ids (T,), row after row.
        counts
            How many of them come to each row (rows,).
        cache
            Must have room for them.

        Returns
        -------
        Tensor
            Hidden states (T, width) after the last norm.
        """
        step = CachedStep(cache, counts)
        masks = [
            None if rectangle.fresh or rectangle.level else rectangle.mask(cache.layers[0][0].dtype)
            for rectangle in step.rectangles
        ]

        def attend_in(layer: int) -> Attend:
            def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
                keys, values = step.write(layer, k, v)
                outputs = []
                for rectangle, mask in zip(step.rectangles, masks, strict=True):
                    queries = rectangle.lay(q[rectangle.tokens])
                    seen = rectangle.rows, slice(None), slice(rectangle.filled)
                    output = attend_cached(queries, keys[seen], values[seen], mask, rectangle.fresh)
                    outputs.append(rectangle.pick(output))
                return torch.cat(outputs) if len(outputs) > 1 else outputs[0]

            return attend

        attends = [attend_in(layer) for layer in range(self.config.layers)]
        # The number of tokens differs from step to step: blocks would be compiled over and over.
        with torch.compiler.set_stance("force_eager"):
            hidden: Tensor = self.model(tokens, step.positions, attends)
        return hidden

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores (..., vocab_size) of the next token."""
        scores: Tensor = self.lm_head(hidden)
        return scores

    def fill(self, weights: Mapping[str, Tensor]) -> None:
        """Copy weights, by name, into the parameters; this process may hold a shard of each."""
        for name, parameter in self.named_parameters():
            _fill(parameter, weights[name])

    def tie(self) -> None:
        """Make the output embedding the input embedding, where the shape says so."""
        if self.config.tied:
            self.lm_head.weight = self.model.embed_tokens.weight

    def compile_blocks(self, backend: str = "inductor") -> None:
        """Compile what a block does before and after attention, once for all blocks and rows of one length."""
        for block in self.model.layers:
            block.compile(backend=backend, dynamic=False)

    def _initialise(self, generator: torch.Generator | None) -> None:
        # A unit input gives a unit output at any width; .02, which GPT-2 fixed, is that of width 2500, and a
        # model of width 128 had a higher loss with it. The residual stream sums 2 * layers outputs: scaled down, its
        # variance does not grow with depth (GPT-2).
        std = initial_std(self.config)
        residual_std = std / math.sqrt(2 * self.config.layers)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 1:
                nn.init.ones_(parameter)
                continue
            residual = name.endswith(("o_proj.weight", "down_proj.weight"))
            weights = torch.empty(parameter.shape, dtype=parameter.dtype, device="cpu")
            weights.normal_(std=residual_std if residual else std, generator=generator)
            _fill(parameter, weights)


class _Decoder(nn.Module):
    def __init__(self, config: ModelConfig, activation_checkpointing: ActivationCheckpointing) -> None:
        super().__init__()
        self.config = config
        block = _SequentialBlock if config.block == "sequential" else _ParallelBlock
        self.embed_tokens = nn.Embedding(config.vocab_size, config.width)
        self.layers = nn.ModuleList(block(config, activation_checkpointing) for _ in range(config.layers))
        self.norm = _norm(config, config.width)

    def forward(self, tokens: Tensor, positions: Tensor, attends: list[Attend]) -> Tensor:
        hidden = self.embed_tokens(tokens)
        rotary = _rotary(positions, self.config.head_size, self.config.rope_base)
        for block, attend in zip(self.layers, attends, strict=True):
            hidden = block(hidden, rotary, attend)
        normed: Tensor = self.norm(hidden)
        return normed


class _Block(nn.Module):
    """A block in three steps, of which the middle one is attention: its kernels are not to be compiled again."""

    def __init__(self, config: ModelConfig, activation_checkpointing: ActivationCheckpointing) -> None:
        super().__init__()
        self.activation_checkpointing = activation_checkpointing
        self.self_attn = _Attention(config)
        self.mlp = _FeedForward(config)
        self.input_layernorm = _norm(config, config.width)

    def forward(self, hidden: Tensor, rotary: tuple[Tensor, Tensor], attend: Attend) -> Tensor:
        kept = self.activation_checkpointing if torch.is_grad_enabled() else "none"
        if kept == "full":
            output: Tensor = _recomputed(self._three_steps, hidden, rotary, attend)
            return output
        if kept == "selective":
            residual, q, k, v = _recomputed(self.before_attention, hidden, rotary)
            output = _recomputed(self.after_attention, residual, attend(q, k, v))
            return output
        return self._three_steps(hidden, rotary, attend)

    def _three_steps(self, hidden: Tensor, rotary: tuple[Tensor, Tensor], attend: Attend) -> Tensor:
        residual, q, k, v = self.before_attention(hidden, rotary)
        return self.after_attention(residual, attend(q, k, v))

    def before_attention(self, hidden: Tensor, rotary: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return what `after_attention` adds to, and queries, keys and values."""
        raise NotImplementedError

    def after_attention(self, residual: Tensor, attended: Tensor) -> Tensor:
        """Return the block's output."""
        raise NotImplementedError

    def compile(self, **settings: Any) -> None:
        """Compile the steps before and after attention."""
        self.before_attention = torch.compile(self.before_attention, **settings)  # type: ignore[method-assign]
        self.after_attention = torch.compile(self.after_attention, **settings)  # type: ignore[method-assign]


class _SequentialBlock(_Block):
    def __init__(self, config: ModelConfig, activation_checkpointing: ActivationCheckpointing) -> None:
        super().__init__(config, activation_checkpointing)
        self.post_attention_layernorm = _norm(config, config.width)

    def before_attention(self, hidden: Tensor, rotary: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return hidden, *self.self_attn.project(self.input_layernorm(hidden), rotary)

    def after_attention(self, residual: Tensor, attended: Tensor) -> Tensor:
        hidden = residual + self.self_attn.o_proj(attended.flatten(-2))
        output: Tensor = hidden + self.mlp(self.post_attention_layernorm(hidden))
        return output


class _ParallelBlock(_Block):
    def before_attention(self, hidden: Tensor, rotary: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        normed = self.input_layernorm(hidden)
        return hidden + self.mlp(normed), *self.self_attn.project(normed, rotary)

    def after_attention(self, residual: Tensor, attended: Tensor) -> Tensor:
        output: Tensor = residual + self.self_attn.o_proj(attended.flatten(-2))
        return output


class _Attention(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.head_size = config.head_size
        self.q_proj = nn.Linear(config.width, config.heads * config.head_size, bias=False)
        self.k_proj = nn.Linear(config.width, config.kv_heads * config.head_size, bias=False)
        self.v_proj = nn.Linear(config.width, config.kv_heads * config.head_size, bias=False)
        self.o_proj = nn.Linear(config.heads * config.head_size, config.width, bias=False)
        if config.qk_norm:
            self.q_norm, self.k_norm = (_norm(config, config.head_size) for _ in range(2))
        self.qk_norm = config.qk_norm

    def project(self, hidden: Tensor, rotary: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values."""
        projections = (self.q_proj, self.k_proj, self.v_proj)
        q, k, v = (project(hidden).unflatten(-1, (-1, self.head_size)) for project in projections)
        if self.qk_norm:
            q, k = self.q_norm(q), self.k_norm(k)
        return _rotate(q, rotary), _rotate(k, rotary), v


class _FeedForward(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.width, config.hidden, bias=False)
        self.up_proj = nn.Linear(config.width, config.hidden, bias=False)
        self.down_proj = nn.Linear(config.hidden, config.width, bias=False)

    def forward(self, hidden: Tensor) -> Tensor:
        output: Tensor = self.down_proj(F.silu(self.gate_proj(hidden)) * self.up_proj(hidden))
        return output


# There is nothing random in a block whose state would have to be kept.
_recomputed = functools.partial(checkpoint, use_reentrant=False, preserve_rng_state=False)


def _norm(config: ModelConfig, size: int) -> nn.Module:
    if config.block == "parallel":
        return nn.LayerNorm(size, eps=config.norm_eps, bias=False)
    return nn.RMSNorm(size, eps=config.norm_eps)


@torch.no_grad()
def _fill(parameter: Tensor, weights: Tensor) -> None:
    if isinstance(parameter, DTensor):
        weights = distribute_tensor(weights.to(parameter.device), parameter.device_mesh, parameter.placements)
    parameter.copy_(weights)


def _positions(cu_seqlens: Tensor, tokens: int) -> Tensor:
    """Position (T,) of each token in its document, without waiting for the device."""
    index = torch.arange(tokens, dtype=cu_seqlens.dtype, device=cu_seqlens.device)
    document = torch.searchsorted(cu_seqlens, index, right=True) - 1
    return index - cu_seqlens[document]


def _rotary(positions: Tensor, head_size: int, base: float) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines (..., 1, head_size) for `_rotate`, in float32."""
    exponents = torch.arange(0, head_size, 2, dtype=torch.float32, device=positions.device) / head_size
    angles = positions[..., None, None] * base**-exponents
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((cos, cos), dim=-1), torch.cat((-sin, sin), dim=-1)


def _rotate(heads: Tensor, rotary: tuple[Tensor, Tensor]) -> Tensor:
    """Rotary position embedding (arXiv 2104.09864); channel i turns with channel i + head_size / 2, as in Hugging Face.

    Rolling by half and a sign in the sines is twice as fast on CPU as to cut, negate and join the halves.
    """
    cos, sin = (table.to(heads.dtype) for table in rotary)
    return torch.addcmul(heads * cos, heads.roll(heads.shape[-1] // 2, dims=-1), sin)
