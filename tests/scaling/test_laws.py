from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling import published
from codelm.scaling.fit import fit
from codelm.scaling.laws import (
    LAWS,
    Chinchilla,
    Columns,
    DataConstrained,
    EffectiveData,
    Law,
    MixtureLaw,
    OneLanguage,
    Parameter,
    ProportionLaw,
)
from codelm.scaling.runs import Runs
from experiments.benchmarks.planted import Planted, planted

PLANTED = planted()
EVERY_LAW = pytest.mark.parametrize("case", PLANTED.values(), ids=PLANTED)
TWO = ("python", "java")
HALVES = np.array([[0.5, 0.5]])
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.floats(3, 13).map(lambda exponent: 10.0**exponent)


def some_theta(law: Law, random: np.random.Generator, *leading: int) -> np.ndarray:
    """Nonlinear parameters (..., P) from where the search starts; from -1 to 1 where that is a point."""
    ranges = [one.starts if one.starts[0] < one.starts[1] else (-1.0, 1.0) for one in law.nonlinear]
    low, high = np.array(ranges).T
    logarithmic = np.array([one.log for one in law.nonlinear])
    # Not at the very ends: a language alone is worth nothing to another at a tau of 0.
    parts = random.uniform(0.05, 1, (*leading, len(low)))
    ratio = np.where(logarithmic, high, 1.0) / np.where(logarithmic, low, 1.0)
    return np.asarray(np.where(logarithmic, low * ratio**parts, low + (high - low) * parts))


def some_values(law: Law, random: np.random.Generator, *leading: int) -> np.ndarray:
    linear = np.exp(random.uniform(-5, 5, (*leading, len(law.linear))))
    return np.concatenate([linear, some_theta(law, random, *leading)], axis=-1)


def columns_of(case: Planted) -> Columns:
    return case.law.columns(case.runs())


# What the fitter takes from every law.


@EVERY_LAW
@settings(max_examples=10)
@given(seed=SEEDS)
def test_slopes_are_the_derivatives_of_the_features(case: Planted, seed: int) -> None:
    theta, columns = some_theta(case.law, np.random.default_rng(seed)), columns_of(case)
    features, slopes = case.law.basis(theta, columns)
    assert slopes.shape == (len(case.law.linear), len(theta), len(case.runs()))
    for place, value in enumerate(theta):
        step = 1e-3 * max(0.01, abs(value)) * (np.arange(len(theta)) == place)
        near, far = (
            (case.law.basis(theta + h, columns)[0] - case.law.basis(theta - h, columns)[0]) for h in (step, 2 * step)
        )
        numerical = (8 * near - far) / (12 * step[place])
        size = np.maximum(np.abs(features), np.abs(slopes[:, place])).max(axis=1, keepdims=True)
        np.testing.assert_allclose(slopes[:, place] / size, numerical / size, atol=1e-7)


@EVERY_LAW
def test_many_parameters_at_once_give_what_each_gives_alone(case: Planted) -> None:
    theta, columns = some_theta(case.law, np.random.default_rng(0), 2, 3), columns_of(case)
    features, slopes = case.law.basis(theta, columns)
    for place in np.ndindex(2, 3):
        alone = case.law.basis(theta[place], columns)
        np.testing.assert_allclose(features[place], alone[0], rtol=1e-12)
        np.testing.assert_allclose(slopes[place], alone[1], rtol=1e-12)


@EVERY_LAW
def test_features_are_positive_or_zero_so_that_coefficients_have_a_sign(case: Planted) -> None:
    features, _ = case.law.basis(some_theta(case.law, np.random.default_rng(0), 50), columns_of(case))
    assert (features >= 0).all()


@EVERY_LAW
def test_parameters_are_named_once_and_the_search_starts_within_their_bounds(case: Planted) -> None:
    law = case.law
    assert len(set(law.names)) == len(law.names) == len(law.linear) + len(law.nonlinear)
    assert len(set(law.reported)) == len(law.reported) == len(law.names)
    for one in law.nonlinear:
        assert one.low <= one.starts[0] <= one.starts[1] <= one.high
        assert one.low > 0 or not one.log
    assert {name for names in law.needs.values() for name in names} <= set(law.names)


