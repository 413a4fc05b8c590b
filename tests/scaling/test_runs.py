from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codelm.errors import UserError
from codelm.run_record import RunRecord
from codelm.scaling.runs import Runs, read_table

LOSS = np.array([3.0, 2.5, 2.8, 2.2])
SIZE = np.array([1e8, 1e9, 1e8, 1e9])
TOKENS = np.array([2e9, 2e9, 8e9, 8e9])
MIXES = np.array([[0.5, 0.5], [1.0, 0.0], [0.25, 0.75], [0.0, 1.0]])

TABLE = "loss,parameters,tokens\n3.0,1e8,2e9\n2.5,1e9,2e9\n"


def runs_of(**columns: Any) -> Runs:
    """Runs as a notebook makes them: of lists, tuples, whatever holds numbers."""
    return Runs(**columns)


def four_runs(**more: Any) -> Runs:
    return runs_of(**{"loss": LOSS, "parameters": SIZE, "tokens": TOKENS, **more})


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "runs.csv"
    file.write_bytes(text.encode(encoding))
    return file


def recorded(folder: Path, **more: Any) -> Path:
    """The folder of a run that was trained on Python and Java."""
    facts: dict[str, Any] = {
        "config": {},
        "config_fingerprint": "c",
        "corpus_fingerprint": "d",
        "git_revision": None,
        "versions": {},
        "device": "cpu",
        "precision": "32",
        "attention_backend": "sdpa",
        "parameters": 100,
        "block_parameters": 80,
        "tokens_asked": 4000,
        "tokens_seen": 3900,
        "proportions_asked": {},
        "proportions_seen": {},
        "language_shares": {"java": 0.6, "python": 0.4},
        "epochs": 1.0,
        "documents_cut": 0,
        "train_loss": 1.0,
        "validation_nats_per_token": {"python": 2.0, "java": 1.5},
        "validation_bits_per_byte": {"python": 1.0, "java": 0.9},
    }
    folder.mkdir(exist_ok=True)
    RunRecord(**{**facts, **more}).save(folder)
    return folder


