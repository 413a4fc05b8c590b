from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from codelm.errors import UserError
from data_prep import executors as module
from data_prep.executors import Execution, advance, run_stage

HERE = Execution(tasks=1)
TWO = Execution(tasks=2)


def note(folder: Path, task: int) -> None:
    """Leave the number of the process in a file of the task's name."""
    with (folder / f"task-{task}").open("a") as file:
        file.write(f"{os.getpid()}\n")


def noted(folder: Path) -> dict[int, list[int]]:
    """Return the processes that ran each task."""
    return {int(f.name.removeprefix("task-")): [*map(int, f.read_text().split())] for f in folder.glob("task-*")}


def fail_in(task_that_fails: int, error: BaseException, folder: Path, task: int) -> None:
    if task == task_that_fails:
        raise error
    note(folder, task)


def kill_self(task: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_one_task_at_a_time_runs_in_this_process(tmp_path: Path) -> None:
    run_stage("noting", partial(note, tmp_path), 3, HERE, tmp_path / "stage")
    assert noted(tmp_path) == {task: [os.getpid()] for task in range(3)}


def test_several_at_a_time_run_in_processes_of_their_own(tmp_path: Path) -> None:
    run_stage("noting", partial(note, tmp_path), 5, TWO, tmp_path / "stage")
    runs = noted(tmp_path)
    assert sorted(runs) == list(range(5))
    assert all(len(processes) == 1 and processes != [os.getpid()] for processes in runs.values())


@pytest.mark.parametrize("execution", [HERE, TWO], ids=["here", "in processes"])
def test_a_stage_that_failed_goes_on_with_the_tasks_that_are_not_done(tmp_path: Path, execution: Execution) -> None:
    work = partial(fail_in, 2, UserError("task 2 is wrong"), tmp_path)
    with pytest.raises(UserError, match=r"^task 2 is wrong$"):
        run_stage("noting", work, 4, execution, tmp_path / "stage")
    done = noted(tmp_path)
    assert 2 not in done
    run_stage("noting", partial(note, tmp_path), 4, execution, tmp_path / "stage")
    run_stage("noting", partial(note, tmp_path), 4, execution, tmp_path / "stage")
    assert {task: len(processes) for task, processes in noted(tmp_path).items()} == dict.fromkeys(range(4), 1)


def test_a_task_that_was_interrupted_is_not_done(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_stage("noting", partial(fail_in, 1, KeyboardInterrupt(), tmp_path), 3, HERE, tmp_path / "stage")
    run_stage("noting", partial(note, tmp_path), 3, HERE, tmp_path / "stage")
    assert sorted(noted(tmp_path)) == [0, 1, 2]


def test_a_process_that_is_killed_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a process was killed, perhaps for want of memory: .* fewer --tasks than 2 "):
        run_stage("dying", kill_self, 2, TWO, tmp_path / "stage")


def test_no_process_outlives_the_one_that_waits_for_it(tmp_path: Path) -> None:
    program = """
        import sys, time
        from functools import partial
        from pathlib import Path
        from data_prep.executors import Execution, run_stage
        from tests.data_prep.test_executors import note_and_sleep

        if __name__ == "__main__":
            run_stage("sleeping", partial(note_and_sleep, Path(sys.argv[1])), 2, Execution(tasks=2), Path("stage"))
    """
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(program))
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    deadline = time.monotonic() + 60
    while len(noted(tmp_path)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()
    sleeping = [worker for workers in noted(tmp_path).values() for worker in workers]
    assert len(sleeping) == 2
    while any(map(is_running, sleeping)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, sleeping))


def note_and_sleep(folder: Path, task: int) -> None:
    note(folder, task)
    time.sleep(120)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def advance_by_ten(_: int) -> None:
    for _step in range(5):
        advance(2)


@pytest.mark.parametrize("execution", [HERE, TWO], ids=["here", "in processes"])
def test_tasks_tell_the_bar_what_they_do(tmp_path: Path, execution: Execution, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import contextmanager

    shown: list[int] = []
    labels: list[tuple[Any, ...]] = []

    @contextmanager
    def bar(*label: Any) -> Any:
        labels.append(label)
        yield shown.append

    monkeypatch.setattr(module, "progress_bar", bar)
    run_stage("counting", advance_by_ten, 3, execution, tmp_path / "tokens", total=30, unit="tokens")
    assert labels == [("counting", 30, False, "tokens")]
    assert sum(shown) == 30
    shown.clear()
    run_stage("counting", advance_by_ten, 3, execution, tmp_path / "tasks")
    assert sum(shown) == 3
    advance(7)
    assert sum(shown) == 3, "outside of a stage nobody listens"


class Count:
    """A step of a pipeline that keeps a count in itself, as datatrove's steps do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen = 0

    def __call__(self, data: Any, rank: int, world_size: int) -> Any:
        for document in data:
            self.seen += 1
            yield document
        (self.folder / f"count-{rank}-of-{world_size}").write_text(str(self.seen))


def produce(_: Any, rank: int, world_size: int) -> Any:
    yield from range(rank, 10, world_size)


@pytest.mark.parametrize("execution", [HERE, TWO], ids=["here", "in processes"])
def test_the_steps_of_a_pipeline_run_for_every_task_with_counts_of_their_own(
    tmp_path: Path, execution: Execution
) -> None:
    steps: Sequence[Any] = [produce, Count(tmp_path)]
    run_stage("counting", steps, 3, execution, tmp_path / "stage")
    assert {f.name: f.read_text() for f in tmp_path.glob("count-*")} == {
        "count-0-of-3": "4",
        "count-1-of-3": "3",
        "count-2-of-3": "3",
    }


# --- clusters


SBATCH = """
    #!{python}
    import os, subprocess, sys
    script = sys.argv[-1]
    array = next(line.split("=")[1] for line in open(script) if line.startswith("#SBATCH --array"))
    assert "#SBATCH --partition=cpu" in open(script).read()
    last = int(array.partition("%")[0].partition("-")[2])
    for task in range(last + 1):
        environment = os.environ | {{"SLURM_ARRAY_TASK_ID": str(task), "SLURM_NODELIST": "here"}}
        subprocess.run(["bash", script], env=environment, capture_output=True)
    print("Submitted batch job 1")
"""

COMMANDS = {
    "sbatch": SBATCH,
    "squeue": "#!/bin/sh",
    "scontrol": "#!/bin/sh\necho here",
    "srun": '#!/bin/bash\nwhile [ "$1" != launch_pickled_pipeline ]; do shift; done\nexec "$@"',
}


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Execution:
    """A cluster of this machine, whose commands run a job before they answer."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name, script in COMMANDS.items():
        (commands / name).write_text(textwrap.dedent(script).strip().format(python=sys.executable) + "\n")
        (commands / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return Execution("slurm", slurm_partition="cpu")


def test_slurm_runs_the_tasks_as_jobs(tmp_path: Path, slurm: Execution) -> None:
    run_stage("noting", partial(note, tmp_path), 2, slurm, tmp_path / "stage")
    runs = noted(tmp_path)
    assert sorted(runs) == [0, 1]
    assert all(len(processes) == 1 and processes != [os.getpid()] for processes in runs.values())


def test_what_a_job_of_slurm_raises_reaches_the_user(tmp_path: Path, slurm: Execution) -> None:
    with pytest.raises(UserError, match=r"^task 1 is wrong$"):
        run_stage("noting", partial(fail_in, 1, UserError("task 1 is wrong"), tmp_path), 2, slurm, tmp_path / "stage")
    assert sorted(noted(tmp_path)) == [0]


def test_a_job_of_slurm_that_dies_is_an_error_that_names_its_log(tmp_path: Path, slurm: Execution) -> None:
    with pytest.raises(UserError, match=r"1 of 1 tasks of 'dying' failed, see .*task_00000\.log"):
        run_stage("dying", kill_self, 1, slurm, tmp_path / "stage")


@pytest.mark.parametrize(
    ("execution", "message"),
    [
        (Execution("slurm"), "--executor slurm needs --slurm-partition"),
        (Execution("slurm", slurm_partition="cpu"), "--executor slurm needs sbatch"),
        (Execution("ray"), "--executor ray needs the package ray"),
    ],
)
def test_a_cluster_that_is_not_there_is_an_error(
    tmp_path: Path, execution: Execution, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setitem(sys.modules, "ray", None)
    work: Callable[[int], None] = partial(note, tmp_path)
    with pytest.raises(UserError, match=message):
        run_stage("noting", work, 2, execution, tmp_path / "stage")
