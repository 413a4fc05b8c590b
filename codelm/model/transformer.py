"""The decoder: LLaMA-2 style, over packed documents, or over a key-value cache for evaluation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codelm.config import ModelConfig
from codelm.model.attention import document_attention, document_layout

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Queries, keys and values (..., heads, head_size) to what the queries read (..., heads, head_size)."""


@dataclass
class KeyValueCache:
    """Keys and values of what each sequence of a batch has read so far.

    Parameters
    ----------
    keys, values
        (layers, batch, kv_heads, capacity, head_size).
    lengths
        Tokens that each sequence holds (batch,), int64.
    filled
        A bound on `lengths`, kept on the host so that slicing to it waits for no device.
    """

    keys: Tensor
    values: Tensor
    lengths: Tensor
    filled: int = 0

    @classmethod
    def empty(cls, model: Transformer, batch: int, capacity: int) -> KeyValueCache:
        """Room for `capacity` tokens in each of `batch` sequences."""
        config, weight = model.config, model.lm_head.weight
        keys = weight.new_zeros(config.layers, batch, config.kv_heads, capacity, config.head_size)
        return cls(keys, torch.zeros_like(keys), torch.zeros(batch, dtype=torch.int64, device=weight.device))

    def select(self, sequences: Tensor, room: int) -> KeyValueCache:
        """Copy of some sequences (indices; one may be named several times) with room for `room` more tokens."""
        lengths = self.lengths[sequences]
        filled = int(lengths.max())
        layers, _, kv_heads, _, head_size = self.keys.shape
        # Zeros, since attention multiplies what it masks by 0, and memory that was never written may hold NaN.
        keys = self.keys.new_zeros(layers, len(sequences), kv_heads, filled + room, head_size)
        values = torch.zeros_like(keys)
        keys[..., :filled, :] = self.keys[..., :filled, :].index_select(1, sequences)
        values[..., :filled, :] = self.values[..., :filled, :].index_select(1, sequences)
        return KeyValueCache(keys, values, lengths, filled)


def initial_std(config: ModelConfig) -> float:
    """Return the standard deviation of the initial weights, before the scaling of the residual projections."""
    return 1 / math.sqrt(config.width)


class Transformer(nn.Module):
    """A LLaMA-2 style decoder whose parameters are named as in Hugging Face's ``LlamaForCausalLM``.

    Parameters
    ----------
    config
        Its shape.
    attention_backend
        A name that `codelm.model.attention.resolve_backend` returned.
    """

    def __init__(self, config: ModelConfig, attention_backend: str = "sdpa") -> None:
        super().__init__()
        self.config = config
        self.attention_backend = attention_backend
        self.model = _Decoder(config)
        self.lm_head = nn.Linear(config.width, config.vocab_size, bias=False)
        self._initialise()

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

    def forward_cached(self, tokens: Tensor, cache: KeyValueCache, counts: Tensor | None = None) -> Tensor:
        """Read on: tokens that continue the sequences in the cache, which then holds them too. For evaluation.

        Parameters
        ----------
        tokens
            Token ids (batch, t), padded on the right.
        cache
            Must have room for t more tokens in every sequence.
        counts
            Real tokens in each row (batch,); all t if not given.

        Returns
        -------
        Tensor
            Hidden states (batch, t, width) after the last norm; of no meaning where `tokens` is padding.
        """
        batch, new = tokens.shape
        positions = cache.lengths[:, None] + torch.arange(new, device=tokens.device)
        rows = torch.arange(batch, device=tokens.device)[:, None]
        fresh = cache.filled == 0
        cache.filled += new
        # Padding is written too, but no real token sees that far, and what comes next overwrites it.
        seen = None if fresh else torch.arange(cache.filled, device=tokens.device) <= positions[:, None, :, None]

        def attend_in(layer: int) -> Attend:
            keys, values = cache.keys[layer], cache.values[layer]

            def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
                keys[rows, :, positions] = k.to(keys.dtype)
                values[rows, :, positions] = v.to(values.dtype)
                output = F.scaled_dot_product_attention(
                    q.transpose(1, 2),
                    keys[:, :, : cache.filled],
                    values[:, :, : cache.filled],
                    attn_mask=seen,
                    is_causal=fresh,
                    enable_gqa=q.shape[2] != k.shape[2],
                )
                return output.transpose(1, 2)

            return attend

        hidden: Tensor = self.model(tokens, positions, [attend_in(layer) for layer in range(self.config.layers)])
        cache.lengths += new if counts is None else counts
        return hidden

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores (..., vocab_size) of the next token."""
        scores: Tensor = self.lm_head(hidden)
        return scores

    def _initialise(self) -> None:
        # A unit input gives a unit output at any width; .02, which GPT-2 fixed, is that of width 2500, and a
        # model of width 128 had a higher loss with it. The residual stream sums 2 * layers outputs: scaled down, its
        # variance does not grow with depth (GPT-2).
        std = initial_std(self.config)
        residual_std = std / math.sqrt(2 * self.config.layers)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                residual = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(parameter, std=residual_std if residual else std)


class _Decoder(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.width)
        self.layers = nn.ModuleList(_Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width, eps=config.norm_eps)

    def forward(self, tokens: Tensor, positions: Tensor, attends: list[Attend]) -> Tensor:
        hidden = self.embed_tokens(tokens)
        rotary = _rotary(positions, self.config.head_size, self.config.rope_base)
        for block, attend in zip(self.layers, attends, strict=True):
            hidden = block(hidden, rotary, attend)
        normed: Tensor = self.norm(hidden)
        return normed


class _Block(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.self_attn = _Attention(config)
        self.mlp = _FeedForward(config)
        self.input_layernorm = nn.RMSNorm(config.width, eps=config.norm_eps)
        self.post_attention_layernorm = nn.RMSNorm(config.width, eps=config.norm_eps)

    def forward(self, hidden: Tensor, rotary: tuple[Tensor, Tensor], attend: Attend) -> Tensor:
        hidden = hidden + self.self_attn(self.input_layernorm(hidden), rotary, attend)
        output: Tensor = hidden + self.mlp(self.post_attention_layernorm(hidden))
        return output


class _Attention(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.head_size = config.head_size
        self.q_proj = nn.Linear(config.width, config.heads * config.head_size, bias=False)
        self.k_proj = nn.Linear(config.width, config.kv_heads * config.head_size, bias=False)
        self.v_proj = nn.Linear(config.width, config.kv_heads * config.head_size, bias=False)
        self.o_proj = nn.Linear(config.heads * config.head_size, config.width, bias=False)

    def forward(self, hidden: Tensor, rotary: tuple[Tensor, Tensor], attend: Attend) -> Tensor:
        projections = (self.q_proj, self.k_proj, self.v_proj)
        q, k, v = (project(hidden).unflatten(-1, (-1, self.head_size)) for project in projections)
        output: Tensor = self.o_proj(attend(_rotate(q, rotary), _rotate(k, rotary), v).flatten(-2))
        return output


class _FeedForward(nn.Module):
    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.width, config.hidden, bias=False)
        self.up_proj = nn.Linear(config.width, config.hidden, bias=False)
        self.down_proj = nn.Linear(config.hidden, config.width, bias=False)

    def forward(self, hidden: Tensor) -> Tensor:
        output: Tensor = self.down_proj(F.silu(self.gate_proj(hidden)) * self.up_proj(hidden))
        return output


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
