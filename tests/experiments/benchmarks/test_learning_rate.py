"""Where a width has its lowest loss, from a few learning rates."""

from __future__ import annotations

import math

import pytest

from experiments.benchmarks.learning_rate import lowest_loss


def test_the_lowest_loss_lies_between_the_rates_that_were_tried() -> None:
    losses = {rate: 2 + 0.3 * math.log(rate / 0.005) ** 2 for rate in (0.001, 0.002, 0.004, 0.008)}
    assert lowest_loss(losses) == pytest.approx((0.005, 2.0))


def test_at_an_end_of_the_rates_it_is_that_end() -> None:
    assert lowest_loss({0.001: 2.0, 0.002: 2.1, 0.004: 2.5}) == (0.001, 2.0)
    assert lowest_loss({0.004: 1.0, 0.001: 2.0, 0.002: 2.1}) == (0.004, 1.0)
