"""The training benchmark compares what is comparable, and measures what it says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.model.transformer import Transformer
from experiments.benchmarks import train
from experiments.benchmarks.contenders import (
    Contender,
    codelm,
    count_targets,
    draw_documents,
    litgpt,
    transformers_packed,
    transformers_padded,
)
from experiments.benchmarks.train import TrainOptions

CONTEXT = 64
needs_litgpt = pytest.mark.skipif(importlib.util.find_spec("litgpt") is None, reason="litgpt is not installed")


@pytest.fixture(scope="module")
def weights() -> Transformer:
    torch.manual_seed(0)
    return Transformer(ModelConfig(97, 2, 32, 4, 2, 48))


@pytest.fixture
def documents() -> list[np.ndarray]:
    return draw_documents(np.random.default_rng(0), 6 * CONTEXT, CONTEXT, 97)


@pytest.mark.parametrize("seed", range(20))
def test_documents_add_up_to_the_step_and_are_neither_too_short_nor_too_long(seed: int) -> None:
    lengths = [len(document) for document in draw_documents(np.random.default_rng(seed), 512, CONTEXT, 97)]

    assert sum(lengths) == 512
    assert min(lengths) >= 32 and max(lengths) <= CONTEXT


def contenders(weights: Transformer) -> dict[str, Contender]:
    shared = weights, torch.float32, CONTEXT
    return {
        "codelm": codelm(*shared),
        "padded": transformers_padded(*shared, batch=4),
        "by length": transformers_padded(*shared, batch=4, by_length=True),
        "packed": transformers_packed(*shared),
    }


def test_contenders_that_keep_documents_apart_have_the_same_loss_before_and_after_a_step(
    weights: Transformer, documents: list[np.ndarray]
) -> None:
    before, after = {}, {}
    for name, contender in contenders(weights).items():
        before[name] = contender.mean_loss(documents)
        contender.step(contender.micro_batches(documents), count_targets(documents))
        after[name] = contender.mean_loss(documents)

    assert before == pytest.approx(dict.fromkeys(before, before["codelm"]), rel=1e-5)
    assert after == pytest.approx(dict.fromkeys(after, after["codelm"]), rel=1e-5)
    assert after["codelm"] < before["codelm"]


@needs_litgpt
def test_litgpt_has_the_same_loss_on_one_document_but_sees_others_on_many(
    weights: Transformer, documents: list[np.ndarray]
) -> None:
    ours, theirs = codelm(weights, torch.float32, CONTEXT), litgpt(weights, torch.float32, CONTEXT)

    assert theirs.mean_loss(documents[:1]) == pytest.approx(ours.mean_loss(documents[:1]), rel=1e-5)
    assert theirs.mean_loss(documents) != pytest.approx(ours.mean_loss(documents), rel=1e-5)


def test_a_contender_that_does_other_work_voids_the_comparison() -> None:
    seconds = np.ones(1)
    speeds = {"codelm, auto": train.Speed(2.0, 3.0, seconds, 0), "litgpt": train.Speed(2.1, 3.0, seconds, 0)}
    train.check_losses(speeds, 1e-4)

    with pytest.raises(RuntimeError, match="transformers, packed does other work"):
        train.check_losses(speeds | {"transformers, packed": train.Speed(2.1, 3.0, seconds, 0)}, 1e-4)
    with pytest.raises(RuntimeError, match="litgpt does other work"):
        train.check_losses(speeds | {"litgpt": train.Speed(2.0, 3.1, seconds, 0)}, 1e-4)


def test_throughput_has_a_line_for_every_contender() -> None:
    options = TrainOptions(models=("nano",), vocab_size=97, contexts=("64",), step_tokens=256, rounds=1)

    (table,) = train.throughput(options)

    names, rates = ([str(cell) for cell in column.cells] for column in (table.columns[0], table.columns[2]))
    assert names[0] == "codelm, auto" and {"litgpt", *train.SPEED_BARS} <= set(names)
    rate = dict(zip(names, rates, strict=True))
    assert all(float(rate[name].replace(",", "")) > 0 for name in names if name != "litgpt")
    assert (rate["litgpt"] == "not installed") == (importlib.util.find_spec("litgpt") is None)


def test_blocks_have_to_be_whole() -> None:
    with pytest.raises(UserError, match="multiple of the context"):
        next(train.throughput(TrainOptions(step_tokens=100)))


def test_the_memory_of_the_loss_is_more_than_nothing_and_less_than_all_logits() -> None:
    tokens, vocabulary = 4096, 32_768

    assert 0 < train.in_new_process(train.loss_extra, tokens, vocabulary) < 0.5 * 4 * tokens * vocabulary


def test_the_time_of_the_loss_is_a_share_of_that_with_all_logits() -> None:
    assert train.loss_time(256, 512, rounds=1) > 0


def test_waiting_is_a_part_of_a_step(corpus: Path) -> None:
    step, wait = train.waiting(corpus, steps=7, workers=0, batch_tokens=1024)

    assert 0 < wait < step


def test_a_run_reaches_its_first_step(corpus: Path) -> None:
    assert train.first_step(corpus) > 0
