"""Command-line tools from dataclasses: one flag per field, its docstring as the help, YAML files, one-line errors."""

from __future__ import annotations

import importlib
import json
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import jsonargparse
from docstring_parser import parse as parse_docstring

from codelm.errors import UserError

Options = TypeVar("Options")

_SUFFIXES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}


def count(text: str | int | float) -> int:
    """Read a whole number as people write large ones: ``16384``, ``2.5e6``, ``2.5M``, ``400B``."""
    written = str(text).strip().lower().replace("_", "")
    try:
        scale = _SUFFIXES.get(written[-1:], 1.0)
        value = float(written[:-1] if scale != 1.0 else written) * scale
        if not value > 0:
            raise ValueError
        return round(value)
    except (ValueError, OverflowError):
        # Of a ValueError argparse would show no message.
        raise ArgumentTypeError(f"{text!r} is not a count: write it as 16384, 2.5e6, 2.5M or 400B") from None


def comma_list(text: str | Sequence[object]) -> tuple[str, ...]:
    """Read ``python,java`` (or a YAML list) as names."""
    parts = text.split(",") if isinstance(text, str) else map(str, text)
    return tuple(part.strip() for part in parts if part.strip())


def number(text: str | float) -> float:
    """Read ``0.05``, ``1.5e9`` or ``1.5B``."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(count(text))
    except ArgumentTypeError:
        raise ArgumentTypeError(f"cannot read {text!r}: write a number, as 0.05, 1.5e9 or 1.5B") from None


def numbers_by_name(text: str | Mapping[str, str | float]) -> dict[str, float]:
    """Read ``python=0.1,rust=5B``, a JSON file with an object of such numbers, or a YAML mapping."""
    if isinstance(text, Mapping):
        return {str(name): number(value) for name, value in text.items()}
    if Path(text).is_file():
        try:
            return {str(name): number(value) for name, value in json.loads(Path(text).read_text()).items()}
        except (ValueError, TypeError, AttributeError):
            raise ArgumentTypeError(f'{text} does not hold numbers by name: write {{"python": 0.1, ...}}') from None
    parts = [part.partition("=") for part in text.split(",")]
    if not all(equals for _, equals, _ in parts):
        raise ArgumentTypeError(f"cannot read {text!r}: write python=0.1,rust=0.2, or a JSON file") from None
    return {name.strip(): number(value) for name, _, value in parts}


class _Parser(jsonargparse.ArgumentParser):
    def error(self, message: str, ex: Exception | None = None) -> Any:
        raise UserError(" ".join(message.replace("Parser key ", "option ").split()))


def parse_options(options: type[Options], positional: Sequence[str] = (), argv: Sequence[str] | None = None) -> Options:
    """Read the fields of a dataclass from the command line and ``--config`` files.

    Parameters
    ----------
    options
        A dataclass; a field without a default has to be given. Its docstring (numpydoc) is the help;
        ``metadata={"read": function}`` gives a field its own reader. A bool that is on by default has a ``--no-`` flag.
    positional
        Fields that are given without a flag; a tuple takes one value or more.
    argv
        Arguments; those of the process by default.
    """
    described = parse_docstring(options.__doc__ or "")
    helps = {parameter.arg_name: parameter.description for parameter in described.params}
    parser = _Parser(description=described.short_description, allow_abbrev=False)
    parser.add_argument("--config", action="config", help="YAML file with options; flags after it win.")
    hints = get_type_hints(options)
    for field in fields(options):  # type: ignore[arg-type]
        # A field cannot be called `from`; one that is called `from_` has the flag --from.
        name = field.name.rstrip("_")
        flag = name if field.name in positional else "--" + name.replace("_", "-")
        settings: dict[str, Any] = {"help": helps[field.name]}
        if field.default is not MISSING:
            settings["default"] = field.default
        elif field.name not in positional:
            settings["required"] = True
        hint = hints[field.name]
        if hint is bool:
            settings["action"] = jsonargparse.ActionYesNo(no_prefix="no-") if field.default is True else "store_true"
        elif field.name in positional and get_origin(hint) is tuple:
            settings |= {"type": get_args(hint)[0], "nargs": "+"}
        else:
            settings["type"] = field.metadata.get("read", hint)
        parser.add_argument(flag, **settings)
    try:
        parsed = parser.parse_args(list(sys.argv[1:] if argv is None else argv))
    except ArgumentTypeError as error:  # from a --config file; argparse tells of its flags itself
        raise UserError(str(error)) from None
    values = {field.name: parsed[field.name.rstrip("_")] for field in fields(options)}  # type: ignore[arg-type]
    return options(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def run_command(command: Callable[[], None]) -> None:
    """Run a command-line tool; print a user's error as one line, with exit code 2."""
    try:
        command()
    except (UserError, OSError) as error:
        # An OSError is a full disk or a missing permission: the system's own words name the file.
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def load_class(path: str) -> Any:
    """Import ``my_module.MyClass``; modules are looked for in the working directory too."""
    module_name, _, name = path.rpartition(".")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return getattr(importlib.import_module(module_name), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UserError(f"cannot load {path!r} ({error}): name a class as my_module.MyClass") from None


@contextmanager
def progress_bar(
    label: str, total: int | None, show: bool = True, unit: str | None = None
) -> Iterator[Callable[[int], None]]:
    """Show a progress bar; yield the function that advances it.

    Without a total only the count is shown; with a unit ("tokens") also how many go by in a second, and the time left.
    """
    # rich takes a third of the time in which --help answers.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    class Speed(ProgressColumn):
        def render(self, task: Task) -> str:
            speed = task.finished_speed or task.speed
            return "" if speed is None else f"{speed:,.0f} {unit}/s"

    parts = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    if unit is not None:
        parts += [Speed(), TextColumn("left:"), TimeRemainingColumn()]
    with Progress(*parts, disable=not show or total == 0, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total)
        yield lambda number: bar.advance(task, number)
