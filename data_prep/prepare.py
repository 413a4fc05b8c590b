"""Prepare a corpus: programs are read, cleaned, grouped, split, paired, tokenised and written as shards.

A stage is many tasks, which run on this machine or on a cluster, and leave files for the next: `reading` puts the
programs into partitions by their group, `deduplication` says which are copies, `shards` counts the groups, then
tokenises each partition to a part of every collection, and joins the parts. No stage holds more than a partition in
memory, and what comes out depends on the options and the input alone.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock, Timeout
from rich.console import Console
from rich.table import Table

from codelm.command_line import comma_list, count, load_class, parse_options, run_command
from codelm.data.store import MANIFEST, TOKENIZER, Corpus, DroppedPrograms, Manifest, file_digest
from codelm.errors import UserError
from codelm.languages import PIVOT, TEXT_KINDS, get_language
from codelm.tokenizer import Tokenizer
from data_prep.dropped import Dropped
from data_prep.executors import Execution, run_stage
from data_prep.grouping import ALL, HeldOut, count_held_out, listed, smallest_digests
from data_prep.partitions import Partitions, partition_count
from data_prep.reading import ReadUnits, make_all_filters, task_starts
from data_prep.shards import Census, Grouping, TakeCensus, WriteShards, join_parts, training_programs
from data_prep.sources import SourceOptions, Unit, open_inputs
from data_prep.sources.options import MAX_PROGRAM_BYTES, Stems, column_names

Copies = Literal["exact", "near", "none"]

_LOCK = "lock"
_OPTIONS = "options"
_HELD_OUT = 200
_TOKENIZER_SAMPLE = 50_000_000
_RATIO_SAMPLE = 1000


@dataclass(frozen=True)
class Preparation:
    """Prepare a corpus folder from source trees, JSONL, tables, data sets of the hub, or the built-in programs.

    Parameters
    ----------
    inputs
        Folders of source files or git checkouts, files (.jsonl, .parquet, .csv, .txt, also compressed), data sets of
        the hub as hub:name, or the word `builtin`; one or more.
    out
        Folder of the corpus, made by this command.
    vocab_size
        Tokens of the tokenizer, special ones included.
    tokenizer
        A tokenizer.json to use instead of training one on the corpus.
    validation_groups
        Groups that are held out whole: so many of those in several languages, and of those in one language so many
        for each; where they are fewer, at most 1 in 20. Default: 1 in 20, at most 200.
    pairs_per_group
        Pairs that a group gives; with more than one, its Python program is repeated in each.
    pivot
        Language on one side of every pair, or `all`: pairs of any two languages.
    groups
        Groups to sample for `builtin`.
    seed
        Seed of the built-in programs, the split and the pairing.
    languages
        Languages and kinds of text to read, with commas between. Default: all that the inputs hold.
    columns
        Which columns of a table or fields of JSONL hold what, as code=content,language=lang,licence=license,group=id;
        or one column per language, as python=py_code,java=java_code. Default: well-known names are recognised.
    language
        Language, or kind of text, of the programs of a table that does not tell it.
    licence
        Licence (an SPDX name) of programs whose source does not tell it.
    licences
        Licences that are let in, with commas between, as MIT,Apache-2.0; other programs are left out and counted by
        licence. Default: all, `unknown` too.
    stems
        Make the files of a folder that have one name in several languages a group (two_sum.py, TwoSum.java): `name`
        compares file names alone, `path` the folders too, without those that name a language.
    aligned
        The inputs are files of one program per line, a language each by its suffix; the same line is the same task.
    max_program_bytes
        Programs with more bytes are left out.
    hub_rows
        Rows to read of each data set on the hub, taken evenly from its shards. Default: all.
    skip_bad
        Leave out lines of JSONL that cannot be read, and count them, instead of stopping.
    filters
        Filters that programs have to pass, with commas between, as starcoder,to-code. Default: none.
    evaluation_sets
        Evaluation sets whose programs are left out, by name or as files, with commas between. Default: none.
    copies
        `exact` leaves out copies within a language, `near` near copies too, `none` nothing. Default: near, and exact
        where all inputs are `builtin`, whose programs are alike by design.
    executor
        Where tasks run: `local`, on this machine; `slurm`, as jobs; `ray`, on a running cluster.
    tasks
        Tasks at a time; the corpus does not depend on it. Default: one per core, or as many as the cluster gives.
    task_cpus
        Cores of a task on a cluster.
    task_memory
        GB of memory of a task on a cluster.
    slurm_partition
        Partition of the jobs.
    slurm_time
        Time limit of a job.
    report
        Picture of what the corpus holds, a .png file; `inspect_corpus.py` draws it of a finished corpus too.
    data
        Datamodule class, as my_module.KotlinDataModule, whose import makes further languages known.
    """

    inputs: tuple[str, ...] = field(metadata={"read": comma_list})
    out: Path = Path("corpus")
    vocab_size: int = field(default=4096, metadata={"read": count})
    tokenizer: Path | None = None
    validation_groups: int | None = None
    pairs_per_group: int = 1
    pivot: str = PIVOT
    groups: int = field(default=5000, metadata={"read": count})
    seed: int = 0
    languages: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    columns: Mapping[str, str] | None = field(default=None, metadata={"read": column_names})
    language: str | None = None
    licence: str | None = None
    licences: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    stems: Stems | None = None
    aligned: bool = False
    max_program_bytes: int = field(default=MAX_PROGRAM_BYTES, metadata={"read": count})
    hub_rows: int | None = field(default=None, metadata={"read": count})
    skip_bad: bool = False
    filters: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    evaluation_sets: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    copies: Copies | None = None
    executor: Literal["local", "slurm", "ray"] = "local"
    tasks: int | None = None
    task_cpus: int = 2
    task_memory: int = 8
    slurm_partition: str = ""
    slurm_time: str = "24:00:00"
    report: Path | None = None
    data: str | None = None


def prepare(preparation: Preparation, show_progress: bool = True) -> Manifest:
    """Write a corpus folder and return its manifest.

    Everything is written beside `out` first, in a folder whose name ends in ``.unfinished``, and moved there when it
    is complete, so that a corpus folder is whole or not there at all. A preparation that was killed goes on with the
    tasks that were not done when it is started again with the same options; with others it starts anew. Of a small
    input nothing is kept for that.

    Raises
    ------
    UserError
        If `out` exists or another preparation is writing it, an option is wrong, an input cannot be read, or there is
        nothing to train on.
    """
    _check(preparation)
    if preparation.out.exists():
        raise UserError(f"{preparation.out} exists already: remove it, or choose another --out")
    options = SourceOptions(**{option.name: getattr(preparation, option.name) for option in fields(SourceOptions)})
    units = open_inputs(preparation.inputs, options)
    count_of_partitions = partition_count(sum(unit.size for unit in units))
    with _unfinished(preparation, units, resumable=count_of_partitions > 1) as folder:
        corpus = folder / "corpus"
        if not (corpus / MANIFEST).exists():
            stages = _Stages(preparation, units, Partitions(folder / "programs", count_of_partitions), show_progress)
            manifest = stages.run(folder, corpus)
            # Last: a folder with a manifest is a whole corpus.
            manifest.save(folder / MANIFEST)
            (folder / MANIFEST).replace(corpus / MANIFEST)
        # Before the corpus is moved: without it, what the stages left would be taken for work that is done.
        _clear(folder, corpus.name, _LOCK, _OPTIONS)
        corpus.rename(preparation.out)
    return Manifest.load(preparation.out / MANIFEST)


def _check(preparation: Preparation) -> None:
    """Find what is wrong with the options before hours of work."""
    make_all_filters(preparation.filters, preparation.evaluation_sets, Dropped())
    if preparation.pivot != ALL:
        get_language(preparation.pivot)
    if preparation.copies not in (None, *get_args(Copies)):
        raise UserError(f"unknown --copies {preparation.copies!r}: choose from {', '.join(get_args(Copies))}")
    if preparation.tasks is not None and preparation.tasks < 1:
        raise UserError("--tasks has to be at least 1")
    if preparation.pairs_per_group < 1:
        raise UserError("--pairs-per-group has to be at least 1")
    if preparation.tokenizer is not None:
        Tokenizer.load(preparation.tokenizer)


@contextmanager
def _unfinished(preparation: Preparation, units: Sequence[Unit], resumable: bool) -> Iterator[Path]:
    """Hold the folder in which a corpus is made: an earlier one goes on if it was for the same input and options."""
    folder = preparation.out.with_name(preparation.out.name + ".unfinished")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(
            f"another preparation is writing {preparation.out}: wait for it, or choose another --out"
        ) from None
    try:
        if preparation.out.exists():
            raise UserError(f"{preparation.out} was finished just now by another preparation")
        options, digest = folder / _OPTIONS, _digest(preparation, units)
        if not resumable or not options.exists() or options.read_text() != digest:
            _clear(folder, _LOCK)
            options.write_text(digest)
        yield folder
    except BaseException:
        if not resumable:
            shutil.rmtree(folder)
        raise
    else:
        shutil.rmtree(folder)
    finally:
        lock.release()


def _clear(folder: Path, *kept: str) -> None:
    # The options first: what is left of the rest is then no one's.
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name != _OPTIONS):
        if entry.name in kept:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _digest(preparation: Preparation, units: Sequence[Unit]) -> str:
    """Return a digest of all that the corpus depends on; not of where and in how many tasks it is made."""
    places = ("out", "report", "executor", "tasks", "task_cpus", "task_memory", "slurm_partition", "slurm_time")
    options = {name: value for name, value in vars(preparation).items() if name not in places}
    digest = hashlib.sha256(repr(options).encode())
    files = [Path(name) for name in preparation.evaluation_sets]
    for file in [*files, *([preparation.tokenizer] if preparation.tokenizer else [])]:
        if file.is_file():
            digest.update(file_digest(file).encode())
    for unit in units:
        digest.update(f"{unit!r} {unit.size}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class _Stages:
    """The stages of one preparation, in order."""

    preparation: Preparation
    units: tuple[Unit, ...]
    partitions: Partitions
    show_progress: bool

    def run(self, folder: Path, corpus: Path) -> Manifest:
        """Make a corpus without a manifest; return the manifest."""
        preparation = self.preparation
        dropped = self._read(folder)
        copies = self._find_copies(folder, dropped)
        grouping = Grouping(self.partitions, copies, preparation.pivot, preparation.pairs_per_group, preparation.seed)
        parts = self._take_census(grouping, folder)
        total = sum((part.languages for part in parts), Counter())
        languages = listed(name for name in total if name not in TEXT_KINDS)
        held_out, first_groups, groups = self._split(parts)
        corpus.mkdir(exist_ok=True)
        tokenizer = self._make_tokenizer(grouping, held_out, languages, corpus / TOKENIZER)
        shards = WriteShards(grouping, held_out, first_groups, corpus / TOKENIZER, folder / "parts")
        sample = list(islice(training_programs(grouping, held_out), _RATIO_SAMPLE))
        ratio = sum(map(len, tokenizer.encode_batch(sample))) / max(sum(map(len, sample)), 1)
        tokens = round(ratio * sum(part.characters for part in parts))
        self._run("tokenising", shards, self.partitions.count, folder, tokens, "tokens")
        joined = join_parts(folder / "parts", self.partitions.count, corpus)
        dropped.merge(joined.dropped)
        tokenizer_fingerprint = file_digest(corpus / TOKENIZER)
        return Manifest(
            fingerprint=hashlib.sha256(f"{tokenizer_fingerprint} {joined.digest}".encode()).hexdigest(),
            tokenizer_fingerprint=tokenizer_fingerprint,
            vocab_size=tokenizer.vocab_size,
            languages=languages,
            pivot=preparation.pivot,
            train=joined.train,
            validation=joined.validation,
            groups=groups,
            dropped=_rows(dropped),
            sources=tuple(sorted(set().union(*(part.sources for part in parts)))),
            licences=dict(sorted(sum((part.licences for part in parts), Counter()).items())),
        )

    def _read(self, folder: Path) -> Dropped:
        starts = task_starts(self.units)
        size = sum(unit.size for unit in self.units)
        filters, sets = self.preparation.filters, self.preparation.evaluation_sets
        reading = ReadUnits(self.units, starts, self.partitions, filters, sets, folder / "read")
        self._run("reading", reading, len(starts) - 1, folder, size, "bytes")
        return reading.dropped()

    def _find_copies(self, folder: Path, dropped: Dropped) -> Path | None:
        kind = self.preparation.copies
        if kind is None:
            kind = "exact" if set(self.preparation.inputs) == {"builtin"} else "near"
        if kind == "none":
            return None
        from data_prep.deduplication import dropped_copies, find_copies

        # Many small tasks: with a single partition they take less time than to start processes for them.
        execution = self._execution if self.partitions.count > 1 else Execution(tasks=1, resumable=False)
        find_copies(self.partitions, folder / "copies", execution, near=kind == "near")
        dropped.merge(dropped_copies(folder / "copies"))
        return folder / "copies"

    def _take_census(self, grouping: Grouping, folder: Path) -> list[Census]:
        census = TakeCensus(grouping, self.preparation.validation_groups or _HELD_OUT, folder / "census")
        self._run("counting groups", census, self.partitions.count, folder)
        return census.result()

    def _split(self, parts: Sequence[Census]) -> tuple[HeldOut, tuple[tuple[int, int], ...], dict[str, int]]:
        """Return which groups are held out, the first group of each partition in either split, and the totals."""
        groups = sum((part.groups for part in parts), Counter())
        most = max(groups.values(), default=0)
        if most < 2:
            raise UserError("fewer than two groups of programs: one is needed for training and one for validation")
        number = self.preparation.validation_groups
        if number is None:
            number = max(1, min(_HELD_OUT, most // 20))
        if not 0 < number < most:
            raise UserError(f"cannot hold out {number} of {most} groups: set --validation-groups lower")
        last = {}
        for name, wanted in count_held_out(groups, number).items():
            if wanted:
                digests = (digest for part in parts for digest in part.smallest.get(name, ()))
                last[name] = smallest_digests(digests, wanted)[-1]
        first_groups = [(0, 0)]
        for part in parts:
            train, validation = first_groups[-1]
            here = sum(digest <= last.get(name, "") for name, digests in part.smallest.items() for digest in digests)
            first_groups.append((train + part.groups.total() - here, validation + here))
        train, validation = first_groups.pop()
        return HeldOut(self.preparation.seed, last), tuple(first_groups), {"train": train, "validation": validation}

    def _make_tokenizer(self, grouping: Grouping, held_out: HeldOut, languages: Sequence[str], file: Path) -> Tokenizer:
        if not file.exists():
            if self.preparation.tokenizer is not None:
                tokenizer = Tokenizer.load(self.preparation.tokenizer).with_languages(languages)
            else:
                sample = _first(training_programs(grouping, held_out), _TOKENIZER_SAMPLE)
                tokenizer = Tokenizer.train(sample, languages, self.preparation.vocab_size)
            unfinished = file.with_suffix(".tmp")
            tokenizer.save(unfinished)
            unfinished.replace(file)
        return Tokenizer.load(file)

    def _run(
        self,
        name: str,
        work: Callable[[int], None],
        tasks: int,
        folder: Path,
        total: int | None = None,
        unit: str = "tasks",
    ) -> None:
        run_stage(name, work, tasks, self._execution, folder / "stages" / name.replace(" ", "-"), total, unit)

    @property
    def _execution(self) -> Execution:
        preparation = self.preparation
        # With a single partition the stages that need it do not run in processes.
        slow = ("data_prep.deduplication",) if self.partitions.count > 1 else ()
        return Execution(
            preparation.executor,
            preparation.tasks,
            preparation.task_cpus,
            preparation.task_memory,
            preparation.slurm_partition,
            preparation.slurm_time,
            preparation.data,
            slow,
            self.partitions.count > 1,
            self.show_progress,
        )


def _first(programs: Iterator[str], characters: int) -> Iterator[str]:
    """Yield programs until there is enough text."""
    size = 0
    for program in programs:
        yield program
        size += len(program)
        if size > characters:
            return


def _rows(dropped: Dropped) -> tuple[DroppedPrograms, ...]:
    return tuple(
        DroppedPrograms(
            step,
            reason,
            language,
            number,
            tuple(
                (example.place, example.text)
                for example in dropped.examples.get((step, reason), ())
                if example.language == language
            ),
        )
        for (step, reason, language), number in sorted(dropped.counts.items())
    )


def report(manifest: Manifest) -> None:
    """Print what a corpus holds."""
    table = Table(title="corpus", title_justify="left")
    for heading in ("split", "collection", "documents", "tokens", "bytes per token"):
        table.add_column(heading, justify="left" if heading in ("split", "collection") else "right")
    for split, summaries in (("train", manifest.train), ("validation", manifest.validation)):
        for name, summary in summaries.items():
            ratio = summary.bytes / max(summary.tokens, 1)
            table.add_row(split, name, f"{summary.documents:,}", f"{summary.tokens:,}", f"{ratio:.2f}")
    console = Console()
    console.print(table)
    console.print(f"groups: {manifest.groups['train']:,} for training, {manifest.groups['validation']:,} held out")
    left_out: Counter[tuple[str, str]] = Counter()
    for row in manifest.dropped:
        left_out[row.step, row.reason] += row.programs
    for (step, reason), number in left_out.items():
        console.print(f"left out: {number:,} programs ({step}: {reason})")


def main(argv: Sequence[str] | None = None) -> None:
    """Prepare a corpus from the command line."""
    preparation = parse_options(Preparation, positional=("inputs",), argv=argv)
    if preparation.data is not None:
        load_class(preparation.data)
    report(prepare(preparation))
    if preparation.report is not None:
        from data_prep.inspect_corpus import save_picture

        save_picture(Corpus(preparation.out), preparation.report)


if __name__ == "__main__":
    run_command(main)
