"""The main job as a process, and what it writes of every step."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

ROOT = Path(__file__).parents[1]
RUN = ROOT / "experiments" / "run.py"

STEPS = 24
SMALL = ["--tokens", str(STEPS * 2048), "--batch-tokens", "2048", "--context", "2048"]
SMALL += ["--loss-groups", "1", "--bleu-groups", "0"]


# On one thread, so that sums are taken in one order.
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "100"}


def start(*arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Start the main job."""
    command = [sys.executable, str(RUN), *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=cwd, env=ENVIRONMENT | (env or {}), **pipes)


def run(
    *arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the main job to its end."""
    job = start(*arguments, cwd=cwd, env=env)
    output, errors = job.communicate(timeout=600)
    return subprocess.CompletedProcess(job.args, job.returncode, output, errors)


def losses(out: Path) -> list[tuple[int, str]]:
    """The loss of every step as it was written, to the last bit."""
    with (out / "metrics.csv").open() as lines:
        return [(int(row["step"]), row["loss"]) for row in csv.DictReader(lines)]


def logged(out: Path) -> dict[str, list[tuple[int, float]]]:
    """Step and value of all that TensorBoard shows of a run, by name."""
    events = EventAccumulator(str(out / "tensorboard"), size_guidance={"scalars": 0})
    events.Reload()
    return {name: [(point.step, point.value) for point in events.Scalars(name)] for name in events.Tags()["scalars"]}
