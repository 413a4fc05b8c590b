"""Does a corpus hold evaluation programs? Long n-grams that it shares with them, and how much of each they cover.

``python -m data_prep.contamination`` checks the built-in corpus against the fifty evaluation programs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from codelm.command_line import count, parse_options, progress_bar, run_command
from codelm.errors import UserError
from codelm.evaluation.program_set import evaluation_programs

NGRAM = 13
"""Length of the n-grams, in words and symbols; GPT-3's for decontamination (Brown et al., arXiv 2005.14165)."""

NEAR_COPY = 0.2
"""Share of an evaluation program's n-grams above which a program of the corpus is called a near-copy of it."""

_WORD_OR_SYMBOL = re.compile(r"\w+|[^\w\s]")


class Overlap(NamedTuple):
    """The program of the corpus that shares most with an evaluation program."""

    program: str
    share: float
    """Of the evaluation program's n-grams, 0 to 1."""


class NgramIndex:
    """Finds which evaluation programs a text shares n-grams with; layout does not count.

    Parameters
    ----------
    programs
        Evaluation programs by name.
    """

    def __init__(self, programs: Mapping[str, str]) -> None:
        self._sizes: dict[str, int] = {}
        self._holders: dict[int, list[str]] = defaultdict(list)
        for name, text in programs.items():
            ngrams = _ngrams(text)
            self._sizes[name] = len(ngrams)
            for ngram in ngrams:
                self._holders[ngram].append(name)

    def shares(self, text: str) -> dict[str, float]:
        """Return the share of each evaluation program's n-grams that a text has too, where there is any."""
        shared = Counter(name for ngram in _ngrams(text) for name in self._holders.get(ngram, ()))
        return {name: number / self._sizes[name] for name, number in shared.items()}

    def largest_overlaps(self, corpus: Iterable[tuple[str, str]]) -> dict[str, Overlap]:
        """Return for each evaluation program the nearest of the corpus' programs, given as names and texts."""
        largest = {name: Overlap("", 0.0) for name in self._sizes}
        for program, text in corpus:
            for name, share in self.shares(text).items():
                if share > largest[name].share:
                    largest[name] = Overlap(program, share)
        return largest


def evaluation_texts() -> dict[str, str]:
    """Return the evaluation programs by group and language."""
    return {
        f"{group.name}, {language}": text
        for group in evaluation_programs()
        for language, text in group.programs.items()
    }


def _ngrams(text: str) -> set[int]:
    words = _WORD_OR_SYMBOL.findall(text)
    return {hash(tuple(words[start : start + NGRAM])) for start in range(len(words) - NGRAM + 1)}


@dataclass(frozen=True)
class ContaminationOptions:
    """Compare the built-in corpus with the evaluation programs; exit code 2 if it holds a near-copy.

    Parameters
    ----------
    groups
        Groups of programs in the built-in corpus.
    seed
        Seed of the built-in corpus.
    """

    groups: int = field(default=5000, metadata={"read": count})
    seed: int = 0


def main() -> None:
    """Run from the command line."""
    from data_prep.sources import builtin_programs

    options = parse_options(ContaminationOptions)
    index = NgramIndex(
        {
            f"{group.name}, {language}": text
            for group in evaluation_programs()
            for language, text in group.programs.items()
        }
    )
    with progress_bar("programs of the corpus", 7 * options.groups) as advance:

        def corpus() -> Iterable[tuple[str, str]]:
            for program in builtin_programs(options.groups, options.seed):
                advance(1)
                yield f"{program.group}, {program.language}", program.code

        largest = index.largest_overlaps(corpus())
    print(f"largest shares of the evaluation programs' {NGRAM}-grams in {options.groups} groups:")
    ranked = sorted(largest.items(), key=lambda item: -item[1].share)
    for name, overlap in ranked[:10]:
        print(f"  {100 * overlap.share:5.1f} %  {name}  ({overlap.program})")
    copies = [name for name, overlap in ranked if overlap.share >= NEAR_COPY]
    if copies:
        raise UserError(f"the corpus holds near-copies of {len(copies)} evaluation programs: {'; '.join(copies)}")
    print(f"no near-copy ({100 * NEAR_COPY:.0f} % or more) of any of the {len(largest)} programs")


if __name__ == "__main__":
    run_command(main)
