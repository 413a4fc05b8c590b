"""What a run leaves, as a model again: its weights, its tokenizer and the form of its documents."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml

from codelm.config import ModelConfig
from codelm.data.documents import DocumentForm
from codelm.errors import UserError
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer

_PREFIX = "transformer."
"""What the parameters' names begin with in the Lightning module."""


@dataclass(frozen=True)
class TrainedModel:
    """A model with what it takes to use it.

    Parameters
    ----------
    transformer
        The decoder, in float32 on the CPU.
    form
        How its documents are laid out, and its tokenizer.
    context
        Longest document of its training.
    """

    transformer: Transformer
    form: DocumentForm
    context: int


def load_trained(path: Path) -> TrainedModel:
    """Load a run's model from its folder, which stands for its newest checkpoint, or from one of its checkpoints.

    Raises
    ------
    UserError
        If a part of it is missing or damaged.
    """
    folder = path.parent.parent if path.is_file() else path
    if not (folder / "config.yaml").is_file():
        raise UserError(f"{folder} is not the folder of a run: it has no config.yaml")
    config = yaml.safe_load((folder / "config.yaml").read_text())
    form = DocumentForm(Tokenizer.load(folder / "tokenizer.json"), config["form"])
    checkpoint = path if path.is_file() else newest_checkpoint(path / "checkpoints")
    if checkpoint is None:
        raise UserError(f"no checkpoint in {path / 'checkpoints'}: has the run got that far?")
    return TrainedModel(_load_transformer(checkpoint), form, config["context"])


def load_weights(path: Path, tokenizer: Tokenizer) -> Transformer:
    """Load a decoder to go on training: of a run or a checkpoint, or from a folder that `export` wrote.

    Parameters
    ----------
    path
        Where it is.
    tokenizer
        Tokenizer of the documents that it is to be trained on.

    Raises
    ------
    UserError
        If it is no decoder of ours, or knows other tokens.
    """
    transformer: Transformer
    if (path / "config.json").is_file():
        from codelm.model.hf import load_llama

        transformer, own = load_llama(path), Tokenizer.load(path / "tokenizer.json")
    else:
        trained = load_trained(path)
        transformer, own = trained.transformer, trained.form.tokenizer
    if not own.has_the_tokens_of(tokenizer):
        raise UserError(f"{path} has another tokenizer than the corpus: prepare the corpus with that --tokenizer")
    return transformer


def _load_transformer(checkpoint: Path) -> Transformer:
    try:
        content: dict[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
        transformer = Transformer(ModelConfig(**content["hyper_parameters"]["model"]))
        transformer.load_state_dict(
            {
                name.removeprefix(_PREFIX): tensor
                for name, tensor in content["state_dict"].items()
                if name.startswith(_PREFIX)
            }
        )
    except (pickle.UnpicklingError, KeyError, TypeError, RuntimeError, EOFError, ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise UserError(f"{checkpoint} is not a whole checkpoint of a run ({reason})") from None
    return transformer


def newest_checkpoint(folder: Path) -> Path | None:
    """Return the checkpoint of the latest step in a folder, or None."""
    return max(folder.glob("step=*.ckpt"), key=step_of, default=None)


def step_of(checkpoint: Path) -> int:
    """Return the step that a checkpoint's name tells."""
    return int(checkpoint.stem.partition("=")[2])
