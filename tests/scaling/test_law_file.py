from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.scaling import laws
from codelm.scaling.fit import Fit, Minimum, fit
from codelm.scaling.law_file import VERSION, LawFile
from codelm.scaling.laws import Chinchilla, Columns
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective
from codelm.scaling.uncertainty import Bootstrap, bootstrap
from experiments.benchmarks.planted import planted

PLANTED = planted()
EVERY_LAW = pytest.mark.parametrize("name", PLANTED)
DAMAGES = pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text + "}",
        lambda text: "[]",
        lambda text: "null",
        lambda text: '"law"',
        lambda text: f'{{"version": {VERSION}}}',
        lambda text: f'{{"version": {VERSION}, "laws": [1, 2]}}',
        lambda text: f'{{"version": {VERSION}, "laws": {{}}}}',
        lambda text: f'{{"version": {VERSION}, "laws": {{"go": null}}}}',
        lambda text: text.replace('"optimal_scale"', '"optimal_scales"'),
        lambda text: text.replace('"kind": "huber"', '"kind": "best"'),
        lambda text: text.replace('"languages": []', '"languages": 3'),
        lambda text: re.sub(r'"unique_tokens": \[.*?\]', '"unique_tokens": null', text),
        lambda text: re.sub(r'"beta": [\d.]+', '"beta": null', text),
    ],
)


@pytest.fixture(scope="module")
def fits() -> dict[str, Fit]:
    """A fit of each law: with and without names of runs, to losses and their logarithms, one with a fixed number."""
    found = {
        name: fit(case.runs(noise=0.002), case.law, "ols", starts=1)
        for name, case in PLANTED.items()
        if name not in ("chinchilla", "one-language", "data-constrained")
    }
    runs = PLANTED["chinchilla"].runs(noise=0.002)
    in_tens = replace(runs, run=np.array([f"run {number // 10}" for number in range(len(runs))]))
    found["chinchilla"] = fit(in_tens, "chinchilla", Objective("lad", log=False), {"alpha": 0.34})
    found["one-language"] = fit(replace(PLANTED["one-language"].runs(noise=0.002), run=None), "one-language")
    repeated = PLANTED["data-constrained"]
    found["data-constrained"] = fit(repeated.runs(noise=0.002), repeated.law, Objective("huber", 1e-2))
    return found


def saved(folder: Path, fits: Mapping[str, Fit], bootstraps: Mapping[str, Bootstrap] | None = None) -> Path:
    LawFile(fits, bootstraps or {}).save(folder / "law.json")
    return folder / "law.json"


def content_of(file: Path) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(file.read_text(), parse_constant=refuse)


def refusal(file: Path) -> str:
    """The one line that tells why a file is refused."""
    with pytest.raises(UserError) as error:
        LawFile.load(file)
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 500
    return message


# A file loads back.


@EVERY_LAW
def test_a_fit_comes_back_as_it_was(name: str, fits: dict[str, Fit], tmp_path: Path) -> None:
    one, back = fits[name], LawFile.load(saved(tmp_path, {name: fits[name]})).fits[name]
    assert back.law == one.law
    assert back.objective == one.objective
    assert back.fixed == one.fixed
    assert back.minima == one.minima
    assert back.gradient == one.gradient
    np.testing.assert_array_equal(back.values, one.values)
    for item in fields(Runs):
        np.testing.assert_array_equal(getattr(back.runs, item.name), getattr(one.runs, item.name))
    assert (back.value, back.aic, back.warnings) == (one.value, one.aic, one.warnings)
    np.testing.assert_array_equal(back.predict(**PLANTED[name].columns), one.predict(**PLANTED[name].columns))


@pytest.mark.parametrize("name", ["chinchilla", "one-language", "mixture"])
def test_a_bootstrap_comes_back_to_eight_digits(name: str, fits: dict[str, Fit], tmp_path: Path) -> None:
    one = replace(bootstrap(fits[name], 8), failed=3)
    both = {"other": fits["chinchilla"], name: fits[name]}
    back = LawFile.load(saved(tmp_path, both, {name: one}))
    assert list(back.bootstraps) == [name]
    found = back.bootstraps[name]
    assert found.fit is back.fits[name]
    assert found.failed == 3
    np.testing.assert_allclose(found.values, one.values, rtol=1e-7)
    for parameter, ends in one.intervals().items():
        assert found.intervals()[parameter] == pytest.approx(ends, rel=1e-6)


