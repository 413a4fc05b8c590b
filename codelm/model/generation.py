"""Losses and continuations from any causal language model, where several sequences may share one prefix."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from codelm.errors import UserError
from codelm.model.cache import KeyValueCache

Tokens = Sequence[int] | np.ndarray
Decode = Callable[[list[int]], str]
"""Text of token ids."""
Reason = Literal["end", "stop", "limit"]
"""What ended a continuation: the end token, a stop text, or the limit of new tokens."""

_BATCH_TOKENS = {"cpu": 16_384, "cuda": 65_536}
"""Room in the cache by default. On a CPU a batch whose keys and values outgrow the processor's cache is slower."""

_LOSS_ROWS = 512
"""Tokens whose logits exist at a time."""

_ENTER_SHARE = 1 / 8
"""Share of the rows that wait for company before new sequences enter: reading one prefix at a time would be slow."""


class CausalModel(Protocol):
    """What scoring and generation need of a language model."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    def empty_cache(self, rows: int, capacity: int) -> KeyValueCache:
        """Cache with room for `capacity` tokens in each row."""

    def forward_cached(self, tokens: Tensor, counts: np.ndarray, cache: KeyValueCache) -> Tensor:
        """Read tokens (T,) on, `counts` (rows,) of them in each row of a cache; hidden states (T, width)."""

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores (..., vocab_size) of the next token."""


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen.

    Parameters
    ----------
    temperature
        The logits are divided by it; 0 takes the most probable token.
    top_p
        Tokens are drawn from the fewest whose probabilities sum up to it (nucleus sampling, arXiv 1904.09751).
    samples
        Continuations of each branch.
    seed
        Decides all samples, together with the name of their request.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    samples: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature < math.inf:
            raise UserError(f"a temperature of {self.temperature} is not possible: choose 0 (greedy) or more")
        if not 0 < self.top_p <= 1:
            raise UserError(f"a top-p of {self.top_p} is not possible: choose more than 0 and at most 1")
        if self.samples < 1:
            raise UserError(f"{self.samples} samples are not possible: choose 1 or more")
        if self.samples > 1 and self.temperature == 0:
            raise UserError("at temperature 0 all samples are the same: choose 1 sample, or a temperature above 0")
        if self.seed < 0:
            raise UserError(f"a seed of {self.seed} is not possible: choose 0 or more")


GREEDY = Sampling()


@dataclass(frozen=True)
class Request:
    """What is to be continued.

    Parameters
    ----------
    name
        Tells it from the other requests of a run, this one or a later one.
    prefix
        Token ids that all branches share; they are read once.
    max_new_tokens
        Most tokens of a continuation.
    branches
        Token ids that follow the prefix, each to be continued by itself. By default one of no tokens.
    stop
        Texts at which a continuation ends; it is cut in front of the first.
    """

    name: str
    prefix: Tokens
    max_new_tokens: int
    branches: Sequence[Tokens] = ((),)
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.prefix) == 0 and any(len(branch) == 0 for branch in self.branches):
            raise ValueError("there is nothing to continue: prefix and branch are empty")
        if "" in self.stop:
            raise ValueError("an empty text cannot be what a continuation ends at")


class Completion(NamedTuple):
    """One continuation."""

    tokens: list[int]
    """The new tokens without the end token; where a text stopped it, up to the token that completed the text."""
    text: str
    """Their text, cut in front of the first stop text."""
    reason: Reason


class Generation(NamedTuple):
    """All continuations of a request."""

    request: Request
    completions: list[list[Completion]]
    """For each branch, its samples."""


