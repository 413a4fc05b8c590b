"""Losses and continuations over a shared prefix, against plain passes without a cache; sampling; stopping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.model.generation import (
    GREEDY,
    Completion,
    Request,
    Sampling,
    _nucleus,
    continuation_losses,
    generate,
)
from codelm.model.transformer import Transformer

VOCAB = 12
END = 10
BATCHES = [1, 150, 400, 65_536]
"""One sequence at a time, a few, and all at once."""


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


def letters(tokens: Sequence[int]) -> str:
    """Text of tokens: one or two letters each."""
    return "".join("abcdefgh"[token % 8] * (1 + token // 8) for token in tokens)


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


def completions(
    model: Transformer, requests: list[Request], sampling: Sampling = GREEDY, max_batch_tokens: int | None = None
) -> dict[str, list[list[Completion]]]:
    generations = generate(model, requests, letters, (END,), sampling, max_batch_tokens)
    return {generation.request.name: generation.completions for generation in generations}


@pytest.mark.parametrize("max_batch_tokens", BATCHES)
def test_greedy_equals_computing_every_token_anew(
    model: Transformer, texts: list[list[int]], max_batch_tokens: int
) -> None:
    requests = [
        Request(str(index), text, 5 * (index % 5), [[b + 1, *texts[-index][:b]] for b in range(index % 4)])
        for index, text in enumerate(texts)
    ]
    made = completions(model, requests, max_batch_tokens=max_batch_tokens)
    assert made.keys() == {request.name for request in requests}
    seen = Counter[str]()
    for request in requests:
        assert len(made[request.name]) == len(request.branches)
        for branch, (completion,) in zip(request.branches, made[request.name], strict=True):
            expected = plain_greedy(model, [*request.prefix, *branch], request.max_new_tokens)
            assert completion.tokens == expected
            assert completion.text == letters(expected)
            assert completion.reason == ("limit" if len(expected) == request.max_new_tokens else "end")
            seen[completion.reason] += 1
    assert seen["end"] > 3
    assert seen["limit"] > 3


def test_a_prefix_alone_is_continued_from_its_last_token(model: Transformer, texts: list[list[int]]) -> None:
    made = completions(model, [Request("bare", texts[3], 9), Request("mixed", texts[4], 9, [[], [2, 3]])])
    assert made["bare"][0][0].tokens == plain_greedy(model, texts[3], 9)
    assert [samples[0].tokens for samples in made["mixed"]] == [
        plain_greedy(model, texts[4], 9),
        plain_greedy(model, [*texts[4], 2, 3], 9),
    ]


def test_an_empty_prefix_conditions_on_the_branch_alone(model: Transformer) -> None:
    made = completions(model, [Request("", [], 6, [[2]]), Request("one", [7], 6, [[2]])])
    assert made[""][0][0].tokens == plain_greedy(model, [2], 6)
    assert made["one"][0][0].tokens == plain_greedy(model, [7, 2], 6)
    assert len(continuation_losses(model, [[]], [[[2, 3, 4]]])[0][0]) == 2


def test_requests_come_as_they_end(model: Transformer, texts: list[list[int]]) -> None:
    requests = [Request("long", texts[0], 40, [[1]]), Request("short", texts[0], 1, [[1]]), Request("none", [1], 0)]
    order = [generation.request.name for generation in generate(model, requests, letters)]
    assert order == ["none", "short", "long"]


def test_samples_do_not_depend_on_what_else_is_in_the_batch(model: Transformer, texts: list[list[int]]) -> None:
    sampling = Sampling(temperature=0.9, top_p=0.95, samples=5, seed=3)
    requests = [Request(f"task {index}", text, 15, [[], [3]]) for index, text in enumerate(texts[:6])]
    together = completions(model, requests, sampling)
    for max_batch_tokens in BATCHES[:3]:
        assert completions(model, requests[::-1], sampling, max_batch_tokens) == together
    resumed = completions(model, requests[4:], sampling)
    assert resumed == {name: together[name] for name in ("task 4", "task 5")}
    # Each sample is another one, but for short ones that meet by chance, and so are those of another seed.
    drawn = [tuple(sample.tokens) for branches in together.values() for branch in branches for sample in branch]
    long = [tokens for tokens in drawn if len(tokens) > 5]
    assert len(set(long)) == len(long) > 0.5 * len(drawn)
    assert completions(model, requests, Sampling(0.9, 0.95, 5, seed=4)) != together


@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (0.5, 1.0), (1.5, 0.8)])
def test_sampled_frequencies_follow_the_softmax_within_the_nucleus(
    model: Transformer, temperature: float, top_p: float
) -> None:
    prompt, samples = [5, 2, 7], 4000
    sampling = Sampling(temperature, top_p, samples)
    made = completions(model, [Request("frequencies", prompt, 1)], sampling)["frequencies"][0]
    counts = np.zeros(VOCAB)
    for completion in made:
        counts[completion.tokens[0] if completion.tokens else END] += 1
    expected = (logits_of(model, prompt)[-1] / temperature).softmax(-1).numpy().astype(np.float64)
    order = np.argsort(-expected)
    expected[order[np.searchsorted(expected[order].cumsum(), top_p) + 1 :]] = 0
    expected /= expected.sum()
    assert not counts[expected == 0].any()
    assert (expected == 0).any() == (top_p < 1)
    # Four standard deviations, with a fixed seed.
    np.testing.assert_array_less(np.abs(counts - samples * expected), 4 * np.sqrt(samples * expected) + 1)


@given(
    probabilities=st.lists(st.floats(1e-3, 1), min_size=2, max_size=9),
    top_p=st.floats(0.01, 0.99),
)
@settings(deadline=None)
def test_the_nucleus_is_the_fewest_tokens_that_reach_top_p(probabilities: list[float], top_p: float) -> None:
    rows = torch.tensor([probabilities, probabilities[::-1]])
    rows /= rows.sum(-1, keepdim=True)
    for row, kept in zip(rows, _nucleus(rows, top_p), strict=True):
        inside = kept > 0
        assert torch.equal(kept[inside], row[inside])
        assert row[inside].min() >= row[~inside].max() if (~inside).any() else True
        assert row[inside].sum() >= top_p - 1e-5
        assert row[inside].sum() - row[inside].min() < top_p + 1e-5


def test_greedy_is_the_limit_of_a_low_temperature(model: Transformer, texts: list[list[int]]) -> None:
    requests = [Request(str(index), text, 8) for index, text in enumerate(texts)]
    assert completions(model, requests, Sampling(temperature=1e-4)) == completions(model, requests)


@pytest.mark.parametrize("max_batch_tokens", [1, 65_536])
def test_a_stop_text_is_found_across_tokens_and_cut_off(
    model: Transformer, texts: list[list[int]], max_batch_tokens: int
) -> None:
    plain = {str(index): plain_greedy(model, text, 30) for index, text in enumerate(texts)}
    name = max(plain, key=lambda name: len(set(plain[name])))
    tokens = plain[name]
    text = letters(tokens)
    # From the middle of the third token's text to the sixth token.
    start = len(letters(tokens[:3])) - 1
    stop = text[start : len(letters(tokens[:6]))]
    requests = [Request(name, texts[int(name)], 30, stop=("nowhere", stop))]
    ((completion,),) = completions(model, requests, max_batch_tokens=max_batch_tokens)[name]
    assert completion.text == text[: text.index(stop)]
    assert completion.reason == "stop"
    # It goes no further than the token that completes the text.
    assert stop in letters(completion.tokens)
    assert stop not in letters(completion.tokens[:-1])
    assert completion.tokens == tokens[: len(completion.tokens)]


def test_the_first_of_several_stop_texts_counts(model: Transformer, texts: list[list[int]]) -> None:
    text = completions(model, [Request("", texts[1], 20)])[""][0][0].text
    stops = tuple(sorted({text[4:6], text[2:4], text[3:5]}))
    ((completion,),) = completions(model, [Request("", texts[1], 20, stop=stops)])[""]
    assert completion.text == text[: min(text.index(stop) for stop in stops)]


@pytest.mark.parametrize("max_batch_tokens", BATCHES)
def test_losses_over_a_shared_prefix_equal_those_of_separate_passes(
    model: Transformer, texts: list[list[int]], max_batch_tokens: int
) -> None:
    continuations = [[[3, *texts[(index + 5) % 14]], [4], [5, *texts[index - 3]]] for index in range(len(texts))]
    continuations[2] = []
    continuations[3] = [[4]]
    losses = continuation_losses(model, texts, continuations, max_batch_tokens)
    assert [[len(part) for part in own] for own in losses] == [[len(text) - 1 for text in own] for own in continuations]
    for prefix, own, parts in zip(texts, continuations, losses, strict=True):
        for continuation, part in zip(own, parts, strict=True):
            whole = [*prefix, *continuation]
            full = F.cross_entropy(logits_of(model, whole)[:-1], torch.tensor(whole[1:]), reduction="none")
            assert part.dtype == np.float32
            # The first token of the continuation is given: its loss is not among them.
            np.testing.assert_allclose(part, full[len(prefix) :].numpy(), atol=1e-4, rtol=1e-4)


def test_under_autocast_the_cache_has_its_precision(model: Transformer, texts: list[list[int]]) -> None:
    continuations = [[[3, *texts[index - 1]]] for index in range(len(texts))]
    exact = continuation_losses(model, texts, continuations)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert model.empty_cache(1, 1).layers[0][0].dtype == torch.bfloat16
        rounded = continuation_losses(model, texts, continuations)
    flat = [np.concatenate([part for own in losses for part in own]) for losses in (exact, rounded)]
    assert not np.array_equal(*flat)
    assert flat[1].mean() == pytest.approx(flat[0].mean(), rel=0.05)


def test_a_continuation_without_its_given_token_is_refused(model: Transformer) -> None:
    with pytest.raises(ValueError, match="at least one token"):
        continuation_losses(model, [[1]], [[[]]])


def test_what_cannot_be_continued_is_refused(model: Transformer) -> None:
    with pytest.raises(ValueError, match="nothing to continue"):
        Request("", [], 5)
    with pytest.raises(ValueError, match="empty text"):
        Request("", [1], 5, stop=("",))
    with pytest.raises(ValueError, match="names of the requests must differ"):
        next(generate(model, [Request("same", [1], 5), Request("same", [2], 5)], letters))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"temperature": float("inf")}, "temperature"),
        ({"top_p": 0.0}, "top-p"),
        ({"top_p": 1.1}, "top-p"),
        ({"samples": 0}, "samples"),
        ({"samples": 2}, "all samples are the same"),
        ({"seed": -1}, "seed"),
    ],
)
def test_impossible_sampling_is_a_user_error(settings: dict[str, float], says: str) -> None:
    with pytest.raises(UserError, match=says):
        Sampling(**settings)  # type: ignore[arg-type]
