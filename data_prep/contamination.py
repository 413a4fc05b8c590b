"""Does a corpus hold evaluation programs? Long n-grams that it shares with them, and how much of each they cover.

``python -m data_prep.contamination`` checks the built-in corpus against the fifty evaluation programs;
`EvaluationFilter` leaves out of any corpus what holds a program of an evaluation set.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter

from codelm.command_line import count, parse_options, progress_bar, run_command
from codelm.errors import UserError
from codelm.evaluation.problems.reading import file_rows
from codelm.evaluation.program_set import evaluation_programs
from data_prep.dropped import Dropped, DroppedWriter

Name = TypeVar("Name", bound=Hashable)

NGRAM = 13
"""Length of the n-grams, in words and symbols: GPT-3's for decontamination (Brown et al., arXiv 2005.14165)."""

SHORTEST = 8
"""Words, without symbols, of the shortest text that is looked for, as one n-gram; GPT-3's shortest n-gram, too."""

NEAR_COPY = 0.2
"""Share of an evaluation program's n-grams from which on a program of the corpus is called a near-copy of it."""

PROGRAMS = "programs"
"""Name of the evaluation set that is shipped: fifty programs in seven languages."""

# Of ASCII: small letters for large ones, a space for what is no part of a word. The rest is a part of words.
_LOWER_WORDS = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or code == ord("_") or code > 127 else ord(" ") for code in range(256)
)

# The same rough rule for every language: what counts is that it does to a copy what it does to the original, wherever
# the copy stands. So Python's `a // b` loses its end in both. A string is one word; the group has nothing of a comment.
# The limit of block comments keeps a text with thousands of `/*`, as in paths, from being searched to its end for each.
_CODE = re.compile(
    r"#[^\n]*|//[^\n]*|/\*[\s\S]{0,2000}?\*/|\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}"
    r"|(\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|\w+|[^\w\s])\s*"
)


class Overlap(NamedTuple):
    """The program of the corpus that shares most with an evaluation program."""

    program: str
    share: float
    """Of the evaluation program's n-grams, 0 to 1."""


class NgramIndex(Generic[Name]):
    """Finds which evaluation texts a text shares n-grams with; layout does not count.

    Programs are compared in two ways, and the larger share counts: by their words and symbols without comments, so that
    other comments hide nothing; and by their words alone, comments and all, so that a program is found in a string or
    in prose. Descriptions are compared in the second way. In that way a text of less than 13 words, but 8 or more, is
    one n-gram; what is shorter is as likely to have been written anew, and is not looked for.

    Parameters
    ----------
    programs
        Evaluation programs by name.
    descriptions
        What is said of them, by name.
    """

    def __init__(self, programs: Mapping[Name, str], descriptions: Mapping[Name, str] | None = None) -> None:
        texts = [*programs.items(), *(descriptions or {}).items()]
        self._names = dict.fromkeys(name for name, _ in texts)
        self._views = (_Ngrams(programs.items(), _code_words, NGRAM), _Ngrams(texts, _words, SHORTEST))

    def shares(self, text: str) -> dict[Name, float]:
        """Return the share of each evaluation text's n-grams that a text has too, where there is any."""
        shares: dict[Name, float] = {}
        for view in self._views:
            for name, share in view.shares(text):
                shares[name] = max(share, shares.get(name, 0.0))
        return shares

    def largest_overlaps(self, corpus: Iterable[tuple[str, str]]) -> dict[Name, Overlap]:
        """Return for each evaluation text the nearest of the corpus' programs, given as names and texts."""
        largest = dict.fromkeys(self._names, Overlap("", 0.0))
        for program, text in corpus:
            for name, share in self.shares(text).items():
                if share > largest[name].share:
                    largest[name] = Overlap(program, share)
        return largest