@torch.inference_mode()
def continuation_losses(
    model: CausalModel,
    prefixes: Sequence[Tokens],
    continuations: Sequence[Sequence[Tokens]],
    max_batch_tokens: int | None = None,
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
        Bound on the tokens that the key-value cache has room for, by default what suits the device; one prefix and its
        continuations are read together however long they are.

    Returns
    -------
    list of list of numpy.ndarray
        For each prefix, for each of its continuations: losses in nats (len(continuation) - 1,), float32.
    """
    if any(len(continuation) == 0 for own in continuations for continuation in own):
        raise ValueError("every continuation needs at least one token, the one that is given")
    losses = [[np.empty(0, dtype=np.float32)] * len(own) for own in continuations]
    for batch in _scoring_batches(prefixes, continuations, max_batch_tokens or _default_batch_tokens(model)):
        # The rows that read the prefixes, then those that copy them.
        order = [(index, 0) for index in batch]
        order += [(index, number) for index in batch for number in range(1, len(continuations[index]))]
        sources = [batch.index(index) for index, _ in order[len(batch) :]]
        texts = [continuations[index][number] for index, number in order]
        capacity = max(len(prefixes[index]) for index in batch) + max(map(len, texts)) - 1
        cache = model.empty_cache(len(texts), capacity)
        _read_prefixes(model, cache, 0, [prefixes[index] for index in batch], sources)
        given, counts = _join([text[:-1] for text in texts], model.device)
        if len(given) == 0:
            continue
        targets, _ = _join([text[1:] for text in texts], model.device)
        flat = _token_losses(model, model.forward_cached(given, counts, cache), targets)
        for (index, number), own in zip(order, np.split(flat, np.cumsum(counts)[:-1]), strict=True):
            losses[index][number] = own
    return losses


@torch.inference_mode()
def generate(
    model: CausalModel,
    requests: Sequence[Request],
    decode: Decode,
    end_tokens: Collection[int] = (),
    sampling: Sampling = GREEDY,
    max_batch_tokens: int | None = None,
) -> Iterator[Generation]:
    """Continue every branch of every request, and yield a request as soon as all of its continuations have ended.

    A prefix is read once for all its branches and samples. Sequences that have ended leave the batch, and others enter
    in their place, the longest first, so that those in the batch are of similar length. What a request gets depends on
    the model, the request and `sampling` alone, up to rounding: not on what else is in the batch.

    Parameters
    ----------
    model
        The model. The caller sees to it that prefix, branch and new tokens fit its context.
    requests
        What is to be continued; their names differ.
    decode
        Text of token ids.
    end_tokens
        Each of them ends a continuation.
    sampling
        How the next token is chosen.
    max_batch_tokens
        Bound on the tokens that the key-value cache has room for, by default what suits the device. A single sequence
        is continued however long it is; and where sequences have become much shorter, the cache is laid out anew,
        which takes the memory twice for a moment.

    Yields
    ------
    Generation
        In the order in which they end.
    """
    if len({request.name for request in requests}) < len(requests):
        raise ValueError("the names of the requests must differ: they decide the samples")
    groups = [_Group(request, sampling) for request in requests]
    for group in groups:
        if group.unfinished == 0:
            yield group.result(decode)
    longest_first = sorted(groups, key=lambda group: group.need, reverse=True)
    queue = deque(sequence for group in longest_first if group.unfinished for sequence in group.sequences)
    batch = _Batch(model, max_batch_tokens or _default_batch_tokens(model))
    while queue or batch.sequences:
        batch.admit(queue)
        tokens = _choose(model.logits(batch.hidden), sampling, batch.sequences)
        ended = [
            sequence.add(token, end_tokens, decode)
            for sequence, token in zip(batch.sequences, tokens.tolist(), strict=True)
        ]
        leaving = [sequence for sequence, ends in zip(batch.sequences, ended, strict=True) if ends]
        batch.read(tokens, ended)
        for sequence in leaving:
            sequence.group.unfinished -= 1
            if sequence.group.unfinished == 0:
                yield sequence.group.result(decode)


class _Group:
    """The sequences of a request, and how many of them have not ended."""

    def __init__(self, request: Request, sampling: Sampling) -> None:
        self.request = request
        self.shared, branches = request.prefix, request.branches
        if any(len(branch) == 0 for branch in branches):
            # Every sequence reads a token of its own, from whose hidden state it goes on: the last one of the prefix.
            self.shared = request.prefix[:-1]
            branches = [[*request.prefix[-1:], *branch] for branch in branches]
        self.need = len(self.shared) + max(map(len, branches), default=0) + request.max_new_tokens
        self.sequences = [
            _Sequence(self, opening, (sampling.seed, branch, sample))
            for branch, opening in enumerate(branches)
            for sample in range(sampling.samples)
        ]
        self.unfinished = len(self.sequences) if request.max_new_tokens > 0 else 0
        self._samples = sampling.samples

    def result(self, decode: Decode) -> Generation:
        completions = [sequence.completion(decode) for sequence in self.sequences]
        starts = range(0, len(completions), self._samples)
        return Generation(self.request, [completions[start : start + self._samples] for start in starts])


class _Sequence:
    """A continuation in the making."""

    def __init__(self, group: _Group, opening: Tokens, place: tuple[int, int, int]) -> None:
        self.group = group
        self.opening = opening
        self._place = place
        self._tokens: list[int] = []
        self._reason: Reason = "limit"

    @cached_property
    def random(self) -> np.random.Generator:
        """One draw per token, and nobody else's: what else is in the batch, or ran before, moves none of them."""
        return np.random.default_rng((*self._place, *self.group.request.name.encode()))

    def add(self, token: int, end_tokens: Collection[int], decode: Decode) -> bool:
        """Add a new token and return whether it ends the continuation."""
        if token in end_tokens:
            self._reason = "end"
            return True
        self._tokens.append(token)
        return len(self._tokens) == self.group.request.max_new_tokens or self._stopped(decode)

    def completion(self, decode: Decode) -> Completion:
        text = decode(self._tokens)
        cuts = [text.index(stop) for stop in self.group.request.stop if stop in text]
        return Completion(self._tokens, text[: min(cuts, default=len(text))], "stop" if cuts else self._reason)

    def _stopped(self, decode: Decode) -> bool:
        stop = self.group.request.stop
        if not stop:
            return False
        # Decoding everything for every token would take quadratic time. A stop text has no more tokens than bytes; the
        # first few tokens of the window may begin within a character.
        window = max(len(text.encode()) for text in stop) + 4
        recent = decode(self._tokens[-window:])
        return any(text in recent for text in stop) and any(text in decode(self._tokens) for text in stop)


class _Batch:
    """The sequences that are being continued, one per row of the cache, and their last hidden states."""

    def __init__(self, model: CausalModel, budget: int) -> None:
        self._model = model
        self._budget = budget
        self._rows = self._capacity = 0
        self._cache: KeyValueCache
        self.sequences: list[_Sequence] = []
        self.hidden: Tensor

    def admit(self, queue: deque[_Sequence]) -> None:
        """Let waiting sequences enter, if enough rows are free for it to be worth the while."""
        if not queue:
            return
        needed = max(sequence.group.need for sequence in (queue[0], *self.sequences))
        if self._capacity == 0 or 2 * needed <= self._capacity:
            self._lay_out(max(1, self._budget // needed), needed, len(queue))
        free = self._rows - len(self.sequences)
        if free >= min(len(queue), max(1, _ENTER_SHARE * self._rows)):
            self._enter([queue.popleft() for _ in range(min(free, len(queue)))])

    def read(self, tokens: Tensor, ended: list[bool]) -> None:
        """Have the sequences read their new tokens (rows,), but for those that have ended, which leave."""
        kept = [row for row, ends in enumerate(ended) if not ends]
        # The last rows move to where one has ended; the others stay where they are.
        for row in range(len(kept)):
            if ended[row]:
                self._cache.rows(row, row + 1).take(self._cache, [kept[-1]])
                kept.insert(row, kept.pop())
        self.sequences = [self.sequences[row] for row in kept]
        self.hidden = self.hidden[:0]
        if kept:
            ones = np.ones(len(kept), dtype=np.int64)
            self.hidden = self._model.forward_cached(tokens[kept], ones, self._cache.rows(0, len(kept)))

    def _lay_out(self, rows: int, capacity: int, waiting: int) -> None:
        living = len(self.sequences)
        cache = self._model.empty_cache(min(rows, living + waiting), capacity)
        if living:
            cache.rows(0, living).take(self._cache, range(living))
        self._cache, self._rows, self._capacity = cache, min(rows, living + waiting), capacity

    def _enter(self, entering: list[_Sequence]) -> None:
        living = len(self.sequences)
        # Whoever shares a prefix with a row copies it from there.
        holders = {sequence.group: row for row, sequence in enumerate(self.sequences)}
        readers: list[_Sequence] = []
        copiers: list[_Sequence] = []
        for sequence in entering:
            known = sequence.group in holders
            (copiers if known else readers).append(sequence)
            if not known:
                holders[sequence.group] = living + len(readers) - 1
        prefixes = [sequence.group.shared for sequence in readers]
        _read_prefixes(self._model, self._cache, living, prefixes, [holders[sequence.group] for sequence in copiers])
        self.sequences += readers + copiers
        entered = self.sequences[living:]
        cache = self._cache.rows(living, len(self.sequences))
        # A row that was copied from one which has got further holds more than the prefix.
        cache.lengths[:] = [len(sequence.group.shared) for sequence in entered]
        tokens, counts = _join([sequence.opening for sequence in entered], self._model.device)
        last = self._model.forward_cached(tokens, counts, cache)[np.cumsum(counts) - 1]
        self.hidden = torch.cat([self.hidden, last]) if living else last


def _choose(logits: Tensor, sampling: Sampling, sequences: Sequence[_Sequence]) -> Tensor:
    """Next token of each sequence (rows,)."""
    if sampling.temperature == 0:
        return logits.argmax(-1)
    probabilities = (logits.float() / sampling.temperature).softmax(-1)
    if sampling.top_p < 1:
        probabilities = _nucleus(probabilities, sampling.top_p)
    draws = torch.tensor([sequence.random.random() for sequence in sequences], dtype=torch.float64)
    # Inverse of the cumulative distribution, in vocabulary order: rounding moves its edges by a hair, where it could
    # change places in an order by probability.
    cumulative = probabilities.cumsum(-1, dtype=torch.float64)
    drawn = draws.to(logits.device)[:, None] * cumulative[:, -1:]
    return torch.searchsorted(cumulative, drawn, right=True)[:, 0]


def _nucleus(probabilities: Tensor, top_p: float) -> Tensor:
    """Probabilities (rows, vocab) of the fewest tokens that sum up to `top_p`, 0 for the others."""
    ordered, tokens = probabilities.sort(dim=-1, descending=True, stable=True)
    before = ordered.cumsum(-1) - ordered
    return torch.zeros_like(probabilities).scatter(-1, tokens, ordered.masked_fill(before >= top_p, 0))


def _token_losses(model: CausalModel, hidden: Tensor, targets: Tensor) -> np.ndarray:
    """Cross-entropy of each target in nats (T,), float32."""
    losses = [
        F.cross_entropy(model.logits(states).float(), own, reduction="none")
        for states, own in zip(hidden.split(_LOSS_ROWS), targets.split(_LOSS_ROWS), strict=True)
    ]
    return torch.cat(losses).cpu().numpy()


def _read_prefixes(
    model: CausalModel, cache: KeyValueCache, start: int, prefixes: Sequence[Tokens], copied: Sequence[int]
) -> None:
    """Fill the rows of a cache from `start` on: first by reading prefixes, then by copying rows."""
    stop = start + len(prefixes)
    readers = cache.rows(start, stop)
    readers.lengths[:] = 0
    tokens, counts = _join(prefixes, model.device)
    if len(tokens):
        model.forward_cached(tokens, counts, readers)
    cache.rows(stop, stop + len(copied)).take(cache, copied)


def _scoring_batches(
    prefixes: Sequence[Tokens], continuations: Sequence[Sequence[Tokens]], max_batch_tokens: int
) -> Iterator[list[int]]:
    """Indices of prefixes of similar length that fit together with all their continuations."""
    batch: list[int] = []
    rows = longest = 0
    for index in sorted(range(len(prefixes)), key=lambda index: len(prefixes[index])):
        if not continuations[index]:
            continue
        own = len(continuations[index]), max(map(len, continuations[index]))
        joined = rows + own[0], max(longest, own[1])
        if batch and joined[0] * (len(prefixes[index]) + joined[1]) > max_batch_tokens:
            yield batch
            batch, joined = [], own
        batch.append(index)
        rows, longest = joined
    if batch:
        yield batch


def _join(texts: Sequence[Tokens], device: torch.device) -> tuple[Tensor, np.ndarray]:
    """Tokens of all texts (T,), and how many each of them has (texts,)."""
    counts = np.array([len(text) for text in texts], dtype=np.int64)
    tokens = np.concatenate([np.asarray(text, dtype=np.int64) for text in texts] or [np.empty(0, dtype=np.int64)])
    return torch.from_numpy(tokens).to(device), counts


def _default_batch_tokens(model: CausalModel) -> int:
    return _BATCH_TOKENS.get(model.device.type, _BATCH_TOKENS["cuda"])
