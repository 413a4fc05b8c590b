"""What a training document is: a program, or a program and its translation, between special tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from codelm.languages import TEXT_KINDS, Direction, get_language
from codelm.tokenizer import Tokenizer

Mix = Literal["shuffled", "parallel"]
Form = Literal["direct", "prompt"]

_NOTHING = np.empty(0, np.int32)


@dataclass(frozen=True)
class ProgramGroup:
    """One program in several languages.

    Parameters
    ----------
    name
        Name of the group.
    programs
        Source text by language.
    output
        What each of them prints, where that is known.
    """

    name: str
    programs: Mapping[str, str]
    output: str | None = None


@dataclass(frozen=True)
class DocumentForm:
    """Lays programs out as documents, the same way in training and in evaluation.

    ``direct``: ``<|python|> code <|java|> translation <|end|>``. ``prompt``: an instruction stands between the two,
    ``<|instruction|>Translate Python to Java.``, in front of the token of the target language.
    """

    tokenizer: Tokenizer
    form: Form = "direct"

    @cached_property
    def end_token(self) -> int:
        """Token that ends every document."""
        return self.tokenizer.end

    def prefix(self, source: str, ids: np.ndarray) -> np.ndarray:
        """Return a program with the token that opens it."""
        return np.concatenate([self._head(source), ids])

    def opening(self, source: str, target: str) -> np.ndarray:
        """Return what stands between a program and its translation, the target's language token last."""
        if (source, target) not in self._openings:
            self._openings[source, target] = self._make_opening(source, target)
        return self._openings[source, target]

    def continuation(self, source: str, target: str, ids: np.ndarray) -> np.ndarray:
        """Return what follows `prefix` in a pair: opening, translation, end token."""
        return np.concatenate([self.opening(source, target), ids, self._end])

    def document(self, languages: Sequence[str], programs: Sequence[np.ndarray]) -> np.ndarray:
        """Return the document of one program, or of a program and its translation."""
        stretches = self.frame(languages)
        stretches[1::2] = programs
        return np.concatenate(stretches)

    def frame(self, languages: Sequence[str]) -> list[np.ndarray]:
        """Return a document in stretches, every second one empty: that is where the programs go."""
        frame = [self._head(languages[0]), _NOTHING]
        for target in languages[1:]:
            frame += [self.opening(languages[0], target), _NOTHING]
        return [*frame, self._end]

    def overhead(self, languages: Sequence[str]) -> int:
        """Return how many tokens a document has beside those of its programs."""
        return sum(map(len, self.frame(languages)))

    def positions_by_language(self, languages: Sequence[str], lengths: Sequence[int]) -> np.ndarray:
        """Return for each token of a document the index in `languages` of the program it belongs to.

        What opens a program belongs to it, and the end token to the last one.
        """
        counts = [len(self._head(languages[0])) + lengths[0]]
        counts += [len(self.opening(languages[0], t)) + n for t, n in zip(languages[1:], lengths[1:], strict=True)]
        counts[-1] += 1
        return np.repeat(np.arange(len(languages)), counts)

    @cached_property
    def _end(self) -> np.ndarray:
        return np.array([self.end_token], np.int32)

    @cached_property
    def _openings(self) -> dict[tuple[str, str], np.ndarray]:
        return {}

    @cached_property
    def _heads(self) -> dict[str, np.ndarray]:
        return {kind: _NOTHING for kind in TEXT_KINDS}

    def _head(self, language: str) -> np.ndarray:
        if language not in self._heads:
            self._heads[language] = np.array([self.tokenizer.language(language)], np.int32)
        return self._heads[language]

    def _make_opening(self, source: str, target: str) -> np.ndarray:
        if self.form == "direct":
            return self._head(target)
        direction = Direction(get_language(source).title, get_language(target).title)
        instruction = self.tokenizer.encode(f"Translate {direction.source} to {direction.target}.")
        return np.concatenate([[self.tokenizer.instruction], instruction, self._head(target)]).astype(np.int32)
