"""The main job as a user runs it: processes, folders, signals, and what is printed."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data_prep.prepare import Preparation, prepare

ROOT = Path(__file__).parents[2]
RUN = ROOT / "experiments" / "run.py"

STEPS = 24
SMALL = ["--tokens", str(STEPS * 2048), "--batch-tokens", "2048", "--context", "2048"]
SMALL += ["--loss-groups", "1", "--bleu-groups", "0"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "builtin"
    preparation = Preparation(("builtin",), out=folder, groups=90, vocab_size=600, validation_groups=4)
    prepare(preparation, show_progress=False)
    return folder


def run(
    *arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the main job to its end, on one thread so that sums are taken in one order."""
    command = [sys.executable, str(RUN), *map(str, arguments)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "100"} | (env or {})
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=600)


def losses(out: Path) -> list[tuple[int, str]]:
    """The loss of every step as it was written, to the last bit."""
    with (out / "metrics.csv").open() as lines:
        return [(int(row["step"]), row["loss"]) for row in csv.DictReader(lines)]


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

    pictures = {f"{name}_{score}.png" for name in ("programs", "validation") for score in ("translation_loss", "bleu")}
    assert pictures | {"record.json", "metrics.csv", "config.yaml", "tokenizer.json", "translations.jsonl"} <= {
        file.name for file in out.iterdir()
    }
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


def test_a_finished_run_shows_its_tables_again(finished: tuple[Path, str], corpus: Path) -> None:
    shown = run("--corpus", corpus, "--mix", "parallel", "--out", finished[0], *SMALL, "--resume")

    assert shown.returncode == 0
    assert "zero-shot" in shown.stdout


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


def test_a_run_that_diverges_stops_and_says_so(corpus: Path, tmp_path: Path) -> None:
    done = run("--corpus", corpus, "--out", tmp_path / "out", *SMALL, "--learning-rate", 1e20)

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: 20 steps in a row up to step 21 had a gradient that is not")
    assert not (tmp_path / "out" / "record.json").exists()


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
    assert record["wall_seconds"]["translation_in_training"] > 0


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
    records = [json.loads((tmp_path / name / "record.json").read_text()) for name in ("one", "two")]
    single, double = (record["translation"]["validation"] for record in records)
    for direction, scores in single.items():
        assert double[direction]["loss_per_token"] == pytest.approx(scores["loss_per_token"], rel=1e-4)


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
