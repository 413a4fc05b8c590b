"""Losses and greedy continuations where several sequences share one prefix, as the targets of a translation do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from codelm.model.loss import token_losses
from codelm.model.transformer import KeyValueCache, Transformer

Tokens = Sequence[int] | np.ndarray

# Dropping the sequences that have ended copies the cache, which costs about as much as reading it for a few steps.
_COMPACT_BELOW = 0.8


@torch.inference_mode()
def continuation_losses(
    model: Transformer,
    prefixes: Sequence[Tokens],
    continuations: Sequence[Sequence[Tokens]],
    max_batch_tokens: int = 65_536,
) -> list[list[np.ndarray]]:
    """Loss of every token but the first of several continuations of each prefix.

    The first token of a continuation is given, not predicted: it conditions only (the token that names the target's
    language). A prefix is read once for all its continuations.

    Parameters
    ----------
    model
        The model.
    prefixes
        Token ids of each prefix.
    continuations
        For each prefix its continuations, each of at least one token.
    max_batch_tokens
        Bound on the tokens that the key-value cache has room for; one prefix and its continuations are read together
        however long they are.

    Returns
    -------
    list of list of numpy.ndarray
        For each prefix, for each of its continuations: losses in nats (len(continuation) - 1,), float32.
    """
    losses: list[list[np.ndarray]] = [[] for _ in prefixes]
    for batch, room in _batches(prefixes, continuations, [0] * len(prefixes), max_batch_tokens):
        cache = _read_prefixes(model, prefixes, continuations, batch, room)
        texts = [text for index in batch for text in continuations[index]]
        given, counts = _pad([text[:-1] for text in texts], cache.lengths.device)
        hidden = model.forward_cached(given, cache, counts)
        targets, _ = _pad([text[1:] for text in texts], cache.lengths.device)
        predicted = torch.arange(given.shape[1], device=given.device) < counts[:, None]
        flat = token_losses(hidden[predicted], model.lm_head.weight, targets[predicted]).cpu().numpy()
        parts = iter(np.split(flat, np.cumsum([len(text) - 1 for text in texts])))
        for index in batch:
            losses[index] = [next(parts) for _ in continuations[index]]
    return losses


@torch.inference_mode()
def generate_greedy(
    model: Transformer,
    prefixes: Sequence[Tokens],
    branches: Sequence[Sequence[Tokens]],
    end_token: int,
    max_new_tokens: Sequence[int] | int,
    max_batch_tokens: int = 65_536,
) -> list[list[list[int]]]:
    """Most probable next token, again and again, for several branches of each prefix.

    A prefix is read once for all its branches; sequences that have ended leave the batch.

    Parameters
    ----------
    model
        The model.
    prefixes
        Token ids of each prefix.
    branches
        For each prefix its branches: at least one token each, to be continued.
    end_token
        Ends a continuation.
    max_new_tokens
        Most tokens of a continuation, for all or for each prefix.
    max_batch_tokens
        Bound on the tokens that the key-value cache has room for; the branches of one prefix are continued together
        however long they are.

    Returns
    -------
    list of list of list of int
        For each prefix, for each of its branches: the new tokens, without `end_token`.
    """
    limits = [max_new_tokens] * len(prefixes) if isinstance(max_new_tokens, int) else list(max_new_tokens)
    generated: list[list[list[int]]] = [[] for _ in prefixes]
    for batch, room in _batches(prefixes, branches, limits, max_batch_tokens):
        cache = _read_prefixes(model, prefixes, branches, batch, room)
        openings = [opening for index in batch for opening in branches[index]]
        allowed = torch.tensor([limits[index] for index in batch for _ in branches[index]], device=cache.lengths.device)
        rows = iter(_continue(model, cache, openings, allowed, end_token).tolist())
        for index in batch:
            generated[index] = [_until(next(rows), end_token) for _ in branches[index]]
    return generated


def _continue(
    model: Transformer, cache: KeyValueCache, openings: list[Tokens], allowed: Tensor, end_token: int
) -> Tensor:
    """New tokens (sequences, most allowed), filled up with `end_token`."""
    output = torch.full((len(openings), int(allowed.max())), end_token, device=allowed.device)
    sequences = torch.arange(len(openings), device=allowed.device)
    tokens, counts = _pad(openings, allowed.device)
    hidden = model.forward_cached(tokens, cache, counts)[sequences, counts - 1]
    alive = allowed > 0
    for step in range(output.shape[1]):
        following = model.logits(hidden).argmax(-1)
        output[sequences, step] = torch.where(alive, following, end_token)
        alive &= (following != end_token) & (step + 1 < allowed)
        living = int(alive.sum())
        if living == 0:
            break
        if living < _COMPACT_BELOW * len(sequences):
            kept = alive.nonzero()[:, 0]
            cache = cache.select(kept, output.shape[1] - step)
            sequences, following, allowed, alive = sequences[kept], following[kept], allowed[kept], alive[kept]
        hidden = model.forward_cached(following[:, None], cache)[:, 0]
    return output


def _batches(
    prefixes: Sequence[Tokens], branches: Sequence[Sequence[Tokens]], limits: Sequence[int], max_batch_tokens: int
) -> Iterator[tuple[list[int], int]]:
    """Indices of prefixes of similar length whose branches fit together, and the room that a branch needs."""
    if any(len(branch) == 0 for own in branches for branch in own):
        raise ValueError("every continuation needs at least one token, the one that is given")
    batch: list[int] = []
    rows = longest = limit = 0
    for index in sorted(range(len(prefixes)), key=lambda index: len(prefixes[index])):
        if not branches[index]:
            continue
        own = len(branches[index]), max(map(len, branches[index])), limits[index]
        joined = rows + own[0], max(longest, own[1]), max(limit, own[2])
        if batch and joined[0] * (len(prefixes[index]) + joined[1] + joined[2]) > max_batch_tokens:
            yield batch, longest + limit
            batch, joined = [], own
        batch.append(index)
        rows, longest, limit = joined
    if batch:
        yield batch, longest + limit


def _read_prefixes(
    model: Transformer,
    prefixes: Sequence[Tokens],
    branches: Sequence[Sequence[Tokens]],
    batch: list[int],
    room: int,
) -> KeyValueCache:
    """Cache with one row per branch, each holding its prefix, and with room for more tokens."""
    device = model.lm_head.weight.device
    tokens, counts = _pad([prefixes[index] for index in batch], device)
    cache = KeyValueCache.empty(model, len(batch), tokens.shape[1])
    model.forward_cached(tokens, cache, counts)
    repeats = torch.tensor([len(branches[index]) for index in batch], device=device)
    owners = torch.arange(len(batch), device=device).repeat_interleave(repeats)
    return cache.select(owners, room)


def _pad(texts: Sequence[Tokens], device: torch.device) -> tuple[Tensor, Tensor]:
    """Tokens (texts, longest), padded on the right, and their numbers (texts,)."""
    counts = [len(text) for text in texts]
    padded = np.zeros((len(texts), max(counts)), dtype=np.int64)
    for row, text in zip(padded, texts, strict=True):
        row[: len(text)] = text
    return torch.from_numpy(padded).to(device), torch.tensor(counts, device=device)


def _until(tokens: list[int], end_token: int) -> list[int]:
    return tokens[: tokens.index(end_token)] if end_token in tokens else tokens
