from __future__ import annotations

from codelm.languages import LANGUAGES
from data_prep.sources import builtin_programs
from data_prep.sources.builtin import builtin_units


def test_the_built_in_programs_are_a_function_of_the_seed() -> None:
    first, again, other = (list(builtin_programs(groups=3, seed=seed)) for seed in (0, 0, 1))
    assert first == again
    assert not {program.code for program in first} & {program.code for program in other}
    by_group: dict[str, list[str]] = {}
    for program in first:
        by_group.setdefault(program.group, []).append(program.language)
    assert len(by_group) == 3
    assert all(sorted(languages) == sorted(LANGUAGES) for languages in by_group.values())


def test_units_hold_the_same_programs_as_one_sample_of_all() -> None:
    units = builtin_units(groups=260, seed=0)
    assert [(unit.start, unit.groups) for unit in units] == [(0, 250), (250, 10)]
    few = [program for program in units[1].read() if program.group == "builtin-0000250"]
    assert len(few) == len(LANGUAGES)
    sizes = [len(program.code) for program in units[1].read()]
    assert 0.5 < units[1].size / sum(sizes) < 2
