"""Models to evaluate: a run of ours, or any causal language model in Hugging Face's layout."""

from __future__ import annotations

from pathlib import Path

import torch

from codelm.checkpoint import load_trained
from codelm.errors import UserError
from codelm.evaluation.prompts import DEFAULT_TEMPLATE, DocumentPrompts, TemplatePrompts
from codelm.evaluation.translation import EvaluatedModel


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
        trained = load_trained(path)
        transformer = trained.transformer.to(device, dtype).eval()
        return EvaluatedModel(transformer, DocumentPrompts(trained.form), context or trained.context)
    if not (path / "config.json").is_file():
        raise UserError(f"{path} is neither a run (it has no checkpoints) nor a Hugging Face model (no config.json)")
    from codelm.model.hf import load_hugging_face

    model, tokenizer = load_hugging_face(path, device, dtype)
    return EvaluatedModel(model, TemplatePrompts(tokenizer, template or DEFAULT_TEMPLATE), context or model.context)
