"""Programs are really compiled and run: the seven versions of generated programs print the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codelm.errors import UserError
from codelm.languages import LANGUAGES
from data_prep.builtin import execution
from data_prep.builtin import program as ir
from data_prep.builtin.emitters import EMITTERS
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.execution import Outcome, run_programs
from data_prep.builtin.sampler import sample_program
from data_prep.builtin.verify import verify_language, what_is_wrong

GROUPS = 200


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """A language that can be run here. In continuous integration all seven must be."""
    name: str = request.param
    try:
        execution.check_tools(name)
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    return name


HELLO = {
    "python": 'print("ready")\n',
    "java": 'public class Main {\n    public static void main(String[] args) {\n        System.out.println("ready");\n'
    "    }\n}\n",
    "javascript": 'console.log("ready");\n',
    "typescript": 'console.log("ready");\n',
    "csharp": 'using System;\n\nclass Program\n{\n    static void Main()\n    {\n        Console.WriteLine("ready");\n'
    "    }\n}\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("ready")\n}\n',
    "rust": 'fn main() {\n    println!("ready");\n}\n',
}
CRASH = {
    "python": 'raise ValueError("broken")',
    "java": 'throw new IllegalStateException("broken");',
    "javascript": 'throw new Error("broken");',
    "typescript": 'throw new Error("broken");',
    "csharp": 'throw new Exception("broken");',
    "go": 'panic("broken")',
    "rust": 'panic!("broken");',
}
# With what its compiler says.
NONSENSE = {
    "python": ("total = = 1", "invalid syntax"),
    "java": ("int total = missing;", "cannot find symbol"),
    "javascript": ("const total = = 1;", "Unexpected token"),
    "typescript": ('const total: number = "one";', "not assignable to type 'number'"),
    "csharp": ("int total = missing;", "The name `missing' does not exist"),
    "go": ("total := 1", "declared and not used: total"),
    "rust": ("let total: i64 = missing;", "cannot find value `missing`"),
}
# No error to a lenient compiler; in Go, a file that gofmt would change.
CARELESS = {
    "python": "1 is 1",
    "java": "java.util.List<String> names = new java.util.ArrayList();",
    "typescript": "let total = 1;",
    "csharp": "int total = 1;",
    "go": "fmt.Println( 1 )",
    "rust": "let total = 1;",
}


def hello_then(language: str, statement: str) -> str:
    """Return the program that prints "ready", with one more statement after it."""
    lines = HELLO[language].splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "ready" in line)
    indentation = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return "".join([*lines[: at + 1], f"{indentation}{statement}\n", *lines[at + 1 :]])


def test_programs_print_what_the_interpreter_says_in_200_of_200(language: str, tmp_path: Path) -> None:
    programs = [sample_program(seed) for seed in range(GROUPS)]
    verdict = verify_language(language, programs, tmp_path)
    assert not verdict.first_failure, verdict.first_failure
    assert (verdict.programs, verdict.compiled, verdict.identical) == (GROUPS, GROUPS, GROUPS)


class OffByOneEmitter(PythonEmitter):
    """Writes every integer one too large."""

    def constant(self, node: ir.Constant) -> str:
        return str(node.value + 1) if type(node.value) is int else super().constant(node)


def test_an_emitter_that_is_wrong_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EMITTERS, "python", OffByOneEmitter)
    program = ir.Program((ir.Print(ir.Constant(4, ir.INT)),))
    verdict = verify_language("python", [program], tmp_path)
    assert (verdict.compiled, verdict.identical) == (1, 0)
    assert "print(5)" in verdict.first_failure
    assert verdict.first_failure.endswith("-4\n+5")


def test_a_compile_error_and_a_crash_are_told_apart_and_leave_the_others_alone(language: str, tmp_path: Path) -> None:
    nonsense, message = NONSENSE[language]
    sources = [HELLO[language], hello_then(language, nonsense), hello_then(language, CRASH[language]), HELLO[language]]
    first, refused, crashed, last = run_programs(language, sources, tmp_path)
    assert first == last == Outcome(compiled=True, output="ready\n")
    assert (refused.compiled, refused.output) == (False, "")
    assert message in refused.error
    assert (crashed.compiled, crashed.output) == (True, "ready\n")
    assert "broken" in crashed.error


@pytest.mark.parametrize("language", CARELESS, indirect=True)
def test_what_a_compiler_warns_of_counts_as_an_error(language: str, tmp_path: Path) -> None:
    (outcome,) = run_programs(language, [hello_then(language, CARELESS[language])], tmp_path)
    assert not outcome.compiled
    assert outcome.error


def test_a_program_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "TIME_LIMIT", 0.5)
    (outcome,) = run_programs("python", ["while True:\n    pass\n"], tmp_path)
    assert outcome.error == "stopped after 0.5 seconds"


def test_a_missing_toolchain_is_named_with_what_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="rustc is not installed: run `make toolchains`"):
        run_programs("rust", [HELLO["rust"]], tmp_path)


@pytest.mark.parametrize(
    ("outcome", "complaint"),
    [
        (Outcome(compiled=False, error="line 3: no such name"), "does not compile:\nline 3: no such name"),
        (Outcome(compiled=True, output="4\n", error="stack overflow"), "ends badly:\nstack overflow"),
        (Outcome(compiled=True, output="4\n7\n"), "prints something else:"),
        (Outcome(compiled=True, output="4\n5"), "prints something else:"),
    ],
)
def test_an_outcome_other_than_the_expected_output_is_a_complaint(outcome: Outcome, complaint: str) -> None:
    assert what_is_wrong(outcome, "4\n5\n").startswith(complaint)


def test_the_difference_between_outputs_is_shown() -> None:
    assert {"-5", "+7"} <= set(what_is_wrong(Outcome(compiled=True, output="4\n7\n"), "4\n5\n").splitlines())


def test_the_expected_output_is_no_complaint() -> None:
    assert what_is_wrong(Outcome(compiled=True, output="4\n5\n"), "4\n5\n") == ""
