from __future__ import annotations

import io
import re
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from codelm.scaling.allocation import allocate, baselines, under_draws
from codelm.scaling.fit import Fit, fit
from codelm.scaling.frontier import frontier
from codelm.scaling.language_losses import LanguageLaws
from codelm.scaling.limits import Budget, Limits
from codelm.scaling.measured import Measured
from codelm.scaling.report import Checks, print_allocation, print_fit, print_fits, print_frontier, print_matrix
from codelm.scaling.synergy import Matrix, transfer
from codelm.scaling.uncertainty import Bootstrap, bootstrap
from experiments.benchmarks.planted import planted
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

NAMES = ("python", "javascript", "csharp")

NO_CHECKS = Checks(None, None)


class Paper(Console):
    """A console whose text can be read back."""

    def __init__(self, width: int = 160) -> None:
        super().__init__(file=io.StringIO(), width=width)

    @property
    def text(self) -> str:
        assert isinstance(self.file, io.StringIO)
        return self.file.getvalue()

    def row(self, name: str) -> list[str]:
        """The cells of the first line that begins with a name."""
        line = next(line for line in self.text.splitlines() if line.strip().startswith(name + " "))
        return re.split(r"\s{2,}", line.strip())


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit(planted()["chinchilla"].runs(0.01))


@pytest.fixture(scope="module")
def by_language() -> tuple[dict[str, Fit], dict[str, Bootstrap]]:
    runs = planted_runs(planted_laws(NAMES, 0.4), one_and_two_language_mixes(3), noise=0.005)
    fits = {name: fit(runs.of_language(name), "effective-data", "ols") for name in NAMES}
    return fits, {name: bootstrap(one, 30) for name, one in fits.items()}


def test_a_fit_is_told_with_its_parameters_intervals_and_tests(fitted: Fit) -> None:
    paper = Paper()
    print_fit("all", fitted, None, Checks.of(fitted), paper)
    assert paper.text.startswith("all: chinchilla, 60 runs, huber(0.001) of the logarithm of the loss")
    _, value, interval = paper.row("alpha")
    assert float(value) == pytest.approx(fitted.parameters["alpha"], rel=1e-5)
    low, high = map(float, interval.split(" to "))
    assert low < float(value) < high
    assert "intervals: the profile of the objective" in paper.text
    assert f"objective {fitted.value:.8g}, R2 {fitted.r_squared:.5f}" in paper.text
    assert f"AIC {fitted.aic:.1f}, BIC {fitted.bic:.1f}" in paper.text
    assert re.search(r"left out one by one: mean error 0\.\d+ %; most influential: run \d+, which moves", paper.text)
    assert re.search(r"the 12 rows of most compute left out: mean error \d\.\d+ % on them", paper.text)
    assert "minima found" not in paper.text and "note:" not in paper.text


def test_with_a_bootstrap_its_percentiles_and_standard_errors_are_told(fitted: Fit) -> None:
    paper, drawn = Paper(), bootstrap(fitted, 50)
    print_fit("chinchilla", fitted, drawn, NO_CHECKS, paper)
    assert paper.text.startswith("chinchilla, 60 runs")
    _, _, interval, error = paper.row("beta")
    assert interval == "{:.4g} to {:.4g}".format(*drawn.intervals()["beta"])
    assert float(error) == pytest.approx(drawn.standard_errors()["beta"], rel=1e-3)
    assert "percentiles of the bootstrap by run" in paper.text and "left out" not in paper.text


def test_what_was_fixed_is_called_held() -> None:
    paper = Paper()
    held = fit(planted()["chinchilla"].runs(0.01), fixed={"alpha": 0.35})
    print_fit("all", held, bootstrap(held, 20), NO_CHECKS, paper)
    assert paper.row("alpha")[1:] == ["0.35", "held"]


def test_names_with_brackets_are_printed_whole_and_not_taken_for_markup() -> None:
    case = planted()["proportions"]
    found = fit(case.runs(0.01), case.law, "ols", starts=2)
    flat = replace(found, values=np.where(np.array(case.law.names) == "L_inf[java]", 0.0, found.values))
    drawn = Bootstrap(flat, np.tile(flat.values, (3, 1)))
    paper = Paper()
    print_fit("red", flat, drawn, NO_CHECKS, paper)
    assert paper.row("L_inf[java]")[1] == "0" and len(paper.row("alpha_N[python]")) == 4
    assert "note: L_inf[java] ended on its bound, 0" in paper.text
    grouped = Paper()
    print_fit("[bold]group", flat, drawn, NO_CHECKS, grouped)
    assert grouped.text.startswith("[bold]group: proportions")


def test_several_minima_are_listed_the_lowest_first(fitted: Fit) -> None:
    minima = tuple(replace(fitted.minima[0], value=fitted.value * factor) for factor in np.arange(1.0, 8.0))
    paper = Paper()
    print_fit("all", replace(fitted, minima=minima), None, NO_CHECKS, paper)
    assert "minima found" in paper.text and "and 2 higher ones" in paper.text
    told = [float(value) for value in re.findall(rf"^ *(\S+) +{minima[0].starts}  ", paper.text, re.MULTILINE)]
    assert told == pytest.approx([minimum.value for minimum in minima[:5]], rel=1e-7)


def test_warnings_are_told_as_notes() -> None:
    runs = planted()["chinchilla"].runs(0.01)
    rising = fit(replace(runs, loss=2 + runs.tokens / 1e11), objective="ols")
    paper = Paper()
    print_fit("all", rising, None, NO_CHECKS, paper)
    assert "note: B ended on its bound, 0: the runs do not determine it" in paper.text


