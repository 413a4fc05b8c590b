from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from codelm.errors import UserError
from codelm.languages import LANGUAGES
from codelm.scaling import published
from codelm.scaling.fit import Fit, fit
from codelm.scaling.language_losses import LanguageLaws
from codelm.scaling.laws import ProportionLaw
from codelm.scaling.runs import Runs
from codelm.scaling.synergy import fit_gamma, gains, mean_losses, synergy, transfer
from codelm.scaling.uncertainty import bootstrap
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

NAMES = ("python", "java", "csharp")


@pytest.fixture(scope="module")
def laws() -> LanguageLaws:
    return planted_laws(NAMES, transfer=0.5)


@pytest.fixture(scope="module")
def runs(laws: LanguageLaws) -> Runs:
    return planted_runs(laws, one_and_two_language_mixes(3), noise=0.002)


@pytest.fixture(scope="module")
def fits(runs: Runs) -> dict[str, Fit]:
    return {name: fit(runs.of_language(name), "effective-data", "ols") for name in NAMES}


def published_runs() -> Runs:
    """The paper's synergy table as the runs that it came from: 28 mixes of one size and budget."""
    table, count = published.SYNERGY.array, len(LANGUAGES)
    rows = []
    for target in range(count):
        for other in range(count):
            mix = (np.eye(count)[target] + np.eye(count)[other]) / 2
            rows.append((table[target, other], f"{min(target, other)}+{max(target, other)}", LANGUAGES[target], mix))
    loss, run, language, proportions = (np.array(column) for column in zip(*rows, strict=True))
    one = np.ones(len(loss))
    return Runs(loss, one, 128e9 * one, run, None, language, proportions, LANGUAGES)


def test_a_gain_is_positive_where_the_mix_helps_and_has_the_papers_figures() -> None:
    percent = 100 * gains(published.SYNERGY.array)
    java, csharp, python = (LANGUAGES.index(name) for name in ("java", "csharp", "python"))
    assert percent[java, csharp] == pytest.approx(20.58, abs=0.02) == percent.max()
    assert percent[python, java] == pytest.approx(1.36, abs=0.02)
    assert (np.delete(percent[python], [python, java]) < 0).all()
    assert (np.diag(percent) == 0).all()


def test_all_42_gains_of_the_paper_come_out_of_its_runs() -> None:
    found = synergy(published_runs(), replicates=10)
    np.testing.assert_allclose(100 * found.values, 100 * gains(published.SYNERGY.array), atol=1e-9)
    assert np.isnan(found.intervals()[:, ~np.eye(7, dtype=bool)]).all()  # one run each tells nothing of its noise


def test_gains_are_compared_at_equal_size_and_budget_only(runs: Runs, laws: LanguageLaws) -> None:
    found = synergy(runs, replicates=50)
    mix, alone = np.array([0.5, 0.5, 0.0]), np.array([1.0, 0.0, 0.0])
    expected = [
        1 - laws.losses(mix, np.array(n), np.array(d))[0][0] / laws.losses(alone, np.array(n), np.array(d))[0][0]
        for n in np.unique(runs.parameters)
        for d in np.unique(runs.tokens)
    ]
    assert found.values[0, 1] == pytest.approx(np.mean(expected), abs=0.002)
    low, high = found.intervals()
    assert low[0, 1] < found.values[0, 1] < high[0, 1]


def test_without_a_baseline_at_their_size_mixes_tell_no_gain(runs: Runs) -> None:
    alone = runs.proportions.max(axis=1) > 0.9
    other_sizes = replace(runs, parameters=np.where(alone, 2 * runs.parameters, runs.parameters))
    with pytest.raises(UserError, match="add such runs"):
        synergy(other_sizes)


def test_transfer_coefficients_are_found_again_with_their_direction(
    runs: Runs, laws: LanguageLaws, fits: dict[str, Fit]
) -> None:
    found = transfer(fits, {name: bootstrap(one, 100) for name, one in fits.items()})
    np.testing.assert_allclose(found.values, laws.transfer, rtol=0.05)
    low, high = found.intervals()
    off = ~np.eye(3, dtype=bool)
    assert (low[off] < found.values[off]).all() and (found.values[off] < high[off]).all()
    assert abs(laws.transfer[0, 1] - laws.transfer[1, 0]) > 0.05


def test_exact_runs_give_exact_transfer_coefficients(laws: LanguageLaws) -> None:
    exact = planted_runs(laws, one_and_two_language_mixes(3))
    fits = {name: fit(exact.of_language(name), "effective-data", "ols") for name in NAMES}
    np.testing.assert_allclose(transfer(fits).values, laws.transfer, atol=1e-6)


def test_other_laws_tell_no_transfer(runs: Runs) -> None:
    alone = runs.select(runs.proportions[:, 0] == 1).of_language("python")
    with pytest.raises(UserError, match="fit effective-data"):
        transfer({"python": fit(alone, "chinchilla", "ols")})


def test_the_mean_loss_of_a_run_is_weighted_by_its_proportions(runs: Runs) -> None:
    means = mean_losses(runs)
    assert len(means) == runs.blocks.max() + 1
    first = runs.run == runs.run[0]
    assert means.loss[0] == pytest.approx(runs.loss[first] @ runs.proportions[0])
    with pytest.raises(UserError, match=r"run 3 has losses for 50% of its tokens"):
        mean_losses(runs.select((runs.language != "java") & (runs.run == "3")))


def test_gamma_is_found_again_given_tau() -> None:
    tau = ((0.0, 0.3, 0.1), (0.2, 0.0, 0.4), (0.1, 0.2, 0.0))
    law = ProportionLaw(NAMES, "by-language", tau, 3e8, 8e9)
    true = np.array([0.5, 0.4, 0.3, 0.2, 0.15, 0.18, 0.3, 0.25, 0.2, 0.3, 0.35, 0.4, 0.35, 0.4, 0.45, 0.9])
    mixes = np.concatenate([one_and_two_language_mixes(3), [[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]]])
    grid = [(n, d, mix) for n in (1e8, 3e8, 1e9) for d in (2e9, 8e9, 32e9) for mix in mixes]
    parameters, tokens, proportions = (np.array(column) for column in zip(*grid, strict=True))
    loss = law.predict(true, parameters=parameters, tokens=tokens, proportions=proportions)
    runs = Runs(loss, parameters, tokens, proportions=proportions, languages=NAMES)
    found = fit_gamma(runs, np.array(tau), "ols")
    assert found.parameters["gamma"] == pytest.approx(true[list(found.parameters).index("gamma")], rel=1e-4)


def test_gamma_needs_every_tau_and_runs_of_one_language(runs: Runs) -> None:
    means = mean_losses(runs)
    unknown = np.ones((3, 3))
    unknown[2, 0] = np.nan
    with pytest.raises(UserError, match="tau of csharp with python was not measured"):
        fit_gamma(means, unknown)
    with pytest.raises(UserError, match="no run is of one language alone"):
        fit_gamma(means.select(means.proportions.max(axis=1) < 0.9), np.ones((3, 3)))
