from __future__ import annotations

from typing import Any

import pytest

from codelm.errors import UserError
from data_prep.sources import SourceOptions, SourceProgram
from data_prep.sources.columns import BadRowError, check_columns, choose_columns

STACK_LICENCES = {"max_stars_repo_licenses": ["MIT", "Apache-2.0"]}

ROWS: dict[str, tuple[dict[str, Any], SourceProgram]] = {
    "made for this tool": (
        {"group": "sum", "language": "go", "code": "x", "source": "by hand", "licence": "MIT"},
        SourceProgram("sum", "go", "x", "by hand", "MIT"),
    ),
    "The Stack": (
        {"content": "x", "lang": "C#", "ext": "cs", "size": 1} | STACK_LICENCES,
        SourceProgram("place", "csharp", "x", "set", "MIT AND Apache-2.0"),
    ),
    "The Stack v2 with contents": (
        {"blob_id": "0a", "content": "x", "language": "Rust", "detected_licenses": ["ISC"], "repo_name": "a/b"},
        SourceProgram("place", "rust", "x", "set", "ISC"),
    ),
    "FineWeb": (
        {"text": "x", "id": "<urn>", "language": "en", "language_score": 0.9},
        SourceProgram("place", "text", "x", "set"),
    ),
    "SlimPajama": (
        {"text": "x", "meta": {"redpajama_set_name": "RedPajamaStackExchange"}},
        SourceProgram("place", "adjacent", "x", "set"),
    ),
    "xCodeEval": (
        {"source_code": "x", "lang": "GNU C++17", "lang_cluster": "Java", "src_uid": "7f"},
        SourceProgram("7f", "java", "x", "set"),
    ),
    "any text": ({"text": "x", "url": "http"}, SourceProgram("place", "text", "x", "set")),
    "a licence of its own": (
        {"code": "x", "programming_language": "TypeScript", "license": "mit"},
        SourceProgram("place", "typescript", "x", "set", "mit"),
    ),
}


def names(row: dict[str, Any]) -> list[str]:
    return [*row, *(f"{name}.{inner}" for name, value in row.items() if isinstance(value, dict) for inner in value)]


def programs(row: dict[str, Any], *folders: str, **options: Any) -> list[SourceProgram]:
    columns = choose_columns(names(row), SourceOptions(**options), "table", folders)
    return list(columns.programs(row, "set", "place"))


@pytest.mark.parametrize("layout", ROWS)
def test_well_known_columns_are_recognised(layout: str) -> None:
    row, program = ROWS[layout]
    assert programs(row) == [program]


def test_the_github_part_of_slimpajama_is_in_no_language() -> None:
    with pytest.raises(BadRowError) as caught:
        programs({"text": "x", "meta": {"redpajama_set_name": "RedPajamaGithub"}})
    assert caught.value.language == "RedPajamaGithub"


def test_the_folder_tells_the_language_that_no_column_tells() -> None:
    row = {"content": "x", "max_stars_repo_path": "a.cs"}
    assert programs(row, "starcoderdata", "c-sharp")[0].language == "csharp"
    assert programs(row, "git-commits-cleaned")[0].language == "adjacent"
    assert programs(row, "c-sharp", language="synthetic")[0].language == "synthetic"


def test_the_title_of_a_task_in_xlcost_is_its_group() -> None:
    row = {"text": "Maximum Sum | Python3 implementation ; Driver", "code": "x = 1 NEW_LINE y = 2 NEW_LINE"}
    assert programs(row, "Python-program-level") == [SourceProgram("Maximum Sum", "python", "x = 1\ny = 2\n", "set")]


def test_columns_can_be_named() -> None:
    row = {"solution": "x", "dialect": "Python 3", "task": 12, "repo": {"name": "a/b", "spdx": "MIT"}}
    columns = {
        "code": "solution",
        "language": "dialect",
        "group": "task",
        "source": "repo.name",
        "licence": "repo.spdx",
    }
    assert programs(row, columns=columns) == [SourceProgram("12", "python", "x", "a/b", "MIT")]


def test_the_language_keeps_its_usual_column_unless_it_is_given() -> None:
    row = {"body": "x", "lang": "Go"}
    assert programs(row, columns={"code": "body"}) == [SourceProgram("place", "go", "x", "set")]
    assert programs(row, columns={"code": "body"}, language="web") == [SourceProgram("place", "web", "x", "set")]


def test_a_column_per_language_is_a_group_per_row() -> None:
    row = {"py": "x", "java_code": "y", "cs": None, "id": 3}
    columns = {"python": "py", "java": "java_code", "csharp": "cs", "group": "id"}
    assert programs(row, columns=columns) == [
        SourceProgram("3", "python", "x", "set"),
        SourceProgram("3", "java", "y", "set"),
    ]
    assert [program.language for program in programs({"Python": "x", "C#": "y", "C++": "z"})] == ["python", "csharp"]
    with pytest.raises(BadRowError, match="no program in any language"):
        programs(dict.fromkeys(row), columns=columns)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"code": "contents"}, "table has no column 'contents': did you mean 'content'? its columns are content, lang"),
        ({"kode": "content"}, "unknown field or language in --columns 'kode': choose from code, "),
        ({"pyhton": "content"}, "unknown field or language in --columns 'pyhton': choose from python, "),
    ],
)
def test_a_wrong_name_is_an_error_with_a_suggestion(columns: dict[str, str], message: str) -> None:
    options = SourceOptions(columns=columns)
    with pytest.raises(UserError) as caught:
        check_columns(options)
        choose_columns(["content", "lang"], options, "table")
    assert str(caught.value).startswith(message)


def test_a_table_that_tells_too_little_is_an_error_that_says_what_to_tell() -> None:
    with pytest.raises(UserError, match=r"which column of table holds the programs: name it with --columns.*are a, b"):
        choose_columns(["a", "b"], SourceOptions(), "table")
    with pytest.raises(UserError, match="nothing tells the language of table: say it with --language"):
        choose_columns(["content"], SourceOptions(), "table")
    with pytest.raises(UserError, match="holds no programs, only their addresses at Software Heritage"):
        choose_columns(["blob_id", "language", "detected_licenses"], SourceOptions(), "table")
    with pytest.raises(UserError, match="unknown language 'pyton'"):
        check_columns(SourceOptions(language="pyton"))