def one_line(error: pytest.ExceptionInfo[UserError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    return message


# What runs are.


def test_runs_are_arrays_of_one_row_per_measurement() -> None:
    runs = runs_of(loss=[3, 2.5], parameters=[100_000_000, 1_000_000_000], tokens=(2e9, 2e9))
    assert len(runs) == 2
    assert runs.loss.dtype == np.asarray(runs.tokens).dtype == float
    np.testing.assert_array_equal(runs.compute, [6 * 1e8 * 2e9, 6 * 1e9 * 2e9])


@given(st.lists(st.sampled_from("cabd"), min_size=1, max_size=12))
def test_rows_of_one_run_are_one_block_numbered_in_the_order_of_appearance(names: list[str]) -> None:
    runs = runs_of(loss=np.arange(1.0, len(names) + 1), run=names)
    order = list(dict.fromkeys(names))
    assert runs.blocks.tolist() == [order.index(name) for name in names]


def test_without_names_each_row_is_a_run_of_its_own() -> None:
    assert four_runs().blocks.tolist() == [0, 1, 2, 3]


@given(
    st.lists(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3), min_size=1, max_size=5),
    st.floats(0.991, 1.009),
)
def test_proportions_that_were_rounded_are_made_to_sum_to_one(mixes: list[list[float]], rounded: float) -> None:
    shares = np.array(mixes) / np.sum(mixes, axis=1, keepdims=True)
    runs = runs_of(
        loss=np.arange(1.0, len(shares) + 1), proportions=rounded * shares, languages=["python", "java", "go"]
    )
    np.testing.assert_allclose(runs.require("proportions"), shares, rtol=1e-11)
    again = runs.select(np.arange(len(shares)))
    np.testing.assert_array_equal(again.require("proportions"), runs.require("proportions"))


def test_shares_come_in_the_order_that_is_asked_for() -> None:
    runs = four_runs(proportions=MIXES, languages=("python", "java"))
    np.testing.assert_array_equal(runs.shares(("java", "python")), MIXES[:, ::-1])


def test_a_language_that_was_never_trained_need_not_be_in_a_law_but_every_other_one_must() -> None:
    with_go = np.column_stack([MIXES, np.zeros(4)])
    runs = four_runs(proportions=with_go, languages=("python", "java", "go"))
    np.testing.assert_array_equal(runs.shares(("python", "java")), MIXES)
    for languages in (("python", "go"), ("python", "java", "rust")):
        with pytest.raises(UserError, match="give the law the languages of the runs"):
            runs.shares(languages)


def test_rows_are_selected_from_every_column() -> None:
    runs = four_runs(
        run=list("abcd"),
        language=["go", "go", "rust", "rust"],
        unique_tokens=TOKENS / 2,
        proportions=MIXES,
        languages=("python", "java"),
    )
    by_mask, by_number = runs.select(runs.loss < 2.9), runs.select(np.array([1, 2, 3]))
    for field in fields(Runs):
        whole, masked, numbered = (getattr(one, field.name) for one in (runs, by_mask, by_number))
        np.testing.assert_array_equal(masked, numbered)
        np.testing.assert_array_equal(masked, whole if field.name == "languages" else whole[1:])
    assert runs.of_language("rust").loss.tolist() == [2.8, 2.2]


def test_the_highest_losses_are_dropped_and_the_rest_keeps_its_order() -> None:
    assert four_runs().drop_highest(2).loss.tolist() == [2.5, 2.2]
    assert four_runs().drop_highest(0).loss.tolist() == LOSS.tolist()
    for number in (-1, 4, 500):
        with pytest.raises(UserError, match="give a number from 0 to 3"):
            four_runs().drop_highest(number)


# What runs cannot be.


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"loss": [3.0, np.nan, 2.8, 2.2]}, "row 2 has loss nan"),
        ({"loss": [3.0, None, 2.8, None]}, r"row 2 \(and 1 more\) has loss nan"),
        ({"loss": [3.0, 2.5, 2.8, np.inf]}, "row 4 has loss inf"),
        ({"loss": [3.0, 2.5, -2.8, 2.2]}, "row 3 has loss -2.8"),
        ({"loss": ["3.0", "diverged", "2.8", "2.2"]}, "loss are not all numbers"),
        ({"loss": 3.0}, "loss has 0 dimensions"),
        ({"parameters": 1e9}, "parameters has 0 dimensions"),
        ({"parameters": [0, 1e9, 1e8, 1e9]}, "row 1 has parameters 0"),
        ({"tokens": [2e9, 2e9, 8e9]}, "tokens has 3 values for 4 losses"),
        ({"unique_tokens": [1e9, 4e9, 8e9, 8e9]}, r"row 2 has more unique tokens \(4e\+09\) than tokens \(2e\+09\)"),
        ({"unique_tokens": [1e9, 1e9, -1, 1e9]}, "row 3 has unique tokens -1"),
        ({"language": ["go", "", "go", "go"]}, "row 2 has no language: fill it in"),
        ({"language": np.array(["go", "go", None, "go"], dtype=object)}, "row 3 has no language: fill it in"),
        ({"run": [1.0, np.nan, 2.0, 3.0]}, "row 2 has no run: fill it in"),
        ({"run": [["a", "b"]] * 4}, "run has 2 dimensions"),
        ({"loss": [[3.0, 2.5]] * 4}, "loss has 2 dimensions"),
        ({"proportions": MIXES}, "give a column for each of 0 languages"),
        ({"proportions": MIXES, "languages": ("go", "go")}, "two columns of go"),
        ({"proportions": 100 * MIXES, "languages": ("go", "rust")}, "row 1 sum to 100, not to 1"),
        ({"proportions": MIXES - [0.5, 0.0], "languages": ("go", "rust")}, "row 3 has a proportion that is not"),
        ({"proportions": [[1, 0], [1], [0, 1], [1, 0]], "languages": ("go", "rust")}, "proportions are not all numb"),
        ({"proportions": np.where(MIXES == 1, np.nan, MIXES), "languages": ("go", "rust")}, "row 2 has a proportion"),
    ],
)
def test_impossible_values_are_named_with_their_row(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        four_runs(**columns)
    one_line(error)


def test_no_runs_are_none() -> None:
    with pytest.raises(UserError, match="there are no runs"):
        runs_of(loss=[])
    with pytest.raises(UserError, match="there are no runs"):
        four_runs().select(LOSS > 5)


def test_the_same_row_twice_is_a_mistake_unless_runs_are_told_apart() -> None:
    twice: dict[str, Any] = {name: [2.0, 3.0, 2.0] for name in ("loss", "parameters", "tokens")}
    with pytest.raises(UserError, match=r"rows 1 and 3 are the same \(loss 2\)"):
        runs_of(**twice)
    assert len(runs_of(**twice, run=["a", "b", "c"])) == 3
    assert len(runs_of(**twice, proportions=[[1, 0], [1, 0], [0, 1]], languages=("go", "rust"))) == 3
    with pytest.raises(UserError, match="rows 1 and 3"):
        runs_of(**twice, run=["a", "b", "a"])


def test_what_a_law_needs_and_the_runs_lack_is_said() -> None:
    with pytest.raises(UserError, match="the runs have no unique tokens, which this law needs"):
        four_runs().require("unique_tokens")
    with pytest.raises(UserError, match="the runs have no parameters"):
        _ = Runs(loss=LOSS, tokens=TOKENS).compute
    with pytest.raises(UserError, match="unknown language of the runs 'gp': choose from go, rust"):
        four_runs(language=["rust", "go", "go", "go"]).of_language("gp")


# Tables.


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TABLE, "utf-8"),
        (TABLE, "utf-8-sig"),
        (TABLE.replace("\n", "\r\n"), "utf-8"),
        (TABLE.replace("\n", "\r"), "utf-8"),
        (TABLE.replace(",", ";"), "utf-8-sig"),
        (TABLE.replace(",", "\t"), "utf-8"),
        (TABLE.replace(",", " , "), "utf-8"),
        ('"loss", "parameters", "tokens"\n3.0, "1e8", 2e9\n"2.5",1e9, "2e9"', "utf-8"),
        ("\n" + TABLE.replace("\n", "\n\n") + ",,\n  \n", "utf-8"),
    ],
    ids=["plain", "BOM", "Windows", "old Mac", "semicolons", "tabs", "spaces", "quotes", "empty lines"],
)
def test_tables_are_read_as_spreadsheets_and_programs_write_them(text: str, encoding: str, tmp_path: Path) -> None:
    runs = Runs.from_csv(written(tmp_path, text, encoding))
    assert runs.loss.tolist() == [3.0, 2.5]
    assert runs.require("parameters").tolist() == [1e8, 1e9]
    assert runs.require("tokens").tolist() == [2e9, 2e9]


