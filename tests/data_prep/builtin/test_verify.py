"""Programs are really compiled and run: the seven versions of generated programs print the same."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from codelm.evaluation.execution import Execution, Executor, Verdict
from codelm.languages import LANGUAGES
from data_prep.builtin import program as ir
from data_prep.builtin.emitters import EMITTERS
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.sampler import sample_program
from data_prep.builtin.verify import strict_executor, verify_language, what_is_wrong

GROUPS = 200


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with strict_executor(LANGUAGES) as executor:
        yield executor


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, executor: Executor) -> str:
    """A language that can be run here. In continuous integration all seven must be."""
    name: str = request.param
    if name in executor.unavailable:
        assert not os.environ.get("CI"), executor.unavailable[name]
        pytest.skip(executor.unavailable[name])
    return name


def test_programs_print_what_the_interpreter_says_in_200_of_200(executor: Executor, language: str) -> None:
    programs = [sample_program(seed) for seed in range(GROUPS)]
    proof = verify_language(executor, language, programs)
    assert not proof.first_failure, proof.first_failure
    assert (proof.programs, proof.compiled, proof.identical) == (GROUPS, GROUPS, GROUPS)


class OffByOneEmitter(PythonEmitter):
    """Writes every integer one too large."""

    def constant(self, node: ir.Constant) -> str:
        return str(node.value + 1) if type(node.value) is int else super().constant(node)


def test_an_emitter_that_is_wrong_is_found_out(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EMITTERS, "python", OffByOneEmitter)
    program = ir.Program((ir.Print(ir.Constant(4, ir.INT)),))
    proof = verify_language(executor, "python", [program])
    assert (proof.compiled, proof.identical) == (1, 0)
    assert "print(5)" in proof.first_failure
    assert proof.first_failure.endswith("-4\n+5")


class CarelessEmitter(PythonEmitter):
    """Writes what Python warns of."""

    def emit(self, program: ir.Program) -> str:
        return super().emit(program) + "1 is 1\n"


def test_an_emitter_that_its_compiler_warns_of_is_found_out(
    executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EMITTERS, "python", CarelessEmitter)
    proof = verify_language(executor, "python", [ir.Program((ir.Print(ir.Constant(4, ir.INT)),))])
    assert (proof.compiled, proof.identical) == (0, 0)
    assert '"is" with' in proof.first_failure


@pytest.mark.parametrize(
    ("execution", "complaint"),
    [
        (Execution(Verdict.COMPILE_ERROR, message="line 3: no such name"), "does not compile:\nline 3: no such name"),
        (Execution(Verdict.RUNTIME_ERROR, "4\n5\n", "stack overflow"), "ends badly:\nstack overflow"),
        (Execution(Verdict.TIMEOUT, "4\n5\n", "did not end"), "ends badly:\ndid not end"),
        (Execution(Verdict.WRONG_OUTPUT, "4\n7\n"), "prints something else:"),
        (Execution(Verdict.PASSED, "4\n5"), "prints something else:\nwhite space"),
    ],
)
def test_an_execution_without_the_expected_output_is_a_complaint(execution: Execution, complaint: str) -> None:
    assert what_is_wrong(execution, "4\n5\n").startswith(complaint)


def test_the_difference_between_outputs_is_shown() -> None:
    complaint = what_is_wrong(Execution(Verdict.WRONG_OUTPUT, "4\n7\n"), "4\n5\n")
    assert {"-5", "+7"} <= set(complaint.splitlines())


def test_the_expected_output_is_no_complaint() -> None:
    assert what_is_wrong(Execution(Verdict.PASSED, "4\n5\n"), "4\n5\n") == ""
