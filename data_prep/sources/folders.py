"""Programs from source trees: folders, git checkouts, and git repositories without a work tree."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, NamedTuple, Protocol

from codelm.errors import UserError
from codelm.languages import get_language, registered_languages
from data_prep.sources.licences import UNKNOWN, is_licence_file, join_licences, licence_in_header, recognise_licence
from data_prep.sources.options import SourceOptions
from data_prep.sources.parallel import stem_group
from data_prep.sources.programs import EncodingError, SourceProgram, count_dropped, decode, too_large

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from data_prep.dropped import Dropped

FILES_PER_UNIT = 1000

Parts = tuple[str, ...]
"""A path inside a tree, by its parts."""

# The kinds of text are paper B's (arXiv 2408.10914): its ten markup languages, and notebooks as code-adjacent text.
_MARKUP = (".md", ".yaml", ".yml", ".json", ".html", ".css", ".scss", ".rst", ".toml", ".sass", ".rmd")
_KINDS = {
    **dict.fromkeys(_MARKUP, "markup"),
    ".ipynb": "adjacent",
    ".txt": "text",
}
_NOTEBOOK = ".ipynb"
_NOTEBOOK_FACTOR = 16
"""A notebook's file is as many times larger than its text, at most: pictures lie in it."""

_NOT_LISTED = {".git", ".hg", ".svn"}
_VENDORED_FOLDERS = {
    "node_modules", "bower_components", "vendor", "third_party", "dist", "build", "site-packages", ".venv",
}  # fmt: skip
_GENERATED_ENDINGS = (".min.js", ".min.css", ".pb.go", "_pb2.py", "_pb2_grpc.py", ".designer.cs", ".g.cs", ".g.i.cs")
_GENERATED_NAMES = {
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "composer.lock", "packages.lock.json", "yarn.lock",
    "requirements.txt", "cmakelists.txt",
}  # fmt: skip
"""Lock files, and what is written for tools: no text that anybody reads."""

_LICENCE_BYTES = 100_000


# --- trees, on disk and in git


class Entry(NamedTuple):
    """What lies in a folder."""

    name: str
    kind: Literal["file", "folder", "link"]
    key: str
    """How the tree finds it: its path on disk, or its object's name in git."""


class Reader(Protocol):
    """Reads a tree."""

    @property
    def root(self) -> str:
        """Key of the outermost folder."""

    def entries(self, key: str) -> list[Entry]:
        """Return what lies in a folder, in any order; an OSError if it cannot be read."""

    def size(self, key: str) -> int:
        """Return the bytes of a file."""

    def read(self, key: str, limit: int) -> bytes | None:
        """Return a file's content, or None if it has more than `limit` bytes."""


class Tree(Protocol):
    """A tree of files."""

    def open(self) -> AbstractContextManager[Reader]:
        """Return a reader, for the time of a with statement."""


@dataclass(frozen=True)
class DiskTree:
    """A folder on disk.

    Links to files are followed, links to folders are not: a walk through them might never end.
    """

    root: str

    def open(self) -> AbstractContextManager[Reader]:
        """Return a reader."""
        return nullcontext(self)

    def entries(self, key: str) -> list[Entry]:
        """Return the files, folders and links of a folder; sockets, pipes and devices are none of ours."""
        with os.scandir(key) as found:
            entries = [(entry, _kind(entry)) for entry in found]
        return [Entry(entry.name, kind, entry.path) for entry, kind in entries if kind is not None]

    def size(self, key: str) -> int:
        """Return the bytes of a file."""
        return os.stat(key).st_size

    def read(self, key: str, limit: int) -> bytes | None:
        """Return a file's content, or None if it has more than `limit` bytes."""
        with open(key, "rb") as file:
            data = file.read(limit + 1)
        return data if len(data) <= limit else None


def _kind(entry: os.DirEntry[str]) -> Literal["file", "folder", "link"] | None:
    try:
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        if entry.is_file():
            return "file"
    except OSError:
        pass  # a link that leads nowhere, or in a circle
    return "link" if entry.is_symlink() else None


@dataclass(frozen=True)
class GitTree:
    """The files of a commit, out of a repository that need not have a work tree.

    Parameters
    ----------
    repository
        Its git folder.
    tree
        Name of the commit's tree object.
    """

    repository: str
    tree: str

    @classmethod
    def at_head(cls, repository: Path) -> GitTree:
        """Return the tree of the commit that HEAD names."""
        return cls(str(repository), _git(repository, "rev-parse", "--verify", "--quiet", "HEAD^{tree}"))

    def open(self) -> AbstractContextManager[Reader]:
        """Return a reader, which has two git processes while it is open."""
        return _GitReader(self)


