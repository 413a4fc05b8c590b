"""Causal attention within packed documents: one function, several kernels behind it."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from codelm.errors import UserError

logger = logging.getLogger(__name__)

# Documents of one bucket are padded to its longest. Measured for 30 to 60 documents of 40 to 400 tokens: 1 bucket pads
# 50 % and takes twice the time of 12; beyond 12 to 16 (a ratio of about 1.1) nothing more is gained.
_BUCKET_RATIO = 1.1


@dataclass(frozen=True)
class DocumentLayout:
    """Where each token of a row goes when its documents are laid side by side in rectangles of similar length.

    Parameters
    ----------
    slots
        For each token (T,), its place in the padded storage.
    buckets
        (documents, padded length) of each rectangle, in the order of the storage.
    """

    slots: Tensor
    buckets: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """Number of slots: tokens and padding."""
        return sum(documents * length for documents, length in self.buckets)


def document_layout(cu_seqlens: Tensor, tokens: int) -> DocumentLayout:
    """Group the documents of a row of `tokens` into buckets of similar length.

    It depends on the lengths alone: one layout serves every layer, and no document's content moves another's tokens.
    """
    bounds = cu_seqlens.cpu().numpy().astype(np.int64)
    if bounds[0] != 0 or bounds[-1] != tokens:
        raise ValueError(
            f"cu_seqlens must run from 0 to {tokens}, the number of tokens, not {bounds[0]} to {bounds[-1]}"
        )
    starts, lengths = bounds[:-1], np.diff(bounds)
    starts, lengths = starts[lengths > 0], lengths[lengths > 0]
    order = np.argsort(lengths, kind="stable")
    buckets: list[tuple[int, int]] = []
    first_slots = np.empty_like(starts)
    opened, slot = 0, 0
    for index in range(1, len(order) + 1):
        if index < len(order) and lengths[order[index]] <= _BUCKET_RATIO * lengths[order[opened]]:
            continue
        members, padded = order[opened:index], int(lengths[order[index - 1]])
        first_slots[members] = slot + padded * np.arange(len(members))
        buckets.append((len(members), padded))
        opened, slot = index, slot + padded * len(members)
    slots = np.arange(tokens) + np.repeat(first_slots - starts, lengths)
    return DocumentLayout(torch.from_numpy(slots).to(cu_seqlens.device), tuple(buckets))


def document_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    cu_seqlens: Tensor,
    max_seqlen: int,
    backend: str,
    layout: DocumentLayout | None = None,
) -> Tensor:
    """Causal attention within each document of a packed row; nothing passes between documents.

    Parameters
    ----------
    q
        Queries (T, heads, head_size).
    k, v
        Keys and values (T, kv_heads, head_size); `heads` is a multiple of `kv_heads`.
    cu_seqlens
        First token of each document and, last, T: int32 (documents + 1,). Repeats of T are documents of no length.
    max_seqlen
        A bound on the length of any document, the same for every row.
    backend
        A name that `resolve_backend` returned.
    layout
        `document_layout(cu_seqlens, T)` where several layers share it; only the sdpa backend reads it.

    Returns
    -------
    Tensor
        (T, heads, head_size).
    """
    if backend == "sdpa":
        return _sdpa(q, k, v, layout or document_layout(cu_seqlens, len(q)))
    return _KERNELS[backend](q, k, v, cu_seqlens, max_seqlen)


def resolve_backend(requested: str, device: torch.device, dtype: torch.dtype = torch.bfloat16) -> str:
    """Name of the attention backend to use: "flash3", "flash4", "flash2", "varlen" or "sdpa".

    Parameters
    ----------
    requested
        One of these names, or "auto" for the first that works.
    device, dtype
        Where and in which precision attention will be computed.

    Raises
    ------
    UserError
        The requested backend does not exist or does not work here.
    """
    if requested == "sdpa":
        return requested
    working = [name for name in _KERNELS if _failure(name, device, dtype) is None] + ["sdpa"]
    if requested == "auto":
        return working[0]
    if requested not in working:
        there = ", ".join(working)
        raise UserError(
            f"attention backend {requested!r} does not work on {device.type} in {dtype}: choose auto or one of {there}"
        )
    return requested


class _Pack(torch.autograd.Function):
    """Tokens to slots. Each slot has at most one token, so both directions are plain copies, without summing."""

    @staticmethod
    def forward(ctx: Any, tokens: Tensor, layout: DocumentLayout) -> Tensor:
        ctx.slots = layout.slots
        return tokens.new_zeros(layout.size, *tokens.shape[1:]).index_copy_(0, layout.slots, tokens)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient.index_select(0, ctx.slots), None


class _Unpack(torch.autograd.Function):
    """Slots to tokens."""

    @staticmethod
    def forward(ctx: Any, padded: Tensor, layout: DocumentLayout) -> Tensor:
        ctx.slots, ctx.shape = layout.slots, padded.shape
        return padded.index_select(0, layout.slots)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient.new_zeros(ctx.shape).index_copy_(0, ctx.slots, gradient), None


def _sdpa(q: Tensor, k: Tensor, v: Tensor, layout: DocumentLayout) -> Tensor:
    sizes = [documents * length for documents, length in layout.buckets]
    padded = [_Pack.apply(tensor, layout).split(sizes) for tensor in (q, k, v)]
    outputs = []
    for bucket, *rectangle in zip(layout.buckets, *padded, strict=True):
        queries, keys, values = (part.unflatten(0, bucket).transpose(1, 2) for part in rectangle)
        # Padding stands to the right of every token of its document, where a causal mask hides it: exact.
        output = F.scaled_dot_product_attention(
            queries, keys, values, is_causal=True, enable_gqa=q.shape[1] != k.shape[1]
        )
        outputs.append(output.transpose(1, 2).flatten(0, 1))
    attended: Tensor = _Unpack.apply(torch.cat(outputs), layout)
    return attended


def _flash3(q: Tensor, k: Tensor, v: Tensor, cu_seqlens: Tensor, max_seqlen: int) -> Tensor:
    from flash_attn_interface import flash_attn_varlen_func

    output: Any = flash_attn_varlen_func(q, k, v, cu_seqlens, cu_seqlens, max_seqlen, max_seqlen, causal=True)
    # Some releases of FlashAttention 3 return the log-sum-exp beside the output.
    attended: Tensor = output[0] if isinstance(output, tuple) else output
    return attended


def _flash4(q: Tensor, k: Tensor, v: Tensor, cu_seqlens: Tensor, max_seqlen: int) -> Tensor:
    from flash_attn.cute import flash_attn_varlen_func

    bounds = {"cu_seqlens_q": cu_seqlens, "cu_seqlens_k": cu_seqlens}
    longest = {"max_seqlen_q": max_seqlen, "max_seqlen_k": max_seqlen}
    output: Any = flash_attn_varlen_func(q, k, v, causal=True, **bounds, **longest)
    attended: Tensor = output[0] if isinstance(output, tuple) else output
    return attended


def _flash2(q: Tensor, k: Tensor, v: Tensor, cu_seqlens: Tensor, max_seqlen: int) -> Tensor:
    from flash_attn import flash_attn_varlen_func

    output: Tensor = flash_attn_varlen_func(q, k, v, cu_seqlens, cu_seqlens, max_seqlen, max_seqlen, causal=True)
    return output


@functools.cache
def _varlen_takes_groups() -> bool:
    from torch.nn.attention.varlen import varlen_attn

    return "enable_gqa" in inspect.signature(varlen_attn).parameters


def _varlen(q: Tensor, k: Tensor, v: Tensor, cu_seqlens: Tensor, max_seqlen: int) -> Tensor:
    from torch.nn.attention.varlen import varlen_attn

    groups = q.shape[1] // k.shape[1]
    arguments: dict[str, Any] = {"window_size": (-1, 0)}
    if groups > 1 and _varlen_takes_groups():
        arguments["enable_gqa"] = True
    elif groups > 1:
        # torch 2.11 has no grouped queries here.
        k, v = (tensor.repeat_interleave(groups, dim=1) for tensor in (k, v))
    output: Any = varlen_attn(q, k, v, cu_seqlens, cu_seqlens, max_seqlen, max_seqlen, **arguments)
    attended: Tensor = output
    return attended


_KERNELS: dict[str, Callable[[Tensor, Tensor, Tensor, Tensor, int], Tensor]] = {
    "flash3": _flash3,
    "flash4": _flash4,
    "flash2": _flash2,
    "varlen": _varlen,
}
"""Variable-length CUDA kernels, fastest first: FlashAttention 3 is for Hopper alone, 4 is made for Blackwell."""


def broken_backends(device: torch.device, dtype: torch.dtype = torch.bfloat16) -> dict[str, str]:
    """Return the kernels that are installed and do not work here, with what they say."""
    failures = {name: _failure(name, device, dtype) for name in _KERNELS}
    return {name: failure for name, failure in failures.items() if failure not in (None, _NOT_THERE)}


_NOT_THERE = "not there"


@functools.cache
def _failure(backend: str, device: torch.device, dtype: torch.dtype) -> str | None:
    """Return why a kernel does not run forward and backward, as one built for another GPU or torch; None if it does."""
    if device.type != "cuda" or dtype not in (torch.bfloat16, torch.float16):
        return _NOT_THERE
    cu_seqlens = torch.tensor([0, 5, 16, 16], dtype=torch.int32, device=device)
    q = torch.ones(16, 4, 64, dtype=dtype, device=device, requires_grad=True)
    k = torch.ones(16, 2, 64, dtype=dtype, device=device, requires_grad=True)
    try:
        _KERNELS[backend](q, k, k, cu_seqlens, 16).sum().backward()
        torch.cuda.synchronize(device)
    except ModuleNotFoundError:
        return _NOT_THERE
    except Exception as error:
        logger.warning(
            "attention backend %s is installed but does not work here, so it is not used: %s", backend, error
        )
        return " ".join(str(error).split())[:200]
    return None
