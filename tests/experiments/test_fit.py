"""Fitting as a user does it: a table or runs in, tables in the terminal, a law file and pictures out."""

from __future__ import annotations

import csv
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from codelm.command_line import run_command
from codelm.run_record import RunRecord
from codelm.scaling.law_file import LawFile
from codelm.scaling.runs import Runs
from experiments.fit import main
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

ROOT = Path(__file__).parents[2]
NAMES = ("python", "java", "go")


def fit(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["fit.py", *map(str, arguments)])
    monkeypatch.setenv("COLUMNS", "120")
    main()


def error_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line that a mistake prints, with exit code 2."""
    with pytest.raises(SystemExit) as caught:
        run_command(lambda: fit(monkeypatch, *arguments))
    assert caught.value.code == 2
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    return printed


def write_table(file: Path, runs: Runs) -> Path:
    """Write runs with the column names that people use."""
    assert runs.run is not None and runs.language is not None and runs.proportions is not None
    with file.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["run", "language", "Model Size", "D", "Training FLOP", *runs.languages, "loss"])
        for row in range(len(runs)):
            n, d = runs.require("parameters")[row], runs.require("tokens")[row]
            table.writerow([runs.run[row], runs.language[row], n, d, 6 * n * d, *runs.proportions[row], runs.loss[row]])
    return file


@pytest.fixture(scope="module")
def one_language_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = planted_runs(planted_laws(NAMES), np.eye(3), noise=0.005)
    return write_table(tmp_path_factory.mktemp("tables") / "alone.csv", runs)


@pytest.fixture(scope="module")
def mixes_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = planted_runs(planted_laws(NAMES, 0.4), one_and_two_language_mixes(3), noise=0.003)
    return write_table(tmp_path_factory.mktemp("tables") / "mixes.csv", runs)


def test_help_is_there_at_once_without_torch_or_numpy() -> None:
    command = [sys.executable, "-X", "importtime", str(ROOT / "experiments" / "fit.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--group-column" in done.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not imported & {"torch", "lightning", "numpy", "scipy", "matplotlib", "rich"}


def test_a_table_with_other_column_names_is_fitted(
    one_language_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "fits" / "law.json"
    columns = ["--n-column", "Model Size", "--c-column", "Training FLOP", "--group-column", "language"]
    fit(monkeypatch, one_language_table, *columns, "--law", "one-language", "--bootstrap", 40, "--out", out)
    laws = LawFile.load(out)
    assert list(laws.fits) == list(NAMES)
    assert {name: len(drawn.values) for name, drawn in laws.bootstraps.items()} == dict.fromkeys(NAMES, 40)
    printed = capsys.readouterr().out
    for text in ("one-language", "alpha_N", "N_c", "Python", "Go", "R2", "residual scale", "largest out"):
        assert text in printed
    assert (out.parent / "fit.png").is_file()
    assert not (out.parent / "synergy.png").exists()


def test_one_law_is_told_with_its_intervals_tests_and_diagnostics(
    one_language_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        line for line in one_language_table.read_text().splitlines() if ",python," in line or line.startswith("run,")
    ]
    table = tmp_path / "python.csv"
    table.write_text("\n".join(rows) + "\n")
    options = ["--n-column", "Model Size", "--d-column", "D", "--objective", "ols", "--no-log", "--drop-highest", 2]
    fit(monkeypatch, table, *options, "--bootstrap", 0, "--no-plots", "--out", tmp_path / "law.json")
    (law,) = LawFile.load(tmp_path / "law.json").fits.values()
    assert len(law.runs) == 7
    assert (law.objective.kind, law.objective.log) == ("ols", False)
    printed = capsys.readouterr().out
    for text in ("95 % interval", "profile", "AIC", "condition", "most influential", "most compute left out"):
        assert text in printed
    assert not (tmp_path / "fit.png").exists()


def test_mixes_give_transfer_and_synergy(
    mixes_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ["--n-column", "Model Size", "--d-column", "D", "--group-column", "language", "--run-column", "run"]
    columns += ["--proportion-columns", ",".join(NAMES), "--law", "effective-data"]
    fit(monkeypatch, mixes_table, *columns, "--bootstrap", 30, "--out", tmp_path / "law.json")
    printed = capsys.readouterr().out
    assert "gain over training alone" in printed and "transfer coefficients" in printed
    assert (tmp_path / "synergy.png").is_file() and (tmp_path / "fit.png").is_file()
    assert all(drawn.fit.run_count == 54 for drawn in LawFile.load(tmp_path / "law.json").bootstraps.values())


def test_the_proportion_law_is_fitted_to_mean_losses(
    mixes_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = ["--n-column", "Model Size", "--d-column", "D", "--group-column", "language", "--run-column", "run"]
    columns += ["--proportion-columns", ",".join(NAMES), "--law", "proportions", "--bootstrap", 10, "--no-plots"]
    fit(monkeypatch, mixes_table, *columns, "--out", tmp_path / "law.json")
    (law,) = LawFile.load(tmp_path / "law.json").fits.values()
    assert len(law.runs) == 54


def save_record(folder: Path, size: int, tokens: int, losses: dict[str, float]) -> Path:
    shares = {name: 1 / len(losses) for name in losses}
    folder.mkdir()
    RunRecord(
        config={},
        config_fingerprint="",
        corpus_fingerprint="",
        git_revision=None,
        versions={},
        device="cpu",
        precision="32-true",
        attention_backend="sdpa",
        parameters=size,
        block_parameters=size,
        tokens_asked=tokens,
        tokens_seen=tokens,
        proportions_asked=shares,
        proportions_seen=shares,
        language_shares=shares,
        epochs=1.0,
        documents_cut=0,
        train_loss=math.nan,
        validation_nats_per_token=losses,
        validation_bits_per_byte={name: loss / 2 for name, loss in losses.items()},
    ).save(folder)
    return folder


def test_runs_of_ours_are_fitted_language_by_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laws = planted_laws(("java", "python"))
    folders = []
    for size in (10**8, 3 * 10**8, 10**9):
        for tokens in (2 * 10**9, 8 * 10**9, 32 * 10**9):
            losses, _ = laws.losses(np.array([0.5, 0.5]), np.array(size), np.array(tokens))
            named = dict(zip(laws.languages, losses.tolist(), strict=True))
            folders.append(save_record(tmp_path / f"run-{size}-{tokens}", size, tokens, named))
    out = tmp_path / "law.json"
    fit(monkeypatch, *folders, "--bits-per-byte", "--bootstrap", 0, "--no-plots", "--out", out)
    fits = LawFile.load(out).fits
    assert list(fits) == ["python", "java"]
    assert fits["java"].parameters["E"] == pytest.approx(laws.floor[0] / 2, rel=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--n-column", "Model size"], "has no column 'Model size' (is it 'Model Size'?): its columns are"),
        (["--law", "chinchila", "--n-column", "Model Size", "--d-column", "D"], "unknown law 'chinchila': choose from"),
        (["--n-column", "Model Size", "--d-column", "D", "--delta", "0"], "delta is 0: give a finite number above 0"),
        (["--n-column", "Model Size", "--d-column", "D", "--objective", "l1"], "objective"),
        (["--n-column", "Model Size", "--d-column", "D", "--law", "effective-data"], "no language, which"),
    ],
    ids=["column", "law", "delta", "objective", "no language"],
)
def test_a_mistake_is_one_line(
    arguments: list[str],
    message: str,
    one_language_table: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed = error_of(monkeypatch, capsys, one_language_table, *arguments, "--out", tmp_path / "law.json")
    assert message in printed
    assert not (tmp_path / "law.json").exists()


def test_what_is_neither_a_table_nor_runs_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "cannot read the table" in error_of(monkeypatch, capsys, tmp_path / "absent.csv")
    assert "no run record" in error_of(monkeypatch, capsys, tmp_path, tmp_path)
    assert os.listdir(tmp_path) == []
