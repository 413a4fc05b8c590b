"""The profile of a few steps: a file that viewers read, and a table."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from codelm.callbacks import StepProfile
from codelm.callbacks.profile import STEPS, WARM_UP
from codelm.data.store import Corpus
from codelm.errors import UserError
from tests.small_training import small_data, train

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")


def test_a_few_steps_are_traced_after_a_warm_up(
    small_corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "profile.json.gz"
    train(small_data(small_corpus, WARM_UP + STEPS + 2, row_tokens=512), [StepProfile(file)])

    with gzip.open(file) as trace:
        names = [event.get("name", "") for event in json.load(trace)["traceEvents"]]
    assert names.count("Optimizer.step#AdamW.step") == STEPS
    # A step has two rows.
    assert names.count("_LinearCrossEntropy") == 2 * STEPS
    shown = capsys.readouterr().err
    assert "aten::mm" in shown and "ms per step" in shown
    assert str(file) in shown


def test_a_run_that_is_too_short_to_profile_is_a_mistake(small_corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"a profile takes {WARM_UP + STEPS} steps, here are 3"):
        train(small_data(small_corpus, 3), [StepProfile(tmp_path / "profile.json.gz")])
