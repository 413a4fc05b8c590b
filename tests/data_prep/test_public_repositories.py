from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from codelm.errors import UserError
from codelm.evaluation.program_set import evaluation_programs
from codelm.languages import LANGUAGES
from data_prep.dropped import Dropped
from data_prep.public_repositories import REPOSITORIES, Task, collect, join, main, why_fragment, write_programs
from data_prep.sources import SourceProgram, read_jsonl

MIT = "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this"
BY_SA = "Attribution-ShareAlike 4.0 International\n"

FUNCTIONS = {
    "python": "def {}(x):\n    return x + 1\n",
    "java": "class Solution {{\n    int {}(int x) {{\n        return x + 1;\n    }}\n}}\n",
    "javascript": "var {} = function (x) {{\n    return x + 1;\n}};\n",
    "typescript": "function {}(x: number): number {{\n    return x + 1;\n}}\n",
    "csharp": "public class Solution {{\n    public int {}(int x) {{\n        return x + 1;\n    }}\n}}\n",
    "go": "func {}(x int) int {{\n\treturn x + 1\n}}\n",
    "rust": "impl Solution {{\n    pub fn {}(x: i32) -> i32 {{\n        x + 1\n    }}\n}}\n",
}


def function(language: str, name: str = "successor") -> str:
    return FUNCTIONS[language].format(name)


def git(folder: Path, *arguments: str) -> str:
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        nobody |= {f"GIT_{role}_NAME": "nobody", f"GIT_{role}_EMAIL": "nobody@localhost"}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=os.environ | nobody, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Make a git repository with one commit of these files."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "everything")
    return folder


def read(*names: Path | str, dropped: Dropped | None = None) -> list[SourceProgram]:
    return collect([str(name) for name in names], dropped or Dropped(), show_progress=False)


