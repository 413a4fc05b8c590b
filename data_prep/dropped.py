"""What a preparation leaves out: counts by step, reason and language, with a few examples to look at."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datatrove.data import Document

EXAMPLES = 3
"""Examples that are kept of each reason."""

EXAMPLE_LENGTH = 2000
"""Characters at which an example is cut."""


class Example(NamedTuple):
    """A text that was left out."""

    language: str
    place: str
    """Where it stood."""
    text: str
    """Its first characters."""


class Dropped:
    """Counts what was left out, and keeps a few examples of each reason.

    Which examples are kept depends on them alone, not on their order: recorders of several tasks merge to the same as
    one recorder of everything.

    Attributes
    ----------
    counts
        Numbers by step, reason and language.
    """

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self._examples: dict[tuple[str, str], dict[str, Example]] = {}

    @property
    def examples(self) -> dict[tuple[str, str], list[Example]]:
        """The examples by step and reason: those with the smallest digests."""
        return {key: list(self._examples[key].values()) for key in sorted(self._examples)}

    def add(self, step: str, reason: str, language: str, example: str = "", place: str = "") -> None:
        """Count a program that a step left out.

        Parameters
        ----------
        step, reason
            What left it out, and why.
        language
            Its language or kind of text, or "" where that is not known.
        example
            Its text; without one it is only counted.
        place
            Where it stands.
        """
        self.counts[step, reason, language] += 1
        if example:
            text = _writable(example[:EXAMPLE_LENGTH])
            self._keep((step, reason), [Example(language, _writable(place), text)])

    def merge(self, other: Dropped) -> None:
        """Add what another recorder has."""
        self.counts.update(other.counts)
        for key, examples in other.examples.items():
            self._keep(key, examples)

    def save(self, file: Path) -> None:
        """Write everything as JSON, the same bytes for the same content."""
        content = {
            "counts": [[*key, number] for key, number in sorted(self.counts.items())],
            "examples": [[*key, *example] for key, examples in self.examples.items() for example in examples],
        }
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Dropped:
        """Read what `save` wrote."""
        content = json.loads(file.read_text(encoding="utf-8"))
        dropped = cls()
        dropped.counts.update({(step, reason, language): n for step, reason, language, n in content["counts"]})
        for step, reason, *example in content["examples"]:
            dropped._keep((step, reason), [Example(*example)])
        return dropped

    def _keep(self, key: tuple[str, str], examples: list[Example]) -> None:
        kept = self._examples.get(key, {}) | {_digest(example): example for example in examples}
        self._examples[key] = {digest: kept[digest] for digest in sorted(kept)[:EXAMPLES]}


class DroppedWriter:
    """Records in `Dropped` what a filter of datatrove excludes: its ``exclusion_writer``.

    Parameters
    ----------
    dropped
        Where it is recorded.
    step
        Name of the filter.
    """

    def __init__(self, dropped: Dropped, step: str) -> None:
        self.dropped = dropped
        self.step = step

    def __enter__(self) -> DroppedWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    def write(self, document: Document, rank: int = 0) -> None:
        """Record a document; its place is its id."""
        reason = document.metadata.get("filter_reason", self.step)
        self.dropped.add(self.step, reason, document.metadata.get("language", ""), document.text, document.id)


def _digest(example: Example) -> str:
    return hashlib.sha256("\0".join(example).encode()).hexdigest()


def _writable(text: str) -> str:
    """Return the text without what cannot be written as UTF-8: half a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")
