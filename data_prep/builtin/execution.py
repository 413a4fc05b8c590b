"""Compiles and runs generated programs. There is no sandbox: only for programs that are trusted."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from codelm.errors import UserError

TIME_LIMIT = 60.0
"""Seconds that one program may run."""

_REPOSITORY = Path(__file__).parents[2]

Command = tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of one program.

    Parameters
    ----------
    compiled
        Whether it compiled without an error or a warning.
    output
        What it printed.
    error
        The compiler's message, or why it ended badly; empty for a program that ran to its end.
    """

    compiled: bool
    output: str = ""
    error: str = ""


@dataclass(frozen=True)
class _Toolchain:
    """How programs of a language are compiled and run: commands for a folder with one sub-folder per program.

    Parameters
    ----------
    file
        Name of a program's file.
    run
        Runs a program; ``{program}`` stands for its sub-folder in every command.
    together
        Commands that check or compile all programs at once: the last argument is repeated for each of them.
    each
        Commands that compile one program.
    header, footer
        What stands before and after a program's text, to keep its names apart from those of the others.
    files
        Text of further files by name.
    """

    file: str
    run: Command
    together: tuple[Command, ...] = ()
    each: tuple[Command, ...] = ()
    header: str = ""
    footer: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


_PARSE_JAVASCRIPT = """\
const { readFileSync } = require("fs");
const { Script } = require("vm");

for (const file of process.argv.slice(2)) {
  try {
    new Script(readFileSync(file, "utf8"), { filename: file });
  } catch (error) {
    console.error(error.stack.split("\\n    at ")[0]);
    process.exitCode = 1;
  }
}
"""

# Starting mcs takes longer than compiling with it: the programs are namespaces of one assembly.
_RUN_CSHARP = """\
using System;
using System.Reflection;

static class Runner
{
    static void Main(string[] arguments)
    {
        Type program = Type.GetType(arguments[0] + ".Program");
        program.GetMethod("Main", BindingFlags.NonPublic | BindingFlags.Static).Invoke(null, null);
    }
}
"""

# One file is a module of its own, so that 200 programs with a `main` each can be compiled in one go.
_TSC = (
    "tsc", "--strict", "--noUnusedLocals", "--noUnusedParameters", "--pretty", "false", "--target", "es2023",
    "--lib", "es2023,dom", "--types", "", "--module", "commonjs", "--moduleDetection", "force",
)  # fmt: skip

# These programs are over before optimised code would pay; a shared library saves 4 MB of standard library for each.
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
_RUSTC = (
    "rustc", "--edition", "2021", "--deny", "warnings", "-C", "debuginfo=0", "-C", "prefer-dynamic", "-C", "rpath",
)  # fmt: skip

_TOOLCHAINS = {
    "python": _Toolchain(
        "main.py",
        together=((sys.executable, "-W", "error", "-m", "py_compile", "{program}/main.py"),),
        run=(sys.executable, "-I", "{program}/main.py"),
    ),
    "java": _Toolchain(
        "Main.java",
        header="package {program}; ",
        together=(("javac", "-Xlint:all", "-Werror", "-proc:none", "-d", "classes", "{program}/Main.java"),),
        run=(*_JAVA, "-classpath", "classes", "{program}.Main"),
    ),
    "javascript": _Toolchain(
        "main.js",
        files={"parse.js": _PARSE_JAVASCRIPT},
        together=(("node", "parse.js", "{program}/main.js"),),
        run=("node", "{program}/main.js"),
    ),
    "typescript": _Toolchain(
        "main.ts",
        together=((*_TSC, "{program}/main.ts"),),
        run=("node", "{program}/main.js"),
    ),
    "csharp": _Toolchain(
        "Program.cs",
        header="namespace {program} { ",
        footer="}",
        files={"Runner.cs": _RUN_CSHARP},
        together=(("mcs", "-warn:4", "-warnaserror", "-main:Runner", "Runner.cs", "{program}/Program.cs"),),
        run=("mono", "Runner.exe", "{program}"),
    ),
    "go": _Toolchain(
        "main.go",
        files={"go.mod": "module programs\n\ngo 1.22\n"},
        together=(
            ("gofmt", "-d", "{program}/main.go"),
            ("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", "bin/", "./{program}"),
        ),
        run=("bin/{program}",),
    ),
    "rust": _Toolchain(
        "main.rs",
        each=((*_RUSTC, "-o", "{program}/main", "{program}/main.rs"),),
        run=("{program}/main",),
    ),
}

_NAME = "program{:04}"
_NAMED = re.compile(r"\bprogram\d{4,}\b")


def check_tools(language: str) -> None:
    """Raise a UserError if a compiler or an interpreter that a language needs is not installed."""
    toolchain = _TOOLCHAINS[language]
    for command in (*toolchain.together, *toolchain.each, toolchain.run):
        _find(command[0])


