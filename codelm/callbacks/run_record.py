"""Gathers what a run asked for and what it got into its record."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Any, TypeVar

import lightning
import torch

from codelm.callbacks.language_loss import LanguageLossCallback
from codelm.callbacks.proportions import RealisedProportions
from codelm.callbacks.skipped_steps import SkippedSteps
from codelm.callbacks.throughput import Throughput
from codelm.callbacks.translation import TranslationCallback
from codelm.data.datamodule import CodeDataModule
from codelm.lightning_module import CodeLM
from codelm.model.attention import broken_backends
from codelm.run_record import RunRecord, fingerprint, mean_over_directions

_PACKAGES = ("codelm", "torch", "lightning", "litdata", "tokenizers", "sacrebleu", "pygments", "numpy")

Callback = TypeVar("Callback", bound=lightning.Callback)


class RunRecordCallback(lightning.Callback):
    """Builds the record when the run has ended, from the other callbacks of the trainer.

    Parameters
    ----------
    config
        The run's options that bear on its result, resolved.
    folder
        Where ``record.json`` goes.

    Attributes
    ----------
    record
        The record; None before.
    """

    def __init__(self, config: dict[str, Any], folder: Path) -> None:
        self._config = config
        self._folder = folder
        self.record: RunRecord | None = None

    def on_fit_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        data = trainer.datamodule  # type: ignore[attr-defined]
        assert isinstance(pl_module, CodeLM) and isinstance(data, CodeDataModule)
        validation = _find(trainer, LanguageLossCallback).scores
        throughput = _find(trainer, Throughput)
        translation = _find(trainer, TranslationCallback)
        source_shares, language_shares = _find(trainer, RealisedProportions).shares(trainer.strategy)
        assert validation is not None
        scores = {name: results.by_direction() for name, results in translation.results.items()}
        corpus = data.corpus.manifest.fingerprint
        device = trainer.strategy.root_device
        self.record = RunRecord(
            config=self._config,
            # A corpus is what it holds, wherever it lies.
            config_fingerprint=fingerprint(self._config | {"corpus": corpus}),
            corpus_fingerprint=corpus,
            git_revision=git_revision(),
            versions=versions(),
            device=torch.cuda.get_device_name(device)
            if device.type == "cuda"
            else f"cpu, {torch.get_num_threads()} threads",
            precision=str(trainer.precision),
            attention_backend=pl_module.transformer.attention_backend,
            parameters=pl_module.model_config.parameters,
            block_parameters=pl_module.model_config.block_parameters,
            tokens_asked=data.tokens,
            tokens_seen=trainer.global_step * data.batch_tokens,
            proportions_asked={s.name: float(share) for s, share in zip(data.sources, data.shares, strict=True)},
            proportions_seen=source_shares,
            language_shares=language_shares,
            epochs=data.epochs,
            documents_cut=data.documents_cut,
            train_loss=float(pl_module.step_loss),
            validation_nats_per_token=validation.nats_per_token,
            validation_bits_per_byte=validation.bits_per_byte,
            translation=scores,
            seen_means={
                name: mean_over_directions(rows, lambda direction: direction.is_seen()) for name, rows in scores.items()
            },
            zero_shot_means={
                name: mean_over_directions(rows, lambda direction: not direction.is_seen())
                for name, rows in scores.items()
            },
            translation_history=translation.history,
            bleu_signature=next((r.texts.bleu_signature for r in translation.results.values()), ""),
            tokens_per_second=throughput.tokens_per_second,
            mfu=throughput.mfu(pl_module, data.shape.context, trainer.world_size),
            peak_flops=throughput.peak_flops,
            wall_seconds={
                "train": throughput.train_seconds,
                "validation": _find(trainer, LanguageLossCallback).seconds,
                **translation.seconds,
            },
            peak_memory_bytes=throughput.peak_memory_bytes(device),
            skipped_steps=_find(trainer, SkippedSteps).skipped,
            broken_attention=broken_backends(device),
        )
        if trainer.is_global_zero:
            self.record.save(self._folder)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that bear on a result."""
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _PACKAGES}


def git_revision() -> str | None:
    """Return the commit of the code, with ``+`` where tracked files were changed; None outside a checkout."""
    folder = Path(__file__).resolve().parents[2]

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")) != folder:
            return None
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _find(trainer: lightning.Trainer, kind: type[Callback]) -> Callback:
    return next(callback for callback in trainer.callbacks if isinstance(callback, kind))  # type: ignore[attr-defined]
