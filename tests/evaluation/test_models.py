"""Models that are evaluated: runs of ours and their checkpoints."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.evaluation.models import load_model
from codelm.evaluation.prompts import DocumentPrompts
from codelm.lightning_module import CodeLM, TrainingConfig
from codelm.tokenizer import Tokenizer

CPU = torch.device("cpu")
PROGRAM = "print(1)\n"


@pytest.fixture
def module() -> CodeLM:
    config = ModelConfig(300, layers=1, width=32, heads=4, kv_heads=4, hidden=64)
    return CodeLM(config, TrainingConfig(steps=2, learning_rate=0.01))


@pytest.fixture
def run(module: CodeLM, tmp_path: Path) -> Path:
    """A run's folder, with the checkpoints of two steps."""
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "config.yaml").write_text("form: direct\ncontext: 256\n")
    Tokenizer.train([PROGRAM], ("python", "java"), vocab_size=300).save(tmp_path / "tokenizer.json")
    for step, scale in ((9, 0.5), (10, 1.0)):
        weights = {name: scale * tensor for name, tensor in module.state_dict().items()}
        content = {"state_dict": weights, "hyper_parameters": dict(module.hparams)}
        torch.save(content, tmp_path / "checkpoints" / f"step={step}.ckpt")
    return tmp_path


def test_the_folder_of_a_run_stands_for_its_newest_checkpoint(run: Path, module: CodeLM) -> None:
    evaluated = load_model(run, CPU)
    weight = evaluated.model.lm_head.weight  # type: ignore[attr-defined]
    assert weight.equal(module.transformer.lm_head.weight)
    assert evaluated.context == 256 and isinstance(evaluated.prompts, DocumentPrompts)
    assert evaluated.prompts.decode(evaluated.prompts.encode(PROGRAM)) == PROGRAM


def test_an_older_checkpoint_can_be_named_and_the_context_changed(run: Path, module: CodeLM) -> None:
    evaluated = load_model(run / "checkpoints" / "step=9.ckpt", CPU, context=64)
    weight = evaluated.model.lm_head.weight  # type: ignore[attr-defined]
    assert weight.equal(0.5 * module.transformer.lm_head.weight)
    assert evaluated.context == 64


@pytest.mark.parametrize("content", [b"", b"no checkpoint", None])
def test_a_damaged_checkpoint_is_an_error_that_names_it(run: Path, content: bytes | None) -> None:
    file = run / "checkpoints" / "step=10.ckpt"
    file.write_bytes(file.read_bytes()[:5000] if content is None else content)
    with pytest.raises(UserError, match=r"step=10\.ckpt is not a whole checkpoint"):
        load_model(run, CPU)


def test_a_run_without_a_checkpoint_is_an_error_that_says_so(run: Path) -> None:
    for file in (run / "checkpoints").iterdir():
        file.unlink()
    with pytest.raises(UserError, match="no checkpoint in"):
        load_model(run, CPU)


def test_a_run_without_its_tokenizer_is_an_error_that_names_it(run: Path) -> None:
    (run / "tokenizer.json").unlink()
    with pytest.raises(UserError, match=r"no tokenizer at .*tokenizer\.json"):
        load_model(run, CPU)


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither a run"):
        load_model(tmp_path, CPU)


def test_a_template_is_not_for_a_model_of_ours(run: Path) -> None:
    with pytest.raises(UserError, match="a template is for Hugging Face models"):
        load_model(run, CPU, template="{source}")
