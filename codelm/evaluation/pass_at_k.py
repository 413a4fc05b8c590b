"""pass@k: the chance that at least one of k completions of a problem is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class PassAtK(NamedTuple):
    """A score over problems.

    Parameters
    ----------
    value
        Mean over the problems, 0 to 1; NaN without problems.
    standard_error
        Its standard error over the draw of the problems; NaN with fewer than two.
    problems
        How many there are.
    """

    value: float
    standard_error: float
    problems: int


def pass_at_k(samples: int, correct: int, k: int) -> float:
    """Estimate pass@k of one problem without bias.

    ``1 - C(n - c, k) / C(n, k)`` for c correct ones among n samples (Chen et al., arXiv 2107.03374, eq. 1), as a
    product of ratios, in which nothing overflows.

    Raises
    ------
    ValueError
        If there are fewer than k samples, or more correct ones than samples.
    """
    if not 0 < k <= samples:
        raise ValueError(f"pass@{k} cannot be estimated from {samples} samples")
    if not 0 <= correct <= samples:
        raise ValueError(f"{correct} of {samples} samples cannot be correct")
    if samples - correct < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / number for number in range(samples - correct + 1, samples + 1))


def mean_pass_at_k(counts: Sequence[tuple[int, int]], k: int) -> PassAtK:
    """Average pass@k over problems.

    Parameters
    ----------
    counts
        For each problem its samples and how many of them are correct.
    """
    values = np.array([pass_at_k(samples, correct, k) for samples, correct in counts])
    if len(values) == 0:
        return PassAtK(math.nan, math.nan, 0)
    error = values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return PassAtK(float(values.mean()), float(error), len(values))
