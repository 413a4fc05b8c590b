from __future__ import annotations

import json
import os
import pickle
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelm.errors import UserError
from data_prep.dropped import Dropped
from data_prep.sources import SourceOptions, SourceProgram, open_inputs
from data_prep.sources.folders import DiskTree, Entry, GitTree, TreeFiles, notebook_text, tree_units, walk

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy"
APACHE = "Apache License\nVersion 2.0, January 2004"


def make_tree(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def read(folder: Path, **options: object) -> tuple[list[SourceProgram], Dropped]:
    dropped = Dropped()
    units = open_inputs([str(folder)], SourceOptions(**options))  # type: ignore[arg-type]
    return [program for unit in units for program in unit.read(dropped)], dropped


def places(programs: list[SourceProgram]) -> list[str]:
    return [program.group.partition(":")[2] for program in programs]


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> Path:
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "All")
    return folder


def test_suffixes_tell_languages_and_kinds_of_text(tmp_path: Path) -> None:
    names = [
        "a.py",
        "b.java",
        "c.mjs",
        "d.ts",
        "e.cs",
        "f.go",
        "g.rs",
        "h.md",
        "i.YAML",
        "j.rmd",
        "k.txt",
        "l.cpp",
        "m",
    ]
    programs, _ = read(make_tree(tmp_path / "code", dict.fromkeys(names, "x")))
    assert [program.language for program in programs] == [
        *("python", "java", "javascript", "typescript", "csharp", "go", "rust"),
        *("markup", "markup", "markup", "text"),
    ]
    assert programs[0] == SourceProgram("code:a.py", "python", "x", "code", "unknown")


def test_what_git_ignores_is_left_out(tmp_path: Path) -> None:
    files = {
        ".gitignore": "*.log.md\n/out/\nsecret.py\n",
        "a.log.md": "x",
        "a.md": "x",
        "out/b.py": "x",
        "src/out/b.py": "x",
        "src/.gitignore": "!secret.py\nlocal.py\n",
        "src/secret.py": "x",
        "src/local.py": "x",
        "secret.py": "x",
    }
    programs, dropped = read(make_tree(tmp_path / "code", files))
    assert places(programs) == ["a.md", "src/out/b.py", "src/secret.py"]
    assert dropped.counts["reading", "ignored by git", "python"] == 2
    assert dropped.counts["reading", "ignored by git", ""] == 1


def test_the_same_files_are_ignored_as_git_ignores(tmp_path: Path) -> None:
    files = {
        ".gitignore": "# a comment\n*.tmp.py\nlogs/**\n!logs/keep.py\ndocs/*.md\n/only/here\nname with space.py\n"
        "[ab]x.py\nshut/\n!shut/in.py\n!/out/**\n",
        **dict.fromkeys(["logs/deep/a.py", "shut/in.py", "deep/shut/b.py", "out/deep/a.tmp.py"], "x"),
        **dict.fromkeys(
            ["a.tmp.py", "logs/a.py", "logs/keep.py", "docs/a.md", "docs/inner/a.md", "only/here/a.py"], "x"
        ),
        **dict.fromkeys(["deep/only/here/a.py", "name with space.py", "ax.py", "cx.py", "deep/bx.py"], "x"),
    }
    root = make_tree(tmp_path / "code", files)
    git(root, "init", "--quiet")
    listed = git(root, "ls-files", "--others", "--exclude-standard").splitlines()
    programs, _ = read(root)
    assert places(programs) == sorted(set(listed) - {".gitignore"}, key=lambda name: name.split("/"))


@pytest.mark.parametrize(
    "name",
    [
        *("node_modules/a.js", "pkg/vendor/a.go", "third_party/a.py", "dist/a.js", "build/a.js"),
        *("a.min.js", "api.pb.go", "api_pb2.py", "Form.Designer.cs", "package-lock.json", "marked.py", "kept/lib.py"),
    ],
)
def test_generated_and_vendored_files_are_left_out(tmp_path: Path, name: str) -> None:
    attributes = "marked.py linguist-generated=true\nkept/* linguist-vendored\nkept/own.py -linguist-vendored\n"
    files = {".gitattributes": attributes, name: "x", "kept/own.py": "x"}
    programs, dropped = read(make_tree(tmp_path / "code", files))
    assert places(programs) == ["kept/own.py"]
    assert dropped.counts.total() == 1


