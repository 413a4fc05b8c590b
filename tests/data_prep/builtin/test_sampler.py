from __future__ import annotations

import subprocess
import sys
from random import Random
from typing import get_args

import pytest

from data_prep.builtin import interpreter, words
from data_prep.builtin import program as ir
from data_prep.builtin.emitters.python import PythonEmitter
from data_prep.builtin.motifs import MOTIFS
from data_prep.builtin.rules import broken_rules
from data_prep.builtin.sampler import draw, is_suitable, sample_program
from data_prep.builtin.tree import walk

SEEDS = 2_000


@pytest.fixture(scope="module")
def programs() -> list[ir.Program]:
    return [sample_program(seed) for seed in range(SEEDS)]


def everything(program: ir.Program) -> tuple[object, ...]:
    return tuple(walk((tuple(program.main), tuple(function.body for function in program.functions))))


def test_a_seed_gives_the_same_program_in_every_process() -> None:
    script = "from data_prep.builtin.sampler import sample_program; print([sample_program(s) for s in range(40)])"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": hash_seed}, capture_output=True, check=True
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs == {f"{[sample_program(seed) for seed in range(40)]}\n".encode()}


def test_every_program_runs_and_prints_a_few_short_lines(programs: list[ir.Program]) -> None:
    for program in programs[:500]:
        lines = interpreter.run(program)
        assert 1 <= len(lines) <= 8
        assert all(1 <= len(line) <= 100 for line in lines)


def test_every_program_keeps_the_rules_that_emitters_rely_on(programs: list[ir.Program]) -> None:
    broken = {seed: broken_rules(program) for seed, program in enumerate(programs[:500])}
    assert {seed: rules for seed, rules in broken.items() if rules} == {}


def test_hardly_any_two_programs_are_equal(programs: list[ir.Program]) -> None:
    texts = {PythonEmitter().emit(program) for program in programs}
    assert len(texts) >= 0.995 * SEEDS


def test_every_kind_of_expression_and_statement_occurs(programs: list[ir.Program]) -> None:
    found = {type(node) for program in programs for node in everything(program)}
    assert {*get_args(ir.Expr), *get_args(ir.Stmt)} <= found


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_motif_gives_many_good_programs(motif: str) -> None:
    random = Random(5)
    drawn = [draw(random, motif) for _ in range(20)]
    assert [broken_rules(program) for program in drawn] == [[]] * 20
    assert sum(map(is_suitable, drawn)) >= 6
    assert len({PythonEmitter().emit(program) for program in drawn}) >= 14


def test_reserved_words_cover_the_keywords_of_the_seven_languages() -> None:
    keywords = """
        False None True and as assert async await break class continue def del elif else except finally for from global
        if import in is lambda nonlocal not or pass raise return try while with yield abstract boolean byte case catch
        char const default do double enum extends final float goto implements instanceof int interface long native new
        package private protected public short static strictfp super switch synchronized this throw throws transient
        void volatile debugger delete export function typeof var let type base bool checked decimal delegate event
        explicit extern fixed foreach implicit internal lock namespace null object operator out override params
        readonly ref sbyte sealed sizeof stackalloc string struct uint ulong unchecked unsafe ushort using virtual chan
        defer fallthrough func go map range select crate dyn fn impl loop match mod move mut pub self trait unsized use
        where macro box priv
    """
    assert {keyword.lower() for keyword in keywords.split()} <= words.RESERVED
