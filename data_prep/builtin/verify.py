"""Proof by execution that the versions of generated programs print the same."""

from __future__ import annotations

import difflib
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from codelm.command_line import parse_options, progress_bar, run_command
from codelm.errors import UserError
from codelm.evaluation.execution import Execution, Executor, Program, Verdict
from codelm.languages import get_language
from data_prep.builtin import interpreter
from data_prep.builtin import program as ir
from data_prep.builtin.emitters import EMITTERS
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
class Proof:
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


def strict_executor(languages: Sequence[str]) -> Executor:
    """Return what runs generated programs: they are trusted, but shall compile without a warning."""
    return Executor(languages, strict=True, unsafe=True)


def verify_language(executor: Executor, language: str, programs: Sequence[ir.Program]) -> Proof:
    """Compile and run programs in one language, and compare what they print with what the interpreter says."""
    emitter = EMITTERS[language]()
    expected = ["".join(f"{line}\n" for line in interpreter.run(program)) for program in programs]
    emitted = [Program(language, emitter.emit(program), text) for program, text in zip(programs, expected, strict=True)]
    start = time.perf_counter()
    executions = executor.run(emitted)
    seconds = time.perf_counter() - start
    failures = [
        f"program {number} in {get_language(language).title}:\n{program.text}\n{complaint}"
        for number, (program, text, execution) in enumerate(zip(emitted, expected, executions, strict=True))
        if (complaint := what_is_wrong(execution, text))
    ]
    return Proof(
        language,
        programs=len(programs),
        compiled=sum(execution.verdict != Verdict.COMPILE_ERROR for execution in executions),
        identical=len(programs) - len(failures),
        seconds=seconds,
        first_failure=failures[0] if failures else "",
    )


def what_is_wrong(execution: Execution, expected: str) -> str:
    """Return what is wrong with an execution, or nothing; other than for a verdict, white space counts."""
    if execution.verdict == Verdict.COMPILE_ERROR:
        return f"does not compile:\n{execution.message}"
    difference = "\n".join(
        difflib.unified_diff(
            expected.splitlines(), execution.output.splitlines(), "interpreter", "program", lineterm=""
        )
    )
    if execution.verdict in (Verdict.RUNTIME_ERROR, Verdict.TIMEOUT):
        return f"ends badly:\n{execution.message}\n{difference}"
    if execution.output != expected:
        return f"prints something else:\n{difference or 'white space at the ends of lines'}"
    return ""


def verify(verification: Verification, advance: Callable[[int], None] = lambda languages: None) -> list[Proof]:
    """Verify the programs of a seed, one language after the other; `advance` is called as each is done."""
    programs = [sample_program(verification.seed + number) for number in range(verification.groups)]
    proofs = []
    with strict_executor(list(EMITTERS)) as executor:
        for problem in executor.unavailable.values():
            raise UserError(problem)
        for language in EMITTERS:
            proofs.append(verify_language(executor, language, programs))
            advance(1)
    return proofs


def report(proofs: Sequence[Proof]) -> None:
    """Print a table with a row per language, then the first program that failed in each."""
    table = Table(title="generated programs", title_justify="left")
    table.add_column("language")
    for heading in ("programs", "compiled", "identical", "seconds"):
        table.add_column(heading, justify="right")
    for proof in proofs:
        counts = (proof.programs, proof.compiled, proof.identical)
        table.add_row(proof.language, *map(str, counts), f"{proof.seconds:.1f}")
    console = Console()
    console.print(table)
    for proof in proofs:
        if proof.first_failure:
            console.print(proof.first_failure, markup=False, highlight=False, soft_wrap=True)


def main(argv: Sequence[str] | None = None) -> None:
    """Verify generated programs from the command line; the exit code is 1 if one of them fails."""
    verification = parse_options(Verification, argv=argv)
    with progress_bar("languages", len(EMITTERS)) as advance:
        proofs = verify(verification, advance)
    report(proofs)
    sys.exit(any(proof.first_failure for proof in proofs))


if __name__ == "__main__":
    run_command(main)
