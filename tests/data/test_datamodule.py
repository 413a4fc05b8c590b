from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import lightning
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.data.batch import Batch
from codelm.data.datamodule import (
    WINDOW,
    CodeDataModule,
    ParallelDataModule,
    ShuffledDataModule,
    StepSampler,
)
from codelm.data.documents import Mix
from codelm.data.packing import RowPlan, RowPlanner
from codelm.data.sources import Source
from codelm.data.store import Corpus
from codelm.errors import UserError
from codelm.languages import LANGUAGES

STEPS, ROWS_PER_STEP = 3 * WINDOW - 10, 2


@pytest.fixture(scope="module", params=["shuffled", "parallel"])
def sources(request: pytest.FixtureRequest, pair_sources: dict[Mix, list[Source]]) -> list[Source]:
    return pair_sources[request.param]


def sampler(sources: Sequence[Source], rank: int = 0, ranks: int = 1) -> StepSampler:
    planner = RowPlanner(sources, np.array([0.5, 0.3, 0.2]), 1024, ROWS_PER_STEP, 512, 64)
    return StepSampler(planner, STEPS, ROWS_PER_STEP, rank, ranks)


@pytest.fixture(scope="module")
def uninterrupted(sources: list[Source]) -> list[RowPlan]:
    return list(sampler(sources))


@pytest.fixture(scope="module")
def states(sources: list[Source]) -> list[str]:
    """The state at every step, as JSON: of a run on one rank that was saved at each."""
    running = sampler(sources)
    rows = iter(running)
    found = []
    for step in range(STEPS):
        found.append(json.dumps(running.state(step)))
        for _ in range(ROWS_PER_STEP):
            next(rows)
    return found


def test_a_run_has_the_rows_of_all_its_steps(uninterrupted: list[RowPlan], sources: list[Source]) -> None:
    assert len(uninterrupted) == STEPS * ROWS_PER_STEP == len(sampler(sources))
    assert len(sampler(sources, rank=1, ranks=2)) == STEPS


def test_ranks_together_give_the_rows_of_one(uninterrupted: list[RowPlan], sources: list[Source]) -> None:
    both = zip(sampler(sources, 0, 2), sampler(sources, 1, 2), strict=True)
    assert [row for pair in both for row in pair] == uninterrupted


@settings(max_examples=15)
@given(step=st.integers(0, STEPS - 1), ranks=st.sampled_from([1, 2]))
def test_a_resumed_run_goes_on_with_exactly_the_rows_that_were_left(
    sources: list[Source], uninterrupted: list[RowPlan], states: list[str], step: int, ranks: int
) -> None:
    for rank in range(ranks):
        resumed = sampler(sources, rank, ranks)
        resumed.restore(json.loads(states[step]))
        assert list(resumed) == uninterrupted[ROWS_PER_STEP * step :][rank::ranks]


def test_a_state_is_right_although_workers_have_asked_for_later_rows(
    sources: list[Source], uninterrupted: list[RowPlan]
) -> None:
    ahead = sampler(sources)
    rows = iter(ahead)
    for _ in range(ROWS_PER_STEP * (2 * WINDOW + 3)):
        next(rows)
    for step in (WINDOW - 1, WINDOW, WINDOW + 20):
        resumed = sampler(sources)
        resumed.restore(ahead.state(step))
        assert list(resumed) == uninterrupted[ROWS_PER_STEP * step :]


def test_a_run_that_was_resumed_can_be_saved_and_resumed_again(
    sources: list[Source], uninterrupted: list[RowPlan], states: list[str]
) -> None:
    second = sampler(sources)
    second.restore(json.loads(states[70]))
    rows = iter(second)
    for _ in range(ROWS_PER_STEP * 75):
        next(rows)
    third = sampler(sources)
    third.restore(second.state(145))
    assert list(third) == uninterrupted[ROWS_PER_STEP * 145 :]


def test_a_state_is_small(states: list[str]) -> None:
    assert max(map(len, states)) < 50_000


# --- datamodules

make = functools.partial(ParallelDataModule, tokens=64_000, context=256, batch_tokens=2048, row_tokens=1024)


def equal(one: Batch, other: Batch) -> bool:
    return all(torch.equal(torch.as_tensor(a), torch.as_tensor(b)) for a, b in zip(one, other, strict=True))


