"""The two layouts of problem sets: what a row of each is as a problem."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from codelm.errors import UserError, unknown_name
from codelm.evaluation.problems import preludes
from codelm.evaluation.problems.problem import Problem

Row = Mapping[str, Any]

_GO_TEST = re.compile(r"^func (Test\w*)\(", re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """How the rows of a problem set are laid out.

    Parameters
    ----------
    title
        Name of the set that it comes from.
    fields
        Fields of its rows in every language.
    problem
        Makes a row a problem; a UserError says what is wrong with the row.
    """

    title: str
    fields: tuple[str, ...]
    problem: Callable[[Row], Problem]


def recognise(row: Row) -> Layout:
    """Return the layout that a row is in, even if it lacks one of its fields.

    Raises
    ------
    UserError
        If it is in neither.
    """
    layout = max(LAYOUTS, key=lambda layout: len(row.keys() & set(layout.fields)))
    # One that has lost a field is still told by the others.
    if len(row.keys() & set(layout.fields)) < len(layout.fields) - 1:
        known = " nor ".join(f"{layout.title} ({', '.join(layout.fields)})" for layout in LAYOUTS)
        raise UserError(f"its fields are those of neither {known}")
    return layout


# MultiPL-E (https://github.com/nuprl/MultiPL-E): a completion is cut at `stop_tokens`; `tests` follow, and close the
# function where that removes its end.

_MULTIPL_E_CODES = {
    "py": "python",
    "java": "java",
    "js": "javascript",
    "ts": "typescript",
    "cs": "csharp",
    "go": "go",
    "go_test.go": "go",
    "rs": "rust",
}

# Lists and dictionaries of C# are equal only to themselves: no completion would pass (MultiPL-E's issue 71).
_CSHARP_EQUALS = re.compile(r"Debug\.Assert\((.+)\.Equals\((.+)\)\);")


def _multipl_e(row: Row) -> Problem:
    code = _text(row, "language")
    if code not in _MULTIPL_E_CODES:
        raise unknown_name("language", code, _MULTIPL_E_CODES)
    language = _MULTIPL_E_CODES[code]
    tests = _text(row, "tests")
    if language == "java":
        tests += preludes.JAVA_MAIN
    elif language == "csharp":
        tests = _CSHARP_EQUALS.sub(r"Debug.AssertEqual(\1, \2);", tests) + preludes.CSHARP_DEBUG
    elif language == "go":
        tests += preludes.go_main(_test_names(_GO_TEST, tests))
    return Problem(_text(row, "name"), language, _text(row, "prompt"), tests, _stop(row))


def _stop(row: Row) -> tuple[str, ...]:
    stop = row.get("stop_tokens")
    if not isinstance(stop, list) or not all(isinstance(text, str) and text for text in stop):
        raise UserError("no list of texts in the field 'stop_tokens'")
    return tuple(stop)


# HumanEval-X (https://github.com/THUDM/CodeGeeX): the program is put together as by its `evaluate_humaneval_x.py`. That
# ends a completion with the function: in Python in front of the first line that is not indented, in the others at the
# brace that closes it. Here the stop text is that brace at its usual place, and the tests bring it back.

_HUMANEVAL_X_CODES = {"Python": "python", "Java": "java", "JavaScript": "javascript", "Go": "go", "Rust": "rust"}

_UNINDENTED = tuple("\n" + first for first in string.ascii_letters + "_@#\"'")

# What it lets a completion use without importing it; it has numpy, too, which no reference needs.
_PYTHON_IMPORTS = """\
import math
import re
import sys
import copy
import datetime
import itertools
import collections
import heapq
import statistics
import functools
import hashlib
import string
from typing import *
from collections import *
"""
_GO_PACKAGES = ("bytes", "crypto/md5", "fmt", "math", "math/rand", "regexp", "sort", "strconv", "strings", "time")
_GO_IMPORTS = "".join(f'import "{package}"\n' for package in _GO_PACKAGES)

_RUST_CRATE = re.compile(r"^use (?!(?:std|core|alloc|crate|self|super)\b).*\n", re.MULTILINE)
_RUST_TEST = re.compile(r"#\[test\](?:\s|//.*)*fn\s+(\w+)")


def _humaneval_x(row: Row) -> Problem:
    name = _text(row, "task_id")
    code = name.partition("/")[0]
    if code not in _HUMANEVAL_X_CODES:
        raise unknown_name("language", code, _HUMANEVAL_X_CODES)
    language = _HUMANEVAL_X_CODES[code]
    prompt, tests, reference = (_text(row, field) for field in ("prompt", "test", "canonical_solution"))
    setup, closing = "", "}\n"
    stop: tuple[str, ...] = ("\n}",)
    if language == "python":
        setup, closing, stop = _PYTHON_IMPORTS, "", _UNINDENTED
    elif language == "java":
        closing, stop = "    }\n}\n", ("\n    }",)
    elif language == "javascript":
        tests = preludes.JAVASCRIPT_ASSERT + tests
    elif language == "go":
        setup = _text(row, "test_setup") + _GO_IMPORTS
        tests += preludes.go_main(_test_names(_GO_TEST, tests))
    elif language == "rust":
        # The model is not offered crates that are not there.
        prompt = _RUST_CRATE.sub("", _text(row, "declaration")) + prompt
        main = preludes.rust_main(_test_names(_RUST_TEST, tests))
        tests = tests.replace("#[cfg(test)]", "").replace("#[test]", "pub") + main
    return Problem(name, language, prompt, closing + tests, stop, _without_end(reference, closing), setup)


def _without_end(reference: str, closing: str) -> str:
    """Return a reference without the braces at its end that come with the tests."""
    for _ in range(closing.count("}")):
        reference = reference.rstrip().removesuffix("}")
    return reference


def _test_names(function: re.Pattern[str], tests: str) -> list[str]:
    names = function.findall(tests)
    if not names:
        # It would pass whatever the completion does.
        raise UserError("no test function among its tests")
    return names


def _text(row: Row, field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise UserError(f"no text in the field {field!r}")
    return value


LAYOUTS = (
    Layout("MultiPL-E", ("name", "language", "prompt", "tests", "stop_tokens"), _multipl_e),
    Layout("HumanEval-X", ("task_id", "prompt", "canonical_solution", "test"), _humaneval_x),
)
"""The layouts that are known."""