def test_the_nearest_licence_file_tells_the_licence_unless_the_file_does(tmp_path: Path) -> None:
    files = {
        "LICENSE": MIT,
        "a.py": "x",
        "lib/COPYING": APACHE,
        "lib/deep/b.py": "x",
        "lib/c.py": "# SPDX-License-Identifier: BSD-3-Clause\nx",
        "other/d.py": "x",
    }
    programs, _ = read(make_tree(tmp_path / "code", files))
    assert {program.group: program.licence for program in programs} == {
        "code:a.py": "MIT",
        "code:lib/deep/b.py": "Apache-2.0",
        "code:lib/c.py": "BSD-3-Clause",
        "code:other/d.py": "MIT",
    }
    assert places(read(tmp_path / "code", licences=("Apache-2.0",))[0]) == ["lib/deep/b.py"]


def test_files_that_are_no_text_are_left_out_and_counted(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "binary.py": b"\x7fELF\0\1",
        "empty.py": "\n",
        "huge.py": "x" * 101,
        "latin.py": "größer".encode("latin-1"),
        "marked.py": "\ufeffgrößer",
        "windows.py": "größer".encode("utf-16"),
    }
    programs, dropped = read(make_tree(tmp_path / "code", files), max_program_bytes=100)
    assert [program.code for program in programs] == ["größer", "größer"]
    reasons = ("binary", "empty", "larger than 100 bytes", "neither UTF-8 nor UTF-16")
    assert dropped.counts == {("reading", reason, "python"): 1 for reason in reasons}


def test_links_to_files_are_read_and_circles_are_not_followed(tmp_path: Path) -> None:
    root = make_tree(tmp_path / "code", {"src/a.py": "x"})
    (root / "src" / "link.py").symlink_to("a.py")
    (root / "src" / "up").symlink_to("..")
    (root / "loop.py").symlink_to("loop.py")
    (root / "nothing.py").symlink_to("absent.py")
    os.mkfifo(root / "pipe.py")
    programs, dropped = read(root)
    assert places(programs) == ["src/a.py", "src/link.py"]
    assert dropped.counts == {("reading", "link to a folder, or to nothing", ""): 3}


@dataclass(frozen=True)
class ForbiddenTree(DiskTree):
    """A tree of which a user may not read all; permissions would not do, as root may read everything."""

    def entries(self, key: str) -> list[Entry]:
        if key.endswith("private"):
            raise PermissionError(13, "Permission denied", key)
        return super().entries(key)

    def read(self, key: str, limit: int) -> bytes | None:
        if key.endswith("mine.py"):
            raise PermissionError(13, "Permission denied", key)
        return super().read(key, limit)


def test_folders_and_files_that_may_not_be_read_are_counted(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": "x", "private/b.py": "x", "mine.py": "x"})
    dropped = Dropped()
    units = tree_units(ForbiddenTree(str(tmp_path)), "code", SourceOptions())
    assert places([program for unit in units for program in unit.read(dropped)]) == ["a.py"]
    assert dropped.counts == {("reading", "unreadable folder", ""): 1, ("reading", "unreadable file", "python"): 1}


def test_names_in_any_encoding_are_readable(tmp_path: Path) -> None:
    make_tree(tmp_path / "code", {"größe.py": "x"})
    os.rename(tmp_path / "code" / "größe.py", os.fsencode(tmp_path / "code") + b"/gr\xf6\xdfe.py")
    programs, _ = read(tmp_path / "code")
    assert places(programs) == ["gr\ufffd\ufffde.py"]


def test_a_notebook_is_a_text_of_its_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "Prose"]},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"data": {"image/png": "iVBOR" * 100}}]},
        {"cell_type": "code", "source": []},
    ]
    files = {"good.ipynb": json.dumps({"cells": cells, "nbformat": 4}), "bad.ipynb": "[1]"}
    programs, dropped = read(make_tree(tmp_path / "code", files), max_program_bytes=100)
    assert [(program.language, program.code) for program in programs] == [
        ("adjacent", "# Title\nProse\n\n```\nprint(1)\n```")
    ]
    assert dropped.counts == {("reading", "not a notebook", "adjacent"): 1}