def test_a_file_holds_many_laws_in_their_order(fits: dict[str, Fit], tmp_path: Path) -> None:
    some = {name: fits[name] for name in ("one-language", "chinchilla", "effective-data")}
    assert list(LawFile.load(saved(tmp_path, some)).fits) == list(some)


def test_what_was_loaded_and_saved_again_is_the_same_file(fits: dict[str, Fit], tmp_path: Path) -> None:
    file = saved(tmp_path, fits)
    text = file.read_text()
    assert len(text) > 10_000
    LawFile.load(file).save(file)
    assert file.read_text() == text


def test_names_may_be_in_any_script(fits: dict[str, Fit], tmp_path: Path) -> None:
    assert list(LawFile.load(saved(tmp_path, {'C♯ "new"\n': fits["chinchilla"]})).fits) == ['C♯ "new"\n']


def test_numbers_of_any_kind_can_be_fixed(fits: dict[str, Fit], tmp_path: Path) -> None:
    fixed: dict[str, Any] = {"alpha": np.float32(0.5), "E": np.int64(1)}
    one = replace(fits["chinchilla"], fixed=fixed)
    assert LawFile.load(saved(tmp_path, {"all": one})).fits["all"].fixed == {"alpha": 0.5, "E": 1}


# A person can read it.


def test_a_file_says_what_was_fitted_and_what_came_out(fits: dict[str, Fit], tmp_path: Path) -> None:
    one = fits["chinchilla"]
    content = content_of(saved(tmp_path, {"python": one}, {"python": bootstrap(one, 20)}))
    assert content["version"] == VERSION
    law = content["laws"]["python"]
    assert law["law"] == {"name": "chinchilla"}
    assert law["objective"] == {"kind": "lad", "delta": 1e-3, "log": False}
    assert law["parameters"] == one.parameters
    assert law["fixed"] == {"alpha": 0.34}
    assert law["about"]["rows"] == 60
    assert law["about"]["runs"] == 6
    assert law["about"]["value"] == one.value
    assert law["about"]["warnings"] == list(one.warnings)
    low, high = law["bootstrap"]["intervals"]["beta"]
    assert low < high
    assert len(law["bootstrap"]["draws"]["beta"]) == 20


def test_lines_are_one_number_or_one_column(fits: dict[str, Fit], tmp_path: Path) -> None:
    lines = saved(tmp_path, {"python": fits["chinchilla"]}).read_text().splitlines()
    assert f'        "beta": {fits["chinchilla"].parameters["beta"]}' in lines
    losses = next(line for line in lines if line.strip().startswith('"loss": '))
    assert losses.count(",") == 60
    assert len(lines) < 80


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_numbers_without_an_end_are_null(fits: dict[str, Fit], tmp_path: Path) -> None:
    one = fits["one-language"]
    flat = one.law.names.index("alpha_D")
    endless = replace(one, values=np.where(np.arange(5) == flat, 0.01, one.values + 1e4 * (np.arange(5) == 2)))
    assert endless.parameters["D_c"] == math.inf
    file = saved(tmp_path, {"go": endless}, {"go": Bootstrap(endless, np.tile(endless.values, (4, 1)))})
    law = content_of(file)["laws"]["go"]
    assert law["parameters"]["D_c"] is None
    assert law["bootstrap"]["intervals"]["D_c"] == [None, None]
    np.testing.assert_array_equal(LawFile.load(file).fits["go"].values, endless.values)


# What is refused.


