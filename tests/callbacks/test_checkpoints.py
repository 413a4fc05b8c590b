"""Checkpoints: the newest is found, and one that could not be written whole never takes its place."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from codelm.callbacks import StepCheckpoint


class Trainer(SimpleNamespace):
    """Writes a checkpoint in two halves, and fails between them if told to."""

    def save_checkpoint(self, file: str, weights_only: bool) -> None:
        Path(file).write_text("half")
        if self.disk_is_full:
            raise OSError(28, os.strerror(28), file)
        Path(file).write_text("whole")


def trainer(disk_is_full: bool) -> Any:
    return Trainer(global_step=10, is_global_zero=True, loggers=[], disk_is_full=disk_is_full)


def test_the_newest_step_is_found(tmp_path: Path) -> None:
    for step in (5, 10, 9):
        (tmp_path / f"step={step}.ckpt").touch()
    assert StepCheckpoint(tmp_path, 5).latest() == tmp_path / "step=10.ckpt"


def test_there_is_none_before_the_first(tmp_path: Path) -> None:
    assert StepCheckpoint(tmp_path / "missing", 5).latest() is None


def test_a_checkpoint_that_the_disk_has_no_room_for_leaves_the_last_good_one(tmp_path: Path) -> None:
    (tmp_path / "step=5.ckpt").write_text("whole")
    callback = StepCheckpoint(tmp_path, 5)

    with pytest.raises(OSError, match="No space left"):
        callback._save_checkpoint(trainer(disk_is_full=True), str(tmp_path / "step=10.ckpt"))

    assert [file.name for file in tmp_path.iterdir()] == ["step=5.ckpt"]
    assert callback.latest() == tmp_path / "step=5.ckpt"


def test_a_checkpoint_that_was_written_stands_under_its_own_name(tmp_path: Path) -> None:
    callback = StepCheckpoint(tmp_path, 5)
    callback._save_checkpoint(trainer(disk_is_full=False), str(tmp_path / "step=10.ckpt"))

    assert [file.name for file in tmp_path.iterdir()] == ["step=10.ckpt"]
    assert (tmp_path / "step=10.ckpt").read_text() == "whole"


def test_a_branch_leaves_the_checkpoints_of_its_trunk_alone(tmp_path: Path) -> None:
    trunk, branch = (StepCheckpoint(tmp_path / name, 5) for name in ("trunk", "branch"))
    trunk.best_k_models = {str(tmp_path / "trunk" / "step=5.ckpt"): torch.tensor(5)}
    state = trunk.state_dict()
    branch.load_state_dict(state)
    assert branch.best_k_models == {}
    again = StepCheckpoint(tmp_path / "trunk", 10, keep_all=True)
    assert again.state_key == trunk.state_key
    again.load_state_dict(state)
    assert again.best_k_models == trunk.best_k_models