def test_old_notebooks_have_sheets() -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}], "nbformat": 3}
    assert notebook_text(json.dumps(old)) == "```\nx = 1\n```"


# --- git


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "LICENSE": MIT,
        ".gitattributes": "gen.py linguist-generated\n",
        "gen.py": "x",
        "src/a.py": "größer\n",
        "src/deep/B.java": "class B {}\n",
        "vendor/c.go": "x",
        "huge.py": "x" * 200,
        "data.bin": b"\0" * 10,
        "read me.md": "# Read\n",
    }
    root = make_tree(tmp_path / "code", files)
    (root / "link").symlink_to("src")
    return commit(root)


def test_a_repository_without_a_work_tree_is_read_as_its_checkout(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(checkout), "bare/code")
    git(tmp_path, "clone", "--quiet", "--no-checkout", str(checkout), "empty/code")
    expected, dropped = read(checkout, max_program_bytes=100)
    assert places(expected) == ["read me.md", "src/a.py", "src/deep/B.java"]
    assert {program.licence for program in expected} == {"MIT"}
    for clone in ("bare", "empty"):
        found, also_dropped = read(tmp_path / clone / "code", max_program_bytes=100)
        assert found == expected
        assert also_dropped.counts == dropped.counts


def test_a_unit_reads_the_commit_that_it_was_made_for(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(checkout), "bare")
    (unit,) = tree_units(GitTree.at_head(tmp_path / "bare"), "code", SourceOptions())
    before = list(unit.read())
    make_tree(checkout, {"src/a.py": "changed"})
    commit(checkout)
    git(tmp_path / "bare", "fetch", "--quiet", str(checkout), "+HEAD:refs/heads/main", "+HEAD:refs/heads/master")
    assert list(pickle.loads(pickle.dumps(unit)).read()) == before
    (after,) = tree_units(GitTree.at_head(tmp_path / "bare"), "code", SourceOptions())
    assert "changed" in [program.code for program in after.read()]


def test_a_repository_that_is_not_whole_is_an_error_of_one_line(checkout: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "fresh.git")
    with pytest.raises(UserError, match=r"cannot read the git repository .*fresh\.git: it has no commit"):
        read(tmp_path / "fresh.git")
    lost = git(checkout, "rev-parse", "HEAD:src/a.py").strip()
    (checkout / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(UserError, match=rf"is not whole: git finds no object {lost}"):
        tree_units(GitTree.at_head(checkout / ".git"), "code", SourceOptions())


# --- units

NAMES = st.lists(
    st.lists(st.sampled_from(["a", "a b", "a-b", "a.b", "b", "B", "ä", "vendor"]), min_size=1, max_size=4),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(names=NAMES, per_unit=st.integers(1, 7))
def test_units_read_every_file_once_in_order_however_many_there_are(
    tmp_path_factory: pytest.TempPathFactory, names: list[list[str]], per_unit: int
) -> None:
    root = tmp_path_factory.mktemp("tree")
    make_tree(root, {"/".join(name) + ".py": "x" for name in names} | {"last.py": "x"})
    tree = DiskTree(str(root))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data_prep.sources.folders.FILES_PER_UNIT", per_unit)
        units = tree_units(tree, "code", SourceOptions())
    dropped, also_dropped = Dropped(), Dropped()
    found = ["/".join(found.path) for found in walk(tree, dropped=dropped)]
    parts = [places(list(unit.read(also_dropped))) for unit in units]
    assert [place for part in parts for place in part] == found
    assert {len(part) for part in parts[:-1]} <= {per_unit}
    assert also_dropped.counts == dropped.counts
    assert found == sorted(found, key=lambda place: place.split("/"))


def test_a_unit_is_small_however_many_files_it_stands_for(tmp_path: Path) -> None:
    make_tree(tmp_path, {f"folder/{number}.py": "x" * 10 for number in range(300)})
    (unit,) = tree_units(DiskTree(str(tmp_path)), "code", SourceOptions())
    assert isinstance(unit, TreeFiles)
    assert len(pickle.dumps(unit)) < 2000
    assert unit.size == 3000


def test_a_folder_without_programs_is_an_error(tmp_path: Path) -> None:
    make_tree(tmp_path / "pictures", {"a.png": b"\x89PNG"})
    with pytest.raises(UserError, match="no programs in pictures"):
        read(tmp_path / "pictures")
