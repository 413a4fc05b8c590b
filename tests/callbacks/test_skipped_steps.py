"""Steps with a harmful gradient: what they leave as it was, and what is counted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lightning
import pytest
import torch

from codelm.callbacks.skipped_steps import MOST_IN_A_ROW, WINDOW, SkippedSteps
from codelm.errors import UserError


class Model(lightning.LightningModule):
    """One weight, whose gradient a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(3))


class Training:
    """Steps of one model with gradients that a test chooses."""

    def __init__(self, callback: SkippedSteps | None = None) -> None:
        self.model = Model()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.1, weight_decay=0.1, fused=True)
        self.callback = callback or SkippedSteps()
        self.trainer: Any = SimpleNamespace(global_step=0)

    def step(self, gradient: float) -> bool:
        """Take a step; return whether anything changed."""
        before = self.everything()
        self.model.weight.grad = torch.full((3,), gradient)
        self.callback.on_before_optimizer_step(self.trainer, self.model, self.optimizer)
        self.optimizer.step()
        self.trainer.global_step += 1
        self.callback.on_train_batch_end(self.trainer, self.model)
        return not before or any(not one.equal(other) for one, other in zip(before, self.everything(), strict=True))

    def everything(self) -> list[torch.Tensor]:
        """Copies of the weight and of all that the optimiser keeps of it."""
        state = self.optimizer.state.get(self.model.weight)
        return [tensor.clone() for tensor in (self.model.weight, *state.values())] if state else []

    def usual(self, steps: int) -> None:
        for number in range(steps):
            assert self.step(1 + 0.1 * (number % 5))


@pytest.mark.parametrize("gradient", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("before", [1, 2 * WINDOW])
def test_a_gradient_that_is_not_finite_changes_neither_weights_nor_optimiser(gradient: float, before: int) -> None:
    training = Training()
    training.usual(before)
    assert not training.step(gradient)
    assert training.step(1.0)
    assert training.callback.skipped == 1


def test_a_gradient_far_above_the_last_ones_is_skipped() -> None:
    training = Training()
    training.usual(WINDOW)
    assert training.step(1.7)
    assert not training.step(20.0)
    assert training.callback.skipped == 1


def test_until_there_are_norms_to_compare_with_every_finite_gradient_is_taken() -> None:
    training = Training()
    training.usual(WINDOW - 1)
    assert training.step(1000.0)
    assert training.callback.skipped == 0


def test_gradients_that_stay_large_are_taken_in_the_end() -> None:
    training = Training()
    training.usual(WINDOW)
    taken = [training.step(20.0) for _ in range(10)]
    assert not taken[0] and all(taken[5:])


def test_many_skipped_steps_in_a_row_stop_the_run_with_a_message() -> None:
    training = Training()
    training.usual(10)
    with pytest.raises(UserError, match=rf"{MOST_IN_A_ROW} steps in a row .* step {10 + MOST_IN_A_ROW} .*lower"):
        for _ in range(MOST_IN_A_ROW):
            training.step(float("nan"))


def test_a_resumed_run_decides_as_the_first_would() -> None:
    first = Training()
    first.usual(WINDOW + 7)
    first.step(30.0)
    second = Training()
    second.callback.load_state_dict(first.callback.state_dict())
    for gradient in (1.0, 25.0, 1.2, float("nan"), 2.5, 60.0):
        assert first.step(gradient) == second.step(gradient)
    assert first.callback.skipped == second.callback.skipped >= 3