def test_columns_are_found_by_their_own_names(tmp_path: Path) -> None:
    text = (
        'name,"Model\nSize",Tokens (B),unique,lang,val loss,share_py,share_go,note\n'
        'a,100,2,1, python ,3.0,0.333,0.666,"first, of two"\n'
        "b,200,4,4,go,2.5,0,1,\n"
    )
    runs = Runs.from_csv(
        written(tmp_path, text),
        loss="val loss",
        parameters="Model Size",
        tokens="Tokens (B)",
        run=" name",
        unique_tokens="unique",
        language="lang",
        proportions={"python": "share_py", "go": "share_go"},
    )
    assert runs.require("run").tolist() == ["a", "b"]
    assert runs.require("language").tolist() == ["python", "go"]
    assert runs.require("unique_tokens").tolist() == [1, 4]
    assert runs.languages == ("python", "go")
    np.testing.assert_allclose(runs.require("proportions"), np.array([[1 / 3, 2 / 3], [0, 1]]))


def test_tokens_follow_from_compute(tmp_path: Path) -> None:
    file = written(tmp_path, "loss,N,C,tokens\n3,1e8,1.2e18,7\n2,1e9,1.2e19,8\n")
    runs = Runs.from_csv(file, parameters="N", compute="C")
    assert runs.require("tokens").tolist() == [2e9, 2e9]
    np.testing.assert_allclose(runs.compute, [1.2e18, 1.2e19])
    with pytest.raises(UserError, match="only with parameters"):
        Runs.from_csv(file, parameters=None, compute="C")


def test_columns_that_a_law_does_not_need_can_be_left_out(tmp_path: Path) -> None:
    runs = Runs.from_csv(written(tmp_path, "loss\n3\n2\n"), parameters=None, tokens=None)
    assert runs.parameters is None and runs.tokens is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rows: write a header line"),
        ("loss,parameters,tokens\n", "has no rows"),
        ("Loss,params,tokens\n3,1,2\n", r"has no column 'loss' \(is it 'Loss'\?\): its columns are Loss, params, tok"),
        ("loss,params,tokens\n3,1,2\n", r"has no column 'parameters' \(is it 'params'\?\)"),
        ("loss,N,tokens\n3,1,2\n", "has no column 'parameters': its columns are loss, N, tokens"),
        (TABLE + "2.2,1e9\n", "line 4 of .* has 2 cells, the header has 3"),
        (TABLE + "\n2.2,1e9,2e9,5\n", "line 5 of .* has 4 cells, the header has 3"),
        (TABLE + "2.2,,3e9\n", "row 3 of .* has '' for 'parameters': write a number"),
        (TABLE + "2.2,1.5B,3e9\n", "row 3 of .* has '1.5B' for 'parameters'"),
        (TABLE.replace(",", ";") + "2,2;1e9;3e9\n", "row 3 of .* has '2,2' for 'loss'"),
        (TABLE + "NaN,1e9,3e9\n", "row 3 has loss nan: remove it"),
        (TABLE + "2.2,1e9,-3e9\n", r"row 3 has tokens -3e\+09"),
        (TABLE + "2.5,1e9,2e9\n", "rows 2 and 3 are the same"),
        ("loss,parameters,tokens,loss\n3,1,2,4\n", "has 2 columns 'loss': rename or remove one"),
    ],
)
def test_a_faulty_table_is_one_line_that_says_what_to_do(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=message) as error:
        Runs.from_csv(written(tmp_path, text))
    one_line(error)