def run_programs(language: str, sources: Sequence[str], folder: Path) -> list[Outcome]:
    """Compile and run programs of one language.

    Parameters
    ----------
    language
        One of the seven languages.
    sources
        Source texts, one whole program each. They run with the rights of this process.
    folder
        An empty folder to work in; it is left as it is in the end.

    Raises
    ------
    UserError
        If a compiler or an interpreter that the language needs is not installed.
    """
    check_tools(language)
    toolchain = _TOOLCHAINS[language]
    programs = [_NAME.format(number) for number in range(len(sources))]
    _write(toolchain, dict(zip(programs, sources, strict=True)), folder)
    refused: dict[str, str] = {}
    for command in toolchain.together:
        refused |= _compile_together(command, [name for name in programs if name not in refused], folder)
    for command in toolchain.each:
        refused |= _compile_each(command, [name for name in programs if name not in refused], folder)
    ran = _run(toolchain.run, [name for name in programs if name not in refused], folder)
    return [ran[name] if name in ran else Outcome(False, error=refused[name]) for name in programs]


def _write(toolchain: _Toolchain, sources: Mapping[str, str], folder: Path) -> None:
    for name, text in toolchain.files.items():
        (folder / name).write_text(text)
    for name, source in sources.items():
        (folder / name).mkdir()
        text = toolchain.header.replace("{program}", name) + source + toolchain.footer
        (folder / name / toolchain.file).write_text(text)


def _compile_together(command: Command, programs: Sequence[str], folder: Path) -> dict[str, str]:
    """Return what the compiler says about each program that it refuses."""
    *fixed, repeated = command
    refused: dict[str, str] = {}
    # A compiler may leave out the others once it has found bad ones, so it is asked again without those.
    while remaining := [name for name in programs if name not in refused]:
        result = _execute((*fixed, *(repeated.replace("{program}", name) for name in remaining)), folder)
        output = result.stdout + result.stderr
        messages = {name: message for name, message in _by_program(output).items() if name in remaining}
        if not messages and result.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {output}")
        if not messages:
            break
        refused |= messages
    return refused


def _by_program(text: str) -> dict[str, str]:
    """Split a compiler's output by the program that it speaks of; a line without one goes with the line before."""
    messages: dict[str, str] = {}
    name = None
    for line in text.splitlines(keepends=True):
        if found := _NAMED.search(line):
            name = found[0]
        if name is not None:
            messages[name] = messages.get(name, "") + line
    return messages


def _compile_each(command: Command, programs: Sequence[str], folder: Path) -> dict[str, str]:
    results = _execute_each(command, programs, folder)
    return {name: result.stdout + result.stderr for name, result in results.items() if result.returncode != 0}


def _run(command: Command, programs: Sequence[str], folder: Path) -> dict[str, Outcome]:
    return {
        name: Outcome(True, result.stdout, _ending(result))
        for name, result in _execute_each(command, programs, folder).items()
    }


def _ending(result: subprocess.CompletedProcess[str]) -> str:
    """Return why a program ended badly, or nothing."""
    return "" if result.returncode == 0 else result.stderr or f"ended with exit code {result.returncode}"


def _execute_each(
    command: Command, programs: Sequence[str], folder: Path
) -> dict[str, subprocess.CompletedProcess[str]]:
    commands = [tuple(part.replace("{program}", name) for part in command) for name in programs]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(programs, pool.map(lambda each: _execute(each, folder, TIME_LIMIT), commands), strict=True))


def _execute(command: Command, folder: Path, time_limit: float | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder; one that exceeds the limit counts as failed."""
    arguments = [_find(command[0]), *command[1:]]
    # Go shall neither fetch another Go nor look for a workspace around the folder.
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOWORK": "off"}
    try:
        result = subprocess.run(
            arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=time_limit
        )
    except subprocess.TimeoutExpired as expired:
        printed = (expired.stdout or b"").decode(errors="replace")
        return subprocess.CompletedProcess(arguments, 1, printed, f"stopped after {time_limit:g} seconds")
    output, messages = (text.decode(errors="replace") for text in (result.stdout, result.stderr))
    return subprocess.CompletedProcess(arguments, result.returncode, output, messages)


def _find(tool: str) -> str:
    """Return the path of a tool; like a shell, take a name with a slash as a path already."""
    if "/" in tool:
        return tool
    # The pinned versions of the environment and of `make toolchains` go before whatever the system has.
    folders = [Path(sys.executable).parent, _REPOSITORY / ".toolchains/node_modules/.bin", *os.get_exec_path()]
    found = shutil.which(tool, path=os.pathsep.join(str(folder) for folder in folders))
    if found is None and tool == "gofmt":
        # The package index's Go has it beside its compiler, not on the path.
        root = _execute(("go", "env", "GOROOT"), Path.cwd()).stdout.strip()
        found = shutil.which(tool, path=f"{root}/bin")
    if found is None:
        raise UserError(f"{tool} is not installed: run `make toolchains`, which brings what runs the seven languages")
    return found
