"""Loss by language: weighted by tokens, in nats per token and in bits per byte."""

import math

import pytest
import torch

from codelm.evaluation.language_loss import LanguageLoss

BYTES = torch.tensor([0, 1, 4])


def test_a_language_is_scored_over_its_own_tokens() -> None:
    metric = LanguageLoss(["python", "java"], BYTES)
    metric.update(torch.tensor([1.0, 3.0, 5.0]), torch.tensor([1, 2, 2]), torch.tensor([0, 0, 1]))

    scores = metric.compute()

    assert scores.nats_per_token == {"python": 2.0, "java": 5.0}
    assert scores.tokens == {"python": 2, "java": 1}
    assert scores.bits_per_byte == pytest.approx({"python": 4 / 5 / math.log(2), "java": 5 / 4 / math.log(2)})


def test_positions_without_a_target_do_not_count() -> None:
    metric = LanguageLoss(["python"], BYTES)
    metric.update(torch.tensor([2.0, 0.0]), torch.tensor([1, -100]), torch.tensor([0, -1]))

    assert metric.compute().nats_per_token == {"python": 2.0}


def test_a_language_without_tokens_is_not_a_number() -> None:
    metric = LanguageLoss(["python", "go"], BYTES)
    metric.update(torch.tensor([2.0]), torch.tensor([1]), torch.tensor([0]))

    assert math.isnan(metric.compute().nats_per_token["go"])


def test_two_ranks_together_agree_with_one() -> None:
    losses, targets, languages = torch.rand(64), torch.randint(0, 3, (64,)), torch.randint(-1, 2, (64,))
    whole, first, second = (LanguageLoss(["python", "java"], BYTES) for _ in range(3))
    whole.update(losses, targets, languages)
    first.update(losses[:20], targets[:20], languages[:20])
    second.update(losses[20:], targets[20:], languages[20:])
    first.merge_state(second)

    assert first.compute().nats_per_token == pytest.approx(whole.compute().nats_per_token)