@pytest.mark.parametrize("version", [0, VERSION + 1, str(VERSION), None])
def test_a_file_of_another_version_is_refused(version: Any, fits: dict[str, Fit], tmp_path: Path) -> None:
    file = saved(tmp_path, {"python": fits["chinchilla"]})
    file.write_text(json.dumps({**content_of(file), "version": version}))
    told = f"{file}: a law file of version {version}, this program reads {VERSION}: fit the law again"
    assert refusal(file) == told


@DAMAGES
def test_a_damaged_file_is_refused_in_one_line(damage: Any, fits: dict[str, Fit], tmp_path: Path) -> None:
    file = saved(tmp_path, {"python": fits["data-constrained"]})
    file.write_text(damage(file.read_text()))
    refusal(file)


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "law.json"
    binary.write_bytes(b"\xff\xfe\x00" * 10_000)
    assert "is not a whole law file" in refusal(binary)
    for missing in (tmp_path / "nowhere.json", tmp_path):
        assert f"cannot read the law file {missing}: " in refusal(missing)


def places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a file."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in ((*above, key), *places(item, (*above, key)))]


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), instead=st.sampled_from(["remove", None, "text", -1, [], {}]))
def test_whatever_is_changed_in_a_file_it_is_read_or_refused(
    data: st.DataObject, instead: Any, fits: dict[str, Fit], tmp_path: Path
) -> None:
    one = fits["data-constrained"]
    file = saved(tmp_path, {"all": one}, {"all": Bootstrap(one, np.tile(one.values, (3, 1)))})
    content = content_of(file)
    *above, last = data.draw(st.sampled_from([place for place in places(content) if len(place) < 6]))
    holder = content
    for key in above:
        holder = holder[key]
    if instead == "remove":
        del holder[last]
    else:
        holder[last] = instead
    file.write_text(json.dumps(content))
    try:
        back = LawFile.load(file)
    except UserError as error:
        assert "\n" not in str(error)
        return
    for name, found in back.fits.items():
        assert found.law.columns(found.runs)
        assert np.isfinite(found.values).all()
        assert name not in back.bootstraps or back.bootstraps[name].values.shape[1] == len(found.values)


def test_a_folder_that_is_not_there_cannot_be_written_to(fits: dict[str, Fit], tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot write the law file .*law\.json: No such file or directory"):
        saved(tmp_path / "nowhere", {"all": fits["chinchilla"]})


def test_a_bootstrap_of_no_fit_is_a_mistake(fits: dict[str, Fit]) -> None:
    drawn = Bootstrap(fits["chinchilla"], fits["chinchilla"].values[None])
    with pytest.raises(UserError, match="unknown fit 'pyton': choose from python"):
        LawFile({"python": fits["chinchilla"]}, {"pyton": drawn})


# A law of one's own.


@dataclass(frozen=True)
class ShiftedChinchilla(Chinchilla):
    """Chinchilla's law of sizes with some more parameters, of embeddings say."""

    more: float = 1e8

    name = "shifted"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = Chinchilla.needs

    def basis(self, theta: np.ndarray, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
        return super().basis(theta, {**columns, "parameters": columns["parameters"] + self.more})


class BareChinchilla(Chinchilla):
    name = "bare"


@pytest.mark.parametrize("law", [ShiftedChinchilla(2e8), BareChinchilla()])
def test_a_law_of_ones_own_loads_once_it_is_listed(
    law: Chinchilla, fits: dict[str, Fit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replace(fits["chinchilla"], law=law)
    file = saved(tmp_path, {"all": one})
    assert f"{file}: unknown law {law.name!r}" in refusal(file)
    monkeypatch.setitem(laws.LAWS, law.name, type(law))
    back = LawFile.load(file).fits["all"]
    assert back.law == law
    assert back.value == one.value


def test_a_minimum_is_read_with_every_other(fits: dict[str, Fit], tmp_path: Path) -> None:
    one = fits["chinchilla"]
    other = Minimum({**one.parameters, "E": 0.0}, 2 * one.value, 3)
    back = LawFile.load(saved(tmp_path, {"all": replace(one, minima=(*one.minima, other))})).fits["all"]
    assert back.minima[-1] == other
    np.testing.assert_allclose(back.minimum_values[-1, 0], 0.0)
