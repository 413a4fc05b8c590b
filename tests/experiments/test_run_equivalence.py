"""Ways to run the main job that come to the same: a branch off a trunk, two processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from codelm.callbacks.resumable_table import read_table
from tests.main_job import SMALL, STEPS, losses, run


def test_a_decay_that_branches_off_a_trunk_is_the_same_run_to_the_last_bit(corpus: Path, tmp_path: Path) -> None:
    unscored = ("--loss-groups", 0, "--bleu-groups", 0)
    shared = ("--corpus", corpus, "--batch-tokens", 2048, "--context", 1024, *unscored)
    warmup, half, whole = 3 * 2048, 8 * 2048, 16 * 2048
    schedule = ("--schedule", "constant", "--warmup-tokens", warmup)
    trunk = run(
        *(*shared, *schedule, "--tokens", whole, "--checkpoint-every", 8, "--keep-checkpoints", "all"),
        *("--out", tmp_path / "trunk"),
    )
    assert trunk.returncode == 0, trunk.stderr
    checkpoint = tmp_path / "trunk" / "checkpoints" / "step=8.ckpt"
    arguments = ("--from", checkpoint, "--decay-tokens", half, *unscored, "--out", tmp_path / "branch")
    branch = run(*arguments)
    in_one_piece = run(
        *(*shared, "--tokens", whole, "--warmup-tokens", warmup, "--decay-tokens", half),
        *("--out", tmp_path / "whole"),
    )

    assert branch.returncode == 0 and in_one_piece.returncode == 0, branch.stderr + in_one_piece.stderr
    assert "Warning" not in branch.stderr and ".py:" not in branch.stderr
    assert losses(tmp_path / "branch") == losses(tmp_path / "whole")[8:]
    records = [json.loads((tmp_path / name / "record.json").read_text()) for name in ("branch", "whole")]
    for name in ("tokens_seen", "proportions_seen", "validation_nats_per_token", "train_loss"):
        assert records[0][name] == records[1][name]
    assert records[0]["config"]["from"] == str(checkpoint)
    assert run(*arguments, "--resume").returncode == 0


def test_two_processes_train_like_one_with_the_same_global_batch(corpus: Path, tmp_path: Path) -> None:
    arguments = ["--corpus", corpus, "--mix", "shuffled", *SMALL, "--context", 1024, "--row-tokens", 1024]
    arguments += ["--accelerator", "cpu"]
    one = run(*arguments, "--out", tmp_path / "one")
    two = run(*arguments, "--out", tmp_path / "two", "--devices", 2)

    assert one.returncode == 0, one.stderr
    assert two.returncode == 0, two.stderr
    by_one, by_two = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert [step for step, _ in by_one] == [step for step, _ in by_two] == list(range(1, STEPS + 1))
    # The sums are taken in another order: nothing more than rounding, which training carries on.
    assert [float(loss) for _, loss in by_two] == pytest.approx([float(loss) for _, loss in by_one], rel=2e-5)
    # Each process counts its own tokens; what is written is about all.
    single_rows, double_rows = (read_table(tmp_path / name / "language_losses.csv") for name in ("one", "two"))
    assert len(single_rows) == len(double_rows) > 4 * STEPS
    for one_row, two_row in zip(single_rows, double_rows, strict=True):
        assert [one_row[name] for name in ("step", "language", "tokens")] == [
            two_row[name] for name in ("step", "language", "tokens")
        ]
        assert float(two_row["nats_per_token"]) == pytest.approx(float(one_row["nats_per_token"]), rel=1e-4)
    records = [json.loads((tmp_path / name / "record.json").read_text()) for name in ("one", "two")]
    single, double = (record["translation"]["validation"] for record in records)
    for direction, scores in single.items():
        assert double[direction]["loss_per_token"] == pytest.approx(scores["loss_per_token"], rel=1e-4)
