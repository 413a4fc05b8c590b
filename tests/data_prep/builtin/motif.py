"""Programs for tests, in the notation of motifs."""

from __future__ import annotations

from random import Random
from textwrap import dedent

from data_prep.builtin import program as ir
from data_prep.builtin.reader import Reader, parse
from data_prep.builtin.tree import mark_changes


class _Settled(Random):
    """Chance that never adds anything to what a motif says."""

    def random(self) -> float:
        return 0.999


def program_of(motif: str) -> ir.Program:
    """Return the program that a motif spells out."""
    return mark_changes(Reader(_Settled(), {}).program(parse(dedent(motif))))
