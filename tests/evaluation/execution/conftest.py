"""What runs programs in tests. Without its toolchain a test is skipped, but in continuous integration it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from codelm.errors import UserError
from codelm.evaluation.execution import Executor, Limits
from codelm.languages import LANGUAGES

LIMITS = Limits(cpu_seconds=1.0, wall_seconds=20.0, memory_bytes=512 * 2**20, processes=64)


@pytest.fixture(scope="session")
def executor() -> Iterator[Executor]:
    """Runs all seven languages, or those that can be run here, within tight limits."""
    try:
        opened = Executor(LANGUAGES, limits=LIMITS)
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    assert not (os.environ.get("CI") and opened.unavailable), opened.unavailable
    with opened:
        yield opened


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, executor: Executor) -> str:
    """A language that can be run here."""
    name: str = request.param
    if name in executor.unavailable:
        pytest.skip(executor.unavailable[name])
    return name
