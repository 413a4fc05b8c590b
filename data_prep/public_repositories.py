"""Programs of public repositories that hold one task in many languages, joined into groups across repositories.

``python -m data_prep.public_repositories PATH... --out programs.jsonl.zst`` reads checkouts or bare git repositories.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import unicodedata
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from textwrap import dedent
from typing import NamedTuple

import zstandard

from codelm.command_line import parse_options, progress_bar, run_command
from codelm.errors import UserError, unknown_name
from codelm.languages import LANGUAGES, PIVOT, get_language
from data_prep.dropped import Dropped
from data_prep.sources.folders import GitTree, Reader
from data_prep.sources.licences import UNKNOWN, is_licence_file, join_licences, recognise_licence
from data_prep.sources.programs import EncodingError, SourceProgram, decode, read_language, too_large

STEP = "public repositories"
"""What the programs left out here are counted under."""

_MAX_BYTES = 10_000_000
"""Of a file: the longest articles have 2 MB."""


class Task(NamedTuple):
    """What a program solves: a number or a title within a series of tasks; with both, they name the same task."""

    series: str
    number: str = ""
    title: str = ""


class Solution(NamedTuple):
    """A program as its repository holds it."""

    task: Task
    language: str
    code: str
    place: str


class Checkout:
    """The files of a git repository, bare or with a work tree, as its HEAD has them.

    Parameters
    ----------
    folder
        The work tree, or the git folder itself.

    Attributes
    ----------
    paths
        Paths of the files in order, each with its object's name in git.
    unreadable
        Files that `read` left out, with the reason.

    Raises
    ------
    UserError
        If git cannot read it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._git_folder = folder / ".git" if (folder / ".git").exists() else folder
        self._tree = GitTree.at_head(self._git_folder)
        self.unreadable: dict[str, str] = {}
        with self._tree.open() as files:
            self.paths = dict(sorted(_walk(files, files.root, "")))

    @property
    def revision(self) -> str:
        """Name of the commit, its first twelve digits."""
        command = ["git", "--git-dir", str(self._git_folder), "rev-parse", "--short=12", "HEAD"]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()

    @property
    def licence(self) -> str:
        """What the licence files beside its folders say, or ``unknown``."""
        files = [path for path in self.paths if "/" not in path and is_licence_file(path)]
        return join_licences({path: recognise_licence(text) for path, text in self.read(files)})

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each path with its text."""
        with self._tree.open() as files:
            for path in paths:
                data = files.read(self.paths[path], _MAX_BYTES)
                if data is None:
                    self.unreadable[path] = too_large(_MAX_BYTES)
                    continue
                try:
                    text = decode(data)
                except EncodingError as error:
                    self.unreadable[path] = str(error)
                else:
                    yield path, text.replace("\r\n", "\n")


def _walk(files: Reader, folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in files.entries(folder):
        if entry.kind == "folder":
            yield from _walk(files, entry.key, f"{prefix}{entry.name}/")
        elif entry.kind == "file":
            yield prefix + entry.name, entry.key


@dataclass(frozen=True)
class Repository:
    """A public repository and how to read it.

    Parameters
    ----------
    name
        ``owner/repository``.
    mark
        Pattern of a path that only this repository has, by which it is recognised.
    solutions
        Yields its programs.
    licence
        What it says of its licence elsewhere than in a licence file.
    """

    name: str
    mark: str
    solutions: Callable[[Checkout], Iterator[Solution]]
    licence: str = UNKNOWN

    @property
    def key(self) -> str:
        """The name to give on the command line: ``owner-repository``."""
        return self.name.lower().replace("/", "-")


# One reader for each layout.


def compact(title: str) -> str:
    """Return the letters and digits of a title in lower case, which its spellings share."""
    decomposed = unicodedata.normalize("NFKD", title).casefold()
    return "".join(character for character in decomposed if character.isalnum())


def _matching(checkout: Checkout, pattern: re.Pattern[str]) -> dict[str, re.Match[str]]:
    """Return the articles, and the files in one of the languages, whose paths match."""
    readable = (path for path in checkout.paths if path.endswith(".md") or _language_of(path))
    return {path: match for path in readable if (match := pattern.fullmatch(path))}


def _language(name: str) -> str | None:
    """Return the language of a suffix, a heading or a code block's label (python3, java5)."""
    language = read_language(name.rstrip("0123456789"))
    return language if language in LANGUAGES else None


def _language_of(path: str) -> str | None:
    return _language(PurePosixPath(path).suffix)


