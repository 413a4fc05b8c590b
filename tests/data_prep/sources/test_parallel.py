from __future__ import annotations

from pathlib import Path

import pytest

from codelm.errors import UserError
from data_prep.dropped import Dropped
from data_prep.sources import SourceOptions, SourceProgram, open_inputs
from data_prep.sources.parallel import aligned_unit, restore_lines, stem_group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two_sum.py", "two_sum.java"),
        ("python/two_sum.py", "java/TwoSum.java"),
        ("python/sorting/quick-sort.py", "C#/Sorting/QuickSort.cs"),
        ("0001. Two Sum/Solution.py", "0001. Two Sum/solution.ts"),
        ("zwei_größen.py", "ZweiGrößen.java"),
    ],
)
def test_files_that_share_their_path_but_for_the_language_are_a_group(one: str, other: str) -> None:
    assert stem_group(one.split("/"), "path") == stem_group(other.split("/"), "path")


def test_by_path_the_folders_count_and_by_name_they_do_not() -> None:
    one, other = ("sorts", "quick.py"), ("com", "example", "sorting", "Quick.java")
    assert stem_group(one, "path") != stem_group(other, "path")
    assert stem_group(one, "name") == stem_group(other, "name") == "quick"


def test_names_without_letters_stay_apart() -> None:
    assert stem_group(("__.py",), "name") != stem_group(("--.py",), "name")


def test_files_of_folders_are_grouped_by_stem(tmp_path: Path) -> None:
    for place in ("python/two_sum.py", "java/TwoSum.java", "go/three_sum.go"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text("x")
    inputs = [str(tmp_path / language) for language in ("python", "java", "go")]
    programs = [p for unit in open_inputs(inputs, SourceOptions(stems="path")) for p in unit.read(None)]
    assert [(program.group, program.language) for program in programs] == [
        ("twosum", "python"),
        ("twosum", "java"),
        ("threesum", "go"),
    ]


def aligned(tmp_path: Path, **texts: str) -> list[str]:
    files = []
    for suffix, text in texts.items():
        files.append(tmp_path / f"train.java-cs.{suffix}")
        files[-1].write_text(text)
    return [str(file) for file in files]


def test_aligned_files_are_a_group_per_line(tmp_path: Path) -> None:
    inputs = aligned(tmp_path, java="int a;\n\nint c;\n", cs="int A;\nint B;\nint C;\n")
    (unit,) = open_inputs(inputs, SourceOptions(aligned=True))
    assert list(unit.read(None)) == [
        SourceProgram("train.java-cs:1", "java", "int a;", "train.java-cs"),
        SourceProgram("train.java-cs:1", "csharp", "int A;", "train.java-cs"),
        SourceProgram("train.java-cs:2", "csharp", "int B;", "train.java-cs"),
        SourceProgram("train.java-cs:3", "java", "int c;", "train.java-cs"),
        SourceProgram("train.java-cs:3", "csharp", "int C;", "train.java-cs"),
    ]


def test_a_line_in_a_wrong_encoding_is_left_out_and_counted(tmp_path: Path) -> None:
    java, python = (Path(name) for name in aligned(tmp_path, java="int a;\n", python="a\n"))
    java.write_bytes("größe\n".encode("latin-1"))
    dropped = Dropped()
    assert [program.language for program in aligned_unit([java, python]).read(dropped)] == ["python"]
    assert dropped.counts == {("reading", "neither UTF-8 nor UTF-16", "java"): 1}


def test_files_of_different_lengths_are_not_aligned(tmp_path: Path) -> None:
    inputs = aligned(tmp_path, java="a\nb\n", cs="a\n")
    (unit,) = open_inputs(inputs, SourceOptions(aligned=True))
    with pytest.raises(UserError, match=r"train\.java-cs\.cs ends before line 2"):
        list(unit.read(None))


def test_aligned_files_need_languages_of_their_own(tmp_path: Path) -> None:
    one, other = (Path(name) for name in aligned(tmp_path, java="a\n", cs="a\n"))
    with pytest.raises(UserError, match="needs two files or more"):
        aligned_unit([one])
    with pytest.raises(UserError, match="are in one language"):
        aligned_unit([one, one])
    with pytest.raises(UserError, match=r"cannot tell the language of .*train\.src"):
        aligned_unit([one, other.rename(tmp_path / "train.src")])
    with pytest.raises(UserError, match="no such file"):
        aligned_unit([one, other])


def test_lines_that_were_made_words_are_lines_again() -> None:
    words = "def f ( x ) : NEW_LINE INDENT if x : NEW_LINE INDENT return 1 NEW_LINE DEDENT return 2 NEW_LINE DEDENT"
    assert restore_lines(words) == "def f ( x ) :\n    if x :\n        return 1\n    return 2\n"
    assert restore_lines("int f ( ) { }") == "int f ( ) { }"
