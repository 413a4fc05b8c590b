"""Which licence a text is, and whether an allow-list lets it in."""

from __future__ import annotations

import re
from collections.abc import Collection

UNKNOWN = "unknown"

_FILE = re.compile(r"((un)?li[cs]en[cs]es?|copying)([-_.].+)?", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"li[cs]en[cs]e-.+", re.IGNORECASE)
_TEXT_SUFFIXES = ("", ".md", ".txt", ".rst", ".lesser", ".lib")

# What a licence alone says, with white space folded and in lower case. Where a file holds several, the first counts.
_MARKS = {
    "MIT": r"permission is hereby granted, free of charge, to any person obtaining a copy",
    "Apache-2.0": r"apache license,? version 2\.0",
    "BSD": r"redistribution and use in source and binary forms",
    "ISC": r"permission to use, copy, modify,? and(/or)? distribute this software for any purpose",
    "AGPL-3.0-only": r"gnu affero general public license,? version 3",
    "LGPL-2.1-only": r"gnu lesser general public license,? version 2\.1",
    "LGPL-3.0-only": r"gnu lesser general public license,? version 3",
    "GPL-2.0-only": r"gnu general public license( \(gpl\))?,? version 2",
    "GPL-3.0-only": r"gnu general public license( \(gpl\))?,? version 3",
    "MPL-2.0": r"mozilla public license,? (version|v\.) 2\.0",
    "CC0-1.0": r"cc0 1\.0 universal",
    "CC-BY-SA-4.0": r"attribution-sharealike 4\.0 international",
    "CC-BY-4.0": r"attribution 4\.0 international",
    "Unlicense": r"this is free and unencumbered software released into the public domain",
    "PSF-2.0": r"python software foundation license version 2",
    "BSL-1.0": r"boost software license - version 1\.0",
}
_HEADER = re.compile(r"SPDX-License-Identifier:\s*([\w.+() -]*[\w.+)])")
_HEADER_CHARACTERS = 2000


def is_licence_file(name: str) -> bool:
    """Whether a file of that name holds a licence: LICENSE, COPYING, LICENSE-MIT, UNLICENSE.txt."""
    found = _FILE.fullmatch(name)
    if not found:
        return False
    dot = name.rfind(".")
    return name[dot:].lower() in _TEXT_SUFFIXES if dot >= 0 else True


def recognise_licence(text: str) -> str:
    """Return the SPDX name of a common licence from its text, or `unknown`."""
    folded = re.sub(r"[\s*#=_]+", " ", text.lower())
    places = {name: found.start() for name, mark in _MARKS.items() if (found := re.search(mark, folded))}
    if not places:
        return UNKNOWN
    first = min(places, key=lambda name: places[name])
    if first == "BSD":
        return "BSD-3-Clause" if "endorse or promote" in folded else "BSD-2-Clause"
    if first == "GPL-2.0-only" and "classpath" in folded and "exception" in folded:
        return "GPL-2.0-only WITH Classpath-exception-2.0"
    return first


def join_licences(files: dict[str, str]) -> str:
    """Return the licence of a folder from its licence files, by name, and what each holds.

    Files that are named for their licences (LICENSE-MIT, LICENSE-APACHE) leave a choice; of others all hold.
    """
    names = sorted(set(files.values()) - {UNKNOWN})
    choice = all(_ALTERNATIVE.fullmatch(file) for file in files)
    return (" OR " if choice else " AND ").join(names) or UNKNOWN


def licence_in_header(code: str) -> str | None:
    """Return the licence that a file's own first lines tell (SPDX-License-Identifier), or None."""
    found = _HEADER.search(code, 0, _HEADER_CHARACTERS)
    return found[1].strip() if found else None


def unwelcome_licence(expression: str, allowed: Collection[str]) -> str | None:
    """Return the first licence of an SPDX expression that an allow-list does not have, or None if it is let in.

    Of licences joined by OR one is enough; of those joined by AND all are needed. GPL-3.0 means GPL-3.0-only and
    GPL-3.0-or-later too.
    """
    welcome = {_folded(name) for name in allowed}
    missing = []
    for choice in expression.strip("() ").split(" OR "):
        outside = [name for part in choice.split(" AND ") if _folded(name := part.strip("() ")) not in welcome]
        if not outside:
            return None
        missing.append(outside[0])
    return missing[0]


def _folded(name: str) -> str:
    return name.lower().removesuffix("-only").removesuffix("-or-later")
