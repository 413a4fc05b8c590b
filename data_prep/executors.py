"""Where the tasks of a stage run: in this process, in several of this machine, or by datatrove on a cluster."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from codelm.command_line import load_class, progress_bar
from codelm.errors import UserError

if TYPE_CHECKING:
    from datatrove.pipeline.base import PipelineStep

Work: TypeAlias = "Callable[[int], Any] | Sequence[PipelineStep]"
"""A function of the task's number, or the steps of a datatrove pipeline."""

_POLL = 0.2
"""Seconds between two looks at the progress of tasks in other processes."""

_CLUSTER_POLL = 5.0
"""Seconds between two questions to a cluster."""

_DONE = "completions"
_PROGRESS = "progress"
_ERROR = "error.txt"
_WORK = "work.pickle"


@dataclass(frozen=True)
class Execution:
    """Where and how many at a time.

    Parameters
    ----------
    executor
        `local`: processes on this machine; `slurm`: jobs of an array; `ray`: tasks of a running Ray cluster.
    tasks
        Tasks at a time; None is one for each core, or as many as the cluster gives. What a stage makes does not
        depend on it.
    cpus, memory
        Cores and GB of memory for each task on a cluster.
    slurm_partition, slurm_time
        Partition and time limit of a task for `slurm`.
    data
        Class whose import makes further languages known, as my_module.KotlinDataModule; imported in every process.
    preload
        Modules that are slow to import: the processes of this machine have them from the first on.
    resumable
        Whether tasks are marked as done, so that a stage that was killed goes on; without it one task at a time, in
        this process, leaves no marks, which for small tasks take most of the time.
    show_progress
        Whether stages show a bar.
    """

    executor: Literal["local", "slurm", "ray"] = "local"
    tasks: int | None = None
    cpus: int = 2
    memory: int = 8
    slurm_partition: str = ""
    slurm_time: str = "24:00:00"
    data: str | None = None
    preload: tuple[str, ...] = ()
    resumable: bool = True
    show_progress: bool = False

    def workers(self, tasks: int) -> int:
        """Return how many of a stage's tasks run at a time; -1 is as many as the cluster gives."""
        if self.executor != "local":
            return self.tasks or -1
        return min(self.tasks or os.cpu_count() or 1, tasks)


def run_stage(
    name: str,
    work: Work,
    tasks: int,
    execution: Execution,
    folder: Path,
    total: int | None = None,
    unit: str = "tasks",
) -> None:
    """Run every task of a stage that has not been done yet, and return when all are done.

    What a task leaves has to be whole when it returns, since it is then marked as done in `folder`; a stage that was
    killed goes on with the tasks that are not. One task at a time runs in this process.

    Parameters
    ----------
    name
        What the progress bar says: "reading programs".
    work
        Called with the task's number; or the steps of a datatrove pipeline, each run for every task. It is pickled
        where tasks run in other processes.
    tasks
        Number of tasks.
    execution
        Where to run them.
    folder
        Folder of this stage, for marks and logs; on a cluster it has to be on a shared file system.
    total, unit
        What the tasks do altogether in steps that they tell `advance` of, as 5e6 "tokens"; by default the bar counts
        tasks.

    Raises
    ------
    UserError
        What a task raised; or that a process was killed, or the cluster's commands are not there.
    """
    remaining = list(range(tasks))
    here = execution.executor == "local" and execution.workers(tasks) == 1
    marks = folder / _DONE
    if execution.resumable or not here:
        marks.mkdir(parents=True, exist_ok=True)
        remaining = [task for task in remaining if not (marks / f"{task:05d}").exists()]
    if not remaining:
        return
    counts_tasks = total is None
    with progress_bar(name, total or tasks, execution.show_progress, unit) as show:
        if here:
            show(tasks - len(remaining) if counts_tasks else 0)
            for task in remaining:
                with _reporting(_ignore if counts_tasks else show):
                    _run_task(work, task, tasks)
                if execution.resumable:
                    _mark(folder, task)
                show(1 if counts_tasks else 0)
            return
        with _watched(partial(_progress, folder, counts_tasks), show):
            if execution.executor == "local":
                _run_in_processes(work, tasks, remaining, execution, folder)
            else:
                _run_on_cluster(name, work, tasks, execution, folder)


def advance(amount: int) -> None:
    """Tell the bar of the stage how much more a task has done, in the stage's unit; called from within the task."""
    _report(amount)


def _ignore(amount: int) -> None:
    pass


_report: Callable[[int], None] = _ignore


@contextmanager
def _reporting(report: Callable[[int], None]) -> Iterator[None]:
    global _report
    before, _report = _report, report
    try:
        yield
    finally:
        _report = before


def _run_task(work: Work, task: int, tasks: int) -> None:
    if callable(work):
        work(task)
        return
    # The steps count in themselves what they do: each task has its own.
    data: Any = None
    for step in deepcopy(work):
        data = step(data, task, tasks)
    if data is not None:
        deque(data, maxlen=0)


def _mark(folder: Path, task: int) -> None:
    # Where datatrove's executors mark their tasks.
    (folder / _DONE / f"{task:05d}").touch()


class _Reporter:
    """Keeps in a small file how much a task has done; whoever watches the stage adds them up."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._amount = 0
        self._written = 0.0
        file.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, amount: int) -> None:
        self._amount += amount
        if time.monotonic() - self._written > _POLL:
            self.write()

    def write(self) -> None:
        self._file.write_text(str(self._amount))
        self._written = time.monotonic()


@dataclass(frozen=True)
class _Step:
    """A stage's work as a step of a datatrove pipeline, and as what another process calls."""

    work: Work
    folder: Path
    data: str | None

    def __call__(self, _: object, task: int, tasks: int) -> None:
        if self.data is not None:
            load_class(self.data)
        reporter = _Reporter(self.folder / _PROGRESS / f"{task:05d}")
        try:
            with _reporting(reporter):
                _run_task(self.work, task, tasks)
        except UserError as error:
            # The only way in which a job of a cluster can tell the user.
            (self.folder / _ERROR).write_text(str(error))
            raise
        reporter.write()