def test_too_few_runs_for_a_test_leave_it_out() -> None:
    few = fit(planted()["chinchilla"].runs(0.01).select(np.array([0, 13, 26, 39, 52])))
    assert Checks.of(few).one_out is None and Checks.of(few).largest is None
    paper = Paper()
    print_fit("all", few, None, Checks.of(few), paper)
    assert "left out" not in paper.text and "note: 5 runs leave nothing to judge" in paper.text


def test_fits_of_several_languages_stand_in_one_table(by_language: tuple[dict[str, Fit], dict[str, Bootstrap]]) -> None:
    fits, bootstraps = by_language
    paper = Paper()
    print_fits(fits, bootstraps, {name: Checks.of(one) for name, one in fits.items()}, paper)
    for title, one in zip(("Python", "JavaScript", "C#"), fits.values(), strict=True):
        assert [float(cell) for cell in paper.row(title)[1:]] == pytest.approx(
            [one.parameters[name] for name in ("E", "A", "B", "alpha", "beta")], rel=1e-3
        )
    assert "tau" not in paper.text  # which has a table of its own
    quality = re.search(r"^Python +(\d+) +([\d.]+) +([\d.e-]+) +([\d.]+) % +([\d.]+) % +1 *$", paper.text, re.MULTILINE)
    assert quality and int(quality[1]) == fits["python"].run_count
    assert float(quality[2]) == pytest.approx(fits["python"].r_squared, abs=1e-4)


def test_a_matrix_has_titles_and_half_intervals_and_dots_for_what_is_missing(
    by_language: tuple[dict[str, Fit], dict[str, Bootstrap]],
) -> None:
    tau = transfer(*by_language)
    paper = Paper()
    print_matrix("transfer", tau, paper)
    assert paper.text.startswith("transfer (± half the 95 % interval)")
    low, high = tau.intervals()
    assert f"{tau.values[0, 1]:.2f}" in paper.row("Python") and "—" in paper.row("Python")
    assert f"±{(high - low)[0, 1] / 2:.2f}" in paper.text
    values = np.array([[0.0, 0.125], [np.nan, 0.0]])
    gaps = Paper()
    print_matrix("gain, %", Matrix(("python", "go"), values, np.empty((0, 2, 2)), percent=True), gaps)
    assert gaps.row("Python")[1:] == ["—", "+12.5"] and gaps.row("Go")[1:] == ["·", "—"]
    assert "±" not in gaps.text.splitlines()[-2]


def test_an_allocation_is_told_with_its_certificate_and_what_it_is_compared_with(
    by_language: tuple[dict[str, Fit], dict[str, Bootstrap]],
) -> None:
    fits, bootstraps = by_language
    laws, budget = LanguageLaws.of_fits(fits), Budget(parameters=5e8, tokens=1e10)
    limits = Limits(available={"python": 1e9}, floor={"csharp": 0.1})
    found = allocate(laws, budget, limits)
    draws = under_draws(found, LanguageLaws.of_bootstraps(bootstraps))
    paper = Paper()
    others = baselines(laws, budget, limits)
    print_allocation(found, others, draws, Measured.of_fits(fits), np.eye(3), paper)
    assert paper.text.startswith("N = 5e+08, D = 1e+10")
    python = paper.row("Python")
    assert float(python[1].removesuffix(" %")) == pytest.approx(100 * found.shares[0], abs=0.006)
    assert float(python[-1]) == pytest.approx(found.shares[0] * 10, abs=0.006)  # epochs of a billion tokens
    assert float(paper.row("mean")[1]) == pytest.approx(found.mean_loss, rel=1e-4)
    assert [float(cell) for cell in paper.row("mean loss")[1:]] == pytest.approx(
        [found.mean_loss, *(split.mean_loss for split in others.values())], rel=1e-4
    )
    assert f"certificate: Karush-Kuhn-Tucker residual {found.residual:.1e}" in paper.text
    assert "% of the tokens are elsewhere in the nearest mix that was trained" in paper.text


def test_an_allocation_far_outside_of_what_was_measured_is_told(
    by_language: tuple[dict[str, Fit], dict[str, Bootstrap]],
) -> None:
    fits, _ = by_language
    laws = LanguageLaws.of_fits(fits)
    found = replace(allocate(laws, Budget(parameters=1e11, tokens=1e13)), spread=0.01)
    paper = Paper()
    print_allocation(found, {"uniform": found.uniform}, None, Measured.of_fits(fits), np.eye(3), paper)
    notes = [line for line in paper.text.splitlines() if line.startswith("note:")]
    assert any("1e+11" in note for note in notes)
    assert any("other starts end up to 0.01 away: there are several minima" in note for note in notes)


@pytest.mark.parametrize("drawn", [True, False], ids=["with draws", "without"])
def test_a_frontier_has_a_row_for_each_compute(drawn: bool) -> None:
    laws = planted_laws(("python",))
    draws = replace(
        laws,
        **{name: getattr(laws, name) * np.linspace(0.98, 1.02, 9)[:, None] for name in ("floor", "size", "data")},
        **{name: np.tile(getattr(laws, name), (9, 1)) for name in ("alpha", "beta")},
        transfer=np.ones((9, 1, 1)),
    )
    found = frontier(laws, np.array([1e20, 1e22]), draws=draws if drawn else None)
    paper = Paper()
    print_frontier(found, paper)
    cells = paper.row("1e+22")
    assert float(cells[1]) == pytest.approx(found.parameters[1], rel=5e-3)
    assert float(cells[-1]) == pytest.approx(found.loss[1], rel=1e-3)
    assert len(cells) == (6 if drawn else 4)
    if drawn:
        assert cells[2] == "{:.3g}–{:.3g}".format(*found.intervals()[0][:, 1])
