"""Programs of the built-in sampler."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from data_prep.sources.programs import SourceProgram

if TYPE_CHECKING:
    from data_prep.dropped import Dropped

_GROUPS_PER_UNIT = 250
_GROUP_BYTES = 5000
_SEED_STRIDE = 1_000_000_007
"""Keeps the built-in programs of different seeds apart."""


@dataclass(frozen=True)
class BuiltinGroups:
    """Consecutive groups of the built-in programs, in all seven languages each.

    Parameters
    ----------
    start
        Number of the first group.
    groups
        Number of groups.
    seed
        Seed of the programs.
    """

    start: int
    groups: int
    seed: int

    @property
    def name(self) -> str:
        """Stable name."""
        return f"builtin:{self.start}"

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""
        return self.groups * _GROUP_BYTES

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs; none is left out."""
        from data_prep.builtin.emitters import EMITTERS
        from data_prep.builtin.sampler import sample_program

        emitters = {name: emitter() for name, emitter in EMITTERS.items()}
        for index in range(self.start, self.start + self.groups):
            program = sample_program(self.seed * _SEED_STRIDE + index)
            for language, emitter in emitters.items():
                yield SourceProgram(f"builtin-{index:07d}", language, emitter.emit(program), "builtin", "Apache-2.0")


def builtin_units(groups: int, seed: int) -> list[BuiltinGroups]:
    """Return the units of `groups` groups."""
    starts = range(0, groups, _GROUPS_PER_UNIT)
    return [BuiltinGroups(start, min(_GROUPS_PER_UNIT, groups - start), seed) for start in starts]


def builtin_programs(groups: int, seed: int) -> Iterator[SourceProgram]:
    """Sample the built-in corpus: `groups` programs in all seven languages each, a function of the seed."""
    units = builtin_units(groups, seed)
    if len(units) == 1:
        yield from units[0].read()
        return
    # Spawned, not forked: the caller may have loaded torch, whose threads do not survive a fork.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        for programs in pool.map(_read_all, units):
            yield from programs


def _read_all(unit: BuiltinGroups) -> list[SourceProgram]:
    return list(unit.read())
