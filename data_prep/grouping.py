"""Programs into groups, groups into splits and pairs: each from one partition alone."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, groupby
from random import Random

from codelm.languages import TEXT_KINDS, in_listing_order
from data_prep.dropped import Dropped
from data_prep.partitions import Record

STEP = "pairs"
"""Name of the step in the table of what was left out."""

ALL = "all"
"""A pivot that is no language: any two languages of a group can make a pair."""

PARALLEL = "parallel"
"""The stratum of groups in several languages."""


@dataclass(frozen=True)
class Group:
    """The programs of one task, by language in listing order, kinds of text after them; a language may have several."""

    name: str
    programs: Mapping[str, tuple[Record, ...]]


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct languages in listing order, and the kinds of text after them in theirs."""
    wanted = set(names)
    return in_listing_order(wanted.difference(TEXT_KINDS)) + tuple(kind for kind in TEXT_KINDS if kind in wanted)


def make_groups(records: Iterable[Record]) -> list[Group]:
    """Gather programs that are sorted by group."""
    groups = []
    for name, members in groupby(records, key=lambda record: record.group):
        found: dict[str, list[Record]] = {}
        for record in members:
            found.setdefault(record.language, []).append(record)
        groups.append(Group(name, {language: tuple(found[language]) for language in listed(found)}))
    return groups


def group_digest(name: str, seed: int) -> str:
    """Return what decides whether a group is held out: those with the smallest digests are."""
    return hashlib.sha256(f"{seed}/{name}".encode()).hexdigest()


def stratum(group: Group) -> str:
    """Return what a group is held out among: `PARALLEL`, or its only language or kind of text."""
    languages = [language for language in group.programs if language not in TEXT_KINDS]
    return PARALLEL if len(languages) > 1 else next(iter(group.programs))


@dataclass(frozen=True)
class HeldOut:
    """The groups for validation: in every stratum those with the smallest digests.

    Parameters
    ----------
    seed
        Seed of the split.
    last
        For each stratum of which groups are held out, the largest of their digests.
    """

    seed: int
    last: Mapping[str, str]

    def __contains__(self, group: Group) -> bool:
        return group_digest(group.name, self.seed) <= self.last.get(stratum(group), "")


def count_held_out(groups: Mapping[str, int], number: int) -> dict[str, int]:
    """Return how many groups of each stratum are held out, given how many there are.

    That is `number` of the largest; of any other as many, if that is no more than 1 in 20. So a few hundred translated
    programs among a million single files are still there to be evaluated on.
    """
    most = max(groups.values())
    return {name: number if count == most else min(number, count // 20) for name, count in groups.items()}


def smallest_digests(digests: Iterable[str], number: int) -> list[str]:
    """Return the smallest digests in order; of those of all partitions, `number` from each are enough."""
    return heapq.nsmallest(number, digests)


def draw_documents(group: Group, pivot: str, pairs: int, seed: int, dropped: Dropped) -> list[tuple[Record, ...]]:
    """Return the training documents of a group: pairs around the pivot, or else its programs alone.

    Several programs of one language are alternatives: a pair takes one of them, drawn at random.

    Parameters
    ----------
    group
        The group.
    pivot
        Language on one side of every pair; `ALL` draws from the pairs of any two languages of the group.
    pairs
        Most pairs of the group; with more than one, a program is repeated in each that its language is part of.
    seed
        Seed of the draw; it depends on the group's name too.
    dropped
        Counts the programs that the draw leaves out.
    """
    languages = [language for language in group.programs if language not in TEXT_KINDS]
    texts: list[tuple[Record, ...]] = [
        (record,) for kind in group.programs if kind in TEXT_KINDS for record in group.programs[kind]
    ]
    if pivot == ALL:
        possible = list(combinations(languages, 2))
    else:
        possible = [(pivot, language) for language in languages if pivot in languages and language != pivot]
    if not possible:
        return [(record,) for language in languages for record in group.programs[language]] + texts
    random = Random(f"{seed}/{group.name}")
    chosen = sorted(random.sample(range(len(possible)), min(pairs, len(possible))))
    documents: list[tuple[Record, ...]] = [
        (random.choice(group.programs[first]), random.choice(group.programs[second]))
        for first, second in (possible[number] for number in chosen)
    ]
    used = {id(record) for document in documents for record in document}
    for language in languages:
        for record in group.programs[language]:
            if id(record) not in used:
                dropped.add(STEP, "not drawn for a pair", language)
    return documents + texts
