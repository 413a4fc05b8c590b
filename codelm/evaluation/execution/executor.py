"""Judges programs: compiles them, runs them, and compares what they print."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from codelm.errors import UserError
from codelm.evaluation.execution.compilation import CompileCache, Compiled, Compiler, shorten
from codelm.evaluation.execution.sandbox import Ended, Limits, Sandbox
from codelm.evaluation.execution.toolchains import READY, Toolchain, find_toolchain, search_path
from codelm.languages import get_language

# Programs compiled and run in one go: enough to share the start of a compiler, few enough to keep every core busy.
_TOGETHER = 16

_DEFAULT_LIMITS = Limits()


class Verdict(StrEnum):
    """What is to be said of a program."""

    PASSED = "passed"
    WRONG_OUTPUT = "wrong output"
    COMPILE_ERROR = "compile error"
    RUNTIME_ERROR = "run-time error"
    TIMEOUT = "time-out"


@dataclass(frozen=True)
class Program:
    """A program and what it should print.

    Parameters
    ----------
    language
        Name of its language.
    text
        Source text of the whole program, which is one file.
    expected
        Its expected output; white space at the ends of lines and of the whole does not count.
        If None, a program passes that ends with exit code 0.
    """

    language: str
    text: str
    expected: str | None = None


@dataclass(frozen=True)
class Execution:
    """What came of a program.

    Parameters
    ----------
    verdict
        Whether it passed, and if not, how it failed. To exceed a limit other than one of time is a run-time error.
    output
        What it printed on standard output.
    message
        What is wrong with it: the compiler's or its own error message, shortened; empty if it passed.
    seconds
        Time that it ran, without its compilation.
    """

    verdict: Verdict
    output: str = ""
    message: str = ""
    seconds: float = 0.0


class ToolchainError(UserError):
    """A toolchain has stopped working: what it says of programs is no verdict on them.

    Parameters
    ----------
    language
        Name of the language.
    problem
        What is wrong.
    """

    def __init__(self, language: str, problem: str) -> None:
        super().__init__(f"the toolchain of {get_language(language).title} no longer works: {problem}")
        self.language = language


class Executor:
    """Compiles and runs programs that are not trusted; a context manager.

    Parameters
    ----------
    languages
        Languages to run programs of. Each is tried out once with a program of one line.
    limits
        What one program may use.
    unsafe
        Run programs without a sandbox, with the rights of this process. The limits hold, but root's processes
        are counted only every so often.
    strict
        Refuse what a compiler warns of and, in Go, what is not formatted as gofmt does.
    cache
        Folder for compiled programs; by default ``codelm/executions`` in the user's cache folder.
        It keeps itself to 2 GiB.
    jobs
        Programs at a time; by default as many as there are cores.

    Attributes
    ----------
    toolchains : dict[str, str]
        Version of the compiler or interpreter of each language that can be run.
    unavailable : dict[str, str]
        Why each of the other languages cannot be.

    Raises
    ------
    UserError
        If there is no working sandbox, and `unsafe` is not set.

    Notes
    -----
    The sandbox is bubblewrap's: no network, nothing to read but the system's software and the toolchains, nothing
    to write to but a small folder in memory. It keeps in what poor programs do by mistake, or in plain malice. Like
    all that shares a kernel with its host, it is no wall against an attack on the kernel itself.
    """

    def __init__(
        self,
        languages: Sequence[str],
        *,
        limits: Limits = _DEFAULT_LIMITS,
        unsafe: bool = False,
        strict: bool = False,
        cache: Path | None = None,
        jobs: int | None = None,
    ) -> None:
        self._limits = limits
        self._jobs = jobs or len(os.sched_getaffinity(0))
        self._cache = CompileCache(cache or _default_cache())
        self._cache.folder.mkdir(parents=True, exist_ok=True)
        self.unavailable: dict[str, str] = {}
        found: dict[str, Toolchain] = {}
        for language in languages:
            try:
                found[language] = find_toolchain(language, limits, self._cache.folder, strict=strict)
            except UserError as error:
                self.unavailable[language] = str(error)
        readable = [path for toolchain in found.values() for path in toolchain.readable]
        self._sandbox = Sandbox(readable, _environment(), unsafe=unsafe)
        self._found = found
        self._compilers = {
            language: Compiler(toolchain, self._sandbox, self._cache, limits) for language, toolchain in found.items()
        }
        with ThreadPoolExecutor(self._jobs) as pool:
            problems = dict(zip(found, pool.map(self._problem, found), strict=True))
        self.unavailable |= {language: problem for language, problem in problems.items() if problem}
        self.toolchains = {language: found[language].version for language in found if not problems[language]}

    def __enter__(self) -> Executor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._cache.prune()

    def run(self, programs: Sequence[Program], advance: Callable[[int], None] = lambda number: None) -> list[Execution]:
        """Compile and run programs.

        Parameters
        ----------
        programs
            Programs of any of the languages, in any order.
        advance
            Called with the number of programs as some are done, from the calling thread.

        Raises
        ------
        UserError
            If programs of a language cannot be run here.
        ToolchainError
            If a toolchain stops working meanwhile.
        """
        for language in {program.language for program in programs}:
            if language not in self.toolchains:
                reason = self.unavailable.get(language, "it is not among the executor's languages")
                raise UserError(f"programs in {get_language(language).title} cannot be run: {reason}")
        executions: dict[int, Execution] = {}
        with ThreadPoolExecutor(self._jobs) as pool:
            try:
                futures = {
                    pool.submit(self._judge, [programs[n] for n in chunk]): chunk for chunk in self._chunks(programs)
                }
                for future in as_completed(futures):
                    executions |= zip(futures[future], future.result(), strict=True)
                    advance(len(futures[future]))
            except BaseException:
                self._sandbox.stop()
                pool.shutdown(cancel_futures=True)
                self._sandbox.resume()
                raise
        return [executions[number] for number in range(len(programs))]

    def _chunks(self, programs: Sequence[Program]) -> list[list[int]]:
        """Numbers of programs to be judged together: those of one language, the same texts side by side."""
        chunks = []
        for language in self.toolchains:
            numbers = [number for number, program in enumerate(programs) if program.language == language]
            numbers.sort(key=lambda number: programs[number].text)
            length = min(_TOGETHER, -(-len(numbers) // self._jobs))
            chunks += [numbers[start : start + length] for start in range(0, len(numbers), length or 1)]
        return chunks

    def _judge(self, programs: Sequence[Program]) -> list[Execution]:
        language = programs[0].language
        compiled = self._compilers[language].compile({program.text: None for program in programs})
        return [self._execute(program, compiled[program.text]) for program in programs]

    def _execute(self, program: Program, compiled: Compiled) -> Execution:
        if compiled.folder is None:
            if not compiled.certain:
                self._check(program.language)
            return Execution(Verdict.COMPILE_ERROR, message=compiled.message)
        ended = self._sandbox.run(self._found[program.language].run, self._limits, compiled.folder)
        if _was_not_started(ended):
            self._check(program.language)
        verdict, message = _verdict(ended, program.expected)
        return Execution(verdict, ended.output.decode(errors="replace"), shorten(message), ended.seconds)

    def _check(self, language: str) -> None:
        """Raise a ToolchainError if not even the smallest program can be compiled and run."""
        if problem := self._problem(language, fresh=True):
            raise ToolchainError(language, problem)

    def _problem(self, language: str, *, fresh: bool = False) -> str:
        """Return why the smallest program cannot be compiled and run, or nothing."""
        text = READY[language]
        compiled = self._compilers[language].compile([text], fresh=fresh)[text]
        if compiled.folder is None:
            return _one_line(compiled.message)
        ended = self._sandbox.run(self._found[language].run, self._limits, compiled.folder)
        return _one_line(_verdict(ended, "ready")[1])


def _verdict(ended: Ended, expected: str | None) -> tuple[Verdict, str]:
    """Return what is to be said of a program that ran, and why."""
    if ended.exceeded:
        return Verdict.TIMEOUT if ended.exceeded.timed_out else Verdict.RUNTIME_ERROR, ended.exceeded.message
    if ended.code != 0:
        return Verdict.RUNTIME_ERROR, ended.errors.decode(errors="replace").strip() or _ending(ended.code)
    if expected is None:
        return Verdict.PASSED, ""
    difference = _first_difference(ended.output.decode(errors="replace"), expected)
    return (Verdict.WRONG_OUTPUT, difference) if difference else (Verdict.PASSED, "")


def _first_difference(output: str, expected: str) -> str:
    """Return where the output differs, or nothing; white space at the ends of lines and of the whole does not count."""
    printed, wanted = _lines(output), _lines(expected)
    for number in range(max(len(printed), len(wanted))):
        line, other = (repr(lines[number]) if number < len(lines) else "missing" for lines in (printed, wanted))
        if line != other:
            return f"line {number + 1} is {line}, expected: {other}"
    return ""


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _ending(code: int) -> str:
    try:
        return f"ended by signal {signal.Signals(code - 128).name}"
    except ValueError:
        return f"ended with exit code {code}"


def _was_not_started(ended: Ended) -> bool:
    """Whether it may be the sandbox or the interpreter that failed, rather than the program."""
    return ended.code in (126, 127) or ended.errors.startswith((b"bwrap: ", b"prlimit: ", b"setpriv: "))


def _one_line(message: str) -> str:
    return " ".join(message.split())[:200]


def _environment() -> dict[str, str]:
    """Environment variables of compilers and programs: the same on every machine, but for where the tools are."""
    return {
        "PATH": os.pathsep.join([*search_path(), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _default_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "codelm/executions"
