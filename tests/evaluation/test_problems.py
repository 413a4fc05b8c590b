"""Problems are read in the layouts of MultiPL-E and HumanEval-X, and their programs really run the tests."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import datasets
import huggingface_hub
import pytest

from codelm.errors import UserError
from codelm.evaluation.execution import Execution, Executor, Program, Verdict
from codelm.evaluation.problems import Problem, complete_program, read_problems
from codelm.languages import LANGUAGES

Row = Mapping[str, Any]


class Example(NamedTuple):
    """A row, and completions of it."""

    row: dict[str, Any]
    right: str
    wrong: str


def multipl_e(code: str, stop: list[str], prompt: str, tests: str, right: str, wrong: str) -> Example:
    row = {"name": "evens", "language": code, "prompt": prompt, "tests": tests, "stop_tokens": stop, "doctests": "keep"}
    return Example(row, right, wrong)


EVENS_TESTED_IN_JAVASCRIPT = """\
const assert = require('node:assert');

function test() {
  let candidate = evens;
  assert.deepEqual(candidate([1, 2, 4]),[2, 4]);
}

test();"""

MULTIPL_E = {
    "python": multipl_e(
        "py",
        ["\ndef", "\nclass"],
        "from typing import List\n\ndef evens(numbers: List[int]) -> List[int]:\n",
        """\
def check(candidate):
    assert candidate([1, 2, 4]) == [2, 4]
    assert candidate([1]) == []

check(evens)
""",
        "    return [n for n in numbers if n % 2 == 0]\n",
        "    return numbers\n",
    ),
    # Its `assert` has to be switched on, and its tuples are those of a library.
    "java": multipl_e(
        "java",
        ["\n    }\n"],
        """\
import java.util.*;
import org.javatuples.*;
class Problem {
    public static Pair<Long, ArrayList<Long>> evens(ArrayList<Long> numbers) {
""",
        """\
    }
    public static void main(String[] args) {
    assert(evens((new ArrayList<Long>(Arrays.asList((long)1l, (long)2l)))).equals(\
(Pair.with(1l, (new ArrayList<Long>(Arrays.asList((long)2l)))))));
    }

}
""",
        """\
        numbers.removeIf(n -> n % 2 != 0);
        return Pair.with(0L, numbers).setAt0((long) numbers.size());""",
        "        return new Pair<>(1L, numbers);",
    ),
    "javascript": multipl_e(
        "js",
        ["\nfunction "],
        "function evens(numbers){\n",
        EVENS_TESTED_IN_JAVASCRIPT,
        "  return numbers.filter((n) => n % 2 === 0);\n}\n",
        "  return numbers;\n}\n",
    ),
    "typescript": multipl_e(
        "ts",
        ["\nfunction "],
        "function evens(numbers: number[]): number[] {\n",
        f"declare var require: any;\n{EVENS_TESTED_IN_JAVASCRIPT}",
        "  return numbers.filter((n) => n % 2 === 0);\n}\n",
        "  return numbers;\n}\n",
    ),
    # Its lists are equal only to themselves, and its `Debug.Assert` has to be switched on.
    "csharp": multipl_e(
        "cs",
        ["\n    }\n"],
        """\
using System;
using System.Diagnostics;
using System.Collections.Generic;
using System.Linq;
class Problem {
    public static Tuple<long, List<long>> Evens(List<long> numbers) {
""",
        """\
    }
    public static void Main(string[] args) {
    Debug.Assert(Evens((new List<long>(new long[]{(long)1L, (long)2L}))).Equals(\
(Tuple.Create(1L, new List<long>(new long[]{(long)2L})))));
    }

}
""",
        """\
        var evens = numbers.Where(n => n % 2 == 0).ToList();
        return Tuple.Create((long)evens.Count, evens);""",
        "        return Tuple.Create(1L, numbers);",
    ),
    # It is a test file for `go test`.
    "go": multipl_e(
        "go_test.go",
        ["\nfunc", "struct"],
        """\
package evens_test

import (
    "testing"
    "fmt"
)

