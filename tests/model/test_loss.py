"""The loss without full logits, against cross-entropy on full logits."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from codelm.model.loss import linear_cross_entropy, token_losses


def random_problem(tokens: int, width: int, vocab: int, scale: float = 1.0) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    hidden = scale * torch.randn(tokens, width, generator=generator)
    weight = torch.randn(vocab, width, generator=generator)
    targets = torch.randint(0, vocab, (tokens,), generator=generator)
    targets[torch.rand(tokens, generator=generator) < 0.3] = -100
    return hidden.requires_grad_(), weight.requires_grad_(), targets


class LargestTensor(TorchDispatchMode):
    """Records the size of the largest tensor that any operation makes."""

    elements = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        result = func(*args, **(kwargs or {}))
        if isinstance(result, Tensor):
            self.elements = max(self.elements, result.numel())
        return result


@pytest.mark.parametrize("vocab", [50, 9_000])
def test_loss_and_gradients_are_those_of_full_logits(vocab: int) -> None:
    """The larger vocabulary takes several chunks, the last of them short."""
    hidden, weight, targets = random_problem(600, 16, vocab)
    loss, _ = linear_cross_entropy(hidden, weight, targets)
    gradients = torch.autograd.grad(3 * loss, (hidden, weight))
    full = F.cross_entropy(hidden @ weight.T, targets, reduction="sum", ignore_index=-100)
    expected = torch.autograd.grad(3 * full, (hidden, weight))
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, full)
    for got, wanted in zip(gradients, expected, strict=True):
        torch.testing.assert_close(got, wanted, atol=1e-4, rtol=1e-4)


def test_token_losses_are_those_of_full_logits_and_0_where_there_is_none() -> None:
    hidden, weight, targets = random_problem(600, 16, 9_000)
    losses = token_losses(hidden, weight, targets)
    full = F.cross_entropy(hidden @ weight.T, targets, reduction="none", ignore_index=-100)
    torch.testing.assert_close(losses, full)
    assert not losses.requires_grad
    assert losses[targets == -100].eq(0).all()


def test_training_returns_the_losses_of_single_tokens_beside_their_sum() -> None:
    hidden, weight, targets = random_problem(600, 16, 9_000)
    loss, losses = linear_cross_entropy(hidden, weight, targets)
    assert losses.equal(token_losses(hidden, weight, targets))
    torch.testing.assert_close(losses.sum(), loss)
    assert loss.requires_grad and not losses.requires_grad


def test_very_wrong_predictions_have_a_finite_exact_loss() -> None:
    hidden, weight, targets = random_problem(20, 16, 50, scale=200.0)
    full = F.cross_entropy(hidden @ weight.T, targets, reduction="sum", ignore_index=-100)
    assert full > 10_000
    torch.testing.assert_close(linear_cross_entropy(hidden, weight, targets)[0], full)


def test_no_token_with_a_loss_gives_0_and_no_gradient() -> None:
    hidden, weight, targets = random_problem(5, 4, 10)
    loss, _ = linear_cross_entropy(hidden, weight, torch.full_like(targets, -100))
    loss.backward()
    assert loss.item() == 0
    assert hidden.grad.eq(0).all()
    assert weight.grad.eq(0).all()


def test_no_tensor_comes_near_the_size_of_the_full_logits() -> None:
    tokens, vocab = 4_096, 8_192
    hidden, weight, targets = random_problem(tokens, 8, vocab)
    with LargestTensor() as largest:
        linear_cross_entropy(hidden, weight, targets)[0].backward()
        token_losses(hidden, weight, targets)
    assert largest.elements <= tokens * vocab / 16


def test_under_autocast_the_loss_is_computed_in_bfloat16_and_summed_in_float32() -> None:
    hidden, weight, targets = random_problem(600, 16, 50)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss, _ = linear_cross_entropy(hidden, weight, targets)
        losses = token_losses(hidden, weight, targets)
    loss.backward()
    exact, _ = linear_cross_entropy(hidden, weight, targets)
    assert loss.dtype == losses.dtype == weight.grad.dtype == torch.float32
    assert loss.item() != exact.item()
    torch.testing.assert_close(loss, exact, rtol=1e-2, atol=0)
    torch.testing.assert_close(losses.sum(), loss, rtol=1e-4, atol=0)
