"""Allocation as a user does it: a law file and a budget in, proportions that run.py takes out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from codelm.command_line import run_command
from codelm.data.documents import DocumentForm
from codelm.data.mixture import read_proportions
from codelm.data.sources import choose_sources
from codelm.data.store import Corpus
from codelm.scaling.fit import fit
from codelm.scaling.law_file import LawFile
from codelm.scaling.laws import MixtureLaw
from codelm.scaling.runs import Runs
from codelm.scaling.uncertainty import bootstrap
from experiments.allocate import main
from tests.scaling.planted import one_and_two_language_mixes, planted_laws, planted_runs

ROOT = Path(__file__).parents[2]
NAMES = ("python", "java", "go")


@pytest.fixture(scope="module")
def law_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = planted_runs(planted_laws(NAMES, 0.3), one_and_two_language_mixes(3), noise=0.003)
    fits = {name: fit(runs.of_language(name), "effective-data", "ols") for name in NAMES}
    file = tmp_path_factory.mktemp("laws") / "law.json"
    LawFile(fits, {name: bootstrap(one, 40) for name, one in fits.items()}).save(file)
    return file


def allocate(monkeypatch: pytest.MonkeyPatch, out: Path, *arguments: object) -> dict[str, float]:
    command = ["allocate.py", *map(str, arguments), "--out", str(out / "proportions.json")]
    monkeypatch.setattr(sys, "argv", command)
    monkeypatch.setenv("COLUMNS", "120")
    main()
    return read_proportions(str(out / "proportions.json"))


@pytest.fixture(scope="module")
def mixture_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    law = MixtureLaw(("web", "code"))
    parameters = {"E[web]": 1.5, "E[code]": 1.9, "B": 6.0, "beta": 0.3, "rho": 0.6, "tau[web]": 8.0, "tau[code]": 3.0}
    shares = np.random.default_rng(0).dirichlet(np.ones(2), 40)
    loss = law.predict(parameters, proportions=shares) * np.exp(0.001 * np.random.default_rng(1).normal(size=40))
    file = tmp_path_factory.mktemp("laws") / "mixture.json"
    LawFile({"benchmark": fit(Runs(loss, proportions=shares, languages=law.languages), law, "ols", starts=4)}).save(
        file
    )
    return file


BUDGET = ("--params", "1B", "--tokens", "20B")


def test_help_is_there_at_once_without_torch_or_numpy() -> None:
    command = [sys.executable, "-X", "importtime", str(ROOT / "experiments" / "allocate.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "--tolerance" in done.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not imported & {"torch", "lightning", "numpy", "scipy", "matplotlib", "rich"}


def test_the_mix_of_a_mixture_law_is_split_among_its_sources(
    mixture_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shares = allocate(monkeypatch, tmp_path, mixture_file, *BUDGET)
    assert set(shares) == {"web", "code"} and 0.5 < shares["web"] < 1
    printed = capsys.readouterr().out
    assert "a mixture law holds at the size and budget of its runs" in printed and "benchmark" in printed


def test_the_split_is_written_and_told_with_all_that_judges_it(
    law_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shares = allocate(monkeypatch, tmp_path / "out", law_file, *BUDGET)
    assert set(shares) == set(NAMES)
    assert sum(shares.values()) == pytest.approx(1)
    printed = capsys.readouterr().out
    for text in (
        "predicted losses",
        "equal shares",
        "95 % interval",
        "Karush-Kuhn-Tucker residual",
        "nearest mix",
        "uniform",
    ):
        assert text in printed
    assert (tmp_path / "out" / "allocation.png").is_file()


def test_limits_are_kept(law_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = ["--floor", "python=0.4,go=0.1", "--cap", "0.45", "--available", "java=1B", "--epochs", "4", "--no-plots"]
    shares = allocate(monkeypatch, tmp_path, law_file, *BUDGET, *limits)
    assert shares["python"] >= 0.4 - 1e-9 and max(shares.values()) <= 0.45 + 1e-9
    assert shares["java"] <= 4e9 / 20e9 + 1e-9
    assert not (tmp_path / "allocation.png").exists()


def test_limits_and_weights_may_stand_in_files(law_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "available.json").write_text('{"java": 1e9}')
    (tmp_path / "options.yaml").write_text("weights: {python: 1, java: 2}\nfloor: 0.05\n")
    options = ["--available", tmp_path / "available.json", "--epochs", "2", "--config", tmp_path / "options.yaml"]
    shares = allocate(monkeypatch, tmp_path, law_file, *BUDGET, *options, "--no-plots")
    assert shares["java"] <= 0.1 + 1e-9
    assert min(shares.values()) >= 0.05 - 1e-9


def test_with_compute_the_size_is_found_and_the_frontier_told(
    law_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    allocate(monkeypatch, tmp_path, law_file, "--flops", "6e19", "--robust", "--no-plots")
    printed = capsys.readouterr().out
    assert "compute-optimal size and tokens" in printed
    assert "6e+19" in printed


def test_what_lies_beyond_the_runs_is_noted(
    law_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    allocate(monkeypatch, tmp_path, law_file, "--params", "7e9", "--tokens", "1e12", "--no-plots")
    printed = " ".join(capsys.readouterr().out.split())
    assert "note: N = 7e+09 is 7.0 times the largest that was trained" in printed
    assert "note: D = 1e+12 is 31.2 times" in printed


def test_over_a_corpus_of_pairs_the_shares_are_of_its_collections(
    law_file: Path, small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["--corpus", small_corpus.folder, "--floor", "0.2", "--no-plots"]
    # The runs' budgets are far beyond so small a corpus: any number of epochs is allowed.
    shares = allocate(monkeypatch, tmp_path, law_file, *BUDGET, *options)
    assert set(shares) == {"python-java", "python-go"}
    form = DocumentForm(small_corpus.tokenizer, "direct")
    sources, read = choose_sources(small_corpus, NAMES, shares, form, "parallel", 0)
    assert [source.name for source in sources] == list(shares)
    np.testing.assert_allclose(read, list(shares.values()))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--params", "1B"], "give a budget of tokens, or of compute"),
        (["--tokens", "1B"], "needs the size of the model"),
        (["--params", "1.5", "--tokens", "400"], "give it in their unit"),
        ([*BUDGET, "--floor", "0.5"], "by floor the shares add up to at least 1.5"),
        ([*BUDGET, "--floor", "kotlin=0.5"], "unknown language in the floor 'kotlin': choose from python, java, go"),
        ([*BUDGET, "--floor", "lots"], "cannot read 'lots': write a number"),
        ([*BUDGET, "--available", "5B"], "cannot read '5B': write python=0.1"),
        ([*BUDGET, "--epochs", "4"], "epochs are counted over the available tokens"),
        ([*BUDGET, "--corpus", "nowhere"], "no corpus at nowhere"),
    ],
)
def test_a_mistake_is_one_line_with_exit_code_2(
    arguments: list[str],
    message: str,
    law_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        run_command(lambda: allocate(monkeypatch, tmp_path, law_file, *arguments))
    assert caught.value.code == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert printed.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_law_without_draws_cannot_be_robust_and_says_so(
    law_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(law_file.read_text())
    for law in content["laws"].values():
        law["bootstrap"] = None
    (tmp_path / "law.json").write_text(json.dumps(content))
    with pytest.raises(SystemExit):
        run_command(lambda: allocate(monkeypatch, tmp_path, tmp_path / "law.json", *BUDGET, "--robust"))
    assert "fit with --bootstrap 1000" in capsys.readouterr().err
    assert set(allocate(monkeypatch, tmp_path, tmp_path / "law.json", *BUDGET, "--no-plots")) == set(NAMES)
