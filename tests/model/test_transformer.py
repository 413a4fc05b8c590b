"""The decoder: parity with Hugging Face, isolation of packed documents, initialisation, the cache."""

from __future__ import annotations

import itertools
import math
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from codelm.config import ModelConfig
from codelm.model import cache as cache_module
from codelm.model.hf import to_hugging_face
from codelm.model.loss import linear_cross_entropy
from codelm.model.transformer import ActivationCheckpointing, Transformer

CONFIG = ModelConfig(vocab_size=96, layers=3, width=64, heads=4, kv_heads=2, hidden=112, rope_base=500.0)
FAMILY = {
    "multi-head": replace(CONFIG, kv_heads=4),
    "grouped queries": CONFIG,
    "normalised queries and keys": replace(CONFIG, qk_norm=True),
    "tied": replace(CONFIG, tied=True),
    "parallel": replace(CONFIG, block="parallel"),
    "parallel, tied, normalised": replace(CONFIG, block="parallel", tied=True, qk_norm=True),
}
whole_family = pytest.mark.parametrize("config", FAMILY.values(), ids=FAMILY)
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


@whole_family
def test_packed_logits_are_those_of_hugging_face_for_each_document_alone(config: ModelConfig) -> None:
    model = make_model(config)
    reference = to_hugging_face(model).eval()
    tokens = random_tokens(60)
    with torch.no_grad():
        logits = model.logits(model(tokens, torch.tensor(BOUNDS, dtype=torch.int32), 64))
        for start, end in itertools.pairwise(BOUNDS[:-1]):
            alone = reference(tokens[None, start:end]).logits[0]
            torch.testing.assert_close(logits[start:end], alone, atol=1e-4, rtol=1e-4)


@whole_family
def test_parameter_names_are_those_of_hugging_face(config: ModelConfig) -> None:
    model = make_model(config)
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


@whole_family
def test_the_configuration_counts_the_parameters_that_there_are(config: ModelConfig) -> None:
    model = Transformer(config)
    assert sum(parameter.numel() for parameter in model.parameters()) == config.parameters
    embeddings = {id(model.lm_head.weight), id(model.model.embed_tokens.weight)}
    blocks = sum(parameter.numel() for parameter in model.parameters() if id(parameter) not in embeddings)
    assert blocks == config.block_parameters


def test_initial_weights_do_not_depend_on_where_they_are_made() -> None:
    torch.manual_seed(5)
    here = Transformer(CONFIG).state_dict()
    with torch.device("meta"):
        later = Transformer(CONFIG)
    later.materialise(torch.device("cpu"), torch.Generator().manual_seed(5))
    assert all(torch.equal(here[name], weight) for name, weight in later.state_dict().items())


@whole_family
@pytest.mark.parametrize("kept", ["selective", "full"])
def test_activation_checkpointing_changes_no_gradient_and_keeps_less(
    config: ModelConfig, kept: ActivationCheckpointing
) -> None:
    tokens, cu_seqlens = random_tokens(60), torch.tensor(BOUNDS, dtype=torch.int32)
    gradients, bytes_kept = [], []
    for model in (make_model(config), Transformer(config, activation_checkpointing=kept)):
        model.load_state_dict(make_model(config).state_dict())
        storages = {}

        def keep(tensor: torch.Tensor, storages: dict = storages) -> torch.Tensor:
            storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            loss = model.logits(model(tokens, cu_seqlens, 64)).square().mean()
        loss.backward()
        weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
        bytes_kept.append(sum(size for pointer, size in storages.items() if pointer not in weights))
        gradients.append([parameter.grad for parameter in model.parameters()])
    assert all(torch.equal(*pair) for pair in zip(*gradients, strict=True))
    assert bytes_kept[1] < (0.7 if kept == "selective" else 0.35) * bytes_kept[0]


needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="needs g++")


@pytest.mark.parametrize(
    ("backend", "kept", "config"),
    [
        *itertools.product(
            ["aot_eager"], ["none", "selective", "full"], [CONFIG, FAMILY["parallel, tied, normalised"]]
        ),
        # It takes half a minute.
        pytest.param("inductor", "selective", CONFIG, marks=needs_compiler),
    ],
)
def test_compiled_blocks_give_the_same_gradients_and_are_compiled_once(
    backend: str, kept: ActivationCheckpointing, config: ModelConfig
) -> None:
    tokens = random_tokens(60)
    losses, gradients = [], []
    torch._dynamo.reset()
    for compiled in (False, True):
        model = Transformer(config, activation_checkpointing=kept)
        model.load_state_dict(make_model(config).state_dict())
        if compiled:
            model.compile_blocks(backend)
        # Another step with other documents, and evaluation in between, must not compile anew.
        for step, bounds in enumerate((BOUNDS, [0, 20, 60, 60, 60, 60])):
            with torch.compiler.set_stance("fail_on_recompile" if step else "default"):
                model.zero_grad()
                loss = model.logits(model(tokens, torch.tensor(bounds, dtype=torch.int32), 64)).square().mean()
                loss.backward()
            with torch.no_grad():
                model.forward_cached(tokens[: 7 + step], np.array([7 + step]), model.empty_cache(1, 60))
        losses.append(loss.detach())
        gradients.append([parameter.grad for parameter in model.parameters()])
    torch.testing.assert_close(losses[1], losses[0], rtol=1e-5, atol=1e-6)
    for own, compiled_own in zip(*gradients, strict=True):
        torch.testing.assert_close(compiled_own, own, rtol=1e-3, atol=1e-5)


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
@whole_family
def test_reading_on_from_a_cache_is_reading_the_whole(
    monkeypatch: pytest.MonkeyPatch, padding: float, config: ModelConfig
) -> None:
    monkeypatch.setitem(cache_module._PADDING, "cpu", padding)
    model = make_model(config)
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
