"""The decoder: LLaMA-2 style, over packed documents, or over a key-value cache for evaluation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codelm.config import ModelConfig
from codelm.model.attention import document_attention, document_layout

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Queries, keys and values (..., heads, head_size) to what the queries read (..., heads, head_size)."""


# Neighbouring rows of a cache are attended to in one rectangle while padding makes it at most this much larger than
# what is in it. On a CPU the padding costs time; on a GPU what costs time is to start many kernels.
_PADDING = {"cpu": 1.25, "cuda": math.inf}


@dataclass
class KeyValueCache:
    """Keys and values of what each row of a batch has read so far; rows may differ in length.

    Parameters
    ----------
    layers
        Keys and values of each layer, both (rows, kv_heads, capacity, size).
    lengths
        Tokens that each row holds (rows,), int64, on the host: nothing waits for the device to learn them.
    """

    layers: list[tuple[Tensor, Tensor]]
    lengths: np.ndarray

    @classmethod
    def empty(
        cls, shapes: Sequence[tuple[int, int, int]], rows: int, capacity: int, dtype: torch.dtype, device: torch.device
    ) -> KeyValueCache:
        """Room for `capacity` tokens in each row, in the precision of autocast where that is on.

        Parameters
        ----------
        shapes
            Of each layer: kv_heads, and the sizes of a key and of a value.
        """
        if torch.is_autocast_enabled(device.type):
            dtype = torch.get_autocast_dtype(device.type)

        def room(heads: int, size: int) -> Tensor:
            # Zeros, since attention multiplies what it masks by 0, and memory that was never written may hold NaN.
            return torch.zeros(rows, heads, capacity, size, dtype=dtype, device=device)

        layers = [(room(heads, key), room(heads, value)) for heads, key, value in shapes]
        return cls(layers, np.zeros(rows, dtype=np.int64))

    @property
    def device(self) -> torch.device:
        """Where the keys and values are."""
        return self.layers[0][0].device

    def rows(self, start: int, stop: int) -> KeyValueCache:
        """Return a view of some rows: what is read into it is read into this cache."""
        layers = [(keys[start:stop], values[start:stop]) for keys, values in self.layers]
        return KeyValueCache(layers, self.lengths[start:stop])

    def take(self, source: KeyValueCache, rows: Sequence[int]) -> None:
        """Copy rows of another cache, one for each row of this one; one may be named several times."""
        chosen = np.asarray(rows, dtype=np.int64)
        self.lengths[:] = source.lengths[chosen]
        filled = int(self.lengths.max(initial=0))
        index = torch.from_numpy(chosen).to(self.device)
        for own, others in zip(self.layers, source.layers, strict=True):
            for tensor, other in zip(own, others, strict=True):
                tensor[:, :, :filled] = other[:, :, :filled].index_select(0, index)