def test_every_law_is_listed_under_its_name_with_its_formula_and_source() -> None:
    assert {type(case.law) for case in PLANTED.values()} == set(LAWS.values())
    for name, law in LAWS.items():
        text = " ".join((law.__doc__ or "").split())
        assert law.name == name
        assert "``L = " in text
        assert "Source: " in text or "A form of ours" in text


# The formula's own parameters.


@EVERY_LAW
@settings(max_examples=25)
@given(seed=SEEDS)
def test_the_formulas_parameters_and_the_fitters_tell_the_same(case: Planted, seed: int) -> None:
    law, values = case.law, some_values(case.law, np.random.default_rng(seed), 2, 3)
    reported = law.report(values)
    assert reported.shape == (2, 3, len(law.reported))
    np.testing.assert_allclose(law.internal(reported), values, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(law.report(law.internal(reported)), reported, rtol=1e-10)


@EVERY_LAW
def test_a_prediction_is_the_sum_of_coefficients_times_features(case: Planted) -> None:
    law, values = case.law, some_values(case.law, np.random.default_rng(3), 4)
    features, _ = law.basis(values[:, len(law.linear) :], columns_of(case))
    expected = (values[:, : len(law.linear), None] * features).sum(axis=1)
    np.testing.assert_allclose(law.predict(law.report(values), **case.columns), expected, rtol=1e-9)
    by_name = dict(zip(law.reported, law.report(values)[2], strict=True))
    np.testing.assert_allclose(law.predict(by_name, **case.columns), expected[2], rtol=1e-9)


def test_coefficients_that_a_fit_put_at_zero_predict_what_is_left() -> None:
    for name in ("one-language", "proportions by language"):
        case = PLANTED[name]
        law, count = case.law, len(case.law.linear)
        values = law.internal(np.array([case.parameters[one] for one in law.reported]))
        nothing = np.where(np.arange(len(values)) == count - 1, 0.0, values)
        features, _ = law.basis(values[count:], columns_of(case))
        expected = values[: count - 1] @ features[:-1]
        np.testing.assert_allclose(law.predict(law.report(nothing), **case.columns), expected, rtol=1e-12)


# The formulas, with numbers of their sources.


def test_chinchilla_gives_the_losses_of_chinchilla_and_gopher() -> None:
    # Hoffmann et al. 2022, section D.3; the terms as they are commonly cited: .083 + .163 and .052 + .251.
    found = Chinchilla().predict(
        {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28},
        parameters=[70e9, 280e9],
        tokens=[1.4e12, 300e9],
    )
    np.testing.assert_allclose(found, [1.69 + 0.083 + 0.163, 1.69 + 0.052 + 0.251], atol=1e-3)


def test_one_language_adds_one_at_its_own_size_and_budget_and_half_as_much_further_out() -> None:
    exponents = published.ONE_LANGUAGE.row("python")
    n_c, d_c, law = 0.02, 0.5, OneLanguage()
    further = 2 ** (1 / exponents["alpha_N"]), 4 ** (1 / exponents["alpha_D"])
    size, budget = [n_c, n_c * further[0], n_c], [d_c, d_c, d_c * further[1]]
    found = law.predict({**exponents, "N_c": n_c, "D_c": d_c}, parameters=size, tokens=budget)
    np.testing.assert_allclose(found, np.array([2, 1.5, 1.25]) + 0.566)
    same = Chinchilla().predict(
        {"E": 0.566, "A": n_c**0.221, "B": d_c**1.217, "alpha": 0.221, "beta": 1.217}, parameters=size, tokens=budget
    )
    np.testing.assert_allclose(found, same)


# Muennighoff et al. 2023: coefficients for C4, in full as in the authors' code.
C4 = {"E": 1.8744, "A": np.exp(6.255414), "B": np.exp(7.3049974), "alpha": 0.3526596, "beta": 0.3526596}
REPEATS = {**C4, "R_D*": 15.387756, "R_N*": 5.309743}


def test_parameters_that_are_optimal_for_unique_tokens_follow_from_chinchillas() -> None:
    law = DataConstrained.from_chinchilla(*(float(C4[name]) for name in ("A", "B", "alpha", "beta")))
    assert law.optimal_exponent == 1
    assert law.optimal_scale == pytest.approx(DataConstrained().optimal_scale, rel=1e-6)
    # With other exponents: V minimises A / V^alpha + B / U^beta at equal compute.
    other = DataConstrained.from_chinchilla(406.4, 410.7, 0.34, 0.28)
    unique = 1e10
    size = other.optimal_scale * unique**other.optimal_exponent
    steps = np.array([0.99, 1.0, 1.01])
    losses = 406.4 / (size * steps) ** 0.34 + 410.7 / (unique / steps) ** 0.28
    assert losses.argmin() == 1


def test_repeated_tokens_are_worth_less_and_less() -> None:
    unique, law = 1e9, DataConstrained()
    repetitions = np.array([0.0, 15.387756, 1e9])
    size = law.optimal_scale * unique
    found = law.predict(REPEATS, parameters=size, tokens=unique * (1 + repetitions), unique_tokens=unique)
    worth = unique * np.array([1, 1 + 15.387756 * (1 - np.exp(-1)), 1 + 15.387756])
    expected = Chinchilla().predict(C4, parameters=size, tokens=worth)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_parameters_in_excess_of_the_unique_tokens_are_worth_less_and_less() -> None:
    unique, law = 1e9, DataConstrained()
    optimal = law.optimal_scale * unique
    excess = np.array([-0.5, 0.0, 5.309743])
    found = law.predict(REPEATS, parameters=optimal * (1 + excess), tokens=unique, unique_tokens=unique)
    worth = optimal * np.array([0.5, 1, 1 + 5.309743 * (1 - np.exp(-1))])
    np.testing.assert_allclose(found, Chinchilla().predict(C4, parameters=worth, tokens=unique), rtol=1e-12)


def test_no_more_unique_tokens_count_than_were_read() -> None:
    law = DataConstrained()
    plenty, enough = (law.predict(REPEATS, parameters=1e9, tokens=1e9, unique_tokens=unique) for unique in (1e12, 1e9))
    assert plenty == enough


MEANS = {"alpha_N[python]": 0.221, "alpha_N[java]": 0.447, "alpha_D[python]": 1.217, "alpha_D[java]": 1.129}
FLOORS = {"L_inf[python]": 0.566, "L_inf[java]": 0.397}


def test_a_mix_has_the_means_of_its_languages_exponents_and_floors() -> None:
    common, own = (
        {**FLOORS, **MEANS, "A": 0.1, "B": 0.9},
        {"A[python]": 0.1, "A[java]": 0.4, "B[python]": 0.9, "B[java]": 2.5},
    )
    setting: dict[str, Any] = {"parameters": 3e9, "tokens": 40e9, "proportions": HALVES}
    found = ProportionLaw(TWO).predict(common, **setting)
    assert found == pytest.approx(0.1 * 3**-0.334 + 0.9 * 40**-1.173 + 0.4815)
    # A(p) is the geometric mean: sqrt(.1 * .4) and sqrt(.9 * 2.5).
    found = ProportionLaw(TWO, "by-language").predict({**FLOORS, **MEANS, **own}, **setting)
    assert found == pytest.approx(0.2 * 3**-0.334 + 1.5 * 40**-1.173 + 0.4815)
    alone = ProportionLaw(TWO).predict(common, **{**setting, "proportions": [[0, 1]]})
    assert alone == pytest.approx(0.1 * 3**-0.447 + 0.9 * 40**-1.129 + 0.397)


def test_only_what_different_languages_learn_from_one_another_counts_as_transfer() -> None:
    parameters = {**FLOORS, **MEANS, "A": 0.1, "B": 0.9, "gamma": 0.8}
    law = ProportionLaw(TWO, tau=((5.0, 0.3), (0.1, 7.0)))
    found = law.predict(parameters, parameters=1e9, tokens=1e9, proportions=[[0.5, 0.5], [1, 0]])
    effective = 1 + 0.8 * 0.25 * (0.3 + 0.1)
    np.testing.assert_allclose(found, [0.1 + 0.9 * effective**-1.173 + 0.4815, 0.1 + 0.9 + 0.566])


def test_tokens_of_another_language_are_worth_tau_of_ones_own() -> None:
    coefficients = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}
    law = EffectiveData("java", ("python", "java", "go"))
    found = law.predict(
        {**coefficients, "tau[python]": 0.2, "tau[go]": 0.5},
        parameters=1e9,
        tokens=1e10,
        proportions=[[0, 1, 0], [0.5, 0.25, 0.25], [1, 0, 0]],
    )
    worth = np.array([1e10, (0.25 + 0.2 * 0.5 + 0.5 * 0.25) * 1e10, 0.2e10])
    np.testing.assert_allclose(found, Chinchilla().predict(coefficients, parameters=1e9, tokens=worth))


