"""Write a trained model as a folder that transformers loads, and vLLM and lm-eval through it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from codelm.command_line import parse_options, run_command
from codelm.errors import UserError

if TYPE_CHECKING:
    from codelm.config import ModelConfig


@dataclass(frozen=True)
class ExportOptions:
    """Write a trained model as a Hugging Face folder: safetensors, configuration and tokenizer.

    AutoModelForCausalLM and AutoTokenizer load it, and vLLM and lm-eval through them: as a Llama, a model with
    normalised queries and keys as a Qwen3, one with parallel blocks as a Cohere.

    Parameters
    ----------
    model
        Folder of a run, for its newest checkpoint, or one of its checkpoints.
    folder
        Where to write; must not be there, or be empty.
    dtype
        Number format of the weights: `float32`, as they are trained, or `bfloat16`, half the size.
    """

    model: Path
    folder: Path
    dtype: Literal["float32", "bfloat16"] = "float32"


def main() -> None:
    """Run from the command line."""
    options = parse_options(ExportOptions, positional=("model", "folder"))
    if not options.model.exists():
        raise UserError(f"no run or checkpoint at {options.model}")
    if options.folder.exists() and (options.folder.is_file() or any(options.folder.iterdir())):
        raise UserError(f"{options.folder} is not empty: choose another folder")
    config = export(options)
    from codelm.model.hf_families import family

    size = sum(file.stat().st_size for file in options.folder.glob("*.safetensors"))
    print(f"{config.parameters / 1e6:.2f} M parameters, {size / 1e6:,.1f} MB of weights: {options.folder}")
    print(f'AutoModelForCausalLM.from_pretrained("{options.folder}") loads it as a {family(config).title()}')


def export(options: ExportOptions) -> ModelConfig:
    """Write the folder; return the model's shape."""
    import torch

    from codelm.checkpoint import load_trained
    from codelm.model import hf

    trained = load_trained(options.model)
    transformer = trained.transformer.to(getattr(torch, options.dtype))
    hf.export(transformer, trained.form.tokenizer, options.folder, max_position_embeddings=trained.context)
    return transformer.config


if __name__ == "__main__":
    run_command(main)
