"""Samples programs: a motif, its choices, its words and its style, all from a seed."""

from __future__ import annotations

import functools
from random import Random

from data_prep.builtin import interpreter, reader, tree, variations, words
from data_prep.builtin import program as ir
from data_prep.builtin.motifs import MOTIFS

_MOST_LINES = 8
_LONGEST_LINE = 100
_STEP_LIMIT = 20_000
_MOST_NODES = 85
_EXTRA_RATE = 0.25
_PAIR_RATE = 0.1
_PAIRED_NODES = 40
_NAMES = tuple(MOTIFS)


def sample_program(seed: int) -> ir.Program:
    """Return the program of a seed: always the same one, and one that `interpreter.run` accepts."""
    random = Random(seed)
    while True:
        program = draw(random, random.choice(_NAMES))
        if random.random() < _PAIR_RATE and _size(program) < _PAIRED_NODES:
            program = _joined(program, draw(random, random.choice(_NAMES)))
        if is_suitable(program):
            return program


def draw(random: Random, motif: str) -> ir.Program:
    """Return a program of a motif; it may turn out invalid, or to print too much."""
    renamed = words.choose(random, _used_words(motif))
    label = random.choice((": ", ": ", " = ", " -> ", " "))
    has_extra = random.random() < _EXTRA_RATE
    program = reader.Reader(random, renamed, label).program(reader.parse(MOTIFS[motif]), has_extra)
    return tree.mark_changes(variations.vary(random, program))


def is_suitable(program: ir.Program) -> bool:
    """Whether a program is short, valid, and prints a few short lines."""
    if _size(program) > _MOST_NODES:
        return False
    try:
        lines = interpreter.run(program, _STEP_LIMIT)
    except interpreter.InvalidProgram:
        return False
    return 0 < len(lines) <= _MOST_LINES and all(0 < len(line) <= _LONGEST_LINE for line in lines)


def _size(program: ir.Program) -> int:
    return sum(1 for _ in tree.walk((program.main, [function.body for function in program.functions])))


@functools.cache
def _used_words(motif: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.WORD.findall(MOTIFS[motif].lower())))


def _joined(first: ir.Program, second: ir.Program) -> ir.Program:
    """Return both programs in one, or just the first if they share a name."""
    if variations.names_of(first) & variations.names_of(second) or first.records or second.records:
        return first
    return ir.Program((*first.main, *second.main), first.functions + second.functions)