def test_shares_of_a_mixture_are_worth_tau_times_a_power_of_them() -> None:
    law = MixtureLaw(("python", "java", "go"), "python")
    taus = {"tau[python]": 8.0, "tau[java]": 4.0, "tau[go]": 2.0}
    parameters = {"E[python]": 1.0, "E[java]": 2.0, "E[go]": 3.0, "B": 6.0, "beta": 2.0, "rho": 1.0, "rho[python]": 0.5}
    found = law.predict({**parameters, **taus}, proportions=[[0.25, 0.25, 0.5], [0, 0, 1]])
    # S = 1 + 8 * .25^.5 + 4 * .25 + 2 * .5 = 7, and 1 + 2 = 3.
    np.testing.assert_allclose(found, [0.25 * 1 + 0.25 * 2 + 0.5 * 3 + 6 / 49, 3 + 6 / 9])


# Units.


@settings(max_examples=25)
@given(seed=SEEDS, unit_n=SIZES, unit_d=SIZES)
def test_sizes_and_tokens_may_be_in_any_units(seed: int, unit_n: float, unit_d: float) -> None:
    scales = {"parameters": unit_n, "tokens": unit_d}
    for name, renamed in (
        ("chinchilla", {"A": ("parameters", "alpha"), "B": ("tokens", "beta")}),
        ("effective-data", {"A": ("parameters", "alpha"), "B": ("tokens", "beta")}),
        (
            "proportions by language",
            {
                f"{coefficient}[{language}]": (column, f"{exponent}[{language}]")
                for coefficient, column, exponent in (("A", "parameters", "alpha_N"), ("B", "tokens", "alpha_D"))
                for language in ("python", "java", "javascript")
            },
        ),
    ):
        law, other = PLANTED[name].law, dict(PLANTED[name].parameters)
        for coefficient, (column, exponent) in renamed.items():
            other[coefficient] *= scales[column] ** -other[exponent]
        _check_same(PLANTED[name], law, other, scales)
    case = PLANTED["one-language"]
    moved = {"N_c": case.parameters["N_c"] / unit_n, "D_c": case.parameters["D_c"] / unit_d}
    _check_same(case, case.law, {**case.parameters, **moved}, scales)


