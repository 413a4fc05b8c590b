"""Near-copies planted among real files: how many are found, what else goes, and how fast."""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import numpy as np
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Name, String
from rich.console import Console
from rich.table import Table

from codelm.command_line import count, parse_options, run_command
from codelm.languages import LANGUAGES, get_language
from data_prep.deduplication import NGRAM, THRESHOLD, copies_of, find_copies, shingles
from data_prep.dropped import Dropped
from data_prep.executors import Execution
from data_prep.partitions import Partitions, Record, partition_count
from data_prep.sources import open_inputs
from data_prep.sources.options import SourceOptions
from data_prep.sources.programs import SourceProgram

_SHORTEST, _LONGEST = 100, 200_000
"""Characters of a file that is used."""

_MOST_RENAMED, _MOST_REWORDED = 0.04, 0.4
"""Share of a program's words that renaming reaches at most, and of its comments' words that rewording does."""

_SAME_WORDS = 0.85

_WORD = re.compile(r"(?:[A-Za-z0-9_]|[^\x00-\x7f])+|[^\sA-Za-z0-9_]")


@dataclass(frozen=True)
class CopiesOptions:
    """Plant near-copies among real files and look for them.

    Parameters
    ----------
    inputs
        Folders of source files, and JSONL files of programs; of each as many are used, where it has them.
    files
        Real files altogether.
    planted
        Near-copies that are planted among them.
    threshold
        Overlap of shingles from which on a program is a near-copy.
    seed
        Seed of the choice of files, and of the changes.
    """

    inputs: tuple[str, ...]
    files: int = field(default=20_000, metadata={"read": count})
    planted: int = field(default=1000, metadata={"read": count})
    threshold: float = THRESHOLD
    seed: int = 0


# --- what is read


def _choose(inputs: Sequence[str], number: int, random: Random) -> dict[str, list[SourceProgram]]:
    """Return by input as many programs of each, or all that it has."""
    options = SourceOptions(skip_bad=True)
    found = {
        name: [
            program
            for unit in open_inputs([name], options)
            for program in unit.read(Dropped())
            if program.language in LANGUAGES and _SHORTEST <= len(program.code) <= _LONGEST
        ]
        for name in inputs
    }
    chosen: dict[str, list[SourceProgram]] = {}
    for left, name in zip(range(len(found), 0, -1), sorted(found, key=lambda name: len(found[name])), strict=True):
        wanted = (number - sum(map(len, chosen.values()))) // left
        chosen[name] = random.sample(found[name], min(len(found[name]), wanted))
    return chosen


# --- what is planted


def _rename(code: str, language: str, random: Random) -> str:
    """Give some names others, everywhere."""
    tokens = _lex(code, language)
    names = Counter(text for kind, text in tokens if kind in Name and text.isidentifier())
    left = random.uniform(0, _MOST_RENAMED) * len(_WORD.findall(code))
    renamed = {}
    for name in random.sample(sorted(names), len(names)):
        if names[name] <= left:
            left -= names[name]
            renamed[name] = f"{name}_{random.randrange(1000)}"
    return "".join(renamed.get(text, text) if kind in Name else text for kind, text in tokens)


def _change_comments(code: str, language: str, random: Random) -> str:
    """Change words of comments and docstrings, at places drawn at random."""
    tokens = _lex(code, language)
    share = random.uniform(0, _MOST_REWORDED)

    def change(match: re.Match[str]) -> str:
        return f"{match[0]}{random.choice('aeiou')}s" if random.random() < share else match[0]

    return "".join(
        re.sub("[a-z]{4,}", change, text) if kind in Comment or kind in String.Doc else text for kind, text in tokens
    )


