"""The one error that is meant for a user's eyes, and help in wording it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Something the user can mend; its message is one line that says what to do.

    The command-line tools print it without a traceback and exit with code 2.
    """


def unknown_name(kind: str, name: str, known: Iterable[str]) -> UserError:
    """Error for a name that does not exist: says which do, nearest first."""
    names = list(known)
    nearest = difflib.get_close_matches(name, names, n=len(names), cutoff=0.4)
    listed = nearest + [other for other in names if other not in nearest]
    return UserError(f"unknown {kind} {name!r}: choose from {', '.join(listed)}")
