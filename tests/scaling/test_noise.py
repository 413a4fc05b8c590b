from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from codelm.scaling.noise import density_scale, draw, log_normaliser, noise_scale, rise
from codelm.scaling.solver import Objective

OBJECTIVES = {
    "ols": Objective("ols"),
    "lad": Objective("lad"),
    "small delta": Objective("huber", 1e-3),
    "delta of the noise": Objective("huber", 0.01),
    "large delta": Objective("huber", 10.0),
}

each_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=list(OBJECTIVES))


def density(objective: Objective, scale: float, residual: float) -> float:
    return float(np.exp(-objective.value(np.array([residual])) / scale))


@each_objective
@pytest.mark.parametrize("scale", [1e-6, 1e-4, 1e-2])
def test_the_normaliser_is_the_integral_of_the_density(objective: Objective, scale: float) -> None:
    width = np.sqrt(scale) if objective.kind != "lad" else scale
    tail = scale / objective.delta if objective.kind == "huber" else width
    ends = [-50 * max(width, tail), 50 * max(width, tail)]
    points = [-5 * width, -width, 0.0, width, 5 * width]
    inside = [point for point in points if ends[0] < point < ends[1]]
    whole, _ = integrate.quad(lambda r: density(objective, scale, r), *ends, points=inside, limit=500)
    assert log_normaliser(objective, scale) == pytest.approx(np.log(whole), abs=1e-6)


@each_objective
def test_the_scale_of_the_density_is_the_likeliest(objective: Objective) -> None:
    residuals = 0.01 * np.random.default_rng(0).normal(size=200)
    total = float(objective.value(residuals))

    def surprise(logarithm: float) -> float:
        return total / np.exp(logarithm) + 200 * log_normaliser(objective, float(np.exp(logarithm)))

    found = np.log(density_scale(objective, residuals))
    assert surprise(found) <= min(surprise(found + step) for step in (-1e-3, 1e-3, -1.0, 1.0))
    best = optimize.minimize_scalar(surprise, bounds=(found - 9, found + 9), method="bounded")
    assert found == pytest.approx(best.x, abs=1e-3)


def test_scales_have_their_closed_forms() -> None:
    residuals = np.array([0.1, -0.3, 0.2])
    assert density_scale(Objective("ols"), residuals) == pytest.approx(2 * np.mean(residuals**2))
    assert density_scale(Objective("lad"), residuals) == pytest.approx(0.2)
    # Within delta, Huber's density is the normal one of half the squares.
    assert density_scale(Objective("huber", 100.0), residuals) == pytest.approx(np.mean(residuals**2), rel=1e-4)
    assert noise_scale(Objective("ols"), residuals, 1) == pytest.approx(np.sqrt((residuals**2).sum() / 2))


@each_objective
def test_noise_is_drawn_from_the_density_and_its_scale_is_found_again(objective: Objective) -> None:
    drawn = draw(objective, 3e-4, np.random.default_rng(0), (1, 40_000))[0]
    assert density_scale(objective, drawn) == pytest.approx(3e-4, rel=0.03)
    grid = np.linspace(-20, 20, 40_001) * np.abs(drawn).mean()
    heights = np.exp(-objective.value(grid[:, None]) / 3e-4)
    below = np.cumsum(heights) / heights.sum()
    found = stats.kstest(drawn, lambda at: np.interp(at, grid, below))
    assert found.pvalue > 1e-3


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        (Objective("ols"), 1.0),
        (Objective("lad"), np.sqrt(np.pi / 2)),
        (Objective("huber", 1.345 * 0.01), 1 / np.sqrt(0.95)),
        (Objective("huber", 1e-5), np.sqrt(np.pi / 2)),
    ],
    ids=["ols", "lad", "Huber's usual delta", "tiny delta"],
)
def test_of_normal_noise_each_objective_has_its_known_efficiency(objective: Objective, expected: float) -> None:
    """Huber 1964: the median has 64 %, and a delta of 1.345 standard deviations 95 %."""
    residuals = 0.01 * np.random.default_rng(1).normal(size=(40, 5000))
    assert noise_scale(objective, residuals, 0).mean() == pytest.approx(0.01 * expected, rel=0.03)


@given(st.integers(0, 1000), st.floats(0.1, 1000))
def test_the_scale_of_noise_scales_with_it(seed: int, factor: float) -> None:
    residuals = np.random.default_rng(seed).normal(size=50)
    for kind in ("ols", "lad", "huber"):
        one = noise_scale(Objective(kind, 0.5), residuals, 5)  # type: ignore[arg-type]
        other = noise_scale(Objective(kind, 0.5 * factor), factor * residuals, 5)  # type: ignore[arg-type]
        assert other == pytest.approx(factor * one)


@pytest.mark.parametrize("kind", ["ols", "lad", "huber"])
def test_exact_fits_leave_no_noise_and_no_division_by_it(kind: str) -> None:
    objective, nothing = Objective(kind), np.zeros(20)  # type: ignore[arg-type]
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        assert noise_scale(objective, nothing, 5) == 0
        assert rise(objective, nothing, 5, 1.0, 0.95) == 0
        assert np.isfinite(log_normaliser(objective, density_scale(objective, nothing)))


def test_the_rise_is_students_for_least_squares() -> None:
    residuals = np.random.default_rng(0).normal(size=30)
    quantile = stats.t.ppf(0.975, 25)
    assert rise(Objective("ols"), residuals, 5, 1.0, 0.95) == pytest.approx(
        quantile**2 * (residuals**2).sum() / 25, rel=1e-9
    )
    # A delta beyond all residuals is least squares of half the squares.
    inside = rise(Objective("huber", 4.0), residuals, 5, 1.0, 0.95)
    assert inside == pytest.approx(0.5 * rise(Objective("ols"), residuals, 5, 1.0, 0.95))


@pytest.mark.parametrize("kind", ["ols", "lad", "huber"])
def test_rows_of_one_run_count_as_one(kind: str) -> None:
    residuals = np.random.default_rng(0).normal(size=60)
    alone = rise(Objective(kind), residuals, 2, 1.0, 0.95)  # type: ignore[arg-type]
    assert rise(Objective(kind), residuals, 2, 4.0, 0.95) > 4 * alone  # type: ignore[arg-type]


def test_a_higher_level_rises_further() -> None:
    residuals = np.random.default_rng(0).normal(size=60)
    rises = [float(rise(Objective(), residuals, 5, 1.0, level)) for level in (0.5, 0.68, 0.95, 0.99)]
    assert rises == sorted(rises) and rises[0] > 0
