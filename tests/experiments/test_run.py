"""The main job as a user runs it: processes, folders, signals, and what is printed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.main_job import ROOT, RUN, SMALL, STEPS, logged, losses, run


@pytest.fixture(scope="module")
def finished(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run that was not interrupted: its folder and what it printed."""
    out = tmp_path_factory.mktemp("runs") / "whole"
    done = run("--corpus", corpus, "--mix", "parallel", "--out", out, *SMALL, "--bleu-groups", 1)
    assert done.returncode == 0, done.stderr
    return out, done.stdout + done.stderr


def test_a_run_leaves_its_record_metrics_tables_and_checkpoint(finished: tuple[Path, str]) -> None:
    out, printed = finished
    record = json.loads((out / "record.json").read_text())

    left = {"record.json", "metrics.csv", "language_losses.csv", "config.yaml", "tokenizer.json", "translations.jsonl"}
    pictures = {f"{name}_{score}.png" for name in ("programs", "validation") for score in ("translation_loss", "bleu")}
    assert pictures | left | {"tensorboard"} <= {file.name for file in out.iterdir()}
    assert [file.name for file in (out / "checkpoints").iterdir()] == [f"step={STEPS}.ckpt"]
    assert len(losses(out)) == STEPS and losses(out)[-1][0] == STEPS
    assert record["tokens_seen"] == STEPS * 2048
    for rows in (record["translation"]["programs"], record["translation"]["validation"]):
        assert len(rows) == 42 and all(row["loss_per_token"] > 0 for row in rows.values())
    assert abs(sum(record["language_shares"].values()) - 1) < 1e-9
    assert "zero-shot" in printed and "Warning" not in printed and "Traceback" not in printed


def test_every_source_got_its_share(finished: tuple[Path, str]) -> None:
    record = json.loads((finished[0] / "record.json").read_text())

    for source, asked in record["proportions_asked"].items():
        assert abs(record["proportions_seen"][source] - asked) * STEPS * 2048 <= 1024


@pytest.mark.parametrize(("workers", "resumed_workers"), [(0, 0), (2, 0), (0, 2)])
def test_a_killed_run_resumes_to_the_same_losses_to_the_last_bit(
    corpus: Path, finished: tuple[Path, str], tmp_path: Path, workers: int, resumed_workers: int
) -> None:
    out = tmp_path / "killed"
    arguments = ["--corpus", corpus, "--mix", "parallel", "--out", out, *SMALL, "--checkpoint-every", 3]
    kill_after = random.Random(f"{workers}{resumed_workers}").randrange(4, STEPS - 4)

    process = subprocess.Popen(
        [sys.executable, str(RUN), *map(str, arguments), "--workers", str(workers)],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while not (out / "metrics.csv").is_file() or len(losses(out)) < kill_after:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "record.json").exists()

    resumed = run(*arguments, "--workers", resumed_workers, "--resume")

    assert resumed.returncode == 0, resumed.stderr
    assert losses(out) == losses(finished[0])
    assert (out / "language_losses.csv").read_text() == (finished[0] / "language_losses.csv").read_text()
    assert logged(out)["training/loss/go"] == logged(finished[0])["training/loss/go"]


def test_a_finished_run_shows_its_tables_again(finished: tuple[Path, str], corpus: Path) -> None:
    shown = run("--corpus", corpus, "--mix", "parallel", "--out", finished[0], *SMALL, "--resume")

    assert shown.returncode == 0
    assert "zero-shot" in shown.stdout


def test_a_branch_that_cannot_be_is_a_mistake_in_one_line(finished: tuple[Path, str], tmp_path: Path) -> None:
    checkpoint = finished[0] / "checkpoints" / f"step={STEPS}.ckpt"
    for arguments, message in (
        (("--from", checkpoint), "--from needs --decay-tokens"),
        (("--from", finished[0], "--decay-tokens", "1M"), "no checkpoint of a run at"),
        (("--from", checkpoint, "--decay-tokens", "1M", "--seed", 3), "leave out --seed"),
        (("--from", checkpoint, "--decay-tokens", "1M"), "the learning rate has fallen already"),
    ):
        done = run(*arguments, "--out", tmp_path / "out")
        assert done.returncode == 2
        assert message in done.stderr and done.stderr.count("\n") == 1


def test_translation_is_scored_on_the_way_when_asked(corpus: Path, tmp_path: Path) -> None:
    done = run(
        *("--corpus", corpus, "--out", tmp_path / "out", *SMALL, "--languages", "python,java"),
        *("--evaluate-every", 10, "--evaluate-groups", 2),
    )

    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert [(row["step"], row["set"]) for row in record["translation_history"]] == [
        (step, name) for step in (10, 20) for name in ("programs", "validation")
    ]
    assert all(row["seen_loss"] > 0 and row["zero_shot_loss"] is None for row in record["translation_history"])
    history = [(row["step"], row["seen_loss"]) for row in record["translation_history"] if row["set"] == "programs"]
    names = logged(tmp_path / "out")
    assert names["translation/programs/seen_loss"] == [(step, pytest.approx(loss, rel=1e-5)) for step, loss in history]
    assert "translation/programs/zero_shot_loss" not in names
    assert record["wall_seconds"]["translation_in_training"] > 0