func evens(numbers []int) []int {
""",
        """\
func TestEvens(t *testing.T) {
	tests := []struct {
		actual   interface{}
		expected interface{}
	}{
     { actual: evens([]int{1, 2, 4}), expected: []int{2, 4} },
   }
	for i, tc := range tests {
		t.Run(fmt.Sprintf("test num % d", i), func(t *testing.T) {
			if fmt.Sprintf("%v", tc.actual) != fmt.Sprintf("%v", tc.expected) {
				t.Errorf("expected '%s', got '%s'", tc.expected, tc.actual)
			}
		})
	}
}
""",
        """\
	found := []int{}
	for _, n := range numbers {
		if n%2 == 0 {
			found = append(found, n)
		}
	}
	return found
}
""",
        "\treturn numbers\n}\n",
    ),
    "rust": multipl_e(
        "rs",
        ["\n}"],
        "fn evens(numbers: Vec<isize>) -> Vec<isize> {\n",
        """\
}

fn main() {
    let candidate = evens;
    assert_eq!(candidate(vec![1, 2, 4]), vec![2, 4]);
}
""",
        "    numbers.into_iter().filter(|n| n % 2 == 0).collect()",
        "    numbers",
    ),
}


def humaneval_x(name: str, prompt: str, test: str, right: str, wrong: str, reference: str, **fields: str) -> Example:
    row = {"task_id": name, "prompt": prompt, "canonical_solution": reference, "test": test, **fields}
    return Example(row, right, wrong)


# What is right goes on after the function, as a model does, and the reference may do the same.
HUMANEVAL_X = {
    # The module `math` is there without being imported.
    "python": humaneval_x(
        "Python/0",
        "def area(radius: float) -> float:\n",
        "\ndef check(area):\n    assert abs(area(1) - 3.14159) < 1e-3\n\ncheck(area)",
        right="    return 3.14159 * radius ** 2\n\nprint(undefined)\n",
        wrong="    return radius\n",
        reference="    return math.pi * radius ** 2\n",
    ),
    "java": humaneval_x(
        "Java/0",
        "import java.util.*;\n\nclass Solution {\n    public int twice(int n) {\n",
        """\
public class Main {
    public static void main(String[] args) {
        if (new Solution().twice(2) != 4 || new Solution().twice(3) != 6) {
            throw new AssertionError();
        }
    }
}
""",
        right="        if (n == 0) {\n            return 0;\n        }\n        return 2 * n;\n    }\n\n    int no(",
        wrong="        return n * n;",
        reference="""\
        return sum(n, n);
    }

    int sum(int a, int b) {
        return a + b;
    }
}""",
    ),
    # Its `console.assert` only prints.
    "javascript": humaneval_x(
        "JavaScript/0",
        "const twice = (n) => {\n",
        """\
const testTwice = () => {
  console.assert(twice(2) === 4)
  console.assert(twice(3) === 6)
}

testTwice()
""",
        right="  if (n === 0) {\n    return 0;\n  }\n  return 2 * n;\n}\n\nconst twice = 2;\n",
        wrong="  return n * n;",
        reference="  return 2 * n;\n}\n\n",
    ),
    # Its assertions are those of a library, and a completion need not use what the prompt imports.
    "go": humaneval_x(
        "Go/0",
        """\
import (
    "math"
    "strings"
)

// Shout returns a text in capitals, without math.
func Shout(text string) string {
""",
        """\
func TestShout(t *testing.T) {
    assert := assert.New(t)
    assert.Equal("HO", Shout("ho"))
    assert.Equal("", Shout(""), "nothing to shout")
}
""",
        right="\treturn strings.ToUpper(text)\n}\n\nfunc main() {\n}\n",
        wrong="\treturn text",
        reference="""\
	return upper(text)
}

