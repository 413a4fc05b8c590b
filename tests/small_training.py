"""A few steps of a model of one layer, with the callbacks that a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import lightning
from lightning.pytorch.loggers import Logger

from codelm.callbacks import SkippedSteps, Throughput, TrainingLanguageLoss, TrainingMetrics
from codelm.config import ModelConfig
from codelm.data.datamodule import CodeDataModule, ShuffledDataModule
from codelm.data.store import Corpus
from codelm.lightning_module import CodeLM, TrainingConfig

BATCH_TOKENS = 1024


def small_data(corpus: Corpus, steps: int, row_tokens: int = BATCH_TOKENS) -> CodeDataModule:
    """Steps of two languages."""
    tokens = steps * BATCH_TOKENS
    return ShuffledDataModule(corpus, tokens, 128, BATCH_TOKENS, row_tokens=row_tokens, languages=("python", "go"))


def metrics_callbacks(data: CodeDataModule, folder: Path, every: int = 1) -> list[lightning.Callback]:
    """`TrainingMetrics`, with those that it asks."""
    throughput, skipped = Throughput(), SkippedSteps()
    losses = TrainingLanguageLoss(data.run_languages, data.corpus.tokenizer)
    return [
        throughput,
        skipped,
        losses,
        TrainingMetrics(folder, BATCH_TOKENS, throughput, skipped, losses, every),
    ]


def train(
    data: CodeDataModule,
    callbacks: Sequence[lightning.Callback],
    loggers: Sequence[Logger] = (),
    checkpoint: Path | None = None,
) -> None:
    """Train to the end of the budget, from a checkpoint if there is one."""
    model = ModelConfig(data.corpus.tokenizer.vocab_size, layers=1, width=32, heads=2, kv_heads=2, hidden=64)
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_steps=data.steps,
        accumulate_grad_batches=data.rows_per_step,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
        logger=list(loggers),
        log_every_n_steps=0,
        enable_checkpointing=any(
            isinstance(callback, lightning.pytorch.callbacks.Checkpoint) for callback in callbacks
        ),
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=list(callbacks),
    )
    module = CodeLM(model, TrainingConfig(data.steps, 1e-3), "sdpa")
    trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True)
