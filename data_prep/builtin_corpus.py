"""The built-in corpus as a corpus folder: made on first use, and kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from codelm.errors import UserError
from data_prep.prepare import Preparation, prepare

VOCABULARY = 2048
VALIDATION_GROUPS = 50
"""As many as paper A's evaluation set has: 2,100 translations."""


def cache_folder() -> Path:
    """Return where built-in corpora are kept: ``$XDG_CACHE_HOME/codelm``, by default ``~/.cache/codelm``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "codelm"


def builtin_corpus(groups: int, extra_programs: Sequence[str] = (), seed: int = 0) -> Path:
    """Return the folder of a built-in corpus, preparing it if it is not there yet.

    Parameters
    ----------
    groups
        Groups to sample.
    extra_programs
        JSONL files with programs that join it.
    seed
        Seed of the programs, of the split and of the pairing.
    """
    preparation = Preparation(
        ("builtin", *extra_programs),
        vocab_size=VOCABULARY,
        validation_groups=min(VALIDATION_GROUPS, groups // 10),
        groups=groups,
        seed=seed,
        # Near copies stay: the built-in programs are alike by design.
        copies="exact",
    )
    folder = cache_folder() / f"builtin-{groups}-{_digest(preparation)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two runs that start together prepare it once.
    with FileLock(folder.with_name(folder.name + ".lock")):
        if not folder.exists():
            prepare(replace(preparation, out=folder))
    return folder


def _digest(preparation: Preparation) -> str:
    """Return a digest of all that the corpus depends on: the options, the generator's own code, the extra programs."""
    digest = hashlib.sha256(repr(preparation).encode())
    code = Path(__file__).parent
    for file in sorted(code.rglob("*.py")):
        digest.update(file.read_bytes())
    for name in preparation.inputs[1:]:
        file = Path(name)
        if not file.is_file():
            raise UserError(f"no such file: {file}")
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
