"""A missing or broken toolchain is told from a program that is wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from codelm.errors import UserError
from codelm.evaluation.execution import Executor, Program, ToolchainError, Verdict
from codelm.evaluation.execution.toolchains import READY
from tests.evaluation.execution import programs


def put_before(tool: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a tool come from a folder, from which it can be taken away."""
    real = shutil.which(tool)
    folder.chmod(0o755)
    (folder / "bin").mkdir()
    own = folder / "bin" / tool
    own.write_text(f'#!/bin/sh\nexec {real} "$@"\n')
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(own.parent), prepend=os.pathsep)
    return own


def test_a_missing_tool_is_named_with_the_package_that_brings_it(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in ("bwrap", "prlimit", "setpriv"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    monkeypatch.setenv("PATH", str(tmp_path))
    with Executor(["python", "java", "rust"]) as poor:
        assert poor.toolchains.keys() == {"python"}
        assert "javac is not installed (Debian package default-jdk-headless)" in poor.unavailable["java"]
        assert "rustc is not installed (Debian package rustc)" in poor.unavailable["rust"]
        with pytest.raises(UserError, match="programs in Rust cannot be run: rustc is not installed"):
            poor.run([Program("rust", READY["rust"])])


def test_a_language_without_a_toolchain_is_unavailable(executor: Executor) -> None:
    with Executor(["python", "kotlin"]) as polyglot:
        assert polyglot.toolchains.keys() == {"python"}
        assert "kotlin cannot be run" in polyglot.unavailable["kotlin"]


def test_a_toolchain_that_is_there_but_does_not_work_is_unavailable(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = put_before("node", tmp_path, monkeypatch)
    node.write_text('#!/bin/sh\ntest "$1" = --version && echo v20.0.0 || echo "node is broken" >&2\n')
    with Executor(["javascript"], cache=tmp_path / "cache") as broken:
        assert not broken.toolchains
        assert "node is broken" in broken.unavailable["javascript"]


def test_a_compiler_that_disappears_is_no_compile_error(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = put_before("node", tmp_path, monkeypatch)
    with Executor(["python", "javascript"], cache=tmp_path / "cache") as deprived:
        (before,) = deprived.run([Program("javascript", "console.log(1)", "1")])
        node.unlink()
        with pytest.raises(ToolchainError, match="toolchain of JavaScript no longer works") as caught:
            deprived.run([Program("javascript", "console.log(2)", "2")])
        assert (before.verdict, caught.value.language) == (Verdict.PASSED, "javascript")
        (other,) = deprived.run([Program("python", READY["python"], "ready")])
        assert other.verdict == Verdict.PASSED


def test_an_interpreter_that_disappears_is_no_run_time_error(
    executor: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = put_before("node", tmp_path, monkeypatch)
    with Executor(["javascript"], cache=tmp_path / "cache") as deprived:
        compiled = Program("javascript", "console.log(1)", "1")
        deprived.run([compiled])
        node.unlink()
        with pytest.raises(ToolchainError):
            deprived.run([compiled])


def test_a_program_that_ends_like_a_missing_interpreter_is_a_run_time_error(executor: Executor) -> None:
    (execution,) = executor.run([Program("python", "import sys\nsys.exit(127)")])
    assert (execution.verdict, execution.message) == (Verdict.RUNTIME_ERROR, "ended with exit code 127")


def test_a_program_that_its_compiler_cannot_place_is_a_compile_error(executor: Executor) -> None:
    texts = {"java": "class Other { }", "csharp": "class Program { }", "go": "package main\n\nfunc helper() {}\n"}
    found = {language: text for language, text in texts.items() if language in executor.toolchains}
    executions = executor.run([Program(language, text) for language, text in found.items()])
    assert {execution.verdict for execution in executions} <= {Verdict.COMPILE_ERROR}, executions
    assert all(execution.message for execution in executions)


def test_a_package_of_go_that_is_seldom_used_is_compiled_when_a_program_imports_it(executor: Executor) -> None:
    if "go" in executor.unavailable:
        pytest.skip(executor.unavailable["go"])
    text = 'package main\n\nimport (\n\t"fmt"\n\t"hash/adler32"\n)\n\n'
    text += 'func main() {\n\tfmt.Println(adler32.Checksum([]byte("ready")))\n}\n'
    (execution,) = executor.run([Program("go", text, "104268310")])
    assert execution.verdict == Verdict.PASSED, execution


def test_what_is_not_in_the_standard_library_is_a_compile_error(executor: Executor) -> None:
    texts = {
        "java": "import com.google.common.base.Joiner;\npublic class Main { static Joiner joiner; }",
        "typescript": 'import { map } from "lodash";\nconsole.log(map);\n',
        "go": 'package main\n\nimport "github.com/pkg/errors"\n\nfunc main() { panic(errors.New("")) }\n',
        "rust": "use rand::Rng;\nfn main() {}\n",
    }
    found = {language: text for language, text in texts.items() if language in executor.toolchains}
    executions = executor.run([Program(language, text) for language, text in found.items()])
    assert {execution.verdict for execution in executions} <= {Verdict.COMPILE_ERROR}, executions


def test_overflow_in_rust_is_a_run_time_error(executor: Executor) -> None:
    if "rust" in executor.unavailable:
        pytest.skip(executor.unavailable["rust"])
    text = 'fn main() { let n: Vec<i32> = vec![i32::MAX]; println!("{}", n[0] + n.len() as i32); }'
    (execution,) = executor.run([Program("rust", text)])
    assert execution.verdict == Verdict.RUNTIME_ERROR
    assert "attempt to add with overflow" in execution.message


def test_programs_are_not_warned_of_unless_that_is_asked_for(executor: Executor) -> None:
    languages = [language for language in programs.CARELESS if language in executor.toolchains]
    careless = [Program(name, programs.hello_then(name, programs.CARELESS[name])) for name in languages]
    lenient = executor.run(careless)
    assert {execution.verdict for execution in lenient} == {Verdict.PASSED}, lenient
    with Executor(languages, strict=True) as critic:
        strict = critic.run(careless)
    assert {execution.verdict for execution in strict} == {Verdict.COMPILE_ERROR}, strict
    assert all(execution.message for execution in strict)