def _progress(folder: Path, counts_tasks: bool) -> int:
    if counts_tasks:
        return sum(1 for _ in (folder / _DONE).iterdir())
    amounts = (file.read_text() for file in (folder / _PROGRESS).glob("*"))
    return sum(int(amount) for amount in amounts if amount)


@contextmanager
def _watched(done: Callable[[], int], show: Callable[[int], None]) -> Iterator[None]:
    """Show the progress of tasks in other processes until the context ends."""
    ended = Event()

    def watch() -> None:
        shown, last = 0, False
        while not last:
            last = ended.wait(_POLL)
            now = done()
            show(now - shown)
            shown = now

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


# --- this machine


def _run_in_processes(work: Work, tasks: int, remaining: Sequence[int], execution: Execution, folder: Path) -> None:
    # Not datatrove's own local executor: it waits for ever for a process that the system killed, and for a manager to
    # start. Not forked: the caller may have loaded torch, whose threads do not survive a fork.
    import dill

    context = get_context("forkserver")
    context.set_forkserver_preload(["data_prep.shards", *execution.preload])
    workers = execution.workers(len(remaining))
    # In a file, not with each task: it may hold the names of a million files.
    file = folder / _WORK
    file.write_bytes(dill.dumps(_Step(work, folder.resolve(), execution.data)))
    pool = ProcessPoolExecutor(workers, context, _start_process, (workers,))
    try:
        for future in as_completed([pool.submit(_run_saved, file, task, tasks) for task in remaining]):
            future.result()
    except BrokenProcessPool:
        raise UserError(
            "a process was killed, perhaps for want of memory: run the same command again, and with fewer --tasks than"
            f" {workers} if that happens again"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _run_saved(file: Path, task: int, tasks: int) -> None:
    step = _load(file)
    step(None, task, tasks)
    _mark(step.folder, task)


@lru_cache(maxsize=1)
def _load(file: Path) -> _Step:
    import dill

    step: _Step = dill.loads(file.read_bytes())
    return step


def _start_process(workers: int) -> None:
    # The processes share the cores; what uses threads of its own within one must not ask for all of them.
    os.environ["RAYON_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // workers))
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Leave no process behind when the one that waits for it is killed."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


# --- clusters


def _run_on_cluster(name: str, work: Work, tasks: int, execution: Execution, folder: Path) -> None:
    from loguru import logger

    logger.disable("datatrove")
    (folder / _ERROR).unlink(missing_ok=True)
    pipeline = [_Step(work, folder.resolve(), execution.data)]
    try:
        if execution.executor == "slurm":
            _run_on_slurm(name, pipeline, tasks, execution, folder)
        else:
            _run_on_ray(pipeline, tasks, execution, folder)
    except Exception:
        if (folder / _ERROR).exists():
            raise UserError((folder / _ERROR).read_text()) from None
        raise


def _run_on_slurm(name: str, pipeline: list[Any], tasks: int, execution: Execution, folder: Path) -> None:
    from datatrove.executor.slurm import SlurmPipelineExecutor

    class Executor(SlurmPipelineExecutor):
        def launch_merge_stats(self) -> None:
            """Our steps keep no statistics that a job of its own would have to add up."""

    if not execution.slurm_partition:
        raise UserError("--executor slurm needs --slurm-partition")
    if shutil.which("sbatch") is None:
        raise UserError("--executor slurm needs sbatch, which is not on this machine: start it on a login node")
    executor = Executor(
        pipeline,
        tasks=tasks,
        time=execution.slurm_time,
        partition=execution.slurm_partition,
        cpus_per_task=execution.cpus,
        mem_per_cpu_gb=-(-execution.memory // execution.cpus),
        workers=execution.workers(tasks),
        job_name=name.replace(" ", "-"),
        qos="",
        env_command=f"export PATH={Path(sys.executable).parent}:$PATH",
        logging_dir=str(folder.resolve()),
    )
    executor.run()
    while missing := executor.get_incomplete_ranks():
        waiting = subprocess.run(
            ["squeue", "--noheader", "--jobs", str(executor.job_id)], capture_output=True, text=True
        ).stdout.strip()
        # Asked in this order: a job may end between the two.
        if not waiting and (missing := executor.get_incomplete_ranks()):
            raise UserError(
                f"{len(missing)} of {tasks} tasks of {name!r} failed, see {folder}/logs/task_{missing[0]:05d}.log:"
                " run the same command again, and it goes on with those"
            )
        time.sleep(_CLUSTER_POLL)


def _run_on_ray(pipeline: list[Any], tasks: int, execution: Execution, folder: Path) -> None:
    try:
        import ray
    except ImportError:
        raise UserError("--executor ray needs the package ray, which is not installed: pip install ray") from None
    from datatrove.executor.ray import RayPipelineExecutor

    if not ray.is_initialized():
        ray.init(address="auto")
    RayPipelineExecutor(
        pipeline,
        tasks=tasks,
        workers=execution.workers(tasks),
        cpus_per_task=execution.cpus,
        mem_per_cpu_gb=-(-execution.memory // execution.cpus),
        logging_dir=str(folder.resolve()),
    ).run()
