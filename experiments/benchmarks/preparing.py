"""Data preparation: speed against the tokenizer alone, memory against the input's size, kills, numbers of tasks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console

from codelm.command_line import comma_list, count, parse_options, run_command
from codelm.errors import UserError

_PREPARE = Path(__file__).parents[2] / "data_prep" / "prepare.py"
_TEMPLATES = 250
_POLL = 0.1


@dataclass(frozen=True)
class PreparingOptions:
    """Measure data preparation on text that is made for it: files of several built-in programs, in groups.

    Parameters
    ----------
    parts
        What to measure, with commas between: speed, memory, kills, tasks.
    size
        Bytes of text for speed, kills and tasks.
    sizes
        Smallest and largest input for memory, in bytes.
    kills
        Preparations that are killed.
    copies
        What is left out: exact, near or none.
    folder
        Where to work. Default: a temporary folder.
    seed
        Seed of the text and of the moments of the kills.
    """

    parts: tuple[str, ...] = field(default=("speed", "memory", "kills", "tasks"), metadata={"read": comma_list})
    size: int = field(default=200_000_000, metadata={"read": count})
    sizes: tuple[str, ...] = field(default=("100M", "2B"), metadata={"read": comma_list})
    kills: int = 10
    copies: str = "exact"
    folder: Path | None = None
    seed: int = 0


def main() -> None:
    """Run from the command line."""
    options = parse_options(PreparingOptions)
    measures = {"speed": _speed, "memory": _memory, "kills": _kills, "tasks": _tasks}
    console = Console()
    if unknown := set(options.parts) - set(measures):
        raise UserError(f"unknown part {unknown.pop()!r}: choose from {', '.join(measures)}")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for name in options.parts:
            for line in measures[name](options, Path(folder)):
                console.print(line)


# --- text


def _write_text(file: Path, size: int, seed: int) -> Path:
    """Write groups of files, each of some of the built-in programs, until there are so many bytes of text."""
    from data_prep.sources import builtin_programs

    templates: dict[str, dict[str, str]] = {}
    for program in builtin_programs(_TEMPLATES, seed):
        templates.setdefault(program.group, {})[program.language] = program.code
    names = sorted(templates)
    languages = sorted(templates[names[0]])
    random = Random(seed)
    written = number = 0
    with file.open("w") as out:
        while written < size:
            chosen = random.choices(names, k=random.randint(2, 16))
            for language in languages:
                code = "\n".join(templates[name][language] for name in chosen) + f"\n{number}\n"
                out.write(json.dumps({"group": f"group {number}", "language": language, "code": code}) + "\n")
                written += len(code)
            number += 1
    return file


# --- speed


def _speed(options: PreparingOptions, folder: Path) -> Iterator[str]:
    from codelm.tokenizer import Tokenizer
    from data_prep.executors import Execution, run_stage
    from data_prep.grouping import HeldOut
    from data_prep.partitions import Partitions, partition_count
    from data_prep.reading import ReadUnits, task_starts
    from data_prep.shards import Grouping, WriteShards, training_programs
    from data_prep.sources import SourceOptions, open_inputs

    execution = Execution(show_progress=True)
    units = open_inputs([str(_write_text(folder / "speed.jsonl", options.size, options.seed))], SourceOptions())
    partitions = Partitions(folder / "programs", partition_count(sum(unit.size for unit in units)))
    starts = task_starts(units)
    reading = ReadUnits(units, starts, partitions, (), (), folder / "read")
    run_stage("reading", reading, len(starts) - 1, execution, folder / "stages" / "reading")
    grouping = Grouping(partitions, None, "python", 6, seed=0)
    none_held_out = HeldOut(0, {})
    programs = list(training_programs(grouping, none_held_out))
    tokenizer = Tokenizer.train(programs[:2000], ("python", *_others()), 4096)
    tokenizer.save(folder / "tokenizer.json")
    groups = [len({record.group for record in partitions.read(number)}) for number in range(partitions.count)]
    first_groups = tuple((sum(groups[:number]), 0) for number in range(partitions.count))

    def encode() -> tuple[int, float]:
        batches = [programs[start : start + 1024] for start in range(0, len(programs), 1024)]
        start = time.perf_counter()
        return sum(sum(map(len, tokenizer.encode_batch(batch))) for batch in batches), time.perf_counter() - start

    tokens, before = encode()
    shards = WriteShards(grouping, none_held_out, first_groups, folder / "tokenizer.json", folder / "parts")
    start = time.perf_counter()
    run_stage("tokenising", shards, partitions.count, execution, folder / "stages" / "tokenising", tokens, "tokens")
    sharding = tokens / (time.perf_counter() - start)
    # Before and after: machines are shared.
    alone = 2 * tokens / (before + encode()[1])
    yield f"speed: {tokens:,} tokens in {partitions.count} partitions, {os.cpu_count()} cores"
    yield f"  encode_batch alone {alone:,.0f} tokens/s, tokenise and shard {sharding:,.0f} tokens/s"
    yield f"  asked: at least 0.8 of encode_batch alone; measured: {sharding / alone:.2f}"


def _others() -> tuple[str, ...]:
    from codelm.languages import LANGUAGES

    return LANGUAGES[1:]


# --- whole preparations


def _command(file: Path, out: Path, options: PreparingOptions, *flags: str) -> list[str]:
    return [sys.executable, str(_PREPARE), str(file), "--out", str(out), "--copies", options.copies, *flags]


def _prepare(file: Path, out: Path, options: PreparingOptions, *flags: str) -> None:
    done = subprocess.run(_command(file, out, options, *flags), capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"the preparation of {out.name} failed: {done.stderr.strip()}")


def _memory(options: PreparingOptions, folder: Path) -> Iterator[str]:
    peaks = []
    for size in map(count, options.sizes):
        file = _write_text(folder / f"memory-{size}.jsonl", size, options.seed)
        start = time.perf_counter()
        process = subprocess.Popen(
            _command(file, folder / f"memory-{size}", options),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, _tree_memory(process.pid))
            time.sleep(_POLL)
        if process.returncode:
            raise UserError(f"the preparation of {size:,} bytes failed: {process.stderr.read().strip()}")  # type: ignore[union-attr]
        file.unlink()
        peaks.append(peak)
        yield f"memory: {size:,} bytes in {time.perf_counter() - start:.0f} s, peak {peak / 1e6:,.0f} MB"
    yield f"  asked: grows by less than 10 %; measured: {100 * (peaks[-1] / peaks[0] - 1):+.1f} %"


def _tree_memory(root: int) -> int:
    """Return the bytes of a process and all below it; what processes share counts once for each."""
    pages: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            pages[int(folder.name)] = int((folder / "statm").read_text().split()[1])
        except (OSError, IndexError):
            continue  # it has ended meanwhile
        children.setdefault(parent, []).append(int(folder.name))
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += pages.get(process, 0)
        waiting += children.get(process, [])
    return total * os.sysconf("SC_PAGE_SIZE")


def _kills(options: PreparingOptions, folder: Path) -> Iterator[str]:
    file = _write_text(folder / "kills.jsonl", options.size, options.seed)
    start = time.perf_counter()
    _prepare(file, folder / "undisturbed", options)
    seconds = time.perf_counter() - start
    yield f"kills: undisturbed in {seconds:.0f} s"
    expected = _files(folder / "undisturbed")
    random = Random(options.seed)
    same = 0
    for number in range(options.kills):
        out = folder / f"killed-{number}"
        moment = random.uniform(0, 0.9 * seconds)
        while not _kill(_command(file, out, options), moment):
            # The machine was faster than the first time, and the preparation at its end.
            shutil.rmtree(out)
            moment /= 2
        start = time.perf_counter()
        if not out.exists():
            _prepare(file, out, options)
        again = time.perf_counter() - start
        identical = _files(out) == expected
        same += identical
        yield f"  killed after {moment:5.1f} s, {again:5.1f} s to the end: {'the same' if identical else 'DIFFERENT'}"
    yield f"  asked: {options.kills} times the same corpus; measured: {same}"


def _kill(command: Sequence[str], moment: float) -> bool:
    """Start a command and kill it after so many seconds; return whether it was still running then."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        # The process alone: those that it started have to notice.
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _tasks(options: PreparingOptions, folder: Path) -> Iterator[str]:
    file = _write_text(folder / "tasks.jsonl", options.size, options.seed)
    for tasks in ("1", "4"):
        _prepare(file, folder / f"tasks-{tasks}", options, "--tasks", tasks)
    one, four = _files(folder / "tasks-1"), _files(folder / "tasks-4")
    differing = [name for name in one | four if one.get(name) != four.get(name)]
    yield f"tasks: asked: 1 and 4 tasks give the same {len(one)} files; measured: {len(differing)} differ"


def _files(folder: Path) -> dict[str, bytes]:
    """Return a digest of each file of a corpus."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).digest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


if __name__ == "__main__":
    run_command(main)