def _check_same(case: Planted, law: Law, parameters: Mapping[str, float], scales: Mapping[str, float]) -> None:
    """Check that a law predicts the losses of a case from sizes and tokens in other units."""
    other = {name: np.asarray(values) / scales.get(name, 1.0) for name, values in case.columns.items()}
    found, expected = law.predict(parameters, **other), case.law.predict(case.parameters, **case.columns)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_one_coefficient_for_all_languages_depends_on_units_which_the_law_keeps() -> None:
    case = PLANTED["proportions"]
    law = case.law
    assert isinstance(law, ProportionLaw)
    in_units = ProportionLaw(law.languages, law.coefficients, law.tau, unit_parameters=1.0, unit_tokens=1.0)
    billions = {"parameters": 1e9, "tokens": 1e9}
    _check_same(case, in_units, case.parameters, billions)
    with pytest.raises(AssertionError):
        _check_same(case, law, case.parameters, billions)


def test_units_of_repeated_tokens_change_the_optimal_scale_with_them() -> None:
    case = PLANTED["data-constrained"]
    law = DataConstrained(0.05098651765 * 1e6 / 1e9)
    coefficients = {"A": 521.0 * 1e9**-0.35, "B": 1488.0 * 1e6**-0.36}
    scales = {"parameters": 1e9, "tokens": 1e6, "unique_tokens": 1e6}
    _check_same(case, law, {**case.parameters, **coefficients}, scales)