def test_workers_do_not_change_the_batches(small_corpus: Corpus) -> None:
    alone, helped = (list(make(small_corpus, workers=workers).train_dataloader()) for workers in (0, 2))
    assert len(alone) == len(helped) == 2 * (64_000 // 2048)
    assert all(equal(one, other) for one, other in zip(alone, helped, strict=True))


def test_the_seed_gives_the_order(small_corpus: Corpus) -> None:
    first, again, other = (next(iter(make(small_corpus, seed=seed).train_dataloader())) for seed in (1, 1, 2))
    assert equal(first, again)
    assert not equal(first, other)


def test_both_mixes_train_on_the_same_programs_in_equal_shares(small_corpus: Corpus) -> None:
    tokens = {}
    for kind in (ShuffledDataModule, ParallelDataModule):
        data = kind(small_corpus, tokens=64_000, context=256, batch_tokens=2048)
        laid = sum(batch.source_tokens for batch in data.train_dataloader())
        assert isinstance(laid, torch.Tensor)
        longest = max(source.longest for source in data.sources)
        assert (laid - laid.sum() / 6).abs().max() <= longest
        tokens[kind] = [source.epoch_tokens for source in data.sources]
    # A pair as one document saves an end token.
    pairs = [summary.documents for summary in small_corpus.manifest.train.values()]
    assert tokens[ShuffledDataModule] == [n + p for n, p in zip(tokens[ParallelDataModule], pairs, strict=True)]


def test_epochs_and_cut_documents_are_known_before_the_run(small_corpus: Corpus) -> None:
    data = make(small_corpus, context=64)
    least = min(source.epoch_tokens for source in data.sources)
    assert data.epochs == pytest.approx(data.steps * 2048 / 6 / least)
    lengths = [source.block(0).length for source in data.sources]
    assert data.documents_cut == sum((length > 64).sum() for length in lengths) > 0
    assert make(small_corpus, context=1024).documents_cut == 0


def test_a_run_of_some_languages_reads_only_those(small_corpus: Corpus) -> None:
    data = make(small_corpus, languages=["go", "python"])
    assert data.run_languages == ("python", "go")
    assert [source.name for source in data.sources] == ["python-go"]
    for batch in (*data.train_dataloader(), *data.val_dataloader()):
        assert set(batch.language_ids.tolist()) <= {-1, 0, 1}
    assert all(list(group.programs) == ["python", "go"] for group in data.validation_groups())


def test_a_subclass_brings_its_languages_where_the_corpus_has_them(small_corpus: Corpus) -> None:
    class PythonAndRust(ParallelDataModule):
        languages = ("rust", "python")

    data = PythonAndRust(small_corpus, tokens=10_000, context=256, batch_tokens=2048)
    assert data.run_languages == ("python", "rust")


def test_validation_rows_hold_every_held_out_program(small_corpus: Corpus) -> None:
    targets = sum(int((batch.targets >= 0).sum()) for batch in make(small_corpus).val_dataloader())
    summaries = small_corpus.manifest.validation.values()
    assert targets == sum(summary.tokens + summary.documents for summary in summaries)


def test_validation_groups_are_whole_and_limited(small_corpus: Corpus) -> None:
    data = make(small_corpus)
    groups = data.validation_groups()
    assert len(groups) == small_corpus.manifest.groups["validation"] == 6
    for group in groups:
        assert tuple(group.programs) == LANGUAGES
        assert "print(" in group.programs["python"]
    assert [group.name for group in data.validation_groups(limit=2)] == [group.name for group in groups[:2]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tokens": 2047}, "a budget of 2047 tokens is less than one step of 2048"),
        ({"context": 1025}, r"the context \(1025\) is longer than a row \(1024 tokens\)"),
        ({"row_tokens": 1000}, r"batch tokens \(2048\) must be a multiple of row tokens \(1000\)"),
        ({"row_tokens": 4096}, r"batch tokens \(2048\) must be a multiple of row tokens \(4096\)"),
        ({"languages": ["pyton"]}, "unknown language 'pyton': choose from python, "),
        ({"proportions": {"python-java": 0.5}}, r"sum to 0\.5, not to 1"),
    ],
    ids=["budget", "context", "rows", "large rows", "language", "proportions"],
)
def test_settings_that_cannot_be_met_are_an_error(small_corpus: Corpus, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        make(small_corpus, **changes)


# --- under Lightning's trainer


class Listener(lightning.LightningModule):
    """Learns nothing, and remembers what it was shown in each optimiser step."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.seen: list[tuple[int, Batch]] = []

    def training_step(self, batch: Batch, batch_index: int) -> torch.Tensor:
        self.seen.append((self.global_step, batch))
        return self.weight * 0.0

    def validation_step(self, batch: Batch, batch_index: int) -> None:
        pass

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


class SeventySteps(ParallelDataModule):
    languages: ClassVar[tuple[str, ...]] = ("python", "java")

    def __init__(self, corpus: Corpus, workers: int) -> None:
        super().__init__(corpus, tokens=70 * 1024, context=256, batch_tokens=1024, row_tokens=512, workers=workers)


def fit(data: CodeDataModule, folder: Path, steps: int, checkpoint: Path | None = None) -> Listener:
    saving = lightning.pytorch.callbacks.ModelCheckpoint(
        folder, filename="{step}", every_n_train_steps=67, save_top_k=-1, save_on_train_epoch_end=False
    )
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_steps=steps,
        accumulate_grad_batches=2,
        val_check_interval=40,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[saving],
    )
    module = Listener()
    trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True)
    return module


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_resumed_trainer_sees_exactly_the_batches_that_were_left(small_corpus: Corpus, tmp_path: Path) -> None:
    whole = fit(SeventySteps(small_corpus, workers=0), tmp_path, steps=70).seen
    assert len(whole) == 140
    (checkpoint,) = tmp_path.glob("*.ckpt")
    assert checkpoint.stem == "step=67"
    for workers in (0, 2):
        resumed = fit(SeventySteps(small_corpus, workers), tmp_path / str(workers), 70, checkpoint).seen
        assert [step for step, _ in resumed] == [67, 67, 68, 68, 69, 69]
        assert all(equal(one, other) for (_, one), (_, other) in zip(resumed, whole[-6:], strict=True))