_DOOCS_PATH = re.compile(r"solution/[^/]+/(?P<number>\d{4})\.(?P<title>[^/]+)/Solution\d*\.\w+")
_DOOCS_BOOK_PATH = re.compile(r"(lcof2?|lcci|lcp|lcs)/([^/]+)/(?:Solution\d*\.\w+|README\.md)")
_DOOCS_SAME = re.compile(r"本题与主站(?:\s|&nbsp;)*(\d+)(?:\s|&nbsp;)*题(?:相同|重复)")
"""A book's note that its problem is the same as the one of that number in the main series."""


def _read_doocs(checkout: Checkout) -> Iterator[Solution]:
    problems = _matching(checkout, _DOOCS_PATH)
    for path, text in checkout.read(problems):
        if language := _language_of(path):
            number, title = problems[path].groups()
            yield Solution(Task("leetcode", number, compact(title)), language, text, path)
    books = _matching(checkout, _DOOCS_BOOK_PATH)
    same: dict[tuple[str, str], Task] = {}
    # A folder's README comes before its solutions.
    for path, text in checkout.read(books):
        series, title = books[path].groups()
        language = _language_of(path)
        if language:
            # A number, not a title: one of the main series can mean another task here.
            yield Solution(same.get((series, title), Task(series, compact(title))), language, text, path)
        elif note := _DOOCS_SAME.search(text):
            same[series, title] = Task("leetcode", f"{int(note[1]):04d}")


_WALKCCC_PATH = re.compile(r"solutions/(\d+)\. ([^/]+)/\d+(?:-\d+)?\.\w+")


def _read_walkccc(checkout: Checkout) -> Iterator[Solution]:
    problems = _matching(checkout, _WALKCCC_PATH)
    for path, text in checkout.read(problems):
        if language := _language_of(path):
            number, title = problems[path].groups()
            yield Solution(Task("leetcode", f"{int(number):04d}", compact(title)), language, text, path)


_NEETCODE_PATH = re.compile(r"(?:(?P<language>\w+)/\d{4}[-_](?P<title>[^/]+)\.\w+|articles/(?P<article>[^/]+)\.md)")


def _read_neetcode(checkout: Checkout) -> Iterator[Solution]:
    problems = _matching(checkout, _NEETCODE_PATH)
    for path, text in checkout.read(problems):
        language, title, article = problems[path].groups()
        # By title alone: some of the numbers are another problem's.
        task = Task("leetcode", title=compact(article or title))
        if article:
            for heading, label, code in _blocks(text):
                if label and heading != "Common Pitfalls":
                    yield Solution(task, label, code, path)
        elif language == _language_of(path):
            yield Solution(task, language, text, path)


_ROSETTA_PATH = re.compile(r"content/tasks/([^/]+?)(?:\.md|/index\.md|/([a-z]+)(?:_\d+)?\.\w+)")


def _read_rosetta(checkout: Checkout) -> Iterator[Solution]:
    tasks = _matching(checkout, _ROSETTA_PATH)
    for path, text in checkout.read(tasks):
        title, language = tasks[path].groups()
        task = Task("rosetta", title=compact(title))
        if path.endswith(".md"):
            for heading, label, code in _blocks(text):
                language = _language(heading)
                # Languages that the highlighter does not know borrow the label of another.
                if language and (label == language or (language, label) == ("typescript", "javascript")):
                    yield Solution(task, language, code, path)
        elif language == _language_of(path):
            yield Solution(task, language, text, path)


_TEST_PATH = re.compile(
    r"(^|/)(\.github|tests?|__tests__|[^/]*\.Tests?)/|(^|/)(test_[^/]*|[^/]*([._]test|Tests?|IT)\.\w+)$"
)
_EULER_PATH = re.compile(r"(^|/)project.euler/(.*/)?problem_?0*(\d+)", re.IGNORECASE)
_NO_TASK = {"doc", "index", "init", "lib", "main", "mod", "node", "sortutils", "utils"}
_OTHER_TASK = {"gaussian", "greedy", "intersection", "interpolation", "multiply", "naive", "rotation", "volume"}
"""Names by which each repository means something else: a curve or an elimination, of shapes or of units."""