func upper(text string) string {
	return strings.ToUpper(text)
}
""",
        test_setup='package main\n\nimport (\n    "testing"\n    "github.com/stretchr/testify/assert"\n)\n',
    ),
    # Its tests are for `cargo test`, and its crates are not there.
    "rust": humaneval_x(
        "Rust/0",
        "\n/*\n Twice the number.\n*/\n",
        """\

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    // Small ones.
    fn test_twice() {
        assert_eq!(twice(2), 4);
    }

    #[test]
    fn test_negative() {
        assert_eq!(twice(-3), -6);
    }
}
""",
        right="    if n == 0 {\n        return 0;\n    }\n    2 * n\n}\n\nfn main() {}\n",
        wrong="    n * n",
        reference="\n    let known = HashMap::from([(n, 2 * n)]);\n    known[&n]\n}\n",
        declaration="\nuse std::collections::HashMap;\nuse rand::Rng;\nuse md5;\n\nfn twice(n: i32) -> i32{\n",
    ),
}


def write(file: Path, *rows: Row) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return file


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with Executor(LANGUAGES) as executor:
        assert not (os.environ.get("CI") and executor.unavailable), executor.unavailable
        yield executor


def run(executor: Executor, *programs: Program) -> list[Execution]:
    language = programs[0].language
    if language in executor.unavailable:
        pytest.skip(executor.unavailable[language])
    return executor.run(programs)


def problem_of(row: Row, folder: Path) -> Problem:
    (problem,) = read_problems(write(folder / "problems.jsonl.gz", row))
    return problem


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_multipl_e_the_right_completion_passes_and_the_wrong_one_fails(
    executor: Executor, tmp_path: Path, language: str
) -> None:
    row, right, wrong = MULTIPL_E[language]
    problem = problem_of(row, tmp_path)
    assert (problem.name, problem.language, problem.prompt) == ("evens", language, row["prompt"])
    assert (problem.stop, problem.reference) == (tuple(row["stop_tokens"]), None)

    passed, failed = run(executor, complete_program(problem, right), complete_program(problem, wrong))
    assert passed.verdict == Verdict.PASSED, passed.message
    assert failed.verdict == Verdict.RUNTIME_ERROR, failed.message


@pytest.mark.parametrize("language", HUMANEVAL_X)
def test_in_humaneval_x_the_reference_passes_and_a_wrong_completion_fails(
    executor: Executor, tmp_path: Path, language: str
) -> None:
    row, _, wrong = HUMANEVAL_X[language]
    problem = problem_of(row, tmp_path)
    assert (problem.name, problem.language) == (row["task_id"], language)
    assert problem.reference is not None

    passed, failed = run(executor, complete_program(problem, problem.reference), complete_program(problem, wrong))
    assert passed.verdict == Verdict.PASSED, passed.message
    assert failed.verdict == Verdict.RUNTIME_ERROR, failed.message


@pytest.mark.parametrize("language", HUMANEVAL_X)
def test_in_humaneval_x_a_completion_that_goes_on_has_to_be_cut_at_a_stop_text(
    executor: Executor, tmp_path: Path, language: str
) -> None:
    row, right, _ = HUMANEVAL_X[language]
    problem = problem_of(row, tmp_path)
    cut = right[: min(right.index(stop) for stop in problem.stop if stop in right)]

    uncut, passed = run(executor, complete_program(problem, right), complete_program(problem, cut))
    assert uncut.verdict != Verdict.PASSED
    assert passed.verdict == Verdict.PASSED, passed.message


def test_the_model_is_not_offered_crates_that_programs_cannot_have(tmp_path: Path) -> None:
    prompt = problem_of(HUMANEVAL_X["rust"].row, tmp_path).prompt
    assert "use std::collections::HashMap;\n" in prompt
    assert "rand" not in prompt and "md5" not in prompt


def test_tuples_of_java_have_the_methods_of_javatuples(executor: Executor, tmp_path: Path) -> None:
    tests = """\
    }
    public static void main(String[] args) {
        Triplet<Long, String, Long> trio = Triplet.with(1L, "a", 3L);
        assert trio.getValue0() + trio.getValue2() == 4L && trio.getValue1().equals(trio.getValue(1));
        assert trio.equals(new Triplet<>(1L, "a", 3L)) && !trio.equals(Pair.with(1L, "a"));
        assert trio.hashCode() == Triplet.with(1L, "a", 3L).hashCode();
        assert trio.setAt1('b').equals(Triplet.with(1L, 'b', 3L));
        assert trio.contains("a") && !trio.contains(2L);
        assert trio.toString().equals("[1, a, 3]") && trio.getSize() == 3;
        assert trio.toList().equals(Arrays.asList(trio.toArray()));
        assert Pair.with(1L, 2L).compareTo(Pair.with(1L, 3L)) < 0;
        for (Object value : trio) assert trio.contains(value);
    }
}
"""
    problem = problem_of(MULTIPL_E["java"].row | {"tests": tests}, tmp_path)
    (execution,) = run(executor, complete_program(problem, "        return null;"))
    assert execution.verdict == Verdict.PASSED, execution.message


def test_only_the_languages_that_are_wanted_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "problems.jsonl", *(MULTIPL_E[name].row for name in ("rust", "javascript", "python")))
    assert [problem.language for problem in read_problems(file)] == ["rust", "javascript", "python"]
    assert [problem.language for problem in read_problems(file, ["python", "rust"])] == ["rust", "python"]


def without(row: Row, field: str) -> Row:
    return {name: value for name, value in row.items() if name != field}


PYTHON_ROW, RUST_ROW = MULTIPL_E["python"].row, MULTIPL_E["rust"].row
JAVA_X_ROW, RUST_X_ROW = HUMANEVAL_X["java"].row, HUMANEVAL_X["rust"].row


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (without(PYTHON_ROW, "tests"), "row 2: no text in the field 'tests'"),
        (without(PYTHON_ROW, "stop_tokens"), "row 2: no list of texts in the field 'stop_tokens'"),
        (PYTHON_ROW | {"language": "rb"}, "row 2: unknown language 'rb': choose from .*py, java, js, ts"),
        (RUST_ROW, "row 2: there is a problem 'evens' already"),
        (MULTIPL_E["go"].row | {"tests": "func helper() {}"}, "row 2: no test function among its tests"),
        (JAVA_X_ROW, "row 2: it is in the layout of HumanEval-X, the first in that of MultiPL-E"),
        ({"question": "?", "prompt": "x"}, r"row 2: its fields are those of neither MultiPL-E \(name, .* HumanEval-X"),
        (["x"], "row 2: not a JSON object"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, row: Any, message: str) -> None:
    file = write(tmp_path / "problems.jsonl", RUST_ROW, row)
    with pytest.raises(UserError, match=message) as caught:
        read_problems(file)
    assert str(caught.value).startswith(f"{file}, ") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (JAVA_X_ROW | {"task_id": "CPP/0"}, "row 1: unknown language 'CPP': choose from .*Rust"),
        (without(JAVA_X_ROW, "canonical_solution"), "row 1: no text in the field 'canonical_solution'"),
        (without(RUST_X_ROW, "declaration"), "row 1: no text in the field 'declaration'"),
        (RUST_X_ROW | {"test": "mod tests {}"}, "row 1: no test function among its tests"),
    ],
)
def test_a_row_of_humaneval_x_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, row: Row, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_problems(write(tmp_path / "problems.jsonl", row))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("problems.jsonl", None, "no such file"),
        ("problems.jsonl", b"\n", "there are no problems in"),
        ("problems.jsonl", b'{"name": \n', "row 1: not a JSON object"),
        ("problems.jsonl", b"\xff\xfe\n", "cannot read"),
        ("problems.jsonl.gz", b"no archive", "cannot read"),
        ("problems.jsonl.gz", gzip.compress(b"{}\n" * 100, mtime=0)[:-12], "cannot read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError, match=message) as caught:
        read_problems(file)
    assert str(file) in str(caught.value) and "\n" not in str(caught.value)


@pytest.fixture
def offline_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads data sets keeps to the test's folder, and does not look for the hub."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)


@pytest.mark.usefixtures("offline_hub")
def test_a_data_set_of_the_hub_is_read_like_a_file(tmp_path: Path) -> None:
    rows = [RUST_ROW, PYTHON_ROW]
    folder = tmp_path / "set"
    folder.mkdir()
    datasets.Dataset.from_list(rows).to_parquet(folder / "test.parquet")
    file = write(tmp_path / "problems.jsonl", *rows)
    assert read_problems(f"hub:{folder}:default", ["rust", "python"]) == read_problems(file)


@pytest.mark.usefixtures("offline_hub")
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("hub:", "give hub:NAME:CONFIGURATION"),
        ("hub:nuprl/MultiPL-E:humaneval-rs", "cannot load nuprl/MultiPL-E humaneval-rs: Couldn't reach"),
        ("hub:{folder}/nowhere:x", "cannot load .*nowhere x: Couldn't find"),
        ("hub:{folder}/set:humaneval-rs", "cannot load .*set humaneval-rs: .*'humaneval-rs' not found"),
        ("hub:{folder}/set:default", "has no split 'test', only train"),
    ],
)
def test_a_data_set_that_cannot_be_had_is_refused_in_one_line(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "set").mkdir()
    write(tmp_path / "set/rows.jsonl", RUST_ROW)
    with pytest.raises(UserError, match=message) as caught:
        read_problems(source.replace("{folder}", str(tmp_path)))
    assert "\n" not in str(caught.value)
