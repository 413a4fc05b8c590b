from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from codelm.errors import UserError
from codelm.languages import Direction
from codelm.run_record import FILE, RunRecord, fingerprint, mean_over_directions, parse_direction

RECORD = RunRecord(
    config={"mix": "parallel", "languages": ["python", "java"]},
    config_fingerprint="0123456789abcdef",
    corpus_fingerprint="fedcba",
    git_revision=None,
    versions={"torch": "2.13"},
    device="cpu",
    precision="32-true",
    attention_backend="sdpa",
    parameters=1000,
    block_parameters=600,
    tokens_asked=10_000,
    tokens_seen=9_984,
    proportions_asked={"python-java": 1.0},
    proportions_seen={"python-java": 1.0},
    language_shares={"python": 0.4, "java": 0.6},
    epochs=1.5,
    documents_cut=0,
    train_loss=2.5,
    validation_nats_per_token={"python": 2.0, "java": 1.5},
    validation_bits_per_byte={"python": 1.0, "java": 0.75},
    translation={"programs": {"python->java": {"loss_per_token": 1.25, "bleu": None}}},
    tokens_per_second=5000.0,
    mfu=0.5,
    peak_flops=1e12,
)


def test_a_record_is_read_back_as_it_was(tmp_path: Path) -> None:
    RECORD.save(tmp_path)
    assert RunRecord.load(tmp_path) == RECORD


def test_numbers_that_are_not_finite_become_null_so_that_any_json_reader_can_read_them(tmp_path: Path) -> None:
    scores = {"programs": {"python->java": {"loss_per_token": math.nan, "bleu": math.inf}}}
    replace(RECORD, translation=scores, mfu=math.nan).save(tmp_path)
    text = (tmp_path / FILE).read_text()
    assert "NaN" not in text and "Infinity" not in text
    assert RunRecord.load(tmp_path).translation["programs"] == {"python->java": {"loss_per_token": None, "bleu": None}}


def test_a_missing_record_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no run record at .*record\.json"):
        RunRecord.load(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 2}', '{"schema": 2, "shape": 3}'])
def test_a_damaged_record_is_an_error_that_names_the_file(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(UserError, match=r"record\.json is damaged"):
        RunRecord.load(tmp_path)


def test_a_record_of_another_version_is_an_error_that_says_so(tmp_path: Path) -> None:
    RECORD.save(tmp_path)
    file = tmp_path / FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | {"schema": 99}))
    with pytest.raises(UserError, match="has schema 99, this version reads 2"):
        RunRecord.load(tmp_path)


def test_equal_options_have_equal_fingerprints_whatever_their_order() -> None:
    config = {"mix": "parallel", "tokens": 10, "out": Path("runs")}
    assert fingerprint(config) == fingerprint(dict(reversed(config.items())))
    assert fingerprint(config) != fingerprint(config | {"tokens": 11})
    assert len(fingerprint(config)) == 16


def test_a_direction_is_read_as_it_is_written() -> None:
    assert parse_direction(str(Direction("python", "go"))) == Direction("python", "go")


def test_means_are_taken_over_the_chosen_directions_that_have_programs() -> None:
    scores = {
        "python->java": {"loss": 1.0, "bleu": 30.0},
        "java->python": {"loss": 2.0, "bleu": math.nan},
        "java->go": {"loss": 7.0, "bleu": 10.0},
        "go->java": {"loss": math.nan, "bleu": math.nan},
    }
    assert mean_over_directions(scores, Direction.is_seen) == {"loss": 1.5, "bleu": 30.0}
    assert mean_over_directions(scores, lambda direction: direction.target == "java") == {"loss": 1.0, "bleu": 30.0}
    assert mean_over_directions(scores, lambda direction: direction.source == "go") == {"loss": None, "bleu": None}
    assert mean_over_directions(scores, lambda direction: direction.source == "rust") == {}