class _Ngrams(Generic[Name]):
    """The n-grams of named texts, split into words in one way.

    An n-gram is the numbers of its words, as bytes: the same in every process, as a hash of Python's is not. Only where
    every two words in a row are in a row in these texts, too, n-grams are looked up: that is rare in other texts.
    """

    def __init__(
        self, texts: Iterable[tuple[Name, str]], split: Callable[[str], Sequence[Hashable]], shortest: int
    ) -> None:
        self._split = split
        self._numbers: dict[Hashable, int] = {}
        self._pairs: set[tuple[Hashable, Hashable]] = set()
        self._run_of_pairs = re.compile(b"\x01{%d,}" % (shortest - 1))
        # A name may have two texts here, a program and its description: a share is of one of them.
        self._texts: list[tuple[Name, int]] = []
        self._holders: dict[bytes, list[int]] = defaultdict(list)
        lengths: set[int] = set()
        for name, text in texts:
            words = split(text)
            length = min(len(words), NGRAM)
            if length < shortest:
                continue
            for word in words:
                self._numbers.setdefault(word, len(self._numbers))
            self._pairs.update(pairwise(words))
            ngrams = self._ngrams(words, [length])
            for ngram in ngrams:
                self._holders[ngram].append(len(self._texts))
            self._texts.append((name, len(ngrams)))
            lengths.add(length)
        self._lengths = sorted(lengths)

    def shares(self, text: str) -> Iterator[tuple[Name, float]]:
        shared = self._ngrams(self._split(text), self._lengths) & self._holders.keys()
        for holder, number in Counter(holder for ngram in shared for holder in self._holders[ngram]).items():
            name, size = self._texts[holder]
            yield name, number / size

    def _ngrams(self, words: Sequence[Hashable], lengths: Sequence[int]) -> set[bytes]:
        """Return the n-grams of these lengths of which every two words in a row are known."""
        known = bytes(map(self._pairs.__contains__, pairwise(words)))
        ngrams: set[bytes] = set()
        for run in self._run_of_pairs.finditer(known):
            numbers = array("I", map(self._numbers.__getitem__, words[run.start() : run.end() + 1]))
            written, width = numbers.tobytes(), numbers.itemsize
            for length in lengths:
                starts = range(0, len(written) - length * width + 1, width)
                ngrams.update(written[start : start + length * width] for start in starts)
        return ngrams


def _code_words(text: str) -> list[str]:
    return [*filter(None, _CODE.findall(text))]


def _words(text: str) -> list[bytes]:
    return text.encode("utf-8", "replace").translate(_LOWER_WORDS).split()


class EvaluationSet(NamedTuple):
    """The texts of an evaluation set, by the number of the problem."""

    programs: dict[int, str]
    descriptions: dict[int, str]


def read_evaluation_set(name: str) -> EvaluationSet:
    """Read an evaluation set: ``programs``, which is ours, or a ``.jsonl`` or ``.jsonl.gz`` file as it is published.

    HumanEval and HumanEval-X (`prompt`, `canonical_solution`, and maybe `declaration`, the prompt without comments),
    MBPP (`text` or `prompt`, and `code`), MultiPL-E (`prompt` alone), and whatever else has these fields. As StarCoder
    does (bigcode-dataset, ``decontamination``), this takes descriptions and solutions, not tests.

    Raises
    ------
    UserError
        If there is no such file, or if a row cannot be read.
    """
    if name == PROGRAMS:
        return EvaluationSet(dict(enumerate(evaluation_texts().values())), {})
    found = EvaluationSet({}, {})
    if not Path(name).is_file():
        raise UserError(f"no evaluation set {name!r}: name a .jsonl or .jsonl.gz file, or {PROGRAMS}")
    for number, row in file_rows(Path(name)):
        description = row.get("prompt") or row.get("text")
        program = row.get("code")
        if row.get("canonical_solution"):
            program = f"{row.get('declaration') or row.get('prompt', '')}{row['canonical_solution']}"
        if not description and not program:
            raise UserError(f"{name}, row {number}: no prompt, text, code or canonical_solution in it")
        for texts, text in ((found.programs, program), (found.descriptions, description)):
            if text:
                texts[number] = str(text)
    if not found.programs and not found.descriptions:
        raise UserError(f"there are no problems in {name}")
    return found


class EvaluationFilter(BaseFilter):
    """Drops documents that hold a program of an evaluation set, or what is said of it.

    Parameters
    ----------
    names
        Evaluation sets, as `read_evaluation_set` takes them.
    dropped
        Where it records what it drops.

    Raises
    ------
    UserError
        If an evaluation set cannot be read.
    """

    name = "contamination"
    type = "filter"

    def __init__(self, names: Sequence[str], dropped: Dropped) -> None:
        super().__init__(DroppedWriter(dropped, self.name))
        programs: dict[tuple[str, int], str] = {}
        descriptions: dict[tuple[str, int], str] = {}
        for name in dict.fromkeys(names):
            found = read_evaluation_set(name)
            programs.update({(name, number): text for number, text in found.programs.items()})
            descriptions.update({(name, number): text for number, text in found.descriptions.items()})
        self._index = NgramIndex(programs, descriptions)

    def filter(self, document: Document) -> bool | tuple[bool, str]:
        """Return whether a document stays; if not, with the set that it shares most with."""
        shares = self._index.shares(document.text)
        nearest = max(shares, key=lambda name: (shares[name], name), default=None)
        if nearest is None or shares[nearest] < NEAR_COPY:
            return True
        return False, f"shares n-grams with {Path(nearest[0]).name}"


def evaluation_texts() -> dict[str, str]:
    """Return the evaluation programs by group and language."""
    return {
        f"{group.name}, {language}": text
        for group in evaluation_programs()
        for language, text in group.programs.items()
    }


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
    index = NgramIndex(evaluation_texts())
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
