"""Compiles programs, many together where that is faster, and remembers what came of them."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from codelm.evaluation.execution.sandbox import GIB, MIB, Ended, Limits, Sandbox
from codelm.evaluation.execution.toolchains import Toolchain

CACHE_BYTES = 2 * GIB
"""Size to which the cache is cut back."""

_MESSAGE_LENGTH = 2000
_RECENT = 3600.0
_SIGNALS = 128
_ERRORS = "errors.txt"
_WORK = "work-"


@dataclass(frozen=True)
class Compiled:
    """What came of compiling a program.

    Parameters
    ----------
    folder
        Where the compiled program is; None if it was refused.
    message
        What the compiler said of a program that it refused.
    certain
        Whether it spoke of the program's text. If not, something else may have gone wrong.
    """

    folder: Path | None
    message: str = ""
    certain: bool = True


class CompileCache:
    """A folder of compiled programs and of compilers' complaints, by the content that they came from.

    Any number of processes may use it at once: an entry appears whole, by renaming, and is never changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._grown = False

    def find(self, key: str) -> Compiled | None:
        """Return what is known of a program."""
        entry = self._entry(key)
        try:
            os.utime(entry)
            errors = entry / _ERRORS
            return Compiled(None, errors.read_text(encoding="utf-8")) if errors.exists() else Compiled(entry / "out")
        except FileNotFoundError:
            return None

    def keep(self, key: str, folder: Path, message: str) -> Compiled:
        """Take over the folder of a program that was compiled to ``out``, or was refused with a message."""
        if message:
            shutil.rmtree(folder / "out")
            (folder / _ERRORS).write_text(message, encoding="utf-8")
        folder.chmod(0o755)
        entry = self._entry(key)
        entry.parent.mkdir(exist_ok=True)
        try:
            folder.rename(entry)
        except OSError:
            if not entry.exists():
                raise
            # Another process was faster: its entry is the same.
        self._grown = True
        return Compiled(None, message) if message else Compiled(entry / "out")

    def work_folder(self) -> tempfile.TemporaryDirectory[str]:
        """Return a new folder, from which folders can be taken over."""
        return tempfile.TemporaryDirectory(prefix=_WORK, dir=self.folder, ignore_cleanup_errors=True)

    def prune(self) -> None:
        """Cut the cache back, if it has grown: what was not used for longest goes first."""
        if not self._grown:
            return
        room = CACHE_BYTES
        for used, size, entry in sorted(self._entries(), reverse=True):
            room -= size
            # Others may be running what was used lately.
            if room < 0 and used < time.time() - _RECENT:
                shutil.rmtree(entry, ignore_errors=True)

    def _entry(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _entries(self) -> Iterable[tuple[float, int, Path]]:
        # A process that was killed has left its work folder.
        for entry in (*self.folder.glob("??/*"), *self.folder.glob(f"{_WORK}*")):
            try:
                size = sum(file.stat().st_size for file in entry.rglob("*"))
                yield entry.stat().st_mtime, size, entry
            except FileNotFoundError:
                continue  # another process cuts it back, too


@dataclass(frozen=True)
class _Outcome:
    """What the compiler says of a program, nothing if it is content, and whether it speaks of the program's text."""

    message: str = ""
    certain: bool = True


class Compiler:
    """Compiles programs of one language in a sandbox."""

    def __init__(self, toolchain: Toolchain, sandbox: Sandbox, cache: CompileCache, limits: Limits) -> None:
        self._toolchain = toolchain
        self._sandbox = sandbox
        self._cache = cache
        # A compiler's needs do not follow from the program's.
        self._limits = replace(
            limits,
            cpu_seconds=limits.compile_seconds * (os.cpu_count() or 1),  # some compile on every core
            wall_seconds=limits.compile_seconds,
            memory_bytes=max(limits.memory_bytes, 2 * GIB),
            processes=max(limits.processes, 256),
            output_bytes=16 * MIB,
            scratch_bytes=256 * MIB,
        )

    def compile(self, texts: Iterable[str], *, fresh: bool = False) -> dict[str, Compiled]:
        """Compile programs, or find what came of them before (unless `fresh`)."""
        keys = {text: self._key(text) for text in texts}
        known = {} if fresh else {text: self._cache.find(key) for text, key in keys.items()}
        compiled = {text: found for text, found in known.items() if found is not None}
        unknown = [text for text in keys if text not in compiled]
        if unknown:
            with self._cache.work_folder() as work:
                # A name that others cannot guess, so that none of them can speak of it, or to it.
                named = {secrets.token_hex(8): text for text in unknown}
                for name, outcome in self._compile(named, Path(work)).items():
                    text = named[name]
                    if outcome.certain:
                        compiled[text] = self._cache.keep(keys[text], Path(work) / name, outcome.message)
                    else:
                        compiled[text] = Compiled(None, outcome.message, certain=False)
        return compiled

    def _key(self, text: str) -> str:
        return hashlib.sha256(self._toolchain.identity.encode() + b"\0" + _encode(text)).hexdigest()

    def _compile(self, named: Mapping[str, str], work: Path) -> dict[str, _Outcome]:
        for name, text in self._toolchain.files.items():
            (work / name).write_text(text)
        for name, text in named.items():
            (work / name).mkdir()
            (work / name / self._toolchain.source).write_bytes(_encode(text))
            for beside, content in self._toolchain.beside.items():
                (work / name / beside).write_text(content)
        # Root's sandbox has users of its own.
        for folder in (work, *(work / name for name in named)):
            folder.chmod(0o777)
        self._toolchain.prepare(named.values())
        if self._toolchain.together:
            return self._compile_together(list(named), work)
        return {name: self._compile_alone(name, work) for name in named}

    def _compile_together(self, names: Sequence[str], work: Path) -> dict[str, _Outcome]:
        if len(names) == 1:
            return {names[0]: self._compile_alone(names[0], work)}
        for name in names:
            _make_empty(work / name / "out")
        *before, (*fixed, repeated) = self._toolchain.compile
        for command in before:
            self._run(command, work)
        ended = self._run((*fixed, *(repeated.replace("{name}", name) for name in names)), work)
        messages = _by_name(_said(ended), names)
        decided = {name: _Outcome(message) for name, message in messages.items() if self._is_diagnosis(message)}
        if not ended.exceeded and ended.code < _SIGNALS:
            decided |= {name: _Outcome() for name in names if name not in messages and self._has_artifact(name, work)}
        # If one of the others has brought the compiler down, or kept it busy, it has to be told from the rest.
        others = [name for name in names if name not in decided]
        half = len(others) // 2 if len(others) == len(names) else len(others)
        for part in (others[:half], others[half:]):
            if part:
                decided |= self._compile_together(part, work)
        return decided

    def _compile_alone(self, name: str, work: Path) -> _Outcome:
        _make_empty(work / name / "out")
        for command in self._toolchain.compile:
            ended = self._run(tuple(part.replace("{name}", name) for part in command), work)
            said = shorten(_said(ended).replace(f"{name}/", "").strip())
            if ended.exceeded:
                return _Outcome(f"the compiler {ended.exceeded.message}", certain=False)
            if ended.code != 0 or (self._toolchain.strict and said):
                message = said or f"the compiler ended with exit code {ended.code}"
                return _Outcome(message, certain=self._is_diagnosis(said))
        if not self._has_artifact(name, work):
            message = said or f"the compiler left no {self._toolchain.artifact}"
            return _Outcome(message, certain=not said or self._is_diagnosis(said))
        return _Outcome()

    def _is_diagnosis(self, message: str) -> bool:
        """Whether a message speaks of a place in the program, and not of a full disk or the like."""
        return re.search(rf"{re.escape(self._toolchain.source)}[:(]\d", message) is not None

    def _run(self, command: Sequence[str], work: Path) -> Ended:
        return self._sandbox.run(command, self._limits, work, writable=True)

    def _has_artifact(self, name: str, work: Path) -> bool:
        return (work / name / "out" / self._toolchain.artifact).exists()


def shorten(message: str) -> str:
    """Cut a message that is long in the middle."""
    if len(message) <= _MESSAGE_LENGTH:
        return message
    half = _MESSAGE_LENGTH // 2
    return f"{message[:half]}\n...\n{message[-half:]}"


def _make_empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.chmod(0o777)


def _encode(text: str) -> bytes:
    """Bytes of any text: half of a surrogate pair becomes the invalid bytes that a compiler complains of."""
    return text.encode(errors="surrogatepass")


def _said(ended: Ended) -> str:
    return (ended.output + ended.errors).decode(errors="replace")


def _by_name(text: str, names: Sequence[str]) -> dict[str, str]:
    """Split a compiler's output by the program that it speaks of; a line without a name goes with the line before."""
    named = re.compile("|".join(names))
    messages: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        if found := named.search(line):
            name = found[0]
        if name:
            messages[name] = messages.get(name, "") + line.replace(f"{name}/", "")
    return {name: shorten(message.strip()) for name, message in messages.items()}
