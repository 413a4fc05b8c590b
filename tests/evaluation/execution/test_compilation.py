"""Programs that are compiled together are kept apart, and what came of them is remembered."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from codelm.evaluation.execution import Executor, Limits, Program, Verdict, compilation
from codelm.evaluation.execution.toolchains import READY


def entries(cache: Path) -> list[Path]:
    return list(cache.glob("??/*"))


def test_a_program_cannot_lend_another_its_declarations(executor: Executor) -> None:
    lent = {
        "java": (
            "public class Main { public static void main(String[] a) { } } class Helper { }",
            "public class Main { Helper helper; }",
        ),
        "typescript": (
            "declare global { interface Array<T> { second(): T } }\nconsole.log(1);",
            "console.log([1, 2].second());",
        ),
        "csharp": (
            "class Helper { } class Program { static void Main() { } }",
            "class Program { static Helper helper; static void Main() { } }",
        ),
        "go": (
            "package main\n\nfunc helper() {}\n\nfunc main() { helper() }\n",
            "package main\n\nfunc main() { helper() }\n",
        ),
    }
    for language in lent.keys() & executor.toolchains.keys():
        good, bad, ready = executor.run([Program(language, text) for text in (*lent[language], READY[language])])
        assert (good.verdict, bad.verdict, ready.verdict) == (Verdict.PASSED, Verdict.COMPILE_ERROR, Verdict.PASSED)


def test_a_program_that_brings_the_compiler_down_is_told_from_the_others(executor: Executor, tmp_path: Path) -> None:
    # So deep that the compiler itself runs out of stack or memory.
    deep = {
        "python": "x = " + "-" * 300_000 + "1",
        "java": "class Main { int x = " + "(" * 50_000 + "1" + ")" * 50_000 + "; }",
        "javascript": "x = " + "[" * 300_000,
        "csharp": "class Program { static int x = " + "(" * 50_000 + "1" + ")" * 50_000 + "; }",
    }
    with Executor([*executor.toolchains.keys() & deep.keys()], cache=tmp_path / "cache") as fresh:
        for language in fresh.toolchains:
            texts = [READY[language], READY[language] + "\n", deep[language], READY[language] + "\n\n"]
            executions = fresh.run([Program(language, text, "ready") for text in texts])
            verdicts = [execution.verdict for execution in executions]
            assert verdicts[:2] + verdicts[3:] == [Verdict.PASSED] * 3, (language, executions)
            assert verdicts[2] != Verdict.PASSED


def test_a_program_that_keeps_the_compiler_busy_is_told_from_the_others(executor: Executor, tmp_path: Path) -> None:
    if "typescript" in executor.unavailable:
        pytest.skip(executor.unavailable["typescript"])
    busy = "const x = " + "(" * 300_000 + "1" + ")" * 300_000 + ";"
    texts = [READY["typescript"], READY["typescript"] + "\n", busy]
    with Executor(["typescript"], cache=tmp_path, limits=Limits(compile_seconds=4), jobs=1) as hasty:
        first, second, last = hasty.run([Program("typescript", text, "ready") for text in texts])
        assert (first.verdict, second.verdict, last.verdict) == (
            Verdict.PASSED,
            Verdict.PASSED,
            Verdict.COMPILE_ERROR,
        )
        assert last.message == "the compiler did not end within 4 seconds"


def test_a_compiled_program_is_kept_and_used_again(tmp_path: Path) -> None:
    program = Program("python", "print('compiled')")
    with Executor(["python"], cache=tmp_path) as executor:
        before = entries(tmp_path)
        executor.run([program] * 3)
        (entry,) = set(entries(tmp_path)) - set(before)
    # As nobody should: to see that it is this copy that runs.
    (entry / "out/main.py").write_text("print('kept')")
    with Executor(["python"], cache=tmp_path) as executor:
        assert executor.run([program])[0].output == "kept\n"


def test_a_compile_error_is_kept(tmp_path: Path) -> None:
    program = Program("python", "print(")
    with Executor(["python"], cache=tmp_path) as executor:
        before = entries(tmp_path)
        (first,) = executor.run([program])
        (entry,) = set(entries(tmp_path)) - set(before)
        (entry / "errors.txt").write_text("kept")
        (second,) = executor.run([program])
    assert (first.verdict, second.verdict) == (Verdict.COMPILE_ERROR, Verdict.COMPILE_ERROR)
    assert (first.message, second.message) == ("main.py:1: SyntaxError: '(' was never closed", "kept")


def test_a_program_cannot_change_what_is_kept_of_it(tmp_path: Path) -> None:
    text = "try:\n    open(__file__, 'w').write('print(1)')\nexcept OSError as error:\n    print(error.strerror)\n"
    with Executor(["python"], cache=tmp_path) as executor:
        executions = executor.run([Program("python", text, "Read-only file system")] * 2)
    assert [execution.verdict for execution in executions] == [Verdict.PASSED] * 2, executions


def test_several_executors_may_share_a_cache_at_once(tmp_path: Path) -> None:
    programs = [Program("python", f"print({number})", str(number)) for number in range(20)]

    def judge(number: int) -> set[Verdict]:
        with Executor(["python"], cache=tmp_path, jobs=2) as executor:
            return {execution.verdict for execution in executor.run(programs)}

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(judge, range(3))) == [{Verdict.PASSED}] * 3
    assert len(entries(tmp_path)) == 21
    assert not list(tmp_path.glob("work-*"))


def test_the_cache_is_cut_back_from_what_was_not_used_for_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Executor(["python"], cache=tmp_path) as executor:
        executor.run([Program("python", f"print({number})") for number in range(3)])
        by_text = {(entry / "main.py").read_text(): entry for entry in entries(tmp_path)}
        for age, number in enumerate(range(3)):
            hours_ago = time.time() - 3600 * (2 + age)
            os.utime(by_text[f"print({number})"], (hours_ago, hours_ago))
        sizes = [sum(file.stat().st_size for file in entry.rglob("*")) for entry in by_text.values()]
        monkeypatch.setattr(compilation, "CACHE_BYTES", 3 * max(sizes))
    # The toolchain's own trial was used just now.
    assert set(entries(tmp_path)) == set(by_text.values()) - {by_text["print(2)"]}
