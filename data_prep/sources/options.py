"""The options of reading programs; their descriptions are the command line's help."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from codelm.command_line import comma_list, count

Stems = Literal["name", "path"]

MAX_PROGRAM_BYTES = 1 << 20


def column_names(text: str | Mapping[str, str]) -> dict[str, str]:
    """Read ``code=content,language=lang``, or a YAML mapping."""
    if isinstance(text, Mapping):
        return {str(name): str(column) for name, column in text.items()}
    parts = [part.partition("=") for part in text.split(",")]
    if not all(name.strip() and column.strip() for name, _, column in parts):
        raise ArgumentTypeError(f"cannot read {text!r}: write code=content,language=lang or python=py,java=java_code")
    return {name.strip(): column.strip() for name, _, column in parts}


@dataclass(frozen=True)
class SourceOptions:
    """What is read of the inputs, and how.

    Parameters
    ----------
    languages
        Languages and kinds of text to read, with commas between. Default: all that the inputs hold.
    columns
        Which columns of a table or fields of JSONL hold what, as code=content,language=lang,licence=license,group=id;
        or one column per language, as python=py_code,java=java_code. Default: well-known names are recognised.
    language
        Language, or kind of text, of the programs of a table that does not tell it.
    licence
        Licence (an SPDX name) of programs whose source does not tell it.
    licences
        Licences that are let in, with commas between, as MIT,Apache-2.0; other programs are left out and counted by
        licence. Default: all, `unknown` too.
    stems
        Make the files of a folder that have one name in several languages a group (two_sum.py, TwoSum.java): `name`
        compares file names alone, `path` the folders too, without those that name a language.
    aligned
        The inputs are files of one program per line, a language each by its suffix; the same line is the same task.
    max_program_bytes
        Programs with more bytes are left out.
    hub_rows
        Rows to read of each data set on the hub, taken evenly from its shards. Default: all.
    skip_bad
        Leave out lines of JSONL that cannot be read, and count them, instead of stopping.
    groups
        Groups to sample for `builtin`.
    seed
        Seed of the built-in programs.
    """

    languages: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    columns: Mapping[str, str] | None = field(default=None, metadata={"read": column_names})
    language: str | None = None
    licence: str | None = None
    licences: tuple[str, ...] = field(default=(), metadata={"read": comma_list})
    stems: Stems | None = None
    aligned: bool = False
    max_program_bytes: int = field(default=MAX_PROGRAM_BYTES, metadata={"read": count})
    hub_rows: int | None = field(default=None, metadata={"read": count})
    skip_bad: bool = False
    groups: int = field(default=5000, metadata={"read": count})
    seed: int = 0
