"""Packages of Go's standard library, compiled as programs need them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from codelm.errors import UserError

_QUOTED = re.compile(r'["`]([\w/]+)["`]')


class GoPackages:
    """Compiled packages in a folder to which no program's compiler writes, since all programs are built on them.

    Go comes without compiled packages: to compile them all takes a minute, those of most programs a few seconds.

    Parameters
    ----------
    go
        The `go` command.
    folder
        Where to keep them; any number of processes may share it.
    """

    def __init__(self, go: Path, folder: Path) -> None:
        self.folder = folder
        self._go = go
        self._names = frozenset(self._list("std"))
        self._compiled = frozenset[str]()
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def listing(self) -> Path:
        """File that tells the compiler and the linker where each package is."""
        return self.folder / "importcfg"

    def compile_for(self, texts: Iterable[str]) -> None:
        """Compile the packages that programs import, and those below them, unless they are there already."""
        # Whatever is quoted like a package's name may be an import; that of `runtime` goes without saying.
        quoted = {name for text in texts for name in _QUOTED.findall(text)}
        wanted = (quoted | {"runtime"}) & self._names
        if wanted <= self._compiled:
            return
        with FileLock(f"{self.folder}.lock"):
            names = self.folder / "packages"
            known = set(names.read_text().split()) if self._is_whole() else set[str]()
            if not wanted <= known:
                known |= wanted
                packages = self._list(
                    "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}", *known
                )
                _replace(names, known)
                _replace(self.listing, (f"packagefile {package}" for package in packages))
        self._compiled = frozenset(known)

    def _is_whole(self) -> bool:
        """Whether every package that is listed is there: a cache folder may be cleaned."""
        if not self.listing.exists():
            return False
        return all(Path(line.partition("=")[2]).exists() for line in self.listing.read_text().splitlines())

    def _list(self, *arguments: str) -> list[str]:
        settings = {"GOCACHE": str(self.folder), "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
        return tool_output(self._go, "list", *arguments, **settings).split()


def tool_output(tool: str | Path, *arguments: str, **environment: str) -> str:
    """Return what a tool prints; a UserError says why it does not work."""
    # Go shall not fetch another Go.
    variables = os.environ | {"GOTOOLCHAIN": "local"} | environment
    ended = subprocess.run((tool, *arguments), env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != 0:
        raise UserError(f"{tool} does not work: {' '.join(ended.stderr.split())[:200]}")
    return ended.stdout


def _replace(file: Path, lines: Iterable[str]) -> None:
    """Write a file so that others see the old one or the new one, whole."""
    new = file.with_suffix(".new")
    new.write_text("".join(f"{line}\n" for line in lines))
    new.rename(file)
