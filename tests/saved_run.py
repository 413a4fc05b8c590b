"""The folder of a run as training leaves it, without the training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from codelm.config import ModelConfig
from codelm.lightning_module import CodeLM, TrainingConfig
from codelm.tokenizer import Tokenizer

PROGRAM = "print(1)\n"


def small_module(**shape: Any) -> CodeLM:
    """A model of one layer with random weights."""
    config = ModelConfig(300, layers=1, width=32, heads=4, kv_heads=4, hidden=64, **shape)
    return CodeLM(config, TrainingConfig(steps=2, learning_rate=0.01))


def save_run(folder: Path, module: CodeLM) -> Path:
    """Save checkpoints of two steps: the weights at the end, and before it half of them."""
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "config.yaml").write_text("form: direct\ncontext: 256\n")
    Tokenizer.train([PROGRAM], ("python", "java"), vocab_size=300).save(folder / "tokenizer.json")
    for step, scale in ((9, 0.5), (10, 1.0)):
        weights = {name: scale * tensor for name, tensor in module.state_dict().items()}
        content = {"state_dict": weights, "hyper_parameters": dict(module.hparams)}
        torch.save(content, folder / "checkpoints" / f"step={step}.ckpt")
    return folder
