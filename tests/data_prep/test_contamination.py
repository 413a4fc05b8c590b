"""Which programs of a corpus share long n-grams with evaluation programs, and that they are left out."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from datatrove.data import Document

from codelm.errors import UserError
from codelm.evaluation.program_set import evaluation_programs
from codelm.languages import LANGUAGES, get_language
from data_prep.contamination import (
    NEAR_COPY,
    NGRAM,
    PROGRAMS,
    EvaluationFilter,
    NgramIndex,
    evaluation_texts,
    read_evaluation_set,
)
from data_prep.dropped import Dropped
from data_prep.sources import builtin_programs

PROGRAM = evaluation_programs()[0].programs["python"]
OTHER = evaluation_programs()[1].programs["python"]


def test_a_copy_shares_everything_whatever_its_layout_and_place() -> None:
    index = NgramIndex({"a": PROGRAM, "b": OTHER})
    indented = "class Outer:\n" + PROGRAM.replace("\n", "\n\t\t") + "\nprint('the end')\n"
    assert index.shares(indented)["a"] == 1.0


def test_half_a_copy_shares_about_half() -> None:
    lines = PROGRAM.splitlines()
    share = NgramIndex({"a": PROGRAM}).shares("\n".join(lines[: len(lines) // 2]))["a"]
    assert 0.3 < share < 0.7


def test_a_copy_is_still_near_when_one_name_is_another() -> None:
    name = max(set(filter(str.isidentifier, PROGRAM.split())), key=len)
    assert NgramIndex({"a": PROGRAM}).shares(PROGRAM.replace(name, "renamed"))["a"] > NEAR_COPY


def test_other_programs_share_nothing_long() -> None:
    assert NgramIndex({"a": PROGRAM}).shares(OTHER).get("a", 0.0) < NEAR_COPY


def test_a_text_shorter_than_an_n_gram_shares_nothing() -> None:
    assert NgramIndex({"a": PROGRAM}).shares(" ".join(PROGRAM.split()[: NGRAM // 4])) == {}


def test_a_description_is_found_in_a_comment_whatever_its_punctuation_and_lines() -> None:
    said = "Find the length of the longest run of equal letters in a text, and where it begins, as a pair."
    index = NgramIndex({}, {"a": said})
    words = said.replace(",", "").rstrip(".").upper().split()
    assert index.shares("int x; // " + "\n// ".join(words) + "\n")["a"] == 1.0
    assert index.shares("Find the length of a text.") == {}


def test_a_description_of_a_few_words_is_found_whole_and_one_of_less_is_not_looked_for() -> None:
    said = "Write a function to find the perimeter of a square."
    index = NgramIndex({}, {"a": said, "b": "Find the perimeter of a square."})
    assert index.shares(f'"""{said}"""') == {"a": 1.0}
    assert index.shares(said.replace("square", "circle")) == {}


def test_the_nearest_program_of_a_corpus_is_named() -> None:
    corpus = [("far", OTHER), ("near", PROGRAM), ("half", PROGRAM[: len(PROGRAM) // 2])]
    assert NgramIndex({"a": PROGRAM}).largest_overlaps(corpus)["a"] == ("near", 1.0)


def test_the_built_in_corpus_holds_no_near_copy_of_an_evaluation_program() -> None:
    corpus = ((program.group, program.code) for program in builtin_programs(250, seed=0))
    assert (
        max(overlap.share for overlap in NgramIndex(evaluation_texts()).largest_overlaps(corpus).values()) < NEAR_COPY
    )


def test_a_text_full_of_openings_without_ends_takes_no_longer_than_others() -> None:
    index = NgramIndex({"a": PROGRAM})
    start = time.process_time()
    for opening in ("/*", '"""', "'''", '"', "src/*/x "):
        index.shares(opening * (20_000 // len(opening)))
    assert time.process_time() - start < 5


# Planted programs: what people do to a copy without making it another program.


def verbatim(code: str, language: str, random: Random) -> str:
    return code


def re_indented(code: str, language: str, random: Random) -> str:
    """Other indentation, blank lines and line ends, as another editor or formatter leaves them."""
    indent = random.choice(["\t", "  ", "        "])
    lines = [re.sub(r"^( {4}|\t| {2})+", lambda found: indent * len(found[0]), line) for line in code.splitlines()]
    return "    " + "\r\n\r\n    ".join(lines)


def with_other_comments(code: str, language: str, random: Random) -> str:
    """A new comment after or above every line, and none of the old ones."""
    known = get_language(language)
    comment = re.escape(known.line_comment)
    lines = [line for line in code.splitlines() if not re.match(rf"\s*{comment}", line)]
    words = ["note", "it's", "the", "loop", "so", 'a "quoted" word', "todo", "(see", "below)"]

    def note() -> str:
        return f"{known.line_comment} {' '.join(random.sample(words, 4))}"

    commented = [f"{line}  {note()}" if random.random() < 0.5 else f"{note()}\n{line}" for line in lines]
    start, end = known.block_comment or ('"""', '"""')
    return f"{start} Made\n by someone else's hand. {end}\n" + "\n".join(commented)


def inside_a_longer_file(code: str, language: str, random: Random) -> str:
    others = [group.programs[language] for group in random.sample(evaluation_programs(), 2)]
    return "\n\n".join([_renamed(others[0]), code, _renamed(others[1])])


def quoted_in_a_text(code: str, language: str, random: Random) -> str:
    return f"# How to\n\nIt's easy, don't you think?\n\n```{language}\n{code}\n```\n\nThat's all.\n"


def in_a_string(code: str, language: str, random: Random) -> str:
    return f'SOURCE = """\n{code}\n"""\nrun(SOURCE)\n'


def _renamed(code: str) -> str:
    """Return a program of which no n-gram is left."""
    return re.sub(r"\w+", lambda found: f"{found[0]}_{found.start()}", code)


PLANTINGS = [verbatim, re_indented, with_other_comments, inside_a_longer_file, quoted_in_a_text, in_a_string]


@pytest.fixture(scope="module")
def programs_filter() -> EvaluationFilter:
    return EvaluationFilter([PROGRAMS], Dropped())


@pytest.mark.parametrize("plant", PLANTINGS)
def test_every_planted_evaluation_program_is_removed(
    plant: Callable[[str, str, Random], str], programs_filter: EvaluationFilter
) -> None:
    random = Random(0)
    planted = [
        Document(plant(code, language, random), group.name, metadata={"language": language})
        for group in evaluation_programs()
        for language, code in group.programs.items()
    ]
    assert len(planted) == 50 * len(LANGUAGES)
    assert list(programs_filter(iter(planted))) == []


def test_planted_programs_are_removed_from_between_others_and_those_are_kept(tmp_path: Path) -> None:
    dropped = Dropped()
    own = [Document(p.code, p.group, metadata={"language": p.language}) for p in builtin_programs(20, seed=3)]
    planted = [Document(f"{own[n].text}\n{PROGRAM}", "planted", metadata={"language": "python"}) for n in range(5)]
    mixed = Random(0).sample([*own, *planted], len(own) + len(planted))
    kept = list(EvaluationFilter([PROGRAMS], dropped)(iter(mixed)))
    assert sorted(document.text for document in kept) == sorted(document.text for document in own)
    assert dropped.counts == {("contamination", "shares n-grams with programs", "python"): 5}
    assert {example.place for example in dropped.examples["contamination", "shares n-grams with programs"]} == {
        "planted"
    }


# Evaluation sets as they are published, with problems of our own.

SAID = "Return the sum of those numbers in the list that are larger than all the numbers in front of them."
SIGNATURE = "def record_sum(numbers: list[int]) -> int:\n"
PROMPT = f'{SIGNATURE}    """{SAID}\n    >>> record_sum([1, 3, 2, 4])\n    8\n    """\n'
SOLUTION = """\
    total, highest = 0, None
    for number in numbers:
        if highest is None or number > highest:
            total, highest = total + number, number
    return total
"""
JAVA = "class Solution {\n    public int recordSum(List<Integer> numbers) {\n"
JAVA_SOLUTION = """\
        int total = 0, highest = Integer.MIN_VALUE;
        for (int number : numbers) { if (number > highest) { total += number; highest = number; } }
        return total;
    }
}
"""
HUMANEVAL = {"task_id": "HumanEval/0", "prompt": PROMPT, "canonical_solution": SOLUTION, "test": "", "entry_point": "f"}
HUMANEVAL_X = {
    "task_id": "Java/0",
    "prompt": JAVA.replace("    public", f"    /**\n    {SAID}\n    */\n    public"),
    "declaration": JAVA,
    "canonical_solution": JAVA_SOLUTION,
    "test": "public class Main {}",
}
MBPP = {"task_id": 2, "text": SAID, "code": SIGNATURE.replace("\n", "\r\n") + SOLUTION, "test_list": ["assert 1"]}
SANITIZED_MBPP = {"task_id": 2, "prompt": SAID, "code": SIGNATURE + SOLUTION, "test_imports": [], "test_list": []}
MULTIPL_E = {"name": "HumanEval_0", "language": "py", "prompt": PROMPT, "tests": "check()", "stop_tokens": ["\ndef"]}


def write_rows(file: Path, *rows: Any) -> str:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return str(file)


def reasons(name: str, *texts: str) -> list[str | None]:
    """Return why a filter against one evaluation set drops each text, or None."""
    judged = [EvaluationFilter([name], Dropped()).filter(Document(text, "")) for text in texts]
    return [None if result is True else result[1] for result in judged]


@pytest.mark.parametrize(
    ("row", "solution"),
    [(HUMANEVAL, SOLUTION), (HUMANEVAL_X, JAVA_SOLUTION), (MBPP, SOLUTION), (SANITIZED_MBPP, SOLUTION)],
    ids=["HumanEval", "HumanEval-X", "MBPP", "sanitized MBPP"],
)
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_solutions_and_descriptions_of_published_sets_are_removed(
    row: dict[str, Any], solution: str, suffix: str, tmp_path: Path
) -> None:
    file = write_rows(tmp_path / f"problems{suffix}", row)
    described = "/** " + SAID.replace("all the", "all the\n *") + " */\nfn elsewhere() {}"
    reason = f"shares n-grams with problems{suffix}"
    assert reasons(file, "import sys\n" + solution, described, OTHER) == [reason, reason, None]


def test_a_prompt_without_a_solution_is_found_by_what_it_says_and_not_by_its_signature(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "multipl-e.jsonl", MULTIPL_E)
    assert reasons(file, f"# {SAID}", SIGNATURE + "    return sum(numbers)\n") == [
        "shares n-grams with multipl-e.jsonl",
        None,
    ]


def test_of_several_sets_the_one_that_is_nearest_is_the_reason(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "own.jsonl", MBPP)
    dropped = Dropped()
    texts = [PROGRAM, SIGNATURE + SOLUTION]
    documents = (Document(text, "", metadata={"language": "python"}) for text in texts)
    assert list(EvaluationFilter([PROGRAMS, file], dropped)(documents)) == []
    assert sorted(reason for _, reason, _ in dropped.counts) == [
        "shares n-grams with own.jsonl",
        "shares n-grams with programs",
    ]


def test_two_files_of_one_name_are_two_sets(tmp_path: Path) -> None:
    files = []
    for folder, row in (("mbpp", MBPP), ("java", HUMANEVAL_X)):
        (tmp_path / folder).mkdir()
        files.append(write_rows(tmp_path / folder / "problems.jsonl", row))
    judge = EvaluationFilter(files, Dropped())
    for solution in (SOLUTION, JAVA_SOLUTION):
        assert judge.filter(Document(solution, "")) == (False, "shares n-grams with problems.jsonl")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"prompt": "x"}\n[1]\n', "row 2: not a JSON object"),
        ('{"prompt": \n', "row 1: not a JSON object"),
        ('\n{"task_id": 1}\n', "row 2: no prompt, text, code or canonical_solution in it"),
        ("\n", "there are no problems in"),
    ],
)
def test_a_bad_evaluation_set_is_a_one_line_error(content: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "problems.jsonl"
    file.write_text(content)
    with pytest.raises(UserError, match=message):
        read_evaluation_set(str(file))


def test_a_missing_or_damaged_evaluation_set_is_a_one_line_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no evaluation set 'humaneval': name a .jsonl or .jsonl.gz file, or programs"):
        read_evaluation_set("humaneval")
    damaged = tmp_path / "problems.jsonl.gz"
    damaged.write_bytes(gzip.compress(b'{"prompt": "x"}\n' * 1000)[:-20])
    with pytest.raises(UserError, match=r"cannot read .*problems\.jsonl\.gz"):
        read_evaluation_set(str(damaged))


def test_what_is_dropped_is_the_same_in_every_process() -> None:
    script = (
        "from data_prep.contamination import NgramIndex, evaluation_texts\n"
        "texts = evaluation_texts()\n"
        "index = NgramIndex(dict(list(texts.items())[:20]))\n"
        "print([sorted(index.shares(text).items()) for text in texts.values()])\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
