from __future__ import annotations

import numpy as np
import pytest

from codelm.errors import UserError
from codelm.scaling.frontier import frontier
from codelm.scaling.language_losses import LanguageLaws
from tests.scaling.planted import planted_laws

COMPUTE = np.logspace(18, 24, 7)


def one_law(alpha: np.ndarray, beta: np.ndarray) -> LanguageLaws:
    """Chinchilla laws (draws, 1), or one of them (1,)."""
    same = np.ones_like(alpha)
    return LanguageLaws(("all",), 1.8 * same, 480 * same, 2100 * same, alpha, beta, np.ones((*alpha.shape, 1)))


def test_the_frontier_of_one_law_is_chinchillas() -> None:
    alpha, beta = 0.347, 0.367
    found = frontier(one_law(np.array([alpha]), np.array([beta])), COMPUTE)
    # Hoffmann et al. 2022, eq. 4.
    best = (alpha * 480 / (beta * 2100)) ** (1 / (alpha + beta)) * (COMPUTE / 6) ** (beta / (alpha + beta))
    np.testing.assert_allclose(found.parameters, best, rtol=1e-12)
    np.testing.assert_allclose(6 * found.parameters * found.tokens, COMPUTE)
    np.testing.assert_allclose(found.loss, 1.8 + 480 * best**-alpha + 2100 * found.tokens**-beta)


def test_intervals_are_those_of_the_draws() -> None:
    random = np.random.default_rng(0)
    draws = one_law(random.normal(0.347, 0.01, (200, 1)), random.normal(0.367, 0.01, (200, 1)))
    found = frontier(one_law(np.array([0.347]), np.array([0.367])), COMPUTE, draws=draws)
    parameters, tokens = found.intervals()
    for ends, value in ((parameters, found.parameters), (tokens, found.tokens)):
        assert (ends[0] < value).all() and (value < ends[1]).all()
    np.testing.assert_allclose(6 * parameters[0] * tokens[1], COMPUTE)


def test_no_other_size_is_better_for_a_mix() -> None:
    laws, shares = planted_laws(("python", "java", "go"), 0.4), np.array([0.2, 0.5, 0.3])
    found = frontier(laws, [1e21], shares, np.array([1.0, 2.0, 1.0]))
    for factor in (0.99, 1.01):
        size = found.parameters * factor
        losses, _ = laws.losses(shares, size, 1e21 / (6 * size))
        assert losses @ np.array([0.25, 0.5, 0.25]) > found.loss


def test_without_draws_there_are_no_intervals() -> None:
    found = frontier(planted_laws(("python",)), [1e20])
    with pytest.raises(UserError, match="no bootstrap draws"):
        found.intervals()
    with pytest.raises(UserError, match="above 0"):
        frontier(planted_laws(("python",)), [0.0])
