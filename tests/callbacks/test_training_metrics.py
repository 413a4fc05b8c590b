"""What is written and logged of the steps, in one piece and in two."""

from __future__ import annotations

from pathlib import Path

import pytest

from codelm.callbacks import LanguageLossCallback, StepCheckpoint
from codelm.callbacks.resumable_table import read_table
from codelm.data.store import Corpus
from codelm.loggers import run_loggers
from tests.main_job import logged
from tests.small_training import metrics_callbacks, small_data, train

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")


def test_a_line_every_few_steps_and_at_the_end(small_corpus: Corpus, tmp_path: Path) -> None:
    data = small_data(small_corpus, steps=5)
    train(data, metrics_callbacks(data, tmp_path, every=2))

    rows = read_table(tmp_path / "metrics.csv")
    assert [(int(row["step"]), int(row["tokens"])) for row in rows] == [(2, 2048), (4, 4096), (5, 5120)]
    assert all(float(row["loss"]) > 0 and float(row["learning_rate"]) > 0 for row in rows)
    assert all(float(row["tokens_per_second"]) > 0 and float(row["mfu"]) > 0 for row in rows)
    assert all(row["skipped_steps"] == "0" for row in rows)
    by_language = read_table(tmp_path / "language_losses.csv")
    assert [(int(row["step"]), row["language"]) for row in by_language] == [
        (step, language) for step in (2, 4, 5) for language in ("python", "go")
    ]


def test_loggers_get_what_is_written_and_the_validation(small_corpus: Corpus, tmp_path: Path) -> None:
    data = small_data(small_corpus, steps=3)
    validation = LanguageLossCallback(data.run_languages, small_corpus.tokenizer)
    train(data, [*metrics_callbacks(data, tmp_path), validation], run_loggers(tmp_path, 0, None, {}))

    points = logged(tmp_path)
    rows = read_table(tmp_path / "metrics.csv")
    assert [step for step, _ in points["training/loss"]] == [1, 2, 3]
    for name in ("loss", "learning_rate", "skipped_steps", "tokens"):
        written = [float(row[name]) for row in rows]
        assert [value for _, value in points[f"training/{name}"]] == pytest.approx(written, rel=1e-5)
    # There is no speed before the second row.
    for name in ("tokens_per_second", "mfu"):
        assert [step for step, _ in points[f"training/{name}"]] == [2, 3]
    go = [
        float(row["nats_per_token"]) for row in read_table(tmp_path / "language_losses.csv") if row["language"] == "go"
    ]
    assert [value for _, value in points["training/loss/go"]] == pytest.approx(go, rel=1e-5)
    assert validation.scores is not None
    [(step, value)] = points["validation/loss/go"]
    assert step == 3 and value == pytest.approx(validation.scores.nats_per_token["go"], rel=1e-5)
    assert "epoch" not in points


def test_a_run_that_was_killed_and_resumed_shows_every_step_once(small_corpus: Corpus, tmp_path: Path) -> None:
    data = small_data(small_corpus, steps=6)
    folders = whole, killed = tmp_path / "whole", tmp_path / "killed"
    for folder in folders:
        folder.mkdir()
        checkpoints = StepCheckpoint(folder / "checkpoints", every=3, keep_all=True)
        train(data, [*metrics_callbacks(data, folder, every=2), checkpoints], run_loggers(folder, 0, None, {}))
    # It was at its last step, and had kept the third.
    train(
        small_data(small_corpus, steps=6),
        metrics_callbacks(data, killed, every=2),
        run_loggers(killed, 3, None, {}),
        killed / "checkpoints" / "step=3.ckpt",
    )

    # The checkpoint is in the middle of the steps 3 and 4, whose losses are told together.
    assert (killed / "language_losses.csv").read_text() == (whole / "language_losses.csv").read_text()
    in_one_piece, resumed = logged(whole), logged(killed)
    assert in_one_piece.keys() == resumed.keys()
    for name in ("training/loss", "training/loss/python", "training/loss/go", "training/learning_rate"):
        assert resumed[name] == in_one_piece[name]
        assert [step for step, _ in resumed[name]] == [2, 4, 6]