def _read_algorithms(language: str, checkout: Checkout) -> Iterator[Solution]:
    """Read files that are named after what they do; a name that two of them have is no task's."""
    suffixes = get_language(language).suffixes
    paths = [path for path in checkout.paths if path.endswith(suffixes) and not _TEST_PATH.search(path)]
    euler = {path: int(match[3]) for path in paths if (match := _EULER_PATH.search(path))}
    titles = {path: _algorithm(PurePosixPath(path).stem) for path in paths}
    times = Counter(title for path, title in titles.items() if path not in euler)
    for path, text in checkout.read(paths):
        title = titles[path]
        if title in _NO_TASK | _OTHER_TASK or times[title] > 1:
            yield Solution(Task("algorithms"), language, text, path)
        elif path in euler:
            yield Solution(Task("euler", f"{euler[path]:04d}"), language, text, path)
        else:
            yield Solution(Task("algorithms", title=title), language, text, path)


def _algorithm(stem: str) -> str:
    return re.sub(r"(sort|search)er$", r"\1", compact(stem).removesuffix("algorithm"))


_BLOCK_OR_HEADING = re.compile(
    r"^ {0,3}```(?P<label>[^\n`]*)\n(?P<code>.*?)^ {0,3}```[ \t]*$|^##[ \t]*(?P<heading>[^#\s][^\n]*?)[ \t]*$",
    re.M | re.S,
)


