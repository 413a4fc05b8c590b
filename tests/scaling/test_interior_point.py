from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.scaling.interior_point import minimise


def towards(target: np.ndarray) -> object:
    """Half the squared distance to a target (n,)."""

    def functions(points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = points - target
        return 0.5 * (away**2).sum(axis=-1, keepdims=True), away[..., None, :]

    return functions


@settings(max_examples=40)
@given(st.lists(st.floats(-1, 2), min_size=3, max_size=6))
def test_the_nearest_point_of_the_simplex_is_found(target: list[float]) -> None:
    goal = np.array(target)
    count = len(goal)
    start = np.full((1, count), 1 / count)
    found = minimise(towards(goal), start, np.zeros(count), np.ones(count), np.ones(count))
    # Duchi et al. 2008: the projection is the target less a threshold, cut off at 0.
    ordered = np.sort(goal)[::-1]
    thresholds = (np.cumsum(ordered) - 1) / np.arange(1, count + 1)
    threshold = thresholds[np.flatnonzero(ordered > thresholds)[-1]]
    assert found.converged[0]
    np.testing.assert_allclose(found.points[0], np.maximum(goal - threshold, 0), atol=1e-6)


def test_every_start_ends_at_the_same_point() -> None:
    random = np.random.default_rng(0)
    start = random.dirichlet(np.ones(5), 30) * 0.95 + 0.01
    found = minimise(towards(np.array([0.9, 0.2, -0.3, 0.1, 0.1])), start, np.zeros(5), np.ones(5), np.ones(5))
    assert found.converged.all()
    assert np.ptp(found.points, axis=0).max() < 1e-9


def test_a_constraint_holds_and_one_that_cannot_is_exceeded_as_little_as_can_be() -> None:
    def functions(points: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, slopes = towards(np.array([0.8, 0.1, 0.1]))(points, which)  # type: ignore[operator]
        limit = np.where(which == 0, 0.5, -0.25)
        values = np.concatenate([values, (points[..., 0] - limit)[..., None]], axis=-1)
        row = np.broadcast_to(np.array([1.0, 0.0, 0.0]), (*points.shape[:-1], 1, 3))
        return values, np.concatenate([slopes, row], axis=-2)

    found = minimise(functions, np.full((2, 3), 1 / 3), np.zeros(3), np.ones(3), np.ones(3))
    np.testing.assert_allclose(found.points, [[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]], atol=1e-8)
