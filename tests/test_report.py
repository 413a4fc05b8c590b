"""What a person sees of a run: the tables that have scores, and no others."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from codelm.report import print_report, save_heat_maps
from codelm.run_record import RunRecord
from tests.test_run_record import RECORD


def scored(**scores: float | None) -> RunRecord:
    """A record with scores of one direction."""
    nothing = dict.fromkeys(("loss_per_token", "bleu", "bleu_copy"))
    row: dict[str, Any] = {"python->java": {**nothing, **scores}}
    return replace(RECORD, translation={"validation": row})


def printed(record: RunRecord) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_report(record, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ({"loss_per_token": 1.5, "bleu": 20.0, "bleu_copy": 8.0}, ["Translation loss", "BLEU"]),
        ({"loss_per_token": 1.5}, ["Translation loss"]),
        ({"bleu": 20.0, "bleu_copy": 8.0}, ["BLEU"]),
        ({}, []),
    ],
)
def test_what_was_not_scored_is_not_shown(scores: dict[str, float], shown: list[str], tmp_path: Path) -> None:
    record = scored(**scores)
    text = printed(record)
    assert [title for title in ("Translation loss", "BLEU") if f"{title}," in text] == shown
    save_heat_maps(record, tmp_path)
    names = {"Translation loss": "validation_translation_loss.png", "BLEU": "validation_bleu.png"}
    assert {file.name for file in tmp_path.iterdir()} == {names[title] for title in shown}


def test_skipped_steps_are_told_where_there_are_any() -> None:
    assert "skipped" not in printed(scored())
    assert "steps skipped: 3" in printed(replace(scored(), skipped_steps=3))
