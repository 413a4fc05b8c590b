"""The main job on several devices: as on one, with any number of them from a checkpoint on, and told to stop."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from codelm.callbacks.resumable_table import read_table
from codelm.checkpoint import load_trained
from tests.main_job import ENVIRONMENT, ROOT, RUN, losses, run, start

CONSOLIDATE, EXPORT = (ROOT / "experiments" / name for name in ("consolidate.py", "export.py"))

STEPS = 10
SHARED = ["--tokens", STEPS * 2048, "--batch-tokens", 2048, "--row-tokens", 512, "--context", 512, "--mix", "shuffled"]
SHARED += ["--accelerator", "cpu", "--bleu-groups", 0, "--checkpoint-every", STEPS // 2, "--keep-checkpoints", "all"]


def tool(command: list[object], fails: bool = False) -> subprocess.CompletedProcess[str]:
    """Run Python on something to its end."""
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, env=ENVIRONMENT)
    assert (done.returncode != 0) is fails, done.stderr
    return done


@pytest.fixture(scope="module")
def one_process(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("one")
    done = run(*SHARED, "--corpus", corpus, "--loss-groups", 2, "--out", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def two_processes(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same run by two processes that share the work, and the parameters too."""
    runs = {strategy: tmp_path_factory.mktemp(strategy) for strategy in ("ddp", "fsdp")}
    for strategy, out in runs.items():
        distributed = ("--devices", 2, "--strategy", strategy)
        done = run(*SHARED, "--corpus", corpus, "--loss-groups", 2, "--out", out, *distributed)
        assert done.returncode == 0, done.stderr
    return runs


@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_two_processes_train_like_one_with_the_same_global_batch(
    one_process: Path, two_processes: dict[str, Path], strategy: str
) -> None:
    out = two_processes[strategy]
    by_one, by_two = losses(one_process), losses(out)
    assert [step for step, _ in by_one] == [step for step, _ in by_two] == list(range(1, STEPS + 1))
    # The sums are taken in another order: nothing more than rounding, which training carries on.
    assert [float(loss) for _, loss in by_two] == pytest.approx([float(loss) for _, loss in by_one], rel=1e-5)
    # Each process counts its own tokens; what is written is about all.
    single_rows, double_rows = (read_table(folder / "language_losses.csv") for folder in (one_process, out))
    assert len(single_rows) == len(double_rows) > 4 * STEPS
    for one_row, two_row in zip(single_rows, double_rows, strict=True):
        for name in ("step", "language", "tokens"):
            assert one_row[name] == two_row[name]
        assert float(two_row["nats_per_token"]) == pytest.approx(float(one_row["nats_per_token"]), rel=1e-4)
    records = [json.loads((folder / "record.json").read_text()) for folder in (one_process, out)]
    single, double = (record["translation"]["validation"] for record in records)
    scored = [name for name, scores in single.items() if scores["loss_per_token"] is not None]
    assert len(scored) == 42
    for name in scored:
        assert double[name]["loss_per_token"] == pytest.approx(single[name]["loss_per_token"], rel=1e-4)
    for name in ("proportions_seen", "language_shares"):
        assert records[1][name] == pytest.approx(records[0][name])


