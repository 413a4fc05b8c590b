"""Kinds of text are trained on, counted and scored under their own names, like languages."""

from __future__ import annotations

from pathlib import Path

import lightning
import pytest

from codelm.callbacks import LanguageLossCallback, RealisedProportions
from codelm.config import ModelConfig
from codelm.data.datamodule import ShuffledDataModule
from codelm.data.store import Corpus
from codelm.languages import TEXT_KINDS
from codelm.lightning_module import CodeLM, TrainingConfig
from tests.data.conftest import add_kinds_of_text


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
def test_shares_and_validation_losses_are_told_by_name(small_corpus: Corpus, tmp_path: Path) -> None:
    asked = {"python": 0.5, "text": 0.3, "markup": 0.2}
    corpus = add_kinds_of_text(small_corpus, tmp_path / "corpus")
    data = ShuffledDataModule(corpus, 20 * 1024, 128, 1024, languages=("python", "go"), proportions=asked)
    proportions = RealisedProportions([source.name for source in data.sources], data.run_languages)
    losses = LanguageLossCallback(data.run_languages, corpus.tokenizer)
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_steps=data.steps,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[proportions, losses],
    )
    model = ModelConfig(corpus.tokenizer.vocab_size, layers=1, width=32, heads=2, kv_heads=2, hidden=64)
    trainer.fit(CodeLM(model, TrainingConfig(data.steps, 1e-3), "sdpa"), data)
    sources, languages = proportions.shares(trainer.strategy)
    assert sources == pytest.approx(asked, abs=0.02)
    assert list(languages) == ["python", "text", "markup"]
    assert languages == pytest.approx(asked, abs=0.05)
    assert losses.scores is not None
    for scores in losses.scores:
        assert list(scores) == ["python", "go", *TEXT_KINDS]
        assert all(score > 0 for score in scores.values())


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
def test_kinds_that_a_corpus_does_not_hold_out_have_no_loss(small_corpus: Corpus) -> None:
    data = ShuffledDataModule(small_corpus, 1024, 128, 1024, languages=("python", "go"))
    losses = LanguageLossCallback(data.run_languages, small_corpus.tokenizer)
    trainer = lightning.Trainer(
        accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False, callbacks=[losses]
    )
    model = ModelConfig(small_corpus.tokenizer.vocab_size, layers=1, width=32, heads=2, kv_heads=2, hidden=64)
    trainer.validate(CodeLM(model, TrainingConfig(1, 1e-3), "sdpa"), data, verbose=False)
    assert losses.scores is not None
    assert list(losses.scores.nats_per_token) == ["python", "go"]
