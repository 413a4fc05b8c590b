"""Mistakes in what the main job is asked for: one line that says what to do."""

from __future__ import annotations

import functools
import io
import os
from pathlib import Path

import pytest
import torch

from tests.main_job import SMALL, run

BAD_INPUT = [
    (["--model", "nanno"], "unknown model 'nanno': choose from nano,"),
    (["--languages", "pyhton"], "unknown language 'pyhton': choose from python,"),
    (["--proportions", "python-java=0.5,python-go=0.6"], "sum to 1.1, not to 1"),
    (["--proportions", "python-java=-0.5,python-go=1.5"], "cannot be negative"),
    (["--proportions", "python-ruby=1"], "unknown collection in the proportions 'python-ruby'"),
    (["--proportions", "python-java"], "write it as python-java=0.3"),
    (["--corpus", "nowhere"], "no corpus at nowhere"),
    (["--tokens", "lots"], "'lots' is not a count"),
    (["--tokens", "100"], "less than one step"),
    (["--mix", "paired"], "shuffled"),
    (["--data", "no_module.Nothing"], "cannot load 'no_module.Nothing'"),
    (["--data", "pathlib.Path"], "is not a datamodule"),
    (["--resume"], "--resume needs --out"),
    (["--attention", "flash9"], "flash9"),
    (["--nonsense"], "nonsense"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT, ids=[" ".join(case[0]) for case in BAD_INPUT])
def test_a_mistake_is_answered_in_one_line(corpus: Path, tmp_path: Path, arguments: list[str], message: str) -> None:
    fixed = [] if "--corpus" in arguments else ["--corpus", str(corpus)]
    out = [] if arguments == ["--resume"] else ["--out", str(tmp_path / "out")]

    done = run(*fixed, *out, *arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("error: ")
    assert not (tmp_path / "out" / "record.json").exists()


def test_a_run_that_diverges_stops_and_says_so(corpus: Path, tmp_path: Path) -> None:
    done = run("--corpus", corpus, "--out", tmp_path / "out", *SMALL, "--learning-rate", 1e20)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: 20 steps in a row up to step 21 had a gradient that is not")
    assert not (tmp_path / "out" / "record.json").exists()


def test_a_missing_package_is_told_before_anything_is_done(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *package: None if name == 'wandb' else find(name, *package)\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run("--corpus", corpus, "--out", tmp_path / "out", "--wandb", "project", env={"PYTHONPATH": path})

    assert done.returncode == 2
    assert done.stderr == "error: --wandb needs a package that is not there: pip install 'codelm[wandb]'\n"
    assert not (tmp_path / "out").exists()


def test_who_is_not_known_to_weights_and_biases_is_told_before_training(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("wandb")
    nobody = {"HOME": str(tmp_path), "NETRC": str(tmp_path / "netrc"), "WANDB_API_KEY": "", "WANDB_MODE": "online"}
    done = run("--corpus", corpus, "--out", tmp_path / "out", "--wandb", "project", *SMALL, env=nobody)

    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: Weights & Biases: ") and "wandb login" in last
    assert not (tmp_path / "out" / "metrics.csv").exists()


def test_too_little_memory_is_told_with_what_to_change(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (30 << 30, 30 << 30))\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    arguments = ("--model", "14B", "--tokens", 8192, "--batch-tokens", 8192, "--row-tokens", 4096, "--context", 2048)
    done = run("--corpus", corpus, "--out", tmp_path / "out", *arguments, env={"PYTHONPATH": path})

    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "error: the machine has too little memory for this run: fewer tokens at a time (--row-tokens, now 4096), "
        "or --activation-checkpointing full, or --strategy fsdp on several devices, "
        "or a shorter --context (now 2048), or a smaller --model"
    )


def test_a_checkpoint_that_does_not_fit_is_told_with_what_differs(corpus: Path, tmp_path: Path) -> None:
    shared = ("--corpus", corpus, "--tokens", 8192, "--batch-tokens", 2048, "--context", 512)
    shared += ("--loss-groups", 0, "--bleu-groups", 0)
    out = tmp_path / "out"
    assert run(*shared, "--out", out).returncode == 0
    (out / "record.json").unlink()
    checkpoint = out / "checkpoints" / "step=4.ckpt"
    whole = checkpoint.read_bytes()

    damaged = (
        (whole[: len(whole) // 2], f"{checkpoint} is not a whole checkpoint of a run"),
        (_changed(whole, "hyper_parameters", "model", "width"), "holds another model (width was 7, is 128)"),
        (_changed(whole, "ParallelDataModule", "corpus"), "the checkpoint was made on another corpus"),
    )
    for content, message in damaged:
        checkpoint.write_bytes(content)
        done = run(*shared, "--out", out, "--resume")
        assert done.returncode == 2
        assert message in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def _changed(checkpoint: bytes, *path: str) -> bytes:
    """Give an entry of a checkpoint another value."""
    content = torch.load(io.BytesIO(checkpoint), weights_only=True)
    *way, last = path
    functools.reduce(lambda inner, name: inner[name], way, content)[last] = 7
    changed = io.BytesIO()
    torch.save(content, changed)
    return changed.getvalue()
