"""Losses and greedy continuations over a shared prefix, against plain passes without a cache."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from codelm.config import ModelConfig
from codelm.model.generation import continuation_losses, generate_greedy
from codelm.model.transformer import Transformer

VOCAB = 12
END = 10


@pytest.fixture(scope="module")
def model() -> Transformer:
    torch.manual_seed(0)
    model = Transformer(ModelConfig(vocab_size=VOCAB, layers=2, width=32, heads=4, kv_heads=2, hidden=48))
    for parameter in model.parameters():
        # So sharp that the most probable token changes from step to step, and stands clear of the next one.
        torch.nn.init.normal_(parameter, mean=float(parameter.dim() == 1), std=0.4)
    return model


@pytest.fixture(scope="module")
def texts() -> list[list[int]]:
    random = np.random.default_rng(0)
    return [random.integers(1, VOCAB, length).tolist() for length in random.integers(1, 30, 14)]


def logits_of(model: Transformer, tokens: list[int]) -> torch.Tensor:
    with torch.no_grad():
        return model.logits(model(torch.tensor(tokens), torch.tensor([0, len(tokens)], dtype=torch.int32), 64))


def plain_greedy(model: Transformer, tokens: list[int], limit: int) -> list[int]:
    tokens, start = list(tokens), len(tokens)
    while len(tokens) - start < limit:
        following = int(logits_of(model, tokens)[-1].argmax())
        if following == END:
            break
        tokens.append(following)
    return tokens[start:]


# One prefix at a time, a few, and all at once.
@pytest.mark.parametrize("max_batch_tokens", [1, 400, 65_536])
def test_greedy_equals_computing_every_token_anew(
    model: Transformer, texts: list[list[int]], max_batch_tokens: int
) -> None:
    branches = [[[branch + 1, *texts[-index][:branch]] for branch in range(index % 4)] for index in range(len(texts))]
    limits = [5 * (index % 5) for index in range(len(texts))]
    generated = generate_greedy(model, texts, branches, END, limits, max_batch_tokens)
    expected = [
        [plain_greedy(model, prefix + branch, limit) for branch in own]
        for prefix, own, limit in zip(texts, branches, limits, strict=True)
    ]
    assert generated == expected
    lengths = {len(tokens) for own in expected for tokens in own}
    # Some end by themselves, at different steps, and some at their limit.
    assert lengths - set(limits) and lengths & set(limits[1:])


def test_one_limit_serves_all_prefixes(model: Transformer, texts: list[list[int]]) -> None:
    generated = generate_greedy(model, texts, [[[1]] for _ in texts], END, 4)
    assert generated == [[plain_greedy(model, [*prefix, 1], 4)] for prefix in texts]


@pytest.mark.parametrize("max_batch_tokens", [1, 400, 65_536])
def test_losses_over_a_shared_prefix_equal_those_of_separate_passes(
    model: Transformer, texts: list[list[int]], max_batch_tokens: int
) -> None:
    continuations = [[[3, *texts[(index + 5) % 14]], [4], [5, *texts[index - 3]]] for index in range(len(texts))]
    continuations[2] = []
    losses = continuation_losses(model, texts, continuations, max_batch_tokens)
    assert [[len(part) for part in own] for own in losses] == [[len(text) - 1 for text in own] for own in continuations]
    for prefix, own, parts in zip(texts, continuations, losses, strict=True):
        for continuation, part in zip(own, parts, strict=True):
            whole = [*prefix, *continuation]
            full = F.cross_entropy(logits_of(model, whole)[:-1], torch.tensor(whole[1:]), reduction="none")
            assert part.dtype == np.float32
            # The first token of the continuation is given: its loss is not among them.
            np.testing.assert_allclose(part, full[len(prefix) :].numpy(), atol=1e-4, rtol=1e-4)


def test_an_empty_prefix_conditions_on_the_first_token_alone(model: Transformer) -> None:
    assert generate_greedy(model, [[], [7]], [[[2]], [[2]]], END, 6) == [
        [plain_greedy(model, [2], 6)],
        [plain_greedy(model, [7, 2], 6)],
    ]
    assert len(continuation_losses(model, [[]], [[[2, 3, 4]]])[0][0]) == 2


def test_a_continuation_without_its_given_token_is_refused(model: Transformer) -> None:
    with pytest.raises(ValueError, match="at least one token"):
        continuation_losses(model, [[1]], [[[]]])
