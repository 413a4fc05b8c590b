"""The decoder: parity with Hugging Face's Llama, isolation of packed documents, initialisation, the cache."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from codelm.config import ModelConfig
from codelm.model import transformer
from codelm.model.hf import to_hugging_face
from codelm.model.loss import linear_cross_entropy
from codelm.model.transformer import Transformer

CONFIG = ModelConfig(vocab_size=96, layers=3, width=64, heads=4, kv_heads=2, hidden=112, rope_base=500.0)
BOUNDS = [0, 11, 12, 43, 60, 60]


def make_model(config: ModelConfig = CONFIG) -> Transformer:
    torch.manual_seed(0)
    model = Transformer(config)
    for parameter in model.parameters():
        # Larger than at initialisation, so that every part of the decoder weighs in what is compared.
        torch.nn.init.normal_(parameter, mean=float(parameter.dim() == 1), std=0.15)
    return model


def random_tokens(*shape: int) -> torch.Tensor:
    return torch.randint(0, CONFIG.vocab_size, shape, generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("kv_heads", [4, 2])
def test_packed_logits_are_those_of_hugging_face_for_each_document_alone(kv_heads: int) -> None:
    model = make_model(ModelConfig(96, 3, 64, 4, kv_heads, 112, rope_base=500.0))
    reference = to_hugging_face(model).eval()
    tokens = random_tokens(60)
    with torch.no_grad():
        logits = model.logits(model(tokens, torch.tensor(BOUNDS, dtype=torch.int32), 64))
        for start, end in pairwise(BOUNDS[:-1]):
            alone = reference(tokens[None, start:end]).logits[0]
            torch.testing.assert_close(logits[start:end], alone, atol=1e-4, rtol=1e-4)


def test_parameter_names_are_those_of_hugging_face() -> None:
    model = make_model()
    assert model.state_dict().keys() == to_hugging_face(model).state_dict().keys()


def test_one_document_s_content_moves_no_bit_of_its_neighbours() -> None:
    model = make_model()
    cu_seqlens = torch.tensor(BOUNDS, dtype=torch.int32)
    changed = slice(12, 43)
    others = [*range(12), *range(43, 60)]
    results = []
    for shift in (0, 7):
        tokens = random_tokens(60)
        tokens[changed] = (tokens[changed] + shift) % CONFIG.vocab_size
        embedded: list[torch.Tensor] = []

        def keep(module: torch.nn.Module, arguments: object, output: torch.Tensor, kept: list = embedded) -> None:
            output.retain_grad()
            kept.append(output)

        handle = model.model.embed_tokens.register_forward_hook(keep)
        logits = model.logits(model(tokens, cu_seqlens, 64))
        handle.remove()
        logits.square().sum().backward()
        results.append((logits.detach(), embedded[0].grad))
    for before, after in zip(*results, strict=True):
        assert torch.equal(before[others], after[others])
        assert not torch.equal(before[changed], after[changed])


def test_the_configuration_counts_the_parameters_that_there_are() -> None:
    for config in (CONFIG, ModelConfig(2048, 4, 128, 4, 4, 352)):
        assert sum(parameter.numel() for parameter in Transformer(config).parameters()) == config.parameters


def test_initialisation_follows_the_seed_and_is_smaller_into_the_residual_stream() -> None:
    config = ModelConfig(1024, 8, 128, 4, 4, 352)
    models = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        models.append(Transformer(config).state_dict())
    first, again, other = models
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["lm_head.weight"], other["lm_head.weight"])
    assert first["model.layers.0.mlp.up_proj.weight"].std().item() == pytest.approx(1 / math.sqrt(128), rel=0.03)
    for name in ("self_attn.o_proj", "mlp.down_proj"):
        assert first[f"model.layers.7.{name}.weight"].std().item() == pytest.approx(1 / math.sqrt(128) / 4, rel=0.03)


def test_bfloat16_autocast_gives_nearly_the_same_loss_and_float32_gradients() -> None:
    model = make_model()
    tokens, cu_seqlens = random_tokens(60), torch.tensor(BOUNDS, dtype=torch.int32)
    losses = []
    for enabled in (False, True):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            loss, _ = linear_cross_entropy(model(tokens, cu_seqlens, 64), model.lm_head.weight, tokens.roll(-1))
        losses.append(loss.item())
    loss.backward()
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    assert losses[1] != losses[0]
    assert all(parameter.grad is not None and parameter.grad.dtype == torch.float32 for parameter in model.parameters())


# As one padded rectangle, as a GPU has it; as several; row by row.
@pytest.mark.parametrize("padding", [math.inf, 1.5, 1.0])
@pytest.mark.parametrize("kv_heads", [4, 2])
def test_reading_on_from_a_cache_is_reading_the_whole(
    monkeypatch: pytest.MonkeyPatch, padding: float, kv_heads: int
) -> None:
    monkeypatch.setitem(transformer._PADDING, "cpu", padding)
    model = make_model(ModelConfig(96, 3, 64, 4, kv_heads, 112, rope_base=500.0))
    texts = random_tokens(4, 24)
    cache = model.empty_cache(rows=4, capacity=24)
    read = []
    with torch.inference_mode():
        # Rows that get no token, one token each, and rows of different lengths from the start.
        for counts in ([9, 4, 1, 0], [3, 6, 5, 0], [1, 1, 1, 1], [1, 1, 1, 1], [0, 3, 9, 2], [2, 2, 2, 2]):
            starts = cache.lengths.copy()
            parts = [text[start : start + count] for text, start, count in zip(texts, starts, counts, strict=True)]
            read.append(model.forward_cached(torch.cat(parts), np.array(counts), cache).split(counts))
            assert (cache.lengths == starts + counts).all()
        for row, text in enumerate(texts):
            whole = model(text, torch.tensor([0, 24], dtype=torch.int32), 32)[: cache.lengths[row]]
            torch.testing.assert_close(torch.cat([step[row] for step in read]), whole, atol=1e-4, rtol=1e-4)


def test_a_copied_row_goes_on_by_itself() -> None:
    model = make_model()
    texts = random_tokens(3, 12)
    with torch.inference_mode():
        cache = model.empty_cache(rows=5, capacity=12)
        model.forward_cached(texts[:2, :7].flatten(), np.array([7, 7]), cache.rows(0, 2))
        cache.rows(2, 4).take(cache, [1, 1])
        assert cache.lengths.tolist() == [7, 7, 7, 7, 0]
        # The second text in one copy, and the third one's end on it in the other.
        further = torch.cat([texts[1, 7:], texts[2, 7:]])
        hidden = model.forward_cached(further, np.array([5, 5]), cache.rows(2, 4))
        for row, end in enumerate((texts[1, 7:], texts[2, 7:])):
            whole = model(torch.cat([texts[1, :7], end]), torch.tensor([0, 12], dtype=torch.int32), 32)
            torch.testing.assert_close(hidden[5 * row : 5 * row + 5], whole[7:], atol=1e-4, rtol=1e-4)
