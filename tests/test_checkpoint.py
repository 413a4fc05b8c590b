"""A run's folder, or one of its checkpoints, as a model again."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from codelm.checkpoint import consolidate, load_optimizer_state, load_trained, load_weights
from codelm.errors import UserError
from codelm.lightning_module import CodeLM
from codelm.model.hf import export
from codelm.tokenizer import Tokenizer
from tests.saved_run import PROGRAM, save_run, small_module


@pytest.fixture(scope="module")
def module() -> CodeLM:
    return small_module()


@pytest.fixture
def run(module: CodeLM, tmp_path: Path) -> Path:
    return save_run(tmp_path / "run", module)


def test_the_folder_of_a_run_stands_for_its_newest_checkpoint(run: Path, module: CodeLM) -> None:
    trained = load_trained(run)
    assert trained.transformer.lm_head.weight.equal(module.transformer.lm_head.weight)
    assert trained.context == 256
    assert trained.form.tokenizer.decode(trained.form.tokenizer.encode(PROGRAM)) == PROGRAM


def test_an_older_checkpoint_can_be_named(run: Path, module: CodeLM) -> None:
    trained = load_trained(run / "checkpoints" / "step=9.ckpt")
    assert trained.transformer.lm_head.weight.equal(0.5 * module.transformer.lm_head.weight)


@pytest.mark.parametrize("content", [b"", b"no checkpoint", None])
def test_a_damaged_checkpoint_is_an_error_that_names_it(run: Path, content: bytes | None) -> None:
    file = run / "checkpoints" / "step=10.ckpt"
    file.write_bytes(file.read_bytes()[:5000] if content is None else content)
    with pytest.raises(UserError, match=r"step=10\.ckpt is not a whole checkpoint"):
        load_trained(run)


def test_a_checkpoint_of_something_else_is_an_error_that_names_it(run: Path) -> None:
    torch.save({"state_dict": {}, "hyper_parameters": {"model": {"depth": 3}}}, run / "checkpoints" / "step=10.ckpt")
    with pytest.raises(UserError, match=r"step=10\.ckpt is not a whole checkpoint of a run .*depth"):
        load_trained(run)


def test_a_run_without_a_checkpoint_is_an_error_that_says_so(run: Path) -> None:
    for file in (run / "checkpoints").iterdir():
        file.unlink()
    with pytest.raises(UserError, match="no checkpoint in"):
        load_trained(run)


def test_a_run_without_its_tokenizer_is_an_error_that_names_it(run: Path) -> None:
    (run / "tokenizer.json").unlink()
    with pytest.raises(UserError, match=r"no tokenizer at .*tokenizer\.json"):
        load_trained(run)


def test_a_folder_that_is_no_run_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    torch.save({}, tmp_path / "checkpoints" / "step=1.ckpt")
    with pytest.raises(UserError, match=r"not the folder of a run: it has no config\.yaml"):
        load_trained(tmp_path)


def test_weights_to_go_on_from_are_the_runs_or_an_exported_folders(run: Path, module: CodeLM, tmp_path: Path) -> None:
    tokenizer = load_trained(run).form.tokenizer
    export(load_trained(run).transformer, tokenizer, tmp_path / "exported", max_position_embeddings=256)
    for path in (run, run / "checkpoints" / "step=10.ckpt", tmp_path / "exported"):
        weights = load_weights(path, tokenizer).state_dict()
        assert weights.keys() == module.transformer.state_dict().keys()
        assert all(weights[name].equal(tensor) for name, tensor in module.transformer.state_dict().items())


def test_a_model_that_knows_other_tokens_is_an_error(run: Path) -> None:
    other = Tokenizer.train(["x = 2"], ("python", "java"), vocab_size=300)
    with pytest.raises(UserError, match="has another tokenizer than the corpus"):
        load_weights(run, other)


def test_a_run_without_an_optimiser_s_state_is_an_error(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is not a whole checkpoint of a run .*optimizer_states"):
        load_optimizer_state(run)
    with pytest.raises(UserError, match="holds no optimiser's state"):
        load_optimizer_state(tmp_path)


def test_only_what_several_processes_wrote_is_brought_together(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a checkpoint in shards: there is nothing to bring together"):
        consolidate(run / "checkpoints" / "step=10.ckpt", tmp_path / "whole.ckpt")
