"""A programming problem, and the program that tests a completion of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from codelm.evaluation.execution import Program
from codelm.evaluation.problems import preludes

_GO_PACKAGE = re.compile(r"^package \w+$", re.MULTILINE)
_GO_IMPORT = re.compile(r'^import\s+(?:\(([^)]*)\)|("[^"\n]+"))', re.MULTILINE)
_QUOTED = re.compile(r'"([^"\n]+)"')
_LINE_COMMENT = re.compile(r"//.*")
_TESTIFY = "github.com/stretchr/testify/assert"

_JAVA_TUPLES = re.compile(r"^import org\.javatuples\..*\n", re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """A function to be written, and tests of it.

    Parameters
    ----------
    name
        Tells it from the others in its language.
    language
        Name of its language.
    prompt
        What the model continues: the beginning of the function.
    tests
        What follows the completion. It closes the function where the completion ends in front of its last brace.
    stop
        Texts at which a completion ends; it is cut in front of the first.
    reference
        A completion that is known to be right, or None.
    setup
        What the program has in front of the prompt.
    """

    name: str
    language: str
    prompt: str
    tests: str
    stop: tuple[str, ...] = ()
    reference: str | None = None
    setup: str = ""


def complete_program(problem: Problem, completion: str) -> Program:
    """Return the program that ends with exit code 0 if a completion passes the tests.

    It is one file, and needs its language's standard library alone: Go's testify and Java's javatuples are replaced by
    what the problems use of them.

    Parameters
    ----------
    problem
        The problem.
    completion
        What follows its prompt, already cut in front of the first stop text, as generation does.

    Notes
    -----
    A completion that itself ends the process with exit code 0 passes, as it does where MultiPL-E is evaluated.
    """
    text = f"{problem.setup}{problem.prompt}{completion}\n{problem.tests}"
    return Program(problem.language, _FINISH.get(problem.language, str)(text))


def _finish_java(text: str) -> str:
    """Give the classes of javatuples, which cannot be imported, to a program that would import them."""
    text, imports = _JAVA_TUPLES.subn("", text)
    return text + preludes.java_tuples(text) if imports else text


def _finish_go(text: str) -> str:
    """Make a test file a program, whose imports come first and are all used: Go takes no others."""
    imports = {path for match in _GO_IMPORT.finditer(text) for path in _QUOTED.findall(match[0])}
    if _TESTIFY in imports:
        imports = imports - {_TESTIFY} | {"reflect"}
        text += preludes.GO_ASSERT
    body = _GO_IMPORT.sub("", _GO_PACKAGE.sub("", text, count=1))
    code = _LINE_COMMENT.sub("", body)
    used = (path for path in sorted(imports) if re.search(rf"\b{path.rpartition('/')[2]}\.", code))
    return "package main\n\n" + "".join(f'import "{path}"\n' for path in used) + body


_FINISH: dict[str, Callable[[str], str]] = {"java": _finish_java, "go": _finish_go}
