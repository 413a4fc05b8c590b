"""Where programs come from: JSONL, tables, source trees, the hub, parallel layouts, the built-in sampler."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from codelm.errors import UserError
from data_prep.sources import folders, jsonl, tables
from data_prep.sources.builtin import builtin_programs, builtin_units
from data_prep.sources.columns import check_columns
from data_prep.sources.hub import HUB, hub_units
from data_prep.sources.jsonl import read_jsonl
from data_prep.sources.options import SourceOptions
from data_prep.sources.parallel import aligned_unit
from data_prep.sources.programs import Admitted, SourceProgram, Unit, check_language

__all__ = ["SourceOptions", "SourceProgram", "Unit", "builtin_programs", "open_inputs", "read_jsonl"]

BUILTIN = "builtin"

_PARQUET = ".parquet"


def open_inputs(inputs: Sequence[str], options: SourceOptions) -> tuple[Unit, ...]:
    """Return the units of all inputs, in the inputs' order.

    Parameters
    ----------
    inputs
        Files (JSONL, Parquet, CSV, source files, text), folders (source trees, git checkouts, bare git repositories,
        or tables), ``builtin``, and data sets as ``hub:name[/config][@revision]``.
    options
        What of them is read, and how.

    Raises
    ------
    UserError
        If an input is not there, or what it holds cannot be told.
    """
    for name in options.languages:
        check_language(name)
    check_columns(options)
    units: list[Unit]
    if options.aligned:
        units = [aligned_unit([Path(name) for name in inputs])]
    else:
        labels = _labels([name for name in inputs if name != BUILTIN and not name.startswith(HUB)])
        units = [unit for name in inputs for unit in _open_input(name, labels.get(name, name), options)]
    return tuple(Admitted(unit, options) for unit in units)


def _open_input(name: str, label: str, options: SourceOptions) -> Sequence[Unit]:
    if name == BUILTIN:
        return builtin_units(options.groups, options.seed)
    if name.startswith(HUB):
        return hub_units(name.removeprefix(HUB), options)
    path = Path(name)
    if path.is_dir():
        return _open_folder(path, label, options)
    if not path.is_file():
        raise UserError(f"no such file: {name}")
    if _is_table(path.name) or path.name.endswith((".json", *tables.CSV_SUFFIXES)):
        return _open_table(path, label, label, (path.absolute().parent.name,), options)
    language = folders.suffix_language(path)
    if language is None:
        known = ", ".join((".jsonl", _PARQUET, *tables.CSV_SUFFIXES))
        raise UserError(f"cannot tell what {name} holds: its suffix is no language's, nor one of {known}")
    return [folders.OneFile(path, language, label, options)]


def _open_folder(folder: Path, label: str, options: SourceOptions) -> Sequence[Unit]:
    repository = folders.git_folder(folder)
    if repository is not None:
        return folders.tree_units(folders.GitTree.at_head(repository), label, options)
    files = _tables_of(folder)
    if not files:
        return folders.tree_units(folders.DiskTree(str(folder)), label, options)
    units: list[Unit] = []
    for file in files:
        inner = file.relative_to(folder)
        inside = (folder.absolute().name, *inner.parts[:-1])
        units += _open_table(file, label, f"{label}/{inner.as_posix()}", inside, options)
    return units


def _open_table(file: Path, source: str, label: str, inside: tuple[str, ...], options: SourceOptions) -> Sequence[Unit]:
    if file.suffix == _PARQUET:
        return tables.parquet_units(file, options, source, label, inside)
    if file.suffix in tables.CSV_SUFFIXES:
        return tables.csv_units(file, options, source, label, inside)
    return jsonl.jsonl_units(file, options, label, inside)


def _is_table(name: str) -> bool:
    return name.endswith((_PARQUET, *jsonl.SUFFIXES))


def _tables_of(folder: Path) -> list[Path]:
    """Return the Parquet and JSONL files of a folder that holds such files and no programs."""
    found = []
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if _is_table(name):
                found.append(file)
            elif folders.suffix_language(file) not in (None, "markup", "text"):
                return []
    return found


def _labels(names: Sequence[str]) -> dict[str, str]:
    """Return a short name for each path: its last part, or as many as it takes to tell all of them apart."""
    parts = {name: Path(name).absolute().parts for name in names}

    def labels(depth: int) -> dict[str, str]:
        return {name: "/".join(whole[-depth:]) for name, whole in parts.items()}

    deepest = max(map(len, parts.values()), default=1)
    depths = (depth for depth in range(1, deepest + 1) if len(set(labels(depth).values())) == len(parts))
    return labels(next(depths, deepest))
