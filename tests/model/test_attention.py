"""Attention within packed documents, against a reference in float64, and the choice of its kernel."""

from __future__ import annotations

import logging
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from codelm.errors import UserError
from codelm.model import attention
from codelm.model.attention import broken_backends, document_attention, document_layout, resolve_backend

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
CPU, CUDA = torch.device("cpu"), torch.device("cuda")

RAGGED = [0, 1, 8, 9, 40, 41, 64, 64, 64]
"""Documents of 1, 7, 1, 31, 1 and 23 tokens, and a padded tail."""


def reference_attention(q: Tensor, k: Tensor, v: Tensor, bounds: list[int]) -> Tensor:
    """The definition, one document, head and token after the other."""
    group = q.shape[1] // k.shape[1]
    rows = []
    for start, end in pairwise(bounds):
        for token in range(start, end):
            heads = []
            for head in range(q.shape[1]):
                keys, values = (x[start : token + 1, head // group] for x in (k, v))
                weights = torch.softmax(keys @ q[token, head] / q.shape[2] ** 0.5, dim=0)
                heads.append(weights @ values)
            rows.append(torch.stack(heads))
    return torch.stack(rows)


def random_inputs(kv_heads: int, tokens: int = RAGGED[-1]) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(tokens, heads, 16, generator=generator) for heads in (4, kv_heads, kv_heads))
    return q, k, v


@pytest.mark.parametrize("kv_heads", [4, 2, 1])
@pytest.mark.parametrize("backend", ["sdpa", *(pytest.param(name, marks=needs_cuda) for name in attention._KERNELS)])
def test_output_and_gradients_are_those_of_the_definition(backend: str, kv_heads: int) -> None:
    """Of every kernel, within what its precision allows."""
    device, dtype, tolerance = (CPU, torch.float32, 1e-5) if backend == "sdpa" else (CUDA, torch.bfloat16, 3e-2)
    try:
        resolve_backend(backend, device)
    except UserError as error:
        pytest.skip(str(error))
    inputs = [x.to(device, dtype).requires_grad_() for x in random_inputs(kv_heads)]
    exact = [x.detach().double().cpu().requires_grad_() for x in inputs]
    upstream = torch.randn(RAGGED[-1], 4, 16, generator=torch.Generator().manual_seed(1)).to(dtype)
    output = document_attention(*inputs, torch.tensor(RAGGED, dtype=torch.int32, device=device), 64, backend)
    expected = reference_attention(*exact, RAGGED)
    output.backward(upstream.to(device))
    expected.backward(upstream.double())
    for got, wanted in zip((output, *(x.grad for x in inputs)), (expected, *(x.grad for x in exact)), strict=True):
        torch.testing.assert_close(got.double().cpu(), wanted, atol=tolerance, rtol=10 * tolerance)


def test_a_shared_layout_gives_the_same_output() -> None:
    q, k, v = random_inputs(2)
    cu_seqlens = torch.tensor(RAGGED, dtype=torch.int32)
    alone = document_attention(q, k, v, cu_seqlens, 64, "sdpa")
    assert torch.equal(alone, document_attention(q, k, v, cu_seqlens, 64, "sdpa", document_layout(cu_seqlens, 64)))


def test_a_padded_tail_of_cu_seqlens_changes_nothing() -> None:
    q, k, v = random_inputs(4)
    ragged = torch.tensor(RAGGED, dtype=torch.int32)
    longer = torch.cat((ragged, ragged[-1].repeat(50)))
    assert torch.equal(*(document_attention(q, k, v, bounds, 64, "sdpa") for bounds in (ragged, longer)))


def test_documents_of_similar_length_share_a_bucket_and_little_is_padded() -> None:
    lengths = torch.randint(40, 400, (40,), generator=torch.Generator().manual_seed(0))
    bounds = torch.cat((torch.zeros(1, dtype=torch.int64), lengths.cumsum(0))).int()
    layout = document_layout(bounds, int(bounds[-1]))
    assert sum(documents for documents, _ in layout.buckets) == 40
    assert len(layout.buckets) <= 20
    assert layout.size < 1.06 * int(bounds[-1])
    assert len(layout.slots.unique()) == int(bounds[-1])


def test_documents_must_cover_the_row() -> None:
    with pytest.raises(ValueError, match="from 0 to 10"):
        document_layout(torch.tensor([0, 4, 8], dtype=torch.int32), 10)


def test_cpu_and_float32_use_sdpa() -> None:
    assert resolve_backend("auto", CPU) == "sdpa"
    assert resolve_backend("auto", torch.device("cuda"), torch.float32) == "sdpa"


@pytest.mark.parametrize("requested", ["flash3", "flash4", "varlen", "flash5"])
def test_a_backend_that_is_not_there_is_refused_with_those_that_are(requested: str) -> None:
    with pytest.raises(UserError, match=rf"{requested}.* choose auto or one of sdpa"):
        resolve_backend(requested, CPU)


@needs_cuda
def test_a_kernel_that_is_installed_but_broken_is_passed_over_and_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object) -> Tensor:
        raise RuntimeError("no kernel image is available")

    monkeypatch.setitem(attention._KERNELS, "flash3", broken)
    attention._failure.cache_clear()
    with caplog.at_level(logging.WARNING):
        chosen = [resolve_backend("auto", torch.device("cuda")) for _ in range(2)]
    recorded = broken_backends(CUDA)
    attention._failure.cache_clear()
    assert recorded["flash3"] == "no kernel image is available"
    assert "flash3" not in chosen
    assert sum("no kernel image" in message for message in caplog.messages) == 1
