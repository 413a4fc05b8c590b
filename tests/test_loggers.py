"""Weights & Biases: one run in a folder, and no point twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from codelm.loggers import ContinuedWandbLogger, run_loggers

pytest.importorskip("wandb")


class Arrived:
    """What Weights & Biases has of a run: the last value of every name, and what comes now."""

    def __init__(self, summary: Mapping[str, float]) -> None:
        self.summary = dict(summary)
        self.sent: list[tuple[str, int]] = []

    def log(self, metrics: Mapping[str, Any]) -> None:
        self.sent += [(name, metrics["trainer/global_step"]) for name in metrics if name != "trainer/global_step"]


def test_a_resumed_run_sends_only_what_has_not_arrived() -> None:
    arrived = Arrived({"trainer/global_step": 5, "training/loss": 2.0})
    logger = ContinuedWandbLogger(experiment=arrived)  # type: ignore[arg-type]
    for step in (4, 5, 6):
        logger.log_metrics({"training/loss": 2.0}, step)
    # It was killed before this one of step 5.
    logger.log_metrics({"validation/loss/go": 3.0}, 5)
    assert arrived.sent == [("training/loss", 6), ("validation/loss/go", 5)]


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_run_keeps_its_name_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_SILENT", "true")
    ids = []
    for _ in range(2):
        _, logger = run_loggers(tmp_path, 0, "project", {"seed": 3})
        assert isinstance(logger, ContinuedWandbLogger)
        logger.log_metrics({"training/loss": 1.0}, 1)
        assert logger.experiment.config["seed"] == 3
        assert logger.experiment.project == "project"
        ids.append(logger.experiment.id)
        logger.experiment.finish()
    assert ids[0] == ids[1]
    assert len(list((tmp_path / "wandb").glob(f"offline-run-*-{ids[0]}"))) > 0
