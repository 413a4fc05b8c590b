"""Models to evaluate: a run of ours, or any causal language model in Hugging Face's layout."""

from __future__ import annotations

import pickle
from pathlib import Path

import torch
import yaml

from codelm.config import ModelConfig
from codelm.data.documents import DocumentForm
from codelm.errors import UserError
from codelm.evaluation.prompts import DEFAULT_TEMPLATE, DocumentPrompts, TemplatePrompts
from codelm.evaluation.translation import EvaluatedModel
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer


def load_model(
    path: Path, device: torch.device, template: str | None = None, context: int | None = None
) -> EvaluatedModel:
    """Load a model with its tokenizer and the way it is asked for a translation.

    Parameters
    ----------
    path
        Folder of a run, or one of its checkpoints; or a folder with a Hugging Face causal language model.
    device
        Where it computes; on a GPU in bfloat16.
    template
        Plain-text prompt for a Hugging Face model, see `TemplatePrompts`; ours have their training documents' form.
    context
        Longest document; by default that of the training, or what the model has positions for.

    Raises
    ------
    UserError
        If there is no model, or a part of it is missing.
    """
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    if path.is_file() or (path / "checkpoints").is_dir():
        if template is not None:
            raise UserError("a template is for Hugging Face models: a run of ours is asked in its documents' form")
        return _load_run(path, device, dtype, context)
    if not (path / "config.json").is_file():
        raise UserError(f"{path} is neither a run (it has no checkpoints) nor a Hugging Face model (no config.json)")
    from codelm.model.hf import load_hugging_face

    model, tokenizer = load_hugging_face(path, device, dtype)
    return EvaluatedModel(model, TemplatePrompts(tokenizer, template or DEFAULT_TEMPLATE), context or model.context)


def _load_run(path: Path, device: torch.device, dtype: torch.dtype, context: int | None) -> EvaluatedModel:
    folder, checkpoint = (path.parent.parent, path) if path.is_file() else (path, _newest(path / "checkpoints"))
    if not (folder / "config.yaml").is_file():
        raise UserError(f"{folder} is not the folder of a run: it has no config.yaml")
    config = yaml.safe_load((folder / "config.yaml").read_text())
    form = DocumentForm(Tokenizer.load(folder / "tokenizer.json"), config["form"])
    try:
        content = torch.load(checkpoint, map_location="cpu", weights_only=True)
        model = Transformer(ModelConfig(**content["hyper_parameters"]["model"]))
        prefix = "transformer."
        weights = {
            name.removeprefix(prefix): tensor
            for name, tensor in content["state_dict"].items()
            if name.startswith(prefix)
        }
        model.load_state_dict(weights)
    except (pickle.UnpicklingError, KeyError, RuntimeError, EOFError, ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise UserError(f"{checkpoint} is not a whole checkpoint of a run ({reason})") from None
    return EvaluatedModel(model.to(device, dtype).eval(), DocumentPrompts(form), context or config["context"])


def _newest(folder: Path) -> Path:
    checkpoints = sorted(folder.glob("step=*.ckpt"), key=lambda file: int(file.stem.partition("=")[2]))
    if not checkpoints:
        raise UserError(f"no checkpoint in {folder}: has the run got that far?")
    return checkpoints[-1]
