"""A decay that branches off a trunk, against the same run in one piece."""

from __future__ import annotations

import json
from pathlib import Path

from tests.main_job import losses, run


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
