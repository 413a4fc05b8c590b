"""Which source gives the next document, so that every source's share of the tokens is what was asked, at any time."""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Literal

import numpy as np

from codelm.errors import UserError

Proportions = Mapping[str, float] | Literal["uniform", "proportional"]
"""Share of the training tokens by source; equal shares; or as many tokens of each collection as there are."""


class Mixture:
    """Deterministic, token-exact mixing of sources.

    A source may give the next document only while it is not above its share; among those, the one goes next that would
    be the first to fall a whole document behind (earliest deadline first). So no source is ever more than about one
    document away from its share, however unequal the documents' lengths.

    Parameters
    ----------
    proportions
        Share of the tokens for each source (sources,), summing to 1.
    longest
        Length in tokens of the longest document.
    """

    def __init__(self, proportions: np.ndarray, longest: int) -> None:
        self._shares = [float(share) for share in proportions]
        self._longest = longest
        self.restore([0] * len(self._shares))

    def by_urgency(self) -> Iterator[int]:
        """Yield the sources that may go next, the most urgent first; there is at least one."""
        return map(itemgetter(1), self._eligible)

    def take(self, source: int, tokens: int) -> None:
        """Count a document that was taken from a source of `by_urgency`."""
        self._eligible.remove((self._deadline(source), source))
        self.tokens[source] += tokens
        self._total += tokens
        insort(self._above_share, (self._release(source), source))
        self._release_sources()

    def restore(self, tokens: Sequence[int]) -> None:
        """Go on from token counts read off `tokens` earlier."""
        self.tokens = list(tokens)
        self._total = sum(tokens)
        # Both are sorted, by deadline and by release: a document moves one or two sources among them.
        self._eligible: list[tuple[float, int]] = []
        self._above_share = sorted(
            (self._release(source), source) for source, share in enumerate(self._shares) if share
        )
        self._release_sources()

    def _release_sources(self) -> None:
        while self._above_share and self._above_share[0][0] <= self._total:
            _, source = self._above_share.pop(0)
            insort(self._eligible, (self._deadline(source), source))

    def _release(self, source: int) -> float:
        """Return the total from which on the source is not above its share."""
        # Half a token of slack: rounding errors must not leave the mixture without any source that may go.
        return (self.tokens[source] - 0.5) / self._shares[source]

    def _deadline(self, source: int) -> float:
        """Return the total at which the source is a whole document behind its share."""
        return (self.tokens[source] + self._longest) / self._shares[source]


def check_proportions(proportions: Mapping[str, float]) -> None:
    """Raise a UserError unless the shares are not negative and sum to 1."""
    for name, share in proportions.items():
        if not share >= 0:
            raise UserError(f"the proportion of {name} is {share:g}: proportions cannot be negative")
    total = sum(proportions.values())
    if abs(total - 1) > 1e-3:
        raise UserError(f"the proportions sum to {total:g}, not to 1: {_spelled(proportions)}")


def read_proportions(text: str) -> Proportions:
    """Read ``uniform``, ``proportional``, ``python-java=0.3,python-go=0.7``, or a JSON file with such shares."""
    if text == "uniform":
        return "uniform"
    if text == "proportional":
        return "proportional"
    file = Path(text)
    if file.suffix == ".json" or file.is_file():
        try:
            content = json.loads(file.read_text())
            proportions = {str(name): float(share) for name, share in content.items()}
        except FileNotFoundError:
            raise UserError(f"no file of proportions at {file}") from None
        except (ValueError, TypeError, AttributeError):
            raise UserError(f'{file} does not hold proportions: write {{"python-java": 0.3, ...}}') from None
    else:
        proportions = dict(_read_share(part) for part in text.split(","))
    check_proportions(proportions)
    return proportions


def _read_share(part: str) -> tuple[str, float]:
    name, _, share = part.strip().partition("=")
    try:
        return name, float(share)
    except ValueError:
        raise UserError(f"cannot read the proportion {part.strip()!r}: write it as python-java=0.3") from None


def _spelled(proportions: Mapping[str, float]) -> str:
    return ", ".join(f"{name}={share:g}" for name, share in proportions.items())