def languages_by_group(programs: list[SourceProgram]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for program in programs:
        groups.setdefault(program.group, []).append(program.language)
    return groups


def reasons(dropped: Dropped) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (_, reason, _), number in dropped.counts.items():
        counts[reason] += number
    return counts


def blocks(heading: str, *labels_and_codes: tuple[str, str]) -> str:
    return f"## {heading}\n\n" + "\n".join(f"```{label}\n{code}```\n" for label, code in labels_and_codes)


DOOCS_MARK = {"solution/0000-0099/0001.Other/README_EN.md": ""}


def doocs(tmp_path: Path, **extra: str) -> Path:
    folder = "solution/0000-0099/0007.Add One, Twice"
    files = {f"{folder}/README_EN.md": "", "LICENSE": BY_SA}
    files |= {f"{folder}/Solution.{suffix}": function(name) for name, suffix in [("python", "py"), ("rust", "rs")]}
    files |= {f"{folder}/Solution2.py": function("python", "again"), f"{folder}/Solution.sql": "SELECT 1"}
    return repository(tmp_path / "doocs", files | extra)


def walkccc(tmp_path: Path) -> Path:
    folder = "solutions/7. Add One Twice"
    files = {f"{folder}/7.py": function("python", "third"), f"{folder}/7-2.java": function("java")}
    return repository(tmp_path / "walkccc", files | {"LICENSE": MIT, "README.md": ""})


def neetcode(tmp_path: Path) -> Path:
    article = blocks("1. By hand", ("csharp", function("csharp")), ("cpp", "int f() { return 1; }\n"))
    article += blocks("Common Pitfalls", ("python", function("python", "wrong")))
    files = {"articles/add-one-twice.md": article, "go/0008-add-one-twice.go": function("go"), "LICENSE": MIT}
    return repository(tmp_path / "neetcode", files)


def test_a_problem_is_one_group_across_repositories_by_its_number_and_its_title(tmp_path: Path) -> None:
    programs = read(neetcode(tmp_path), walkccc(tmp_path), doocs(tmp_path))
    assert languages_by_group(programs) == {
        "leetcode-0007": ["python", "python", "python", "java", "csharp", "go", "rust"]
    }
    assert [program.code for program in programs[:3]] == [
        function("python"),
        function("python", "again"),
        function("python", "third"),
    ]


def test_a_program_carries_its_repository_at_the_revision_and_its_licence(tmp_path: Path) -> None:
    folder = doocs(tmp_path)
    revision = git(folder, "rev-parse", "HEAD")
    assert {(program.source, program.licence) for program in read(folder)} == {
        (f"doocs/leetcode@{revision[:12]}", "CC-BY-SA-4.0")
    }


def test_bare_repositories_read_as_checkouts_do_whatever_their_order(tmp_path: Path) -> None:
    checkouts = [doocs(tmp_path), walkccc(tmp_path)]
    bare = [tmp_path / f"{checkout.name}.git" for checkout in checkouts]
    for checkout, folder in zip(checkouts, bare, strict=True):
        git(tmp_path, "clone", "--quiet", "--bare", str(checkout), str(folder))
    assert read(*reversed(bare)) == read(*checkouts)


def test_only_what_is_committed_is_read(tmp_path: Path) -> None:
    folder = doocs(tmp_path)
    programs = read(folder)
    (folder / "solution/0000-0099/0007.Add One, Twice/Solution.go").write_text(function("go"))
    assert read(folder) == programs


def test_a_problem_of_a_book_joins_the_one_that_its_note_names(tmp_path: Path) -> None:
    noted, other = "lcof2/剑指 Offer II 001. 加一", "lcci/01.01.Add One, Twice"
    note = "<p>注意：本题与主站 7&nbsp;题相同：<a href='x'>x</a></p>"
    files = {f"{noted}/README.md": note, f"{noted}/Solution.java": function("java")}
    files |= {f"{other}/Solution.py": function("python"), f"{other}/Solution.go": function("go")}
    assert languages_by_group(read(doocs(tmp_path, **files))) == {
        "lcci-0101addonetwice": ["python", "go"],
        "leetcode-0007": ["python", "python", "java", "rust"],
    }


def test_a_title_that_two_numbers_share_joins_neither() -> None:
    tasks = [Task("leetcode", "0001", "game"), Task("leetcode", "0002", "game"), Task("leetcode", title="game")]
    assert join(tasks) == ["leetcode-0001", "leetcode-0002", "leetcode-game"]


def test_a_title_joins_within_its_series_only() -> None:
    tasks = [Task("leetcode", "0001", "game"), Task("rosetta", title="game"), Task("leetcode", title="game")]
    assert join(tasks) == ["leetcode-0001", "rosetta-game", "leetcode-0001"]


def rosetta(tmp_path: Path, **tasks: str) -> Path:
    files = {f"content/tasks/{name}.md": text for name, text in tasks.items()}
    return repository(tmp_path / "rosetta", {"content/tasks/empty.md": ""} | files)


def test_rosetta_pages_give_the_blocks_under_a_language_s_own_heading(tmp_path: Path) -> None:
    page = "```python\ndef before(): pass\n```\n"
    page += blocks("Jython", ("python", function("python", "jython")))
    page += blocks("Python", ("python", "# ## Go\n" + function("python")), ("txt", "8\n"), ("", "8\n"))
    page += "### By hand\n\n```Python\n" + function("python", "by_hand") + "```\n"
    page += blocks("C#", ("c#", function("csharp"))) + blocks("Java", ("java5", function("java")))
    page += blocks("TypeScript", ("javascript", function("typescript")))
    programs = read(rosetta(tmp_path, add_one=page))
    assert languages_by_group(programs) == {"rosetta-addone": ["python", "python", "java", "typescript", "csharp"]}
    assert programs[0].code == "# ## Go\n" + function("python")
    assert {program.licence for program in programs} == {"GFDL-1.2-only"}


def test_rosetta_tasks_can_be_folders_of_files(tmp_path: Path) -> None:
    files = {"add/index.md": "", "add/rust_2.rs": function("rust"), "add/java.java": function("java")}
    files |= {"add/apex.java": function("java", "apex"), "other.md": "", "add/go.md": function("go")}
    folder = repository(tmp_path / "rosetta", {f"content/tasks/{path}": text for path, text in files.items()})
    assert languages_by_group(read(folder)) == {"rosetta-add": ["java", "rust"]}


def algorithms(tmp_path: Path) -> list[Path]:
    python = {"sorts/bubble_sort.py": function("python", "bubble"), "maths/one.py": function("python", "one")}
    python |= {"graphs/one.py": function("python", "uno"), "sorts/test_bubble_sort.py": function("python", "test")}
    python |= {"project_euler/problem_007/sol1.py": function("python", "seven"), "sorts/__init__.py": ""}
    javascript = {"Sorts/BubbleSort.js": function("javascript"), "Maths/One.js": function("javascript", "one")}
    javascript |= {"Sorts/test/BubbleSort.test.js": function("javascript", "test")}
    csharp = {"Algorithms/Sorters/Comparison/BubbleSorter.cs": function("csharp")}
    csharp |= {"Algorithms.Tests/Sorters/BubbleSorter.cs": function("csharp", "Test")}
    go = {"sort/bubblesort.go": function("go"), "project_euler/problem_7/problem7.go": function("go", "seven")}
    go |= {"sort/bubblesort_test.go": function("go", "test")}
    return [
        repository(tmp_path / name, files)
        for name, files in [("python", python), ("javascript", javascript), ("csharp", csharp), ("go", go)]
    ]


def test_files_that_are_named_after_an_algorithm_join_by_that_name(tmp_path: Path) -> None:
    dropped = Dropped()
    programs = read(*algorithms(tmp_path), dropped=dropped)
    assert languages_by_group(programs) == {
        "algorithms-bubblesort": ["python", "javascript", "csharp", "go"],
        "euler-0007": ["python", "go"],
    }
    # Two files of one repository are called one: which of them JavaScript's is, nobody can tell.
    assert reasons(dropped) == {"the file's name tells no task": 3, "task in one language only": 1}


def test_every_layout_is_recognised_by_its_own_mark_alone(tmp_path: Path) -> None:
    for number, known in enumerate(REPOSITORIES):
        path = known.mark.replace("*", "1")
        other = repository(tmp_path / str(number), {path: "", "README.md": ""})
        dropped = Dropped()
        assert read(other, dropped=dropped) == []
        assert all(place.startswith(f"{known.name}:") for found in dropped.examples.values() for _, place, _ in found)


WHOLE = {
    "python": ["class A:\n    def f(self): ...\n", "f = lambda x: x\n", "async def f():\n    pass\n"],
    "java": ["int f(String s) throws E {\n  return \"}\" + '{' /* ) */; // (\n}", 'class A { A() { x("""\n}"""); } }'],
    "javascript": ["const f = (x) => x.replace(/[({]/g, `}${x}`);", "class A { f(x) { return ')'; } }"],
    "typescript": ["export const f = (x: number): number => x;", "class A { f(x: A[]): Map<A, B> { return x; } }"],
    "csharp": ['class A { int F(int x) => x + @"\\".Length; }', "class A { int X { get { return 1; } } }"],
    "go": ["func f(s string) {\n\tg(`\\`, '{', s)\n}"],
    "rust": ["fn f<'a>(x: &'a str) -> &'a str {\n    g(x, '{', '\\'', r#\"\"}\"#)\n}"],
}
FRAGMENTS = {
    "python": {"x = 1\nprint(x)\n": "no function", "def f(:\n": "does not parse", "print 'old'\n": "does not parse"},
    "java": {"for (int i = 0; i < 3; i++) {\n  f(i);\n}": "no function", "int f() {": "brackets do not match"},
    "javascript": {"if (x) {\n  f(x);\n}": "no function", "function f() { return [1; }": "brackets do not match"},
    "typescript": {"const x: number[] = [f(1)];": "no function", "/* function */": "no function"},
    "csharp": {"foreach (var x in y) { F(x); }": "no function", "int F() { } }": "brackets do not match"},
    "go": {'import (\n\t"fmt"\n)\n': "no function", "// func f() {}": "no function"},
    "rust": {"let x = vec![f(1)];": "no function", "fn f() { g(": "brackets do not match"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_program_is_whole_if_it_has_a_complete_function(language: str) -> None:
    assert {code: why_fragment(language, code) for code in WHOLE[language]} == dict.fromkeys(WHOLE[language])
    assert {code: why_fragment(language, code) for code in FRAGMENTS[language]} == FRAGMENTS[language]
    assert why_fragment(language, " \n") == "empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_evaluation_program_is_whole_and_none_is_without_its_last_bracket(language: str) -> None:
    for group in evaluation_programs():
        code = group.programs[language].rstrip()
        assert why_fragment(language, code) is None, group.name
        cut = max(code.rfind(bracket) for bracket in ")}]")
        assert why_fragment(language, code[:cut]) is not None, group.name


def test_what_is_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    folder = "solution/0000-0099/0007.Add One, Twice"
    extra = {f"{folder}/Solution3.py": "\n" + function("python").replace("    ", "  "), f"{folder}/Solution3.rs": "}"}
    extra |= {"solution/0000-0099/0008.Alone/Solution.go": function("go"), f"{folder}/Solution.cs": "\0"}
    dropped = Dropped()
    programs = read(doocs(tmp_path, **extra), dropped=dropped)
    assert languages_by_group(programs) == {"leetcode-0007": ["python", "python", "rust"]}
    assert dropped.counts == {
        ("public repositories", "copy within its task", "python"): 1,
        ("public repositories", "brackets do not match", "rust"): 1,
        ("public repositories", "task in one language only", "go"): 1,
        ("public repositories", "binary", ""): 1,
    }


def test_a_repository_that_is_not_recognised_can_be_named(tmp_path: Path) -> None:
    files = {"solutions/7. Add/7.java": function("java"), "solutions/7. Add/7.ts": function("typescript")}
    folder = repository(tmp_path / "somebody's", files)
    with pytest.raises(UserError, match=r"not recognised: say which it is, as NAME=.* with one of .*walkccc-leetcode"):
        read(folder)
    with pytest.raises(UserError, match="unknown repository 'walkcc-leetcode': choose from walkccc-leetcode"):
        read(f"walkcc-leetcode={folder}")
    programs = read(f"walkccc-leetcode={folder}")
    assert languages_by_group(programs) == {"leetcode-0007": ["java", "typescript"]}
    assert {program.licence for program in programs} == {"unknown"}


def test_a_folder_that_git_cannot_read_and_one_given_twice_are_one_line_errors(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "missing"):
        with pytest.raises(UserError, match=rf"cannot read the git repository .*{name}"):
            read(tmp_path / name)
    with pytest.raises(UserError, match="walkccc/LeetCode is given twice"):
        read(folder := walkccc(tmp_path), folder)


@pytest.mark.parametrize("name", ["programs.jsonl", "programs.jsonl.zst"])
def test_what_is_written_reads_back_as_it_was(tmp_path: Path, name: str) -> None:
    programs = [SourceProgram("g", "python", f"x = 'ä{number}\u2028'\n", "s", "MIT") for number in range(100)]
    write_programs(programs, tmp_path / "new" / name)
    assert list(read_jsonl(tmp_path / "new" / name)) == programs


def test_the_command_writes_the_programs_and_prints_what_went_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "programs.jsonl.zst"
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(sys, "argv", ["x", str(doocs(tmp_path)), str(walkccc(tmp_path)), "--out", str(out)])
    main()
    printed = [" ".join(line.replace("│", " ").split()) for line in capsys.readouterr().out.splitlines()]
    assert "MIT 1 1 0 0 0 0 0 2 1" in printed
    assert "all 3 1 0 0 0 0 1 5 1" in printed
    assert "paired with python 0 1 0 0 0 0 1" in printed
    assert printed[-1].startswith("wrote 5 programs to")
    assert len(list(read_jsonl(out))) == 5
