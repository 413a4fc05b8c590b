"""Proof by execution that the versions of generated programs print the same."""

from __future__ import annotations

import difflib
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from codelm.command_line import parse_options, progress_bar, run_command
from codelm.languages import get_language
from data_prep.builtin import interpreter
from data_prep.builtin import program as ir
from data_prep.builtin.emitters import EMITTERS
from data_prep.builtin.execution import Outcome, check_tools, run_programs
from data_prep.builtin.sampler import sample_program


@dataclass(frozen=True)
class Verification:
    """Run generated programs in all languages, and compare what they print with what the interpreter says.

    Parameters
    ----------
    groups
        Programs to sample; each is run in every language.
    seed
        Seed of the first program; the others follow on it.
    """

    groups: int = 200
    seed: int = 0


@dataclass(frozen=True)
class Verdict:
    """How the programs of one language did.

    Parameters
    ----------
    language
        The language.
    programs, compiled, identical
        How many there were, compiled without a warning, and printed what the interpreter says.
    seconds
        Time that compiling and running took.
    first_failure
        Source of the first program that failed and what is wrong with it; empty if none did.
    """

    language: str
    programs: int
    compiled: int
    identical: int
    seconds: float
    first_failure: str = ""


def verify_language(language: str, programs: Sequence[ir.Program], folder: Path) -> Verdict:
    """Compile and run programs in one language, in an empty folder, and compare them with the interpreter."""
    emitter = EMITTERS[language]()
    sources = [emitter.emit(program) for program in programs]
    expected = ["".join(f"{line}\n" for line in interpreter.run(program)) for program in programs]
    start = time.perf_counter()
    outcomes = run_programs(language, sources, folder)
    seconds = time.perf_counter() - start
    failures = [
        f"program {number} in {get_language(language).title}:\n{source}\n{complaint}"
        for number, (source, text, outcome) in enumerate(zip(sources, expected, outcomes, strict=True))
        if (complaint := what_is_wrong(outcome, text))
    ]
    return Verdict(
        language,
        programs=len(programs),
        compiled=sum(outcome.compiled for outcome in outcomes),
        identical=len(programs) - len(failures),
        seconds=seconds,
        first_failure=failures[0] if failures else "",
    )


def what_is_wrong(outcome: Outcome, expected: str) -> str:
    """Return what is wrong with an outcome, or nothing."""
    if not outcome.compiled:
        return f"does not compile:\n{outcome.error}"
    difference = "\n".join(
        difflib.unified_diff(expected.splitlines(), outcome.output.splitlines(), "interpreter", "program", lineterm="")
    )
    if outcome.error:
        return f"ends badly:\n{outcome.error}\n{difference}"
    if outcome.output != expected:
        return f"prints something else:\n{difference or 'white space at the ends of lines'}"
    return ""


def verify(verification: Verification, advance: Callable[[int], None] = lambda languages: None) -> list[Verdict]:
    """Verify the programs of a seed, one language after the other; `advance` is called as each is done."""
    for language in EMITTERS:
        check_tools(language)
    programs = [sample_program(verification.seed + number) for number in range(verification.groups)]
    verdicts = []
    for language in EMITTERS:
        with tempfile.TemporaryDirectory() as folder:
            verdicts.append(verify_language(language, programs, Path(folder)))
        advance(1)
    return verdicts


def report(verdicts: Sequence[Verdict]) -> None:
    """Print a table with a row per language, then the first program that failed in each."""
    table = Table(title="generated programs", title_justify="left")
    table.add_column("language")
    for heading in ("programs", "compiled", "identical", "seconds"):
        table.add_column(heading, justify="right")
    for verdict in verdicts:
        counts = (verdict.programs, verdict.compiled, verdict.identical)
        table.add_row(verdict.language, *map(str, counts), f"{verdict.seconds:.1f}")
    console = Console()
    console.print(table)
    for verdict in verdicts:
        if verdict.first_failure:
            console.print(verdict.first_failure, markup=False, highlight=False, soft_wrap=True)


def main(argv: Sequence[str] | None = None) -> None:
    """Verify generated programs from the command line; the exit code is 1 if one of them fails."""
    verification = parse_options(Verification, argv=argv)
    with progress_bar("languages", len(EMITTERS)) as advance:
        verdicts = verify(verification, advance)
    report(verdicts)
    sys.exit(any(verdict.first_failure for verdict in verdicts))


if __name__ == "__main__":
    run_command(main)
