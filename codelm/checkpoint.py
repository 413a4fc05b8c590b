"""What a run leaves, as a model again: its weights, its tokenizer and the form of its documents."""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed.checkpoint as dcp
import yaml
from torch.distributed.checkpoint import CheckpointException
from torch.distributed.checkpoint.format_utils import dcp_to_torch_save

from codelm.config import ModelConfig
from codelm.data.documents import DocumentForm
from codelm.errors import UserError
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer

_PREFIX = "transformer."
"""What the parameters' names begin with in the Lightning module."""

_SHARDS = ".metadata"
"""File in a checkpoint in shards that says what is where."""

_DAMAGE = (
    *(pickle.UnpicklingError, KeyError, TypeError, RuntimeError, EOFError, ValueError, OSError),
    CheckpointException,
)
"""What is raised where a checkpoint is not whole, or something else."""


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
    is_run = path.is_dir() and not is_sharded(path)
    folder = path if is_run else path.parent.parent
    if not (folder / "config.yaml").is_file():
        raise UserError(f"{folder} is not the folder of a run: it has no config.yaml")
    config = yaml.safe_load((folder / "config.yaml").read_text())
    form = DocumentForm(Tokenizer.load(folder / "tokenizer.json"), config["form"])
    checkpoint = newest_checkpoint(path / "checkpoints") if is_run else path
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
        from codelm.model.hf import load_held

        transformer, own = load_held(path), Tokenizer.load(path / "tokenizer.json")
    else:
        trained = load_trained(path)
        transformer, own = trained.transformer, trained.form.tokenizer
    if not own.has_the_tokens_of(tokenizer):
        raise UserError(f"{path} has another tokenizer than the corpus: prepare the corpus with that --tokenizer")
    return transformer


def load_optimizer_state(path: Path) -> dict[int, Any]:
    """Return what the optimiser of a run keeps of each parameter, by its number.

    Parameters
    ----------
    path
        Run, for its newest checkpoint, or checkpoint.

    Raises
    ------
    UserError
        If there is none, or it is in shards.
    """
    checkpoint = newest_checkpoint(path / "checkpoints") if path.is_dir() and not is_sharded(path) else path
    if checkpoint is None:
        raise UserError(f"{path} holds no optimiser's state: that is in a run's checkpoints")
    if is_sharded(checkpoint):
        raise UserError(f"{checkpoint} is in shards: make one file of it by experiments/consolidate.py")
    try:
        state: dict[int, Any] = _read(checkpoint)["optimizer_states"][0]["state"]
    except _DAMAGE as error:
        raise not_whole(checkpoint, error) from None
    return state


def _load_transformer(checkpoint: Path) -> Transformer:
    try:
        content = _read_metadata(checkpoint) if is_sharded(checkpoint) else _read(checkpoint)
        transformer = Transformer(ModelConfig(**content["hyper_parameters"]["model"]))
        weights = {_PREFIX + name: tensor for name, tensor in transformer.state_dict().items()}
        if is_sharded(checkpoint):
            with warnings.catch_warnings():
                # That it reads in this process alone, which is what is asked for.
                warnings.simplefilter("ignore", UserWarning)
                dcp.load({"state_dict": weights}, checkpoint_id=checkpoint, no_dist=True)
        else:
            weights = {name: content["state_dict"][name] for name in weights}
        transformer.load_state_dict({name.removeprefix(_PREFIX): tensor for name, tensor in weights.items()})
    except _DAMAGE as error:
        raise not_whole(checkpoint, error) from None
    return transformer


def check_checkpoint(checkpoint: Path, model: ModelConfig, sharded: bool) -> None:
    """See whether a run can go on from a checkpoint; a UserError says what differs, or that it is damaged.

    Parameters
    ----------
    checkpoint
        Of either kind.
    model
        The run's model.
    sharded
        Whether the run reads checkpoints in shards.
    """
    if is_sharded(checkpoint) and not sharded:
        raise UserError(
            f"{checkpoint} is in shards: go on with --strategy fsdp, "
            "or make one file of it by experiments/consolidate.py"
        )
    if sharded and not is_sharded(checkpoint):
        raise UserError(f"{checkpoint} was not made with --strategy fsdp: go on without it")
    try:
        content = _read_metadata(checkpoint) if is_sharded(checkpoint) else _read(checkpoint)
        own = ModelConfig(**content["hyper_parameters"]["model"])
    except _DAMAGE as error:
        raise not_whole(checkpoint, error) from None
    ours, theirs = asdict(own), asdict(model)
    changes = [f"{name} was {ours[name]}, is {value}" for name, value in theirs.items() if value != ours[name]]
    if changes:
        raise UserError(f"{checkpoint} holds another model ({'; '.join(changes)})")


def consolidate(checkpoint: Path, file: Path) -> None:
    """Write a checkpoint that several processes wrote together as one file, with all that a run goes on from.

    Raises
    ------
    UserError
        If it is no such checkpoint, or damaged.
    """
    if not is_sharded(checkpoint):
        raise UserError(f"{checkpoint} is not a checkpoint in shards: there is nothing to bring together")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
            dcp_to_torch_save(checkpoint, Path(scratch) / "tensors")
            tensors = torch.load(Path(scratch) / "tensors", weights_only=True, mmap=True)
            optimizer = _numbered(tensors["optimizer_0"])
            content = _read_metadata(checkpoint) | {"state_dict": tensors["state_dict"]}
            torch.save(content | {"optimizer_states": [optimizer]}, Path(scratch) / "whole")
            os.replace(Path(scratch) / "whole", file)
    except _DAMAGE as error:
        raise not_whole(checkpoint, error) from None


def _numbered(optimizer: dict[str, Any]) -> dict[str, Any]:
    """Name parameters by their place in the groups, as an optimiser on one device does, instead of by their names."""
    names = [name for group in optimizer["param_groups"] for name in group["params"]]
    numbers = {name: number for number, name in enumerate(names)}
    groups = [group | {"params": [numbers[name] for name in group["params"]]} for group in optimizer["param_groups"]]
    return {"state": {numbers[name]: state for name, state in optimizer["state"].items()}, "param_groups": groups}


def is_sharded(checkpoint: Path) -> bool:
    """Return whether a path is a checkpoint that several processes wrote together: a folder."""
    return (checkpoint / _SHARDS).is_file()


def remove_checkpoint(checkpoint: Path) -> None:
    """Remove a checkpoint of either kind, or what there is of it."""
    if checkpoint.is_dir():
        shutil.rmtree(checkpoint)
    checkpoint.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Any]:
    # Mapped: what is not asked for is not read.
    content: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    return content


def _read_metadata(checkpoint: Path) -> dict[str, Any]:
    return _read(checkpoint / "meta.pt")


def not_whole(checkpoint: Path, error: BaseException) -> UserError:
    """Return what to say of a checkpoint that cannot be read."""
    if isinstance(error, CheckpointException):
        # One error for each process, with its traceback.
        error = next(iter(error.failures.values()))[0]
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return UserError(f"{checkpoint} is not a whole checkpoint of a run ({reason}): name another, or move it away")


def newest_checkpoint(folder: Path) -> Path | None:
    """Return the checkpoint of the latest step in a folder, or None."""
    return max(folder.glob("step=*.ckpt"), key=step_of, default=None)


def step_of(checkpoint: Path) -> int:
    """Return the step that a checkpoint's name tells."""
    return int(checkpoint.stem.partition("=")[2])