def _reorder(code: str, language: str, random: Random) -> str:
    """Shuffle functions, or paragraphs where there are none to be seen."""
    for end in (r"(?<=\n\}\n)", r"(?<=\n    \}\n)", r"(?=^(?:@|def |class ))", r"(?<=\n\n)"):
        first, *blocks, last = [block for block in re.split(end, code, flags=re.MULTILINE) if block] + ["", ""]
        if len(blocks) > 3:
            random.shuffle(blocks)
            return first + "".join(blocks) + last
    return code


def _mix(code: str, language: str, random: Random) -> str:
    for change in (_rename, _change_comments, _reorder):
        code = change(code, language, random)
    return code


_CHANGES: dict[str, Callable[[str, str, Random], str]] = {
    "names": _rename,
    "comments": _change_comments,
    "order of functions": _reorder,
    "all three": _mix,
}


def _lex(code: str, language: str) -> list[tuple[object, str]]:
    return list(get_lexer_by_name(get_language(language).lexer, ensurenl=False, stripnl=False).get_tokens(code))


# --- what is measured; by words themselves, not by the hashes that are tested


def _ngrams(code: str, length: int) -> set[tuple[str, ...]]:
    words = _WORD.findall(code)
    return set(zip(*(words[start:] for start in range(min(length, len(words)))), strict=False))


def _overlap(one: str, other: str) -> float:
    """Jaccard similarity of the sets of n-grams."""
    first, second = _ngrams(one, NGRAM), _ngrams(other, NGRAM)
    return len(first & second) / max(len(first | second), 1)


def _shared_words(one: str, other: str) -> float:
    """Jaccard similarity of the words, each as often as it occurs."""
    first, second = Counter(_WORD.findall(one)), Counter(_WORD.findall(other))
    return (first & second).total() / max((first | second).total(), 1)


@dataclass(frozen=True)
class _Planted:
    """A copy, as the place of its original and its own, and how much of it is the same."""

    kind: str
    original: int
    copy: int
    overlap: float
    shared_words: float


def _plant(programs: list[SourceProgram], number: int, random: Random) -> list[_Planted]:
    """Append changed copies of programs; each is in a group of its own."""
    planted = []
    for index, original in enumerate(random.sample(range(len(programs)), number)):
        kind = list(_CHANGES)[index % len(_CHANGES)]
        program = programs[original]
        code = _CHANGES[kind](program.code, program.language, random)
        scores = _overlap(program.code, code), _shared_words(program.code, code)
        planted.append(_Planted(kind, original, len(programs), *scores))
        programs.append(replace(program, group=f"planted {index}", code=code))
    return planted


def _search(programs: Sequence[SourceProgram], threshold: float, console: Console) -> set[int]:
    """Return the places of the programs that go."""
    size = sum(len(program.code.encode()) for program in programs)
    with tempfile.TemporaryDirectory() as folder:
        partitions = Partitions(Path(folder, "programs"), partition_count(size))
        with partitions.writer(0) as writer:
            for place, program in enumerate(programs):
                fields = (program.language, program.code, program.source, program.licence)
                writer.write(Record(program.group, 0, place, *fields))
        start, used = time.perf_counter(), time.process_time()
        find_copies(partitions, Path(folder, "copies"), Execution(tasks=1), threshold=threshold)
        seconds, used = time.perf_counter() - start, time.process_time() - used
        gone = set()
        for number in range(partitions.count):
            gone |= {place for _, place in copies_of(Path(folder, "copies"), number)}
    console.print(
        f"{len(programs):,} programs, {size / 1e6:.1f} MB in {partitions.count} partitions, one process: {seconds:.1f} "
        f"s, {size / seconds / 1e6:.1f} MB/s; {used:.1f} s of processor time, {size / used / 1e6:.1f} MB/s"
    )
    return gone