def test_a_checkpoint_in_shards_goes_on_with_any_number_of_processes(
    corpus: Path, one_process: Path, two_processes: dict[str, Path], tmp_path: Path
) -> None:
    """Also with one that has it in one file, and as an exported model."""
    shared = [*SHARED, "--corpus", corpus, "--loss-groups", 0]
    spread, two = ["--strategy", "fsdp", "--devices"], two_processes["fsdp"]
    half = f"checkpoints/step={STEPS // 2}.ckpt"
    for processes in ("1", "2", "4", "whole"):
        shutil.copytree(two, tmp_path / processes)
        (tmp_path / processes / "record.json").unlink()
        shutil.rmtree(tmp_path / processes / f"checkpoints/step={STEPS}.ckpt")
    alone = [*shared, "--out", tmp_path / "whole", "--resume"]
    assert "is in shards: go on with --strategy fsdp, or make one file" in run(*alone).stderr
    tool([CONSOLIDATE, two / half, tmp_path / "one.ckpt"])
    shutil.rmtree(tmp_path / "whole" / half)
    shutil.move(tmp_path / "one.ckpt", tmp_path / "whole" / half)
    assert "was not made with --strategy fsdp" in run(*alone, *spread, 1).stderr

    for processes, devices in (("1", [*spread, 1]), ("2", [*spread, 2]), ("4", [*spread, 4]), ("whole", [])):
        done = run(*shared, "--out", tmp_path / processes, *devices, "--resume")
        assert done.returncode == 0, done.stderr
        resumed = [float(loss) for _, loss in losses(tmp_path / processes)]
        assert resumed == pytest.approx([float(loss) for _, loss in losses(one_process)], rel=1e-5)
        assert sorted(path.name for path in (tmp_path / processes / "checkpoints").iterdir()) == sorted(
            path.name for path in (two / "checkpoints").iterdir()
        )
        shares = [
            json.loads((out / "record.json").read_text())["language_shares"]
            for out in (one_process, tmp_path / processes)
        ]
        assert shares[0] == pytest.approx(shares[1])
    shard = next((tmp_path / "1" / half).glob("*.distcp"))
    shard.write_bytes(shard.read_bytes()[: shard.stat().st_size // 2])
    shutil.rmtree(tmp_path / "1" / f"checkpoints/step={STEPS}.ckpt")
    (tmp_path / "1" / "record.json").unlink()
    damaged = run(*shared, "--out", tmp_path / "1", *spread, 1, "--resume")
    assert damaged.returncode == 2
    assert f"{half} is not a whole checkpoint of a run" in damaged.stderr.splitlines()[-1]

    exported = tool([EXPORT, two, tmp_path / "exported"])
    assert "Warning" not in exported.stderr
    trained = load_trained(one_process).transformer.state_dict()
    for name, tensor in load_trained(two).transformer.state_dict().items():
        torch.testing.assert_close(tensor, trained[name], atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("processes", [1, 4])
def test_a_checkpoint_of_two_processes_that_share_the_work_goes_on_with_more_or_fewer(
    corpus: Path, one_process: Path, two_processes: dict[str, Path], tmp_path: Path, processes: int
) -> None:
    out = shutil.copytree(two_processes["ddp"], tmp_path / "run")
    (out / "record.json").unlink()
    (out / f"checkpoints/step={STEPS}.ckpt").unlink()
    done = run(*SHARED, "--corpus", corpus, "--loss-groups", 0, "--out", out, "--devices", processes, "--resume")
    assert done.returncode == 0, done.stderr
    resumed = [float(loss) for _, loss in losses(out)]
    assert resumed == pytest.approx([float(loss) for _, loss in losses(one_process)], rel=1e-5)


def test_torchrun_says_how_many_processes_there_are(corpus: Path, one_process: Path, tmp_path: Path) -> None:
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    arguments = [*SHARED, "--corpus", corpus, "--loss-groups", 0]
    assert "needs --out" in tool([*launch, RUN, *arguments], fails=True).stderr
    tool([*launch, RUN, *arguments, "--out", tmp_path / "run"])
    assert [float(loss) for _, loss in losses(tmp_path / "run")] == pytest.approx(
        [float(loss) for _, loss in losses(one_process)], rel=1e-5
    )


@pytest.mark.parametrize("processes", [1, 2])
def test_a_job_that_is_told_to_stop_saves_and_goes_on_to_the_last_bit(
    corpus: Path, tmp_path: Path, processes: int
) -> None:
    arguments = [*SHARED, "--corpus", corpus, "--loss-groups", 0, "--devices", processes]
    arguments += ["--checkpoint-every", 1000, "--keep-checkpoints", "newest", "--out", tmp_path / "stopped"]
    job = start(*arguments)
    metrics = tmp_path / "stopped" / "metrics.csv"
    while job.poll() is None and (not metrics.is_file() or len(metrics.read_text().splitlines()) < 4):
        time.sleep(0.05)
    job.send_signal(signal.SIGTERM)
    output, errors = job.communicate(timeout=120)
    assert job.returncode == 0, errors
    assert "as the job was told to: go on by --resume --out" in output
    assert not (tmp_path / "stopped" / "record.json").exists()
    done = len(losses(tmp_path / "stopped"))
    assert 3 <= done < STEPS
    assert [path.name for path in (tmp_path / "stopped" / "checkpoints").iterdir()] == [f"step={done}.ckpt"]
    resumed = run(*arguments, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    whole = run(*arguments[:-1], tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    assert losses(tmp_path / "stopped") == losses(tmp_path / "whole")
