"""Fitted laws as a readable file that loads back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from codelm.errors import UserError, unknown_name
from codelm.scaling.fit import Fit, Minimum
from codelm.scaling.laws import LAWS
from codelm.scaling.runs import Runs
from codelm.scaling.solver import Objective
from codelm.scaling.uncertainty import Bootstrap

VERSION = 1

_DIGITS = 8
"""Digits of bootstrap draws, which are many; everything else is written in full."""


@dataclass(frozen=True)
class LawFile:
    """What a file of laws holds.

    Parameters
    ----------
    fits
        Fits by what they are of: a language, or any other group.
    bootstraps
        Bootstraps of some or all of them, under the same names.
    """

    fits: Mapping[str, Fit]
    bootstraps: Mapping[str, Bootstrap] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.bootstraps:
            if name not in self.fits:
                raise unknown_name("fit", name, self.fits)

    def save(self, file: Path | str) -> None:
        """Write the fits, the runs they were fitted to, and the bootstraps' draws, as JSON."""
        laws = {name: _describe(fit, self.bootstraps.get(name)) for name, fit in self.fits.items()}
        try:
            Path(file).write_text(_json({"version": VERSION, "laws": laws}) + "\n")
        except OSError as error:
            raise UserError(f"cannot write the law file {file}: {error.strerror}") from None

    @classmethod
    def load(cls, file: Path | str) -> LawFile:
        """Read what `save` wrote; a UserError tells of another version or a damaged file.

        A law of your own has to be in `LAWS` to be read.
        """
        try:
            content = json.loads(Path(file).read_text())
            version = content.get("version") if isinstance(content, dict) else None
            if version != VERSION:
                raise UserError(f"a law file of version {version}, this program reads {VERSION}: fit the law again")
            fits = {name: _fit(law) for name, law in content["laws"].items()}
            if not fits:
                raise ValueError("no law")
            drawn = {name: law["bootstrap"] for name, law in content["laws"].items() if law["bootstrap"]}
            bootstraps = {name: _bootstrap(fits[name], draws) for name, draws in drawn.items()}
        except UserError as error:
            raise UserError(f"{file}: {error}") from None
        except OSError as error:
            raise UserError(f"cannot read the law file {file}: {error.strerror}") from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise UserError(f"{file} is not a whole law file ({reason}): fit the law again") from None
        return cls(fits, bootstraps)


def _describe(fit: Fit, bootstrap: Bootstrap | None) -> dict[str, Any]:
    runs = {item.name: getattr(fit.runs, item.name) for item in fields(fit.runs)}
    return {
        "law": {"name": fit.law.name, **(asdict(fit.law) if is_dataclass(fit.law) else {})},
        "objective": asdict(fit.objective),
        "parameters": fit.parameters,
        "values": dict(zip(fit.law.names, fit.values.tolist(), strict=True)),
        "fixed": {name: float(value) for name, value in fit.fixed.items()},
        "gradient": fit.gradient,
        "minima": [asdict(minimum) for minimum in fit.minima],
        "about": {
            "rows": len(fit.runs),
            "runs": fit.run_count,
            "value": fit.value,
            "r_squared": fit.r_squared,
            "residual_scale": fit.residual_scale,
            "condition": fit.condition,
            "aic": fit.aic,
            "bic": fit.bic,
            "warnings": list(fit.warnings),
        },
        "bootstrap": bootstrap and _describe_bootstrap(bootstrap),
        "runs": {name: _plain(values) for name, values in runs.items()},
    }


def _describe_bootstrap(bootstrap: Bootstrap) -> dict[str, Any]:
    return {
        "failed": bootstrap.failed,
        "intervals": {name: list(ends) for name, ends in bootstrap.intervals().items()},
        "draws": {
            name: [float(f"{value:.{_DIGITS}g}") for value in draws]
            for name, draws in zip(bootstrap.fit.law.names, bootstrap.values.T, strict=True)
        },
    }


def _fit(content: Mapping[str, Any]) -> Fit:
    options = dict(content["law"])
    name = options.pop("name")
    if name not in LAWS:
        raise unknown_name("law", name, LAWS)
    law = LAWS[name](**options)
    columns = {item.name: content["runs"][item.name] for item in fields(Runs)}
    runs = Runs(**columns)
    law.columns(runs)
    return Fit(
        law,
        runs,
        Objective(**content["objective"]),
        _finite([content["values"][name] for name in law.names]),
        content["fixed"],
        tuple(Minimum(**minimum) for minimum in content["minima"]),
        content["gradient"],
    )


def _bootstrap(fit: Fit, content: Mapping[str, Any]) -> Bootstrap:
    draws = _finite([content["draws"][name] for name in fit.law.names]).T
    return Bootstrap(fit, draws, content["failed"])


def _finite(values: list[Any]) -> np.ndarray:
    array = np.array(values, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError("a number is missing")
    return array


def _plain(values: Any) -> Any:
    return values.tolist() if isinstance(values, np.ndarray) else values


def _json(value: Any, indent: str = "") -> str:
    """Return JSON with one item per line, but lists of numbers in one line."""
    deeper = indent + "  "
    if isinstance(value, Mapping) and value:
        items = [f"{deeper}{json.dumps(key)}: {_json(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return "[\n" + ",\n".join(deeper + _json(item, deeper) for item in value) + f"\n{indent}]"
    return json.dumps(_without_infinities(value))


def _without_infinities(value: Any) -> Any:
    """Return null for numbers that JSON does not have."""
    if isinstance(value, list | tuple):
        return [_without_infinities(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
