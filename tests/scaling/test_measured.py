from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling.fit import fit
from codelm.scaling.measured import Measured
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

NAMES = ("python", "java", "csharp")
MIXES = np.array([[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]])
MEASURED = Measured(NAMES, MIXES, np.array([1e8, 1e9]), np.array([[2e9, 3e10]] * 3), 1.0)


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_what_lies_between_the_mixes_is_inside(weights: list[float]) -> None:
    inside = np.array(weights) / sum(weights) @ MIXES
    assert MEASURED.distance(inside) == pytest.approx(0, abs=1e-9)
    assert not list(MEASURED.warnings(inside, 5e8, 1e10))


def test_the_distance_outside_is_by_how_much_a_share_has_to_change() -> None:
    assert MEASURED.distance(np.array([0.8, 0.1, 0.1])) == pytest.approx(0.2)
    (warning,) = MEASURED.warnings(np.array([0.8, 0.1, 0.1]), 5e8, 1e10)
    assert "outside the mixes that were trained" in warning and "20.0%" in warning


def test_the_nearest_mix_is_told_in_tokens_that_would_have_to_move() -> None:
    assert MEASURED.nearest(np.array([0.5, 0.3, 0.2])) == pytest.approx(0.1)


def test_sizes_budgets_and_epochs_beyond_the_runs_are_told() -> None:
    beyond = list(MEASURED.warnings(MIXES[0], 4e9, 1e9))
    assert beyond[0].startswith("N = 4e+09 is 4.0 times the largest")
    assert beyond[1].startswith("D = 1e+09 is below the smallest")
    (epochs,) = MEASURED.epoch_warnings(NAMES, np.array([0.5, 1.0, 3.0]))
    assert epochs.startswith("csharp is read 3.00 times")


def test_another_unit_is_an_error() -> None:
    with pytest.raises(UserError, match=r"N is 0\.5, the runs had 1e\+08 to 1e\+09: give it in their unit"):
        MEASURED.check_units(0.5, 1e10)
    MEASURED.check_units(1e11, 1e13)


def test_fits_tell_what_their_runs_covered() -> None:
    runs = planted_runs(planted_laws(NAMES, 0.3), one_and_two_language_mixes(3), noise=0.002)
    measured = Measured.of_fits({name: fit(runs.of_language(name), "effective-data", "ols") for name in NAMES})
    assert measured.mixed
    np.testing.assert_allclose(measured.centre, 1 / 3)
    np.testing.assert_array_equal(measured.parameters, [1e8, 1e9])
    assert len(measured.proportions) == 6


def test_runs_of_single_languages_tell_nothing_of_transfer() -> None:
    runs = planted_runs(planted_laws(NAMES), np.eye(3), noise=0.002)
    fits = {name: fit(runs.of_language(name), "chinchilla", "ols") for name in NAMES}
    warnings = list(Measured.of_fits(fits).warnings(np.array([0.9, 0.05, 0.05]), 1e9, 2e10))
    assert warnings[0].startswith("every run was of one language")
    assert [warning.split(" =")[0] for warning in warnings[1:]] == ["D of java", "D of csharp"]