class CachedStep:
    """Where the tokens of one step stand, which read on in the rows of a cache; the rows are longer from then on.

    Parameters
    ----------
    cache
        The cache. Must have room for the tokens in every row.
    counts
        Tokens that come to each row (rows,).
    padding
        How much larger than what is in it a rectangle may be; by default what suits the device.

    Attributes
    ----------
    positions
        Position of each token in its row (T,).
    rectangles
        The tokens of neighbouring rows of similar length, laid side by side for attention.
    """

    def __init__(self, cache: KeyValueCache, counts: np.ndarray, padding: float | None = None) -> None:
        self._cache = cache
        rows = np.repeat(np.arange(len(counts)), counts)
        starts = cache.lengths - np.cumsum(counts) + counts
        self._rows = torch.from_numpy(rows).to(cache.device)
        self.positions = torch.from_numpy(np.arange(len(rows)) + starts[rows]).to(cache.device)
        padding = _PADDING.get(cache.device.type, math.inf) if padding is None else padding
        bounds = _rectangle_bounds(counts, cache.lengths + counts, padding)
        first_tokens = np.concatenate([[0], np.cumsum(counts)])
        self.rectangles = [
            Rectangle(
                slice(start, stop),
                slice(int(first_tokens[start]), int(first_tokens[stop])),
                counts[start:stop],
                cache.lengths[start:stop].copy(),
                self.positions[first_tokens[start] : first_tokens[stop]],
            )
            for start, stop in pairwise(bounds)
            if counts[start:stop].any()
        ]
        cache.lengths += counts

    def write(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Put keys and values (T, kv_heads, size) into a layer of the cache, and return all that it holds."""
        for tensor, new in zip(self._cache.layers[layer], (keys, values), strict=True):
            tensor[self._rows, :, self.positions] = new.to(tensor.dtype)
        return self._cache.layers[layer]


class Rectangle:
    """Tokens that continue neighbouring rows of a cache, laid side by side and padded on the right.

    Attributes
    ----------
    rows, tokens
        The rows of the cache, and their tokens among all.
    filled
        Tokens in the longest row, the new ones included.
    fresh
        Whether the rows were empty before, so that a causal mask hides the padding too.
    level
        Whether a token sees all that its row may hold, so that there is nothing to mask.
    """

    def __init__(self, rows: slice, tokens: slice, counts: np.ndarray, lengths: np.ndarray, positions: Tensor) -> None:
        self.rows, self.tokens = rows, tokens
        self._shape = len(counts), int(counts.max())
        self._positions = positions
        self.filled = int((lengths + counts).max())
        self.fresh = not lengths.any()
        self.level = bool((lengths + 1 == self.filled).all())
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        slots = np.repeat(np.arange(len(counts)) * self._shape[1], counts) + within
        padded = len(slots) < self._shape[0] * self._shape[1]
        self._slots = torch.from_numpy(slots).to(positions.device) if padded else None

    def lay(self, tokens: Tensor) -> Tensor:
        """(T, ...) to (rows, longest, ...), with zeros where there is no token."""
        if self._slots is not None:
            slots = tokens.new_zeros(self._shape[0] * self._shape[1], *tokens.shape[1:])
            tokens = slots.index_copy_(0, self._slots, tokens)
        return tokens.view(*self._shape, *tokens.shape[1:])

    def pick(self, laid: Tensor) -> Tensor:
        """(rows, longest, ...) to (T, ...)."""
        flat = laid.flatten(0, 1)
        return flat if self._slots is None else flat.index_select(0, self._slots)

    def mask(self, dtype: torch.dtype) -> Tensor:
        """(rows, 1, longest, filled): 0 where a token may look, minus infinity where it may not."""
        positions = self.lay(self._positions)[:, None, :, None]
        unseen = torch.arange(self.filled, device=positions.device) > positions
        return torch.zeros(unseen.shape, dtype=dtype, device=positions.device).masked_fill_(unseen, -math.inf)


def _rectangle_bounds(counts: np.ndarray, ends: np.ndarray, padding: float) -> list[int]:
    """Where to cut the rows, so that no rectangle of queries and keys is much larger than what is in it."""
    bounds, content, longest, furthest = [0], 0, 0, 0
    for row, (count, end) in enumerate(zip(counts.tolist(), ends.tolist(), strict=True)):
        content, longest, furthest = content + count * end, max(longest, count), max(furthest, end)
        if (row + 1 - bounds[-1]) * longest * furthest > padding * content:
            bounds.append(row)
            content, longest, furthest = count * end, count, end
    return [*bounds, len(counts)]


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
                    output = _attend_cached(queries, keys[seen], values[seen], mask, rectangle.fresh)
                    outputs.append(rectangle.pick(output))
                return torch.cat(outputs) if len(outputs) > 1 else outputs[0]

            return attend

        hidden: Tensor = self.model(tokens, step.positions, [attend_in(layer) for layer in range(self.config.layers)])
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


def _attend_cached(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None, causal: bool) -> Tensor:
    """Attention of queries (rows, t, heads, size) to keys and values (rows, kv_heads, filled, size)."""
    rows, new, heads, size = queries.shape
    if new == 1:
        # The queries that share a key head stand as if they were several tokens: otherwise its keys would be copied.
        queries = queries.view(rows, keys.shape[1], -1, size)
        return F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask).reshape(rows, 1, heads, -1)
    grouped = heads != keys.shape[1]
    queries = queries.transpose(1, 2)
    output = F.scaled_dot_product_attention(queries, keys, values, mask, is_causal=causal, enable_gqa=grouped)
    return output.transpose(1, 2)


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
