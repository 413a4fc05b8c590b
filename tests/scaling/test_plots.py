from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from codelm.languages import LANGUAGES
from codelm.scaling import published
from codelm.scaling.allocation import allocate, under_draws
from codelm.scaling.fit import Fit, fit
from codelm.scaling.language_losses import LanguageLaws
from codelm.scaling.limits import Budget
from codelm.scaling.plots import save_allocation, save_fit, save_synergy
from codelm.scaling.synergy import Matrix, gains, transfer
from codelm.scaling.uncertainty import Bootstrap, bootstrap
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

NAMES = ("python", "java", "csharp")


@pytest.fixture(scope="module")
def fitted() -> tuple[dict[str, Fit], dict[str, Bootstrap]]:
    runs = planted_runs(planted_laws(NAMES, 0.4), one_and_two_language_mixes(3), noise=0.005)
    fits = {name: fit(runs.of_language(name), "effective-data", "ols") for name in NAMES}
    return fits, {name: bootstrap(one, 30) for name, one in fits.items()}


def has_colours(file: Path, at_least: int) -> bool:
    """Whether a picture shows something: how many colours it has."""
    pixels = (imread(file)[::3, ::3, :3] * 32).astype(int) @ (1, 64, 64**2)
    return len(np.unique(pixels)) >= at_least


@pytest.mark.parametrize("languages", [("python",), NAMES], ids=["one law", "several laws"])
@pytest.mark.parametrize("drawn", [True, False], ids=["with bands", "without"])
def test_fits_are_drawn_along_size_and_tokens(languages: tuple[str, ...], drawn: bool, tmp_path: Path) -> None:
    runs = planted_runs(planted_laws(NAMES), np.eye(3), noise=0.005)
    fits = {name: fit(runs.of_language(name), "one-language", "ols") for name in languages}
    bootstraps = {name: bootstrap(one, 30) for name, one in fits.items()} if drawn else {}
    save_fit(tmp_path / "fit.png", fits, bootstraps)
    height, width = imread(tmp_path / "fit.png").shape[:2]
    assert width > 2 * 700 and height > 2 * 700  # four panels
    assert has_colours(tmp_path / "fit.png", 20)


def test_laws_of_mixes_are_drawn_against_the_measurements(
    fitted: tuple[dict[str, Fit], dict[str, Bootstrap]], tmp_path: Path
) -> None:
    save_fit(tmp_path / "fit.png", *fitted)
    assert has_colours(tmp_path / "fit.png", 20)


def test_of_mixture_laws_what_sources_do_for_targets_is_drawn(tmp_path: Path) -> None:
    runs = planted_runs(planted_laws(NAMES, 0.4), one_and_two_language_mixes(3), noise=0.005)
    one = fit(runs.of_language("python"), "mixture", "ols")
    save_fit(tmp_path / "fit.png", {"python": one}, {})
    assert has_colours(tmp_path / "fit.png", 5)


def test_synergy_is_drawn_as_heat_maps_side_by_side(
    fitted: tuple[dict[str, Fit], dict[str, Bootstrap]], tmp_path: Path
) -> None:
    printed = gains(published.SYNERGY.array)
    printed[3, 2] = np.nan
    save_synergy(tmp_path / "one.png", {"gain, %": Matrix(LANGUAGES, printed, np.empty((0, 7, 7)), percent=True)})
    assert has_colours(tmp_path / "one.png", 30)
    tau = transfer(*fitted)
    save_synergy(tmp_path / "two.png", {"tau": tau, "again": tau})
    height, width, _ = imread(tmp_path / "two.png").shape
    assert width > 1.8 * height


def test_an_allocation_is_drawn_against_equal_shares(
    fitted: tuple[dict[str, Fit], dict[str, Bootstrap]], tmp_path: Path
) -> None:
    found = allocate(LanguageLaws.of_fits(fitted[0]), Budget(parameters=1e9, tokens=3e10))
    save_allocation(tmp_path / "plain.png", found)
    save_allocation(tmp_path / "draws.png", found, under_draws(found, LanguageLaws.of_bootstraps(fitted[1])))
    assert has_colours(tmp_path / "plain.png", 10)
    assert (tmp_path / "plain.png").read_bytes() != (tmp_path / "draws.png").read_bytes()