def _nearest(programs: Sequence[SourceProgram], gone: set[int]) -> dict[int, float]:
    """Return for each program that went its largest overlap with one of its language that stays; no pair is left out.

    The nearest is looked up by counting shared shingles with every program, and then compared word by word.
    """
    nearest = dict.fromkeys(gone, 0.0)
    for language in LANGUAGES:
        places = [place for place, program in enumerate(programs) if program.language == language]
        staying = [place for place in places if place not in gone]
        if not staying:
            continue
        sets = [shingles(programs[place].code) for place in staying]
        sizes = np.array([len(one) for one in sets])
        owners = np.repeat(np.arange(len(sets)), sizes)
        everything = np.concatenate(sets)
        order = np.argsort(everything, kind="stable")
        everything, owners = everything[order], owners[order]
        for place in gone.intersection(places):
            mine = shingles(programs[place].code)
            starts, stops = (np.searchsorted(everything, mine, side) for side in ("left", "right"))
            matches = [owners[start:stop] for start, stop in zip(starts, stops, strict=True)]
            shared = np.bincount(np.concatenate(matches), minlength=len(sets))
            best = staying[int(np.argmax(shared / (sizes + len(mine) - shared)))]
            nearest[place] = _overlap(programs[place].code, programs[best].code)
    return nearest


# --- the tables


def _print_inputs(chosen: dict[str, list[SourceProgram]], console: Console) -> None:
    table = Table(title="real files", title_justify="left")
    for heading in ("input", "files", "MB", "languages"):
        table.add_column(heading, justify="left" if heading in ("input", "languages") else "right")
    for name, programs in chosen.items():
        counts = Counter(program.language for program in programs)
        size = sum(len(program.code.encode()) for program in programs)
        languages = ", ".join(f"{language} {counts[language]:,}" for language in LANGUAGES if counts[language])
        table.add_row(name, f"{len(programs):,}", f"{size / 1e6:.1f}", languages)
    console.print(table)


def _print_recall(planted: Sequence[_Planted], gone: set[int], threshold: float, console: Console) -> None:
    def found(these: Sequence[_Planted]) -> int:
        return sum(one.copy in gone or one.original in gone for one in these)

    table = Table(title="planted copies", title_justify="left")
    for heading in ("changed", "planted", f"overlap >= {threshold}", "found", "recall"):
        table.add_column(heading, justify="left" if heading == "changed" else "right")
    for kind in (*_CHANGES, "together"):
        these = [one for one in planted if kind in (one.kind, "together")]
        near = [one for one in these if one.overlap >= threshold]
        recall = f"{found(near) / len(near):.3f}" if near else ""
        table.add_row(kind, str(len(these)), str(len(near)), str(found(near)), recall)
    console.print(table)
    console.print(f"overlap: Jaccard similarity of the sets of {NGRAM}-grams of words and symbols")
    same_words = [one for one in planted if one.shared_words >= _SAME_WORDS]
    console.print(
        f"by words alone, in whatever order, {len(same_words)} copies overlap by {_SAME_WORDS} or more: "
        f"{found(same_words)} of them are found"
    )


def _print_precision(
    planted: Sequence[_Planted], gone: set[int], nearest: dict[int, float], threshold: float, console: Console
) -> None:
    copies = gone.intersection(one.copy for one in planted)
    false = sum(value < threshold for value in nearest.values())
    share = false / max(len(gone), 1)
    console.print(f"{len(gone):,} programs go, {len(copies):,} of them planted: of a copy and its original either may")
    console.print(
        f"{false} of them overlap by less than {threshold} with all programs that stay: {100 * share:.2f} % false, "
        f"precision {1 - share:.4f}"
    )


def main() -> None:
    """Run from the command line."""
    options = parse_options(CopiesOptions, positional=("inputs",))
    random = Random(options.seed)
    console = Console()
    chosen = _choose(options.inputs, options.files, random)
    _print_inputs(chosen, console)
    programs = [program for part in chosen.values() for program in part]
    planted = _plant(programs, min(options.planted, len(programs)), random)
    gone = _search(programs, options.threshold, console)
    _print_recall(planted, gone, options.threshold, console)
    _print_precision(planted, gone, _nearest(programs, gone), options.threshold, console)


if __name__ == "__main__":
    run_command(main)
