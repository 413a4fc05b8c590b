"""Training loss by language: over the steps since it was last looked at."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import lightning
import pytest
import torch

from codelm.callbacks import TrainingLanguageLoss
from codelm.data.batch import Batch
from codelm.data.datamodule import ShuffledDataModule
from codelm.data.store import Corpus
from codelm.evaluation.language_loss import LanguageScores
from codelm.lightning_module import CodeLM
from tests.data.conftest import add_kinds_of_text
from tests.small_training import small_data, train

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")


class Looks(lightning.Callback):
    """Looks every few steps; keeps the step, the scores, and the module's own loss of the step."""

    def __init__(self, losses: TrainingLanguageLoss, every: int) -> None:
        self._losses = losses
        self._every = every
        self._step = 0
        self.seen: list[tuple[LanguageScores, float]] = []

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        if trainer.global_step > self._step and trainer.global_step % self._every == 0:
            assert isinstance(pl_module, CodeLM)
            self.seen.append((self._losses.take(), pl_module.step_loss.item()))
        self._step = trainer.global_step


class Rows(lightning.Callback):
    """Keeps the tokens' losses and languages of every row."""

    def __init__(self) -> None:
        self.losses: list[torch.Tensor] = []
        self.languages: list[torch.Tensor] = []

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, outputs: Any, batch: Batch, index: int
    ) -> None:
        self.losses.append(outputs["token_losses"])
        self.languages.append(batch.language_ids)


def test_every_step_of_an_interval_counts_by_its_tokens(small_corpus: Corpus) -> None:
    data = small_data(small_corpus, steps=4, row_tokens=512)
    losses, rows = TrainingLanguageLoss(data.run_languages, small_corpus.tokenizer), Rows()
    looks = Looks(losses, every=2)
    train(data, [losses, rows, looks])

    for (scores, _), first in zip(looks.seen, (0, 4), strict=True):
        of_tokens = torch.cat(rows.losses[first : first + 4]).double()
        languages = torch.cat(rows.languages[first : first + 4])
        for index, language in enumerate(("python", "go")):
            assert scores.tokens[language] == (languages == index).sum() > 0
            assert scores.nats_per_token[language] == pytest.approx(of_tokens[languages == index].mean().item())
            assert scores.bits_per_byte[language] > 0


def test_the_languages_together_have_the_loss_of_the_step(small_corpus: Corpus) -> None:
    data = small_data(small_corpus, steps=3, row_tokens=512)
    losses = TrainingLanguageLoss(data.run_languages, small_corpus.tokenizer)
    looks = Looks(losses, every=1)
    train(data, [losses, looks])

    for scores, step_loss in looks.seen:
        nats = sum(scores.nats_per_token[name] * tokens for name, tokens in scores.tokens.items() if tokens)
        assert nats / sum(scores.tokens.values()) == pytest.approx(step_loss, rel=1e-6)


def test_kinds_of_text_are_told_by_name_and_what_is_not_trained_on_has_no_loss(
    small_corpus: Corpus, tmp_path: Path
) -> None:
    corpus = add_kinds_of_text(small_corpus, tmp_path / "corpus")
    shares = {"python": 0.5, "text": 0.5}
    data = ShuffledDataModule(corpus, 4 * 1024, 128, 1024, languages=("python", "go"), proportions=shares)
    losses = TrainingLanguageLoss(data.run_languages, corpus.tokenizer)
    looks = Looks(losses, every=4)
    train(data, [losses, looks])

    [(scores, _)] = looks.seen
    assert scores.tokens["python"] > 0 and scores.tokens["text"] > 0
    assert scores.nats_per_token["text"] > 0
    assert scores.tokens["go"] == scores.tokens["markup"] == 0
    assert math.isnan(scores.nats_per_token["go"])


def test_a_resumed_run_goes_on_within_an_interval(small_corpus: Corpus) -> None:
    whole, first, second = (TrainingLanguageLoss(("python", "go"), small_corpus.tokenizer) for _ in range(3))
    rows = [(torch.rand(8), torch.randint(-1, 2, (8,))) for _ in range(4)]
    batches: list[Any] = [(loss, Batch(ids, ids.clamp(min=0), ids, 8, ids, 8, ids)) for loss, ids in rows]

    def step(losses: TrainingLanguageLoss, row: int) -> None:
        loss, batch = batches[row]
        losses.on_train_batch_end(None, None, {"token_losses": loss}, batch, row)  # type: ignore[arg-type]

    for row in range(4):
        step(whole, row)
        if row < 2:
            step(first, row)
    second.load_state_dict(first.state_dict())
    step(second, 2)
    step(second, 3)

    assert str(second.take()) == str(whole.take())