def test_a_mistake_in_compute_is_told_of_compute(tmp_path: Path) -> None:
    file = written(tmp_path, "loss,parameters,C\n3,1e8,0\n")
    with pytest.raises(UserError, match="row 1 has compute 0"):
        Runs.from_csv(file, compute="C")


def test_a_row_without_the_name_of_its_run_is_a_mistake(tmp_path: Path) -> None:
    file = written(tmp_path, "loss,parameters,tokens,id\n3,1,2,a\n2,1,3,  \n")
    with pytest.raises(UserError, match="row 2 has no run: fill it in"):
        Runs.from_csv(file, run="id")


def test_what_is_not_a_table_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00loss")
    for file in (tmp_path / "missing.csv", tmp_path, binary):
        with pytest.raises(UserError, match=r"cannot read the table .*") as error:
            read_table(file)
        assert str(file) in one_line(error)
    assert "save it as such" in one_line(error)


@given(
    st.lists(st.tuples(*[st.floats(1e-6, 1e15, allow_subnormal=False)] * 3), min_size=1, max_size=8, unique=True),
    st.sampled_from(",;\t"),
)
def test_numbers_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, float, float]], separator: str
) -> None:
    lines = [separator.join(map(repr, row)) for row in rows]
    text = "\n".join([separator.join(("tokens", "loss", "parameters")), *lines])
    runs = Runs.from_csv(written(tmp_path_factory.mktemp("tables"), text))
    columns = np.stack([runs.require(name) for name in ("tokens", "loss", "parameters")], axis=1)
    np.testing.assert_array_equal(columns, rows)


# Records of runs.


def test_a_record_is_one_row_per_language(tmp_path: Path) -> None:
    folders = [
        recorded(tmp_path / "mix", epochs=3.0),
        recorded(tmp_path / "python", language_shares={"python": 1.0}, validation_nats_per_token={"python": 1.8}),
    ]
    runs = Runs.from_records(folders)
    assert runs.loss.tolist() == [2.0, 1.5, 1.8]
    assert runs.require("language").tolist() == ["python", "java", "python"]
    assert runs.blocks.tolist() == [0, 0, 1]
    assert runs.languages == ("python", "java")
    np.testing.assert_allclose(runs.require("proportions"), np.array([[0.4, 0.6], [0.4, 0.6], [1, 0]]))
    np.testing.assert_allclose(runs.require("unique_tokens"), [1300, 1300, 3900])
    assert runs.require("tokens").tolist() == [3900] * 3
    assert runs.require("parameters").tolist() == [100] * 3
    assert Runs.from_records(folders[:1], bits_per_byte=True).loss.tolist() == [1.0, 0.9]


def test_a_language_of_the_users_own_keeps_its_share(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "own", language_shares={"cobol": 0.25, "java": 0.75})
    runs = Runs.from_records([folder])
    assert runs.languages == ("java", "cobol")
    np.testing.assert_allclose(runs.require("proportions")[0], [0.75, 0.25])


def test_one_folder_named_twice_is_one_run(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "mix")
    assert len(Runs.from_records([folder, f"{folder}/"])) == 2


def test_records_that_tell_nothing_are_named(tmp_path: Path) -> None:
    silent = recorded(tmp_path / "silent", validation_nats_per_token={}, validation_bits_per_byte={})
    diverged = recorded(tmp_path / "diverged", validation_nats_per_token={"python": float("nan"), "java": 1.5})
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "record.json").write_text(json.dumps({"schema": 1}))
    for folders, message in (
        ([], "there are no run records"),
        ([tmp_path / "nowhere"], "no run record at .*nowhere"),
        ([silent], "silent has no validation loss"),
        ([diverged], "diverged has no finite loss of python"),
        ([damaged], "schema 1"),
    ):
        with pytest.raises(UserError, match=message) as error:
            Runs.from_records(folders)
        one_line(error)
