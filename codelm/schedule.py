"""Learning-rate schedules as functions of the step: what a run asks for is known before it starts."""

from __future__ import annotations

import math
from typing import Literal

ScheduleName = Literal["wsd", "constant", "cosine", "linear"]


def learning_rate_factor(
    step: int, steps: int, schedule: ScheduleName, warmup_steps: int, decay_steps: int, final: float
) -> float:
    """Return the learning rate of a step as a share of the peak.

    Parameters
    ----------
    step
        Optimiser steps done before, from 0.
    steps
        Steps in the run; the last one is ``steps - 1``.
    schedule
        After a linear warm-up: ``wsd``, constant, then a linear decay over the last `decay_steps`; ``constant``, a
        trunk that decays branch off; ``cosine``, half a cosine to the end; ``linear``, a straight line to the end.
    warmup_steps
        The factor rises linearly and reaches 1 at this step.
    decay_steps
        Length of the decay of ``wsd``.
    final
        Factor after the last step, but for ``constant``.
    """
    if step < warmup_steps:
        return (step + 1) / (warmup_steps + 1)
    if schedule == "constant":
        return 1.0
    if schedule == "cosine":
        progress = min(1.0, (step - warmup_steps) / max(1, steps - warmup_steps))
        return final + (1 - final) * (1 + math.cos(math.pi * progress)) / 2
    if schedule == "linear":
        decay_steps = steps - warmup_steps
    left = min(1.0, max(0, steps - step) / max(1, decay_steps))
    return final + (1 - final) * left
