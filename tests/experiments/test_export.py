"""Export as a user runs it: what transformers makes of the folder, and mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from codelm.checkpoint import load_trained, load_weights
from codelm.model.generation import Request, continuation_losses, generate
from experiments.export import ExportOptions, export
from tests.saved_run import PROGRAM, save_run, small_module

EXPORT = Path(__file__).parents[2] / "experiments" / "export.py"


def run_export(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, str(EXPORT), *map(str, arguments)], capture_output=True, text=True, env=environment
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_run(tmp_path_factory.mktemp("export") / "run", small_module())


@pytest.fixture(scope="module")
def exported(run: Path) -> Path:
    done = run_export(run, run.parent / "exported")
    assert done.returncode == 0, done.stderr
    assert "0.03 M parameters, 0.1 MB of weights" in done.stdout
    assert "shards" not in done.stderr
    return run.parent / "exported"


def test_the_exported_model_generates_what_the_run_does(run: Path, exported: Path) -> None:
    trained = load_trained(run)
    model = transformers.AutoModelForCausalLM.from_pretrained(exported)
    tokenizer = transformers.AutoTokenizer.from_pretrained(exported)
    prompt = tokenizer(f"<|python|>{PROGRAM}<|java|>", return_tensors="pt")
    ids = prompt["input_ids"][0]
    form = trained.form
    expected = [
        *form.prefix("python", form.tokenizer.encode(PROGRAM)).tolist(),
        *form.opening("python", "java").tolist(),
    ]
    assert ids.tolist() == expected
    with torch.no_grad():
        hidden = trained.transformer(ids, torch.tensor([0, len(ids)], dtype=torch.int32), 256)
        torch.testing.assert_close(model(**prompt).logits[0], trained.transformer.logits(hidden), atol=1e-5, rtol=0)
    made = model.generate(**prompt, do_sample=False, max_new_tokens=20)[0, len(ids) :].tolist()
    (ours,) = generate(
        trained.transformer.eval(), [Request("it", ids.tolist(), 20)], form.tokenizer.decode, [form.end_token]
    )
    assert [token for token in made if token != form.end_token] == list(ours.completions[0][0].tokens)
    assert model.config.max_position_embeddings == 256


@pytest.mark.parametrize(
    ("shape", "architecture"),
    [
        ({"qk_norm": True}, "Qwen3ForCausalLM"),
        ({"tied": True}, "LlamaForCausalLM"),
        ({"block": "parallel"}, "CohereForCausalLM"),
        ({"block": "parallel", "qk_norm": True, "tied": True}, "CohereForCausalLM"),
    ],
)
def test_every_kind_of_model_is_carried_by_a_class_and_comes_back(
    tmp_path: Path, shape: dict[str, Any], architecture: str
) -> None:
    module = small_module(**shape)
    for parameter in module.parameters():
        if parameter.dim() == 1:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    folder = save_run(tmp_path / "run", module)
    export(ExportOptions(folder, tmp_path / "exported"))
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "exported")
    assert type(model).__name__ == architecture
    trained = load_trained(folder)
    ids = torch.arange(40)
    with torch.no_grad():
        hidden = trained.transformer(ids, torch.tensor([0, 40], dtype=torch.int32), 256)
        logits = trained.transformer.logits(hidden)
        torch.testing.assert_close(model(ids[None]).logits[0], logits, atol=1e-5, rtol=0)
    made = model.generate(ids[None], do_sample=False, max_new_tokens=20, pad_token_id=0)[0, 40:].tolist()
    end = trained.form.end_token
    (ours,) = generate(trained.transformer.eval(), [Request("it", ids.tolist(), 20)], str, [end])
    assert [token for token in made if token != end] == list(ours.completions[0][0].tokens)
    held = load_weights(tmp_path / "exported", trained.form.tokenizer)
    assert held.config == trained.transformer.config
    for name, tensor in trained.transformer.state_dict().items():
        assert torch.equal(held.state_dict()[name], tensor)


def test_a_second_export_is_byte_identical(run: Path, exported: Path) -> None:
    export(ExportOptions(run, run.parent / "again"))
    files, again = (
        {file.name: file.read_bytes() for file in folder.iterdir()} for folder in (exported, run.parent / "again")
    )
    assert files == again
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= files.keys()
    assert not any(name.endswith((".bin", ".pt")) for name in files)


LM_EVAL_TASK = """
task: completions
dataset_path: json
dataset_kwargs: {{data_files: {{test: {file}}}}}
test_split: test
output_type: multiple_choice
doc_to_text: "{{{{program}}}}"
doc_to_choice: ["1", "x"]
doc_to_target: 0
metric_list: [{{metric: acc}}]
"""


def test_lm_eval_reads_the_likelihoods_of_the_live_model(run: Path, exported: Path, tmp_path: Path) -> None:
    pytest.importorskip("lm_eval")
    (tmp_path / "programs.jsonl").write_text(json.dumps({"program": PROGRAM + "print("}) + "\n")
    (tmp_path / "completions.yaml").write_text(LM_EVAL_TASK.format(file=tmp_path / "programs.jsonl"))
    arguments = ["--model", "hf", "--model_args", f"pretrained={exported},dtype=float32", "--device", "cpu"]
    arguments += ["--tasks", "completions", "--include_path", str(tmp_path)]
    arguments += ["--log_samples", "--output_path", str(tmp_path / "out")]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run(
        [sys.executable, "-m", "lm_eval", *arguments], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr

    (samples,) = (tmp_path / "out").rglob("samples*.jsonl")
    read = [float(likelihood) for ((likelihood, _),) in json.loads(samples.read_text())["resps"]]
    trained = load_trained(run)
    tokenizer = transformers.AutoTokenizer.from_pretrained(exported)
    for likelihood, choice in zip(read, (" 1", " x"), strict=True):
        prefix, whole = (tokenizer(text)["input_ids"] for text in (PROGRAM + "print(", PROGRAM + "print(" + choice))
        (loss,) = continuation_losses(trained.transformer, [prefix[:-1]], [[whole[len(prefix) - 1 :]]])[0]
        assert -loss.sum() == pytest.approx(likelihood, abs=1e-4)


def test_half_the_size_in_bfloat16(run: Path, exported: Path) -> None:
    export(ExportOptions(run, run.parent / "half", "bfloat16"))
    sizes = [(folder / "model.safetensors").stat().st_size for folder in (exported, run.parent / "half")]
    assert 0.45 < sizes[1] / sizes[0] < 0.6
    model = transformers.AutoModelForCausalLM.from_pretrained(run.parent / "half")
    assert model.dtype == torch.bfloat16


def test_an_older_checkpoint_can_be_exported(run: Path, exported: Path) -> None:
    export(ExportOptions(run / "checkpoints" / "step=9.ckpt", run.parent / "older"))
    older, newest = (
        transformers.AutoModelForCausalLM.from_pretrained(folder).lm_head.weight
        for folder in (run.parent / "older", exported)
    )
    assert older.equal(0.5 * newest)


def test_mistakes_are_one_line(run: Path, exported: Path, tmp_path: Path) -> None:
    for arguments, message in (
        ((tmp_path / "nothing", tmp_path / "out"), "no run or checkpoint at"),
        ((run, exported), "is not empty: choose another folder"),
        ((tmp_path, tmp_path / "out"), "is not the folder of a run"),
        ((run,), "folder"),
    ):
        done = run_export(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("error: ") and message in done.stderr and done.stderr.count("\n") == 1
