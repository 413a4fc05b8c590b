"""Fitted laws as a readable file that loads back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from codelm.errors import UserError
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

    def save(self, file: Path | str) -> None:
        """Write the fits, the runs they were fitted to, and the bootstraps' draws, as JSON."""
        laws = {name: _describe(fit, self.bootstraps.get(name)) for name, fit in self.fits.items()}
        Path(file).write_text(_json({"version": VERSION, "laws": laws}) + "\n")

    @classmethod
    def load(cls, file: Path | str) -> LawFile:
        """Read what `save` wrote; a UserError tells of another version or a damaged file."""
        try:
            content = json.loads(Path(file).read_text())
            version = content.get("version") if isinstance(content, dict) else None
            if version != VERSION:
                raise UserError(
                    f"{file} is a law file of version {version}, this program reads {VERSION}: fit it again"
                )
            fits = {name: _fit(law) for name, law in content["laws"].items()}
            drawn = {name: law["bootstrap"] for name, law in content["laws"].items() if law["bootstrap"]}
            bootstraps = {name: _bootstrap(fits[name], draws) for name, draws in drawn.items()}
        except OSError as error:
            raise UserError(f"cannot read the law file {file}: {error.strerror}") from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"{file} is not a whole law file ({error!r}): fit the law again") from None
        return cls(fits, bootstraps)


def _describe(fit: Fit, bootstrap: Bootstrap | None) -> dict[str, Any]:
    runs = {item.name: getattr(fit.runs, item.name) for item in fields(fit.runs)}
    return {
        "law": {"name": fit.law.name, **asdict(fit.law)},  # type: ignore[call-overload]
        "objective": asdict(fit.objective),
        "parameters": fit.parameters,
        "values": dict(zip(fit.law.names, fit.values.tolist(), strict=True)),
        "fixed": dict(fit.fixed),
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
    law = LAWS[options.pop("name")](**options)
    columns = dict(content["runs"])
    languages = tuple(columns.pop("languages"))
    runs = {name: np.array(values) for name, values in columns.items() if values is not None}
    return Fit(
        law,
        Runs(**runs, languages=languages),
        Objective(**content["objective"]),
        np.array([content["values"][name] for name in law.names], dtype=float),
        content["fixed"],
        tuple(Minimum(**minimum) for minimum in content["minima"]),
        content["gradient"],
    )


def _bootstrap(fit: Fit, content: Mapping[str, Any]) -> Bootstrap:
    draws = np.array([content["draws"][name] for name in fit.law.names], dtype=float).T
    return Bootstrap(fit, draws, content["failed"])


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
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    return json.dumps(value)
