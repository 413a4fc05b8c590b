"""Peak arithmetic and utilisation."""

import math

import pytest
import torch

from codelm.callbacks import Throughput
from codelm.callbacks.throughput import peak_flops
from codelm.ladder import model_config
from codelm.lightning_module import CodeLM, TrainingConfig


def test_the_peak_of_a_cpu_is_measured() -> None:
    assert 1e8 < peak_flops(torch.device("cpu"), torch.float32) < 1e14


def test_the_peak_of_an_unknown_device_is_not_a_number() -> None:
    assert math.isnan(peak_flops(torch.device("meta"), torch.float32))


def test_utilisation_is_the_models_arithmetic_over_the_peak() -> None:
    module = CodeLM(model_config("nano", 512), TrainingConfig(steps=1, learning_rate=0.01))
    throughput = Throughput()
    throughput.peak_flops, throughput.train_seconds, throughput._tokens = 1e12, 2.0, 1000

    expected = module.model_config.flops_per_token(256) * 500 / (1e12 * 4)
    assert throughput.mfu(module, context=256, ranks=4) == pytest.approx(expected)


def test_recent_utilisation_is_that_of_the_last_rows_alone() -> None:
    module = CodeLM(model_config("nano", 512), TrainingConfig(steps=1, learning_rate=0.01))
    throughput = Throughput()
    throughput.peak_flops, throughput.train_seconds, throughput._tokens = 1e12, 2.0, 1000
    throughput._recent.extend([(10.0, 500), (10.5, 500), (11.0, 500)])

    assert throughput.recent_mfu(module, 256, 4) == pytest.approx(2 * throughput.mfu(module, 256, 4))


def test_there_is_no_speed_before_training() -> None:
    assert math.isnan(Throughput().tokens_per_second)
    assert math.isnan(Throughput().recent_tokens_per_second)