class _GitReader(ExitStack):
    def __init__(self, tree: GitTree) -> None:
        super().__init__()
        self.root = tree.tree
        self._repository = tree.repository
        self._requests: dict[str, subprocess.Popen[bytes]] = {}

    def entries(self, key: str) -> list[Entry]:
        data = self._object(key, None)
        assert data is not None
        entries = []
        name_bytes = len(key) // 2
        place = 0
        while place < len(data):
            header = data.index(b"\0", place)
            mode, _, name = data[place:header].partition(b" ")
            place = header + 1 + name_bytes
            kind = _GIT_KINDS.get(mode[:2])
            if kind is not None:
                entries.append(Entry(os.fsdecode(name), kind, data[header + 1 : place].hex()))
        return entries

    def size(self, key: str) -> int:
        answer, _ = self._ask("--batch-check", key)
        return int(answer[2])

    def read(self, key: str, limit: int) -> bytes | None:
        return self._object(key, limit)

    def _object(self, key: str, limit: int | None) -> bytes | None:
        answer, output = self._ask("--batch", key)
        size = int(answer[2])
        if limit is None or size <= limit:
            data = output.read(size + 1)
            return data[:-1]
        left = size + 1
        while left:
            left -= len(output.read(min(left, 1 << 20)))
        return None

    def _ask(self, mode: str, key: str) -> tuple[list[bytes], IO[bytes]]:
        if mode not in self._requests:
            command = ["git", "--git-dir", self._repository, "cat-file", mode]
            # Out of a partial clone git would otherwise fetch what is missing, by the repository's own settings.
            environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
            pipe = subprocess.PIPE
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment)
            self._requests[mode] = self.enter_context(process)
            self.callback(process.stdin.close)  # type: ignore[union-attr]
        process = self._requests[mode]
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(key.encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline().split()
        if len(answer) != 3:
            raise UserError(f"{self._repository} is not whole: git finds no object {key} (try git fsck)")
        return answer, process.stdout


_GIT_KINDS: dict[bytes, Literal["file", "folder", "link"]] = {b"10": "file", b"40": "folder", b"12": "link"}


def _git(repository: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "--git-dir", str(repository), *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        raise UserError(f"git is needed to read {repository}: install it") from None
    if done.returncode:
        why = " ".join(done.stderr.split()) or "it has no commit"
        raise UserError(f"cannot read the git repository {repository}: {why}")
    return done.stdout.strip()


def git_folder(folder: Path) -> Path | None:
    """Return the git folder of a repository without files beside it: a bare one, or a clone without a checkout."""
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
        return folder
    inner = folder / ".git"
    if inner.is_dir() and len(os.listdir(folder)) == 1:
        return inner
    return None


# --- the walk


class Found(NamedTuple):
    """A file that may hold a program."""

    path: Parts
    key: str
    language: str
    licence: str
    """Of the nearest folder that has one."""


class _Rules(NamedTuple):
    """Patterns of a folder and of those above, the nearest last: each with its folder's depth."""

    ignored: tuple[tuple[int, GitIgnoreSpec], ...] = ()
    generated: tuple[tuple[int, GitIgnoreSpec], ...] = ()
    licence: str = UNKNOWN


@dataclass(frozen=True)
class _Walk:
    """A walk over the files between two paths of a tree, in the order of their paths."""

    reader: Reader
    first: Parts
    last: Parts | None
    dropped: Dropped | None
    languages: dict[str, str]

    def folder(self, path: Parts, key: str, rules: _Rules) -> Iterator[Found]:
        try:
            entries = self.reader.entries(key)
        except OSError:
            self._count("unreadable folder", path)
            return
        rules = _rules_of(entries, len(path), self.reader, rules)
        for entry in sorted(entries):
            inner = (*path, entry.name)
            if entry.kind == "folder":
                if self._reaches_into(inner) and entry.name not in _NOT_LISTED:
                    reason = _folder_objection(inner, rules)
                    if reason is None:
                        yield from self.folder(inner, entry.key, rules)
                    else:
                        self._count(reason, inner)
            elif self._holds(inner):
                if entry.kind == "link":
                    self._count("link to a folder, or to nothing", inner)
                    continue
                language = self.languages.get(_suffix(entry.name))
                if language is None or is_licence_file(entry.name):
                    continue
                reason = _file_objection(inner, rules)
                if reason is None:
                    yield Found(inner, entry.key, language, rules.licence)
                else:
                    self._count(reason, inner, language)

    def _holds(self, path: Parts) -> bool:
        return self.first <= path and (self.last is None or path < self.last)

    def _reaches_into(self, folder: Parts) -> bool:
        depth = len(folder)
        return folder >= self.first[:depth] and (self.last is None or folder <= self.last[:depth])

    def _count(self, reason: str, path: Parts, language: str = "") -> None:
        if self._holds(path):
            count_dropped(self.dropped, reason, language, place=printable(path))


def walk(
    reader: Reader, first: Parts = (), last: Parts | None = None, dropped: Dropped | None = None
) -> Iterator[Found]:
    """Yield the files of a tree that may hold programs, in the order of their paths.

    What ``.gitignore`` ignores is left out, and so is what is generated or vendored: by the names of files and folders,
    and by ``linguist-generated`` and ``linguist-vendored`` in ``.gitattributes``.

    Parameters
    ----------
    reader
        The tree.
    first, last
        The files between these paths: from the first, up to the second.
    dropped
        Counts what is left out.
    """
    languages = dict(_KINDS)
    for name in registered_languages():
        languages.update(dict.fromkeys(get_language(name).suffixes, name))
    yield from _Walk(reader, first, last, dropped, languages).folder((), reader.root, _Rules())


def printable(path: Parts) -> str:
    """Return a path as text, whatever bytes its names have."""
    return os.fsencode("/".join(path)).decode("utf-8", "replace")


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _folder_objection(path: Parts, rules: _Rules) -> str | None:
    if path[-1].lower() in _VENDORED_FOLDERS:
        return "folder of vendored or generated files"
    return "ignored by git" if _decided(path, rules.ignored, "/") else None


def _file_objection(path: Parts, rules: _Rules) -> str | None:
    name = path[-1].lower()
    if name in _GENERATED_NAMES or name.endswith(_GENERATED_ENDINGS) or _decided(path, rules.generated):
        return "generated or vendored"
    return "ignored by git" if _decided(path, rules.ignored) else None


def _decided(path: Parts, specs: tuple[tuple[int, GitIgnoreSpec], ...], ending: str = "") -> bool:
    """Whether patterns choose a path; of several folders' patterns the nearest that say anything count."""
    for depth, spec in reversed(specs):
        verdict = spec.check_file("/".join(path[depth:]) + ending).include
        if verdict is not None:
            return verdict
    return False


def _rules_of(entries: Sequence[Entry], depth: int, reader: Reader, above: _Rules) -> _Rules:
    """Return the rules of a folder: those of the folders above, and its own."""
    rules = above
    licences = {}
    for entry in entries:
        if entry.kind != "file":
            continue
        if entry.name == ".gitignore":
            patterns = _ignored_patterns(_text(reader, entry).splitlines())
            rules = rules._replace(ignored=(*rules.ignored, (depth, _spec(patterns))))
        elif entry.name == ".gitattributes":
            patterns = _generated_patterns(_text(reader, entry).splitlines())
            rules = rules._replace(generated=(*rules.generated, (depth, _spec(patterns))))
        elif is_licence_file(entry.name):
            licences[entry.name] = recognise_licence(_text(reader, entry))
    if licences:
        rules = rules._replace(licence=join_licences(licences))
    return rules


def _text(reader: Reader, entry: Entry) -> str:
    try:
        return (reader.read(entry.key, _LICENCE_BYTES) or b"").decode("utf-8", "replace")
    except OSError:
        return ""


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore import GitIgnorePatternError

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except GitIgnorePatternError:
        return GitIgnoreSpec.from_lines(pattern for pattern in patterns if _is_pattern(pattern))


def _is_pattern(pattern: str) -> bool:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore import GitIgnorePatternError

    try:
        GitIgnoreSpec.from_lines([pattern])
    except GitIgnorePatternError:
        return False
    return True


def _ignored_patterns(lines: Sequence[str]) -> list[str]:
    """Return the patterns of a .gitignore; to git `logs/**` means what lies in the folder, to pathspec itself too."""
    return [line[:-1] if line.endswith("/**") and not line.startswith("!") else line for line in lines]


def _generated_patterns(lines: Sequence[str]) -> list[str]:
    """Return patterns of the generated and vendored files; one that begins with ! takes files out again."""
    patterns = []
    for line in lines:
        pattern, *attributes = line.split() or [""]
        for attribute in ("linguist-generated", "linguist-vendored"):
            if attribute in attributes or f"{attribute}=true" in attributes:
                patterns.append(pattern)
            elif f"-{attribute}" in attributes or f"{attribute}=false" in attributes:
                patterns.append(f"!{pattern}")
    return patterns


# --- units


@dataclass(frozen=True)
class TreeFiles:
    """The files between two paths of a tree: about a thousand of them.

    Parameters
    ----------
    tree
        The tree.
    source
        Its name.
    first, last
        The files between these paths: from the first, up to the second.
    size
        Bytes of text, an estimate.
    options
        How large a program may be, and whether files that share a stem are a group.
    """

    tree: Tree
    source: str
    first: Parts
    last: Parts | None
    size: int
    options: SourceOptions

    @property
    def name(self) -> str:
        """Stable name."""
        return f"{self.source}:{printable(self.first)}"

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the programs; count files that are binary, too large, or in an encoding that is not read."""
        with self.tree.open() as reader:
            for found in walk(reader, self.first, self.last, dropped):
                program = read_file(reader, found, self.source, self.options, dropped)
                if program is not None:
                    yield program


@dataclass(frozen=True)
class OneFile:
    """A source file that is an input itself.

    Parameters
    ----------
    file
        The file.
    language
        Its language, or kind of text.
    source
        Its name.
    options
        How large a program may be.
    """

    file: Path
    language: str
    source: str
    options: SourceOptions

    @property
    def name(self) -> str:
        """Stable name."""
        return str(self.file)

    @property
    def size(self) -> int:
        """Bytes of text, an estimate."""
        return self.file.stat().st_size

    def read(self, dropped: Dropped | None = None) -> Iterator[SourceProgram]:
        """Yield the program, if it is one."""
        tree = DiskTree(str(self.file.parent))
        rules = _rules_of(tree.entries(tree.root), 0, tree, _Rules())
        found = Found((self.file.name,), str(self.file), self.language, rules.licence)
        program = read_file(tree, found, self.source, self.options, dropped)
        if program is not None:
            yield program


def tree_units(tree: Tree, source: str, options: SourceOptions) -> list[TreeFiles]:
    """Return the units of a tree.

    They hold no list of files, only where each begins and ends, so that a tree of any size is planned in little memory.
    """
    starts: list[Parts] = [()]
    sizes = [0]
    number = 0
    with tree.open() as reader:
        for number, found in enumerate(walk(reader), 1):
            if number > 1 and number % FILES_PER_UNIT == 1:
                starts.append(found.path)
                sizes.append(0)
            sizes[-1] += min(_size(reader, found.key), options.max_program_bytes)
    if not number:
        raise UserError(f"no programs in {source}: none of its files has the suffix of a language or of a kind of text")
    ends = [last for _, last in pairwise(starts)] + [None]
    return [
        TreeFiles(tree, source, first, last, size, options)
        for first, last, size in zip(starts, ends, sizes, strict=True)
    ]


def _size(reader: Reader, key: str) -> int:
    try:
        return reader.size(key)
    except OSError:
        return 0


def suffix_language(file: Path) -> str | None:
    """Return the language, or kind of text, that a file's suffix tells."""
    for name in registered_languages():
        if file.suffix.lower() in get_language(name).suffixes:
            return name
    return _KINDS.get(file.suffix.lower())


def read_file(
    reader: Reader, found: Found, source: str, options: SourceOptions, dropped: Dropped | None
) -> SourceProgram | None:
    """Return the program of a file, or count why there is none."""
    place = f"{source}:{printable(found.path)}"
    is_notebook = _suffix(found.path[-1]) == _NOTEBOOK
    limit = options.max_program_bytes
    try:
        data = reader.read(found.key, limit * (_NOTEBOOK_FACTOR if is_notebook else 1))
    except OSError:
        count_dropped(dropped, "unreadable file", found.language, place=place)
        return None
    if data is None:
        count_dropped(dropped, too_large(limit), found.language, place=place)
        return None
    try:
        code = decode(data)
        if is_notebook:
            code = notebook_text(code)
    except EncodingError as error:
        count_dropped(dropped, str(error), found.language, place=place)
        return None
    licence = licence_in_header(code) or found.licence
    group = place if options.stems is None else stem_group(found.path, options.stems)
    return SourceProgram(group, found.language, code, source, licence)


def notebook_text(notebook: str) -> str:
    """Return the cells of a Jupyter notebook as one text: prose as it is, code between fences.

    Raises
    ------
    EncodingError
        If it is no notebook.
    """
    try:
        content = json.loads(notebook)
        # Version 3 of the format had work sheets, and called the source of code `input`.
        sheets = content.get("worksheets") or [content]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        texts = [(cell["cell_type"], "".join(cell.get("source", cell.get("input", "")))) for cell in cells]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        raise EncodingError("not a notebook") from None
    return "\n\n".join(f"```\n{text}\n```" if kind == "code" else text for kind, text in texts if text.strip())