def test_a_profile_is_written_where_it_says(corpus: Path, tmp_path: Path) -> None:
    unscored = ("--loss-groups", 0)
    done = run("--corpus", corpus, "--out", tmp_path / "out", *SMALL, *unscored, "--languages", "python", "--profile")

    assert done.returncode == 0, done.stderr
    file = tmp_path / "out" / "profile.json.gz"
    assert "Where the time goes" in done.stderr and "aten::mm" in done.stderr
    assert done.stdout.splitlines()[-1].endswith(f": {file}") and file.stat().st_size > 1000
    assert not [line for line in done.stderr.splitlines() if line.startswith(("ERROR", "USDT"))]


def test_one_language_alone_reads_its_side_of_every_pair(corpus: Path, tmp_path: Path) -> None:
    done = run("--corpus", corpus, "--languages", "python", "--out", tmp_path / "python", *SMALL)

    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "python" / "record.json").read_text())
    assert record["language_shares"] == {"python": 1.0}
    assert record["translation"] == {}
    assert "Python" in done.stdout


def test_a_new_language_takes_a_subclass_and_its_programs(tmp_path: Path) -> None:
    (tmp_path / "my_module.py").write_text(readme_block("from codelm.data.datamodule import ParallelDataModule"))
    kotlin = 'fun main() {{\n    val total = {number} + {number}\n    println("total: $total")\n}}\n'
    python = 'total = {number} + {number}\nprint(f"total: {{total}}")\n'
    rows = [
        {"group": f"sum-{number}", "language": language, "code": code.format(number=number)}
        for number in range(60)
        for language, code in (("python", python), ("kotlin", kotlin))
    ]
    (tmp_path / "kotlin.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    done = run(
        *("--mix", "parallel", "--data", "my_module.KotlinDataModule", "--groups", "60", "--out", "out", *SMALL),
        # The second group is one with Kotlin.
        *("--loss-groups", "2"),
        cwd=tmp_path,
        env={"XDG_CACHE_HOME": str(tmp_path / "cache")},
    )

    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["proportions_seen"]["python-kotlin"] == pytest.approx(1 / 7, abs=0.01)
    assert record["translation"]["validation"]["kotlin->python"]["loss_per_token"] > 0
    assert record["translation"]["programs"]["kotlin->python"]["loss_per_token"] is None


def readme_block(containing: str) -> str:
    """The README's code block that has a line."""
    blocks = (ROOT / "README.md").read_text().split("```")[1::2]
    return next(block.partition("\n")[2] for block in blocks if containing in block)


def test_a_folder_with_another_run_is_refused(finished: tuple[Path, str], corpus: Path) -> None:
    before = (finished[0] / "record.json").read_bytes()

    again = run("--corpus", corpus, "--out", finished[0], *SMALL)
    other = run("--corpus", corpus, "--out", finished[0], *SMALL, "--seed", 5, "--resume")

    assert again.returncode == 2 and "holds another run" in again.stderr
    assert other.returncode == 2 and "seed was 0, is 5" in other.stderr
    assert (finished[0] / "record.json").read_bytes() == before


def test_the_help_takes_less_than_a_second() -> None:
    times = []
    for _ in range(3):
        start = time.monotonic()
        done = run("--help")
        times.append(time.monotonic() - start)
    assert done.returncode == 0 and "--proportions" in done.stdout
    assert min(times) < 1.0


def test_the_resolved_options_can_be_given_as_a_file(finished: tuple[Path, str]) -> None:
    printed = run("--config", finished[0] / "config.yaml", "--print_config")

    assert printed.returncode == 0, printed.stderr
    assert "batch_tokens: 2048" in printed.stdout


def test_training_goes_on_from_a_runs_weights_on_another_mix(
    finished: tuple[Path, str], corpus: Path, tmp_path: Path
) -> None:
    shared = ("--corpus", corpus, "--mix", "shuffled", "--proportions", "python-go=1", *SMALL, "--loss-groups", 0)
    done = run(*shared, "--init", finished[0], "--out", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    first, last = (float(losses(tmp_path / "out")[step][1]) for step in (0, -1))
    assert float(losses(finished[0])[0][1]) > 6 > first > last
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["config"]["init"] == str(finished[0]) and record["config"]["model"] == "nano"
    few = ("--tokens", 4 * 2048, "--warmup-tokens", 2048, "--out", tmp_path / "optimizer")
    done = run(*shared, *few, "--init", finished[0], "--init-optimizer")
    assert done.returncode == 0, done.stderr
    steps = [losses(tmp_path / name) for name in ("out", "optimizer")]
    assert steps[0][0] == steps[1][0], "the same weights and documents"
    assert steps[0][2] != steps[1][2]
    for arguments, message in (
        (("--init", tmp_path / "nothing"), "no run, checkpoint or exported folder at"),
        (("--init", finished[0], "--model", "micro"), "is of size nano: leave out --model"),
        (("--init", finished[0] / "checkpoints"), "is not the folder of a run"),
        (("--init", finished[0], "--kv-heads", 2), "is as it is: leave out --kv-heads"),
        (("--init-optimizer",), "--init-optimizer goes with --init"),
    ):
        mistaken = run(*shared, *arguments, "--out", tmp_path / "mistake")
        assert mistaken.returncode == 2
        assert message in mistaken.stderr and mistaken.stderr.count("\n") == 1
