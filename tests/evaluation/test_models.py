"""Models that are evaluated, from wherever they are loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from codelm.errors import UserError
from codelm.evaluation.models import load_model
from codelm.evaluation.prompts import DocumentPrompts
from tests.saved_run import PROGRAM, save_run, small_module

CPU = torch.device("cpu")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return save_run(tmp_path / "run", small_module())


def test_a_run_is_asked_in_the_form_of_its_documents(run: Path) -> None:
    evaluated = load_model(run, CPU)
    assert isinstance(evaluated.prompts, DocumentPrompts)
    assert evaluated.prompts.decode(evaluated.prompts.encode(PROGRAM)) == PROGRAM
    assert not evaluated.model.training  # type: ignore[attr-defined]


def test_its_context_is_that_of_the_training_unless_another_is_asked_for(run: Path) -> None:
    assert load_model(run, CPU).context == 256
    assert load_model(run / "checkpoints" / "step=9.ckpt", CPU, context=64).context == 64


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither a run"):
        load_model(tmp_path, CPU)


def test_a_template_is_not_for_a_model_of_ours(run: Path) -> None:
    with pytest.raises(UserError, match="a template is for Hugging Face models"):
        load_model(run, CPU, template="{source}")