@pytest.mark.parametrize("constant", ["tokens", "unique_tokens"])
def test_repetition_shows_in_runs_of_one_budget_or_of_one_set_of_unique_tokens(constant: str) -> None:
    size, number = (values.ravel() for values in np.meshgrid([1e8, 3e8, 1e9, 3e9], np.arange(8)))
    budgets = {"tokens": 1e10 * 2.0**number, "unique_tokens": 1e10 + 0 * size}
    if constant == "tokens":
        budgets = {"tokens": 1e11 + 0 * size, "unique_tokens": 1e11 / 2.0**number}
    case = PLANTED["data-constrained"]
    loss = case.law.predict(case.parameters, parameters=size, **budgets)
    found = fit(Runs(loss, size, budgets["tokens"], unique_tokens=budgets["unique_tokens"]), case.law, "ols")
    assert found.parameters == pytest.approx(case.parameters, rel=1e-3)


# Extremes.


@EVERY_LAW
@settings(max_examples=25)
@given(sizes=st.lists(SIZES, min_size=2, max_size=2, unique=True), tokens=SIZES, seed=SEEDS)
def test_sizes_from_a_thousand_to_ten_trillion_neither_overflow_nor_raise_the_loss(
    case: Planted, sizes: list[float], tokens: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    columns: dict[str, Any] = {"parameters": sorted(sizes), "tokens": tokens, "unique_tokens": tokens / 3}
    mix = random.dirichlet(np.full(3, 0.1))
    wanted = {name: mix if name == "proportions" else columns[name] for name in case.law.needs}
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        loss = case.law.predict(case.law.report(some_values(case.law, random, 20)), **wanted)
    assert np.isfinite(loss).all()
    assert (loss > 0).all()
    assert (np.diff(loss, axis=-1) <= 1e-12 * loss[:, :1]).all()


def test_the_largest_exponents_do_not_overflow() -> None:
    for case in (PLANTED["chinchilla"], PLANTED["proportions"]):
        theta = np.array([one.high if one.log else 0.0 for one in case.law.nonlinear])
        features, slopes = case.law.basis(theta, {**columns_of(case), "parameters": np.full(len(case.runs()), 1e3)})
        assert np.isfinite(features).all() and np.isfinite(slopes).all()


@pytest.mark.parametrize("coefficients", ["common", "by-language"])
def test_a_mix_of_one_language_is_that_language(coefficients: Any) -> None:
    law = ProportionLaw(("go",), coefficients, unit_parameters=1.0, unit_tokens=1.0)
    values = np.array([0.4, 5.0, 6.0, 0.3, 0.5])
    assert len(law.names) == 5
    np.testing.assert_allclose(law.internal(law.report(values)), values, rtol=1e-12)
    found = law.predict(values, parameters=100.0, tokens=100.0, proportions=[1.0])
    assert found == pytest.approx(0.4 + 5 * 100**-0.3 + 6 * 100**-0.5)


# How they are asked.


def test_single_numbers_stand_for_all_rows_and_arrays_of_parameters_for_many_laws() -> None:
    law, one = Chinchilla(), np.array([1.69, 406.4, 410.7, 0.34, 0.28])
    assert law.predict(one, parameters=1e9, tokens=1e10).shape == (1,)
    assert law.predict(one, parameters=1e9, tokens=[1e10, 2e10]).shape == (2,)
    assert law.predict(np.tile(one, (4, 3, 1)), parameters=[1e9, 1e10], tokens=1e10).shape == (4, 3, 2)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"parameters": 1e9}, "the effective-data law needs tokens and proportions: give them by name"),
        ({"parameters": 0.0, "tokens": 1e9, "proportions": HALVES}, "row 1 has parameters 0"),
        ({"parameters": 1e9, "tokens": [1e9, np.nan], "proportions": HALVES}, "row 2 has tokens nan"),
        (
            {"parameters": [1e9, 2e9], "tokens": [1e9] * 3, "proportions": HALVES},
            "parameters has 2 values, another colu",
        ),
        ({"parameters": 1e9, "tokens": 1e9, "proportions": [0.5, 0.6]}, "row 1 sum to 1.1, not to 1"),
        ({"parameters": 1e9, "tokens": 1e9, "proportions": [0.5, 0.2, 0.3]}, "give a column for each of 2 languages"),
    ],
)
def test_what_cannot_be_trained_is_not_predicted(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        EffectiveData("python", TWO).predict(np.ones(6), **columns)


def test_parameters_that_are_missing_are_named() -> None:
    with pytest.raises(UserError, match="the chinchilla law needs B and beta"):
        Chinchilla().predict({"E": 1.69, "A": 406.4, "alpha": 0.34}, parameters=1e9, tokens=1e9)
    with pytest.raises(UserError, match="takes N_c, alpha_N, D_c, alpha_D, L_inf: give 5 numbers"):
        OneLanguage().predict(np.ones(4), parameters=1e9, tokens=1e9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EffectiveData("jva", TWO), "unknown target language 'jva': choose from java"),
        (lambda: MixtureLaw(TWO, "go"), "unknown target language 'go'"),
        (lambda: ProportionLaw(TWO, "own"), "unknown coefficients 'own'"),  # type: ignore[arg-type]
        (lambda: ProportionLaw(TWO, tau=((0.0, 0.1),)), r"tau has the shape \(1, 2\): give 2 rows of 2"),
    ],
)
def test_options_that_make_no_law_are_an_error(make: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        make()


def test_options_may_be_lists_and_arrays() -> None:
    made: Any = ProportionLaw(list(TWO), tau=np.array([[0.0, 0.1], [0.2, 0.0]]))  # type: ignore[arg-type]
    assert made == ProportionLaw(TWO, tau=((0.0, 0.1), (0.2, 0.0)))
    assert hash(made) == hash(ProportionLaw(TWO, tau=((0.0, 0.1), (0.2, 0.0))))


def test_a_law_takes_its_languages_from_the_runs() -> None:
    two: dict[str, Any] = {"proportions": np.array([[1.0, 0.0], [0.5, 0.5]]), "languages": TWO}
    java = Runs(np.array([1.0, 2.0]), language=np.array(["java", "java"]), **two)
    assert EffectiveData.of(java) == EffectiveData("java", TWO)
    assert MixtureLaw.of(java) == MixtureLaw(TWO, "java")
    assert ProportionLaw.of(java) == ProportionLaw(TWO)
    assert MixtureLaw.of(Runs(np.array([1.0, 2.0]), **two)) == MixtureLaw(TWO)
    assert MixtureLaw.of(Runs(np.array([1.0, 2.0]), language=np.array(["sum", "sum"]), **two)) == MixtureLaw(TWO)
    both = Runs(np.array([1.0, 2.0]), language=np.array(["java", "python"]), **two)
    for law in (EffectiveData, MixtureLaw):
        with pytest.raises(UserError, match="the runs have losses of java, python: fit each language by itself"):
            law.of(both)
    with pytest.raises(UserError, match="the runs have no proportions"):
        EffectiveData.of(Runs(np.array([1.0]), language=np.array(["java"])))


# A law of one's own.


class PowerOfCompute(Law):
    """Loss from compute alone: ``L = E + A / (6 N D)^gamma``."""

    name = "compute"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"parameters": (), "tokens": ()}
    linear = (Parameter("E", "loss"), Parameter("A", "loss"))
    nonlinear = (Parameter("gamma", "1", 1e-3, 2.0, (0.01, 0.5), log=True),)

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        compute = np.log(6 * columns["parameters"] * columns["tokens"])
        power = np.exp(-theta * compute)
        features = np.stack([np.ones_like(power), power], axis=-2)
        return features, np.stack([np.zeros_like(power), -compute * power], axis=-2)[..., None, :]


def test_a_new_law_is_one_class_that_the_fitter_takes_as_it_is() -> None:
    size, tokens = np.meshgrid([1e8, 1e9, 1e10], [1e9, 1e10, 1e11, 1e12])
    columns = {"parameters": size.ravel(), "tokens": tokens.ravel()}
    true = {"E": 1.7, "A": 1000.0, "gamma": 0.15}
    law = PowerOfCompute()
    found = fit(Runs(law.predict(true, **columns), columns["parameters"], columns["tokens"]), law)
    assert found.parameters == pytest.approx(true, rel=1e-7)
    assert found.predict(parameters=1e9, tokens=1e10) == pytest.approx(1.7 + 1000 * 6e19**-0.15)
