"""Layouts of parallel data: files that share a stem across languages, files that are aligned line by line.

A table with one column per language is read in `columns.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from codelm.errors import UserError
from codelm.languages import registered_languages
from data_prep.sources.options import Stems
from data_prep.sources.programs import EncodingError, SourceProgram, count_dropped, decode, read_language

if TYPE_CHECKING:
    from data_prep.dropped import Dropped


def stem_group(path: Sequence[str], stems: Stems) -> str:
    """Return the group of a file: equal for ``python/two_sum.py`` and ``java/TwoSum.java``.

    Parameters
    ----------
    path
        Folders and name of the file, from the input's root.
    stems
        ``name`` compares the file's name alone; ``path`` its folders too, without those that name a language.
    """
    stem, _, _ = path[-1].partition(".")
    folders = [folder for folder in path[:-1] if read_language(folder) not in registered_languages()]
    parts = [stem] if stems == "name" else [*folders, stem]
    return "/".join(_normalised(part) for part in parts)


def restore_lines(code: str) -> str:
    """Return a program as it was before its lines became words: NEW_LINE, INDENT, DEDENT, as in XLCoST (2206.08474).

    Other programs are returned as they are.
    """
    if "NEW_LINE" not in code or "NEW_LINE" not in (words := code.split(" ")):
        return code
    lines: list[str] = []
    line: list[str] = []
    depth = 0
    for word in words:
        if word == "NEW_LINE":
            lines.append("    " * depth + " ".join(line))
            line = []
        elif word in ("INDENT", "DEDENT"):
            depth = max(depth + (1 if word == "INDENT" else -1), 0)
        else:
            line.append(word)
    return "\n".join([*lines, "    " * depth + " ".join(line)]).rstrip() + "\n"


def _normalised(name: str) -> str:
    # Letters of any script count; case, dashes, underscores and blanks do not.
    return re.sub(r"[\W_]+", "", name.lower()) or name


@dataclass(frozen=True)
class AlignedFiles:
    """Files of one program per line, each in a language; the same line of all of them is a group.

    Parameters
    ----------
    files
        The files by language.
    source
        Name of the data set.
    """

    files: tuple[tuple[str, Path], ...]
    source: str

    @property
    def name(self) -> str:
        """Stable name."""
        return ", ".join(str(file) for _, file in self.files)

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""
        return sum(file.stat().st_size for _, file in self.files)

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs; an empty line is none.

        Raises
        ------
        UserError
            If a file cannot be read, or has fewer lines than the others.
        """
        try:
            with ExitStack() as stack:
                opened = [stack.enter_context(file.open("rb")) for _, file in self.files]
                for number, lines in enumerate(zip_longest(*opened), 1):
                    yield from self._group(number, lines, dropped)
        except OSError as error:
            raise UserError(f"cannot read {error.filename}: {error.strerror}") from None

    def _group(self, number: int, lines: Sequence[bytes | None], dropped: Dropped | None) -> Iterator[SourceProgram]:
        for (language, file), line in zip(self.files, lines, strict=True):
            if line is None:
                raise UserError(f"{file} ends before line {number}, which others have: are these files aligned?")
            try:
                code = restore_lines(decode(line).rstrip("\r\n"))
            except EncodingError as error:
                count_dropped(dropped, str(error), language, place=f"{file}:{number}")
                continue
            if code.strip():
                yield SourceProgram(f"{self.source}:{number}", language, code, self.source)


def aligned_unit(files: Sequence[Path]) -> AlignedFiles:
    """Return the unit of line-aligned files, whose suffixes tell their languages: ``train.java``, ``train.cs``.

    Raises
    ------
    UserError
        For fewer than two files, a file that is not there, and a suffix that tells no language, or one twice.
    """
    if len(files) < 2:
        raise UserError("--aligned needs two files or more, a language each")
    by_language: dict[str, Path] = {}
    for file in files:
        if not file.is_file():
            raise UserError(f"no such file: {file}")
        language = read_language(file.suffix) if file.suffix else None
        if language is None:
            raise UserError(f"cannot tell the language of {file}: give it its language's suffix, as train.java")
        if language in by_language:
            raise UserError(f"{by_language[language]} and {file} are in one language: --aligned needs a file for each")
        by_language[language] = file
    first = files[0]
    return AlignedFiles(tuple(by_language.items()), first.name.removesuffix(first.suffix))
