"""Programs of all seven languages are judged as they deserve."""

from __future__ import annotations

import time

import pytest

from codelm.errors import UserError
from codelm.evaluation.execution import Execution, Executor, Program, ToolchainError, Verdict
from codelm.evaluation.execution.toolchains import READY
from codelm.languages import LANGUAGES
from tests.evaluation.execution import programs


def judge(executor: Executor, language: str, text: str, expected: str | None = None) -> Execution:
    (execution,) = executor.run([Program(language, text, expected)])
    return execution


def test_each_toolchain_says_its_version(executor: Executor) -> None:
    assert executor.toolchains.keys() | executor.unavailable.keys() == set(LANGUAGES)
    for version in executor.toolchains.values():
        assert any(character.isdigit() for character in version)


def test_a_compile_error_and_a_crash_are_told_apart_and_leave_the_others_alone(
    executor: Executor, language: str
) -> None:
    nonsense, message = programs.NONSENSE[language]
    texts = [
        READY[language],
        programs.hello_then(language, nonsense),
        programs.hello_then(language, programs.CRASH[language]),
        READY[language] + "\n",
    ]
    first, refused, crashed, last = executor.run([Program(language, text, "ready") for text in texts])
    for execution in (first, last):
        assert (execution.verdict, execution.output, execution.message) == (Verdict.PASSED, "ready\n", "")
        assert execution.seconds > 0
    assert (refused.verdict, refused.output) == (Verdict.COMPILE_ERROR, "")
    assert message in refused.message
    assert (crashed.verdict, crashed.output) == (Verdict.RUNTIME_ERROR, "ready\n")
    assert "broken" in crashed.message


def test_another_output_is_wrong_and_the_first_difference_is_named(executor: Executor, language: str) -> None:
    execution = judge(executor, language, READY[language], "ready\nsteady")
    assert (execution.verdict, execution.output) == (Verdict.WRONG_OUTPUT, "ready\n")
    assert execution.message == "line 2 is missing, expected: 'steady'"


def test_any_text_gets_a_verdict(executor: Executor) -> None:
    marks = "\N{BYTE ORDER MARK}\N{RIGHT-TO-LEFT OVERRIDE}"
    half_a_surrogate_pair = "\ud800"
    strange = ["", "\0", half_a_surrogate_pair, "(" * 10_000, "x" * 2**20, marks]
    odd = [
        Program(language, text, "steady")
        for language in executor.toolchains
        for text in (*strange, *(READY[language] + text for text in strange))
    ]
    for program, execution in zip(odd, executor.run(odd), strict=True):
        assert execution.verdict in (Verdict.COMPILE_ERROR, Verdict.WRONG_OUTPUT, Verdict.RUNTIME_ERROR), program
        assert 0 < len(execution.message) < 3000, program


def test_white_space_at_the_ends_of_lines_and_of_the_whole_does_not_count(executor: Executor) -> None:
    text = r'print("one  \n\n  two\t\r\n \n")'
    assert judge(executor, "python", text, "one\n\n  two").verdict == Verdict.PASSED
    assert judge(executor, "python", text, "one\n\ntwo").verdict == Verdict.WRONG_OUTPUT
    assert judge(executor, "python", text, "one\n  two").verdict == Verdict.WRONG_OUTPUT


def test_output_is_utf_8_and_anything_else_is_replaced(executor: Executor) -> None:
    assert judge(executor, "python", 'print("naïve ✓")', "naïve ✓").verdict == Verdict.PASSED
    text = 'import sys\nsys.stdout.buffer.write(b"\\xff!")'
    assert judge(executor, "python", text).output == "\N{REPLACEMENT CHARACTER}!"


def test_a_program_without_an_expected_output_passes_if_it_ends_well(executor: Executor) -> None:
    assert judge(executor, "python", "print('anything')").verdict == Verdict.PASSED
    failed = judge(executor, "python", "import sys\nsys.exit(3)")
    assert (failed.verdict, failed.message) == (Verdict.RUNTIME_ERROR, "ended with exit code 3")


def test_programs_find_nothing_on_standard_input(executor: Executor) -> None:
    assert judge(executor, "python", "import sys\nprint(repr(sys.stdin.read()))", "''").verdict == Verdict.PASSED


def test_executions_come_in_the_order_of_the_programs_and_progress_is_told(executor: Executor) -> None:
    numbers = range(40)
    done: list[int] = []
    executions = executor.run(
        [Program(("python", "javascript")[n % 2], (f"print({n})", f"console.log({n})")[n % 2]) for n in numbers],
        done.append,
    )
    assert [execution.output.strip() for execution in executions] == [str(n) for n in numbers]
    assert sum(done) == 40


def test_a_language_that_cannot_run_is_refused_before_anything_runs(executor: Executor) -> None:
    with Executor(["python"]) as narrow, pytest.raises(UserError, match="programs in Go cannot be run"):
        narrow.run([Program("python", "print(1)"), Program("go", READY["go"])])
    with pytest.raises(UserError, match="unknown language 'cobol'"):
        executor.run([Program("cobol", "STOP RUN.")])


def test_an_interruption_ends_what_is_running(executor: Executor) -> None:
    def interrupt(number: int) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    waiting = "import time\ntime.sleep(60)\n"
    with pytest.raises(KeyboardInterrupt):
        executor.run([Program("python", waiting), Program("javascript", READY["javascript"])], interrupt)
    assert time.monotonic() - start < 10
    assert judge(executor, "python", READY["python"], "ready").verdict == Verdict.PASSED


def test_a_toolchain_error_names_its_language() -> None:
    error = ToolchainError("csharp", "mcs is gone")
    assert (error.language, str(error)) == ("csharp", "the toolchain of C# no longer works: mcs is gone")
