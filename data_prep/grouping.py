"""Programs into groups, groups into splits and pairs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from codelm.languages import in_listing_order
from data_prep.sources import SourceProgram


@dataclass(frozen=True)
class Group:
    """The programs of one task, by language in listing order; a language may have several."""

    name: str
    programs: Mapping[str, tuple[SourceProgram, ...]]


def make_groups(programs: Iterable[SourceProgram], dropped: Counter[str]) -> list[Group]:
    """Gather programs by group, in order of appearance, without exact copies.

    A copy within a language is dropped wherever it stands, so that no validation program is a training program too.
    """
    seen: set[bytes] = set()
    gathered: dict[str, dict[str, list[SourceProgram]]] = {}
    for program in programs:
        digest = hashlib.sha256(f"{program.language}\n{program.code.strip()}".encode()).digest()
        if digest in seen:
            dropped["exact copy"] += 1
            continue
        seen.add(digest)
        gathered.setdefault(program.group, {}).setdefault(program.language, []).append(program)
    return [
        Group(name, {language: tuple(found[language]) for language in in_listing_order(found)})
        for name, found in gathered.items()
    ]


def split_groups(groups: Sequence[Group], validation: int, seed: int) -> tuple[list[Group], list[Group]]:
    """Return training and validation groups; which are which depends on the names and the seed, not on the order."""
    by_digest = sorted(groups, key=lambda group: hashlib.sha256(f"{seed}/{group.name}".encode()).digest())
    held_out = {group.name for group in by_digest[:validation]}
    train = [group for group in groups if group.name not in held_out]
    return train, [group for group in groups if group.name in held_out]


def draw_documents(
    group: Group, pivot: str, pairs: int, seed: int, dropped: Counter[str]
) -> list[tuple[SourceProgram, ...]]:
    """Return the training documents of a group: pairs around the pivot, or else its programs alone.

    Parameters
    ----------
    group
        The group.
    pivot
        Language on one side of every pair.
    pairs
        Most pairs of the group; with more than one, the pivot's program is repeated in each.
    seed
        Seed of the draw; it depends on the group's name too.
    dropped
        Counts the programs that the draw leaves out.
    """
    partners = [language for language in group.programs if language != pivot]
    if pivot not in group.programs or not partners:
        return [(program,) for programs in group.programs.values() for program in programs]
    random = Random(f"{seed}/{group.name}")
    chosen = in_listing_order(random.sample(partners, min(pairs, len(partners))))
    documents: list[tuple[SourceProgram, ...]] = [
        (random.choice(group.programs[pivot]), random.choice(group.programs[name])) for name in chosen
    ]
    used = {id(program) for document in documents for program in document}
    dropped["not drawn for a pair"] += sum(len(programs) for programs in group.programs.values()) - len(used)
    return documents
