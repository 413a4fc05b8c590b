"""What a person sees of training: in a terminal and in a file."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from codelm.callbacks import Throughput, TrainingProgress
from codelm.data.store import Corpus
from tests.small_training import BATCH_TOKENS, small_data, train

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")

STATE = r"loss \d\.\d{3}, [\d,]+ tokens/s, MFU \d+ %, \d:\d\d:\d\d left"


def shown(corpus: Corpus, capsys: pytest.CaptureFixture[str], throughput: Throughput) -> str:
    train(small_data(corpus, steps=20), [throughput, TrainingProgress(throughput, BATCH_TOKENS)])
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", capsys.readouterr().err)


def test_a_file_gets_ten_lines(small_corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(small_corpus, capsys, Throughput()).splitlines()
    assert [line.partition(",")[0] for line in lines] == [f"training: step {step}/20" for step in range(2, 21, 2)]
    assert all(re.fullmatch(rf"training: step \d+/20, {STATE}", line) for line in lines[:-1])
    assert "tokens/s" in lines[-1] and "left" not in lines[-1]


def test_a_terminal_gets_a_bar_with_the_same(
    small_corpus: Corpus, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    text = shown(small_corpus, capsys, Throughput())
    assert re.search(r"training .*20/20 loss \d\.\d{3}, [\d,]+ tokens/s, MFU \d+ %", text)


def test_without_a_known_peak_there_is_no_utilisation(
    small_corpus: Corpus, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any) -> float:
        return math.nan

    monkeypatch.setattr("codelm.callbacks.throughput.peak_flops", unknown)
    text = shown(small_corpus, capsys, Throughput())
    assert "tokens/s" in text and "MFU" not in text and "nan" not in text