def _blocks(markdown: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield the code blocks: the heading of their section, the language of their label, and the code."""
    heading = ""
    for part in _BLOCK_OR_HEADING.finditer(markdown):
        if part["heading"]:
            heading = part["heading"]
        else:
            yield heading, _language(part["label"].strip()), dedent(part["code"])


def _algorithms(name: str, language: str, mark: str) -> Repository:
    return Repository(f"TheAlgorithms/{name}", mark, partial(_read_algorithms, language))


REPOSITORIES: tuple[Repository, ...] = (
    Repository("doocs/leetcode", "solution/0000-0099/*/README_EN.md", _read_doocs),
    Repository("walkccc/LeetCode", "solutions/*. */*.py", _read_walkccc),
    Repository("neetcode-gh/leetcode", "articles/*.md", _read_neetcode),
    Repository("ad-si/RosettaGit", "content/tasks/*.md", _read_rosetta, "GFDL-1.2-only"),
    _algorithms("Python", "python", "sorts/*.py"),
    _algorithms("Java", "java", "src/main/java/com/thealgorithms/*"),
    _algorithms("JavaScript", "javascript", "Sorts/*.js"),
    _algorithms("TypeScript", "typescript", "sorts/*.ts"),
    _algorithms("C-Sharp", "csharp", "Algorithms/Sorters/*"),
    _algorithms("Go", "go", "sort/*.go"),
    _algorithms("Rust", "rust", "src/sorting/*.rs"),
)
"""The repositories that can be read; another is one entry, and a reader where its layout is new."""


# Whole programs only.

_STRING = r'|"(?:\\.|[^"\\\n])*"'
_CHARACTER = r"|'(?:\\.|[^'\\\n])*'"
_TEXT_BLOCK = r'|""".*?"""'
_TEMPLATE = r"|`(?:\\.|[^`\\])*`"
_REGEX = r"|(?<=[(,=:!&|?])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/"
_VERBATIM = r'|@\$?"(?:[^"]|"")*"|\$@"(?:[^"]|"")*"'
_QUOTED = {
    "java": _TEXT_BLOCK + _STRING + _CHARACTER,
    "javascript": _TEMPLATE + _REGEX + _STRING + _CHARACTER,
    "typescript": _TEMPLATE + _REGEX + _STRING + _CHARACTER,
    "csharp": _VERBATIM + _TEXT_BLOCK + _STRING + _CHARACTER,
    "go": r"|`[^`]*`" + _STRING + _CHARACTER,
    # A quote that nothing closes opens a lifetime.
    "rust": r"""|r(?P<hashes>#*)".*?"(?P=hashes)|"(?:\\.|[^"\\])*"|'(?:\\[^'\n]+|[^'\\\n])'|'\\''""",
}
_NOT_CODE = {language: re.compile(r"//[^\n]*|/\*.*?\*/" + quoted, re.DOTALL) for language, quoted in _QUOTED.items()}
_METHOD = (
    r"\b(?!(?:if|for|foreach|while|switch|catch|using|lock|fixed|synchronized)\b)\w+\s*(?:<[^;{}()]*>\s*)?\([^;{}]*\)"
)
_FUNCTION = {
    "java": re.compile(rf"(?<!\bnew)\s{_METHOD}\s*(?:throws\s[\w\s.,]+)?\{{|->"),
    "csharp": re.compile(
        rf"(?<!\bnew)\s{_METHOD}\s*(?::\s*(?:base|this)\s*\([^;{{}}]*\)\s*|where\s[^;{{}}]+)?\{{|\bget\s*\{{|=>"
    ),
    "javascript": re.compile(rf"\bfunction\b|=>|{_METHOD}\s*\{{"),
    "typescript": re.compile(rf"\bfunction\b|=>|{_METHOD}\s*(?::[^;=]+?)?\{{"),
    "go": re.compile(r"\bfunc\b[^\n]*\{"),
    "rust": re.compile(r"\bfn\s+\w+[^;]*\{"),
}
_CLOSES = {")": "(", "]": "[", "}": "{"}


def why_fragment(language: str, code: str) -> str | None:
    """Return why some code is no program of its own, or None if it has a complete function.

    Python is parsed, by the Python that runs this. Of the other languages the brackets are matched and a function's
    head is looked for, which takes a piece for whole where it ends between two functions.
    """
    if not code.strip():
        return "empty"
    if language == "python":
        try:
            with warnings.catch_warnings(action="ignore"):
                nodes = list(ast.walk(ast.parse(code)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return "does not parse"
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        return None if any(isinstance(node, functions) for node in nodes) else "no function"
    bare = _NOT_CODE[language].sub(" ", code)
    if not _brackets_match(bare):
        return "brackets do not match"
    return None if _FUNCTION[language].search(bare) else "no function"


def _brackets_match(code: str) -> bool:
    opened = []
    for bracket in re.findall(r"[()\[\]{}]", code):
        if bracket not in _CLOSES:
            opened.append(bracket)
        elif not opened or opened.pop() != _CLOSES[bracket]:
            return False
    return not opened


# From repositories to groups.


def open_repositories(names: Iterable[str]) -> list[tuple[Repository, Checkout]]:
    """Open the repositories, given as ``PATH`` or ``owner-repository=PATH``, and return them in the order listed here.

    Raises
    ------
    UserError
        If one is not recognised, or given twice.
    """
    known = {repository.key: repository for repository in REPOSITORIES}
    opened: dict[str, tuple[Repository, Checkout]] = {}
    for name in names:
        key, equals, path = name.partition("=")
        if equals and not Path(name).exists():
            if key not in known:
                raise unknown_name("repository", key, known)
            repository, checkout = known[key], Checkout(Path(path))
        else:
            checkout = Checkout(Path(name))
            repository = _recognise(checkout)
        if repository.key in opened:
            raise UserError(
                f"{repository.name} is given twice: {opened[repository.key][1].folder} and {checkout.folder}"
            )
        opened[repository.key] = (repository, checkout)
    return [opened[key] for key in known if key in opened]


def _recognise(checkout: Checkout) -> Repository:
    found = [
        repository for repository in REPOSITORIES if any(fnmatchcase(path, repository.mark) for path in checkout.paths)
    ]
    if len(found) != 1:
        keys = ", ".join(repository.key for repository in found or REPOSITORIES)
        raise UserError(
            f"{checkout.folder} is not recognised: say which it is, as NAME={checkout.folder} with one of {keys}"
        )
    return found[0]


def collect(names: Iterable[str], dropped: Dropped, show_progress: bool = True) -> list[SourceProgram]:
    """Return the whole programs of the tasks that at least two languages solve, by group and language.

    Parameters
    ----------
    names
        The repositories, as `open_repositories` reads them; their order does not matter.
    dropped
        Counts what is left out: fragments, copies within a task and language, tasks of one language.
    """
    found: list[tuple[Solution, str, str]] = []
    with progress_bar("reading programs", None, show_progress) as advance:
        for repository, checkout in open_repositories(names):
            source = f"{repository.name}@{checkout.revision}"
            licence = repository.licence if repository.licence != UNKNOWN else checkout.licence
            for solution in repository.solutions(checkout):
                advance(1)
                reason = why_fragment(solution.language, solution.code)
                if not solution.task.number and not solution.task.title:
                    reason = "the file's name tells no task"
                if reason is None:
                    found.append((solution, source, licence))
                else:
                    place = f"{repository.name}:{solution.place}"
                    dropped.add(STEP, reason, solution.language, solution.code, place)
            for path, reason in checkout.unreadable.items():
                dropped.add(STEP, reason, "", path, f"{repository.name}:{path}")
    groups = join([solution.task for solution, _, _ in found])
    programs = [
        SourceProgram(group, solution.language, solution.code.strip("\n") + "\n", source, licence)
        for group, (solution, source, licence) in zip(groups, found, strict=True)
    ]
    return _in_many_languages(_without_copies(programs, dropped), dropped)


def join(tasks: Sequence[Task]) -> list[str]:
    """Return the group of each task: by its number, or the number that its title has elsewhere, or its title."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for task in tasks:
        if task.number and task.title:
            numbers[task.series, task.title].add(task.number)
    groups = []
    for task in tasks:
        same = numbers[task.series, task.title] if task.title else set()
        number = task.number or (next(iter(same)) if len(same) == 1 else "")
        groups.append(f"{task.series}-{number or task.title}")
    return groups


def _without_copies(programs: Iterable[SourceProgram], dropped: Dropped) -> Iterator[SourceProgram]:
    seen = set()
    for program in programs:
        key = (program.group, program.language, "".join(program.code.split()))
        if key in seen:
            dropped.add(STEP, "copy within its task", program.language, program.code, program.group)
        else:
            seen.add(key)
            yield program


def _in_many_languages(programs: Iterable[SourceProgram], dropped: Dropped) -> list[SourceProgram]:
    groups: dict[str, list[SourceProgram]] = defaultdict(list)
    for program in programs:
        groups[program.group].append(program)
    kept = []
    for _, members in sorted(groups.items()):
        if len({program.language for program in members}) > 1:
            kept += sorted(members, key=lambda program: LANGUAGES.index(program.language))
        else:
            for program in members:
                dropped.add(STEP, "task in one language only", program.language, program.code, program.group)
    return kept


@dataclass(frozen=True)
class PublicRepositories:
    """Read one task in many languages from checkouts of public repositories, as JSONL for a preparation.

    Parameters
    ----------
    repositories
        Checkouts or bare git repositories, as PATH or, where the layout does not tell which it is, NAME=PATH.
    out
        File of programs: .jsonl or .jsonl.zst.
    """

    repositories: tuple[str, ...]
    out: Path


def write_programs(programs: Iterable[SourceProgram], out: Path) -> None:
    """Write programs as JSONL, compressed where the name ends in ``.zst``; the file is whole or not there at all."""
    unfinished = out.with_name(out.name + ".unfinished")
    lines = (json.dumps(asdict(program), ensure_ascii=False) + "\n" for program in programs)
    out.parent.mkdir(parents=True, exist_ok=True)
    with unfinished.open("wb") as file:
        if out.suffix == ".zst":
            with zstandard.ZstdCompressor(level=10, write_checksum=True).stream_writer(file, closefd=False) as writer:
                for line in lines:
                    writer.write(line.encode())
        else:
            file.writelines(line.encode() for line in lines)
    unfinished.replace(out)


def report(programs: Sequence[SourceProgram], dropped: Dropped) -> None:
    """Print how many programs and groups there are, by repository, licence and language, and what was left out."""
    parts: dict[str, list[SourceProgram]] = defaultdict(list)
    for program in programs:
        for name in (f"{program.source} ({program.licence})", program.licence, "all"):
            parts[name].append(program)
    programs_by_part = {
        name: {
            **Counter(program.language for program in part),
            "all": len(part),
            "groups": len({program.group for program in part}),
        }
        for name, part in sorted(parts.items(), key=lambda item: ("@" not in item[0], item[0] == "all"))
    }
    _print_table("programs", (*LANGUAGES, "all", "groups"), programs_by_part)

    languages_of = defaultdict(set)
    for program in programs:
        languages_of[program.group].add(program.language)
    groups: dict[str, Counter[str]] = {"groups": Counter(), f"paired with {PIVOT}": Counter()}
    for languages in languages_of.values():
        groups["groups"].update(languages)
        if PIVOT in languages:
            groups[f"paired with {PIVOT}"].update(languages - {PIVOT})
    _print_table("groups", LANGUAGES, groups)

    losses: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, reason, language), number in sorted(dropped.counts.items()):
        losses[reason].update({language: number, "all": number})
    _print_table("left out", (*LANGUAGES, "all"), losses)


def _print_table(title: str, columns: Sequence[str], rows: Mapping[str, Mapping[str, int]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("", overflow="fold")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for name, counts in rows.items():
        table.add_row(name, *(f"{counts.get(column, 0):,}" for column in columns))
    Console().print(table)


def main() -> None:
    """Run from the command line."""
    options = parse_options(PublicRepositories, ("repositories",))
    dropped = Dropped()
    programs = collect(options.repositories, dropped)
    write_programs(programs, options.out)
    report(programs, dropped)
    print(f"wrote {len(programs):,} programs to {options.out}")


if __name__ == "__main__":
    run_command(main)
