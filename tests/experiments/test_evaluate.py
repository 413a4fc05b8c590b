"""Evaluation as a user runs it: models of ours and of others, folders, interruptions, mistakes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tokenizers
import torch
import transformers

from codelm.evaluation.program_set import evaluation_programs

EVALUATE = Path(__file__).parents[2] / "experiments" / "evaluate.py"
PAIR = ["--languages", "python,javascript", "--limit", "1"]

PROBLEM = {
    "task_id": "Python/0",
    "prompt": 'def double(x):\n    """Return twice x."""\n',
    "declaration": "def double(x):\n",
    "canonical_solution": "    return 2 * x\n",
    "test": "def check(double):\n    assert double(2) == 4\n\ncheck(double)\n",
    "example_test": "",
}


def evaluate(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run an evaluation to its end."""
    command = [sys.executable, str(EVALUATE), *map(str, arguments)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "COLUMNS": "100"}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=600)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of a small Llama and a small GPT-2 with random weights, as `save_pretrained` leaves them."""
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<end>"],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator([text for group in evaluation_programs()[:5] for text in group.programs.values()], trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<end>")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        models = {
            "llama": transformers.LlamaForCausalLM(
                transformers.LlamaConfig(
                    vocab_size=400,
                    hidden_size=32,
                    intermediate_size=64,
                    num_hidden_layers=2,
                    num_attention_heads=4,
                    max_position_embeddings=4096,
                )
            ),
            "gpt2": transformers.GPT2LMHeadModel(
                transformers.GPT2Config(
                    vocab_size=400, n_embd=32, n_layer=2, n_head=4, n_positions=4096, bos_token_id=0, eos_token_id=0
                )
            ),
        }
    paths = {}
    for name, model in models.items():
        paths[name] = tmp_path_factory.mktemp("models") / name
        model.save_pretrained(paths[name])
        tokenizer.save_pretrained(paths[name])
    return paths


@pytest.mark.parametrize("name", ["llama", "gpt2"])
def test_any_causal_language_model_is_scored_in_every_direction(
    folders: dict[str, Path], tmp_path: Path, name: str
) -> None:
    done = evaluate("--model", folders[name], *PAIR, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    out = tmp_path / "evaluations" / f"{name}-translation"
    results = json.loads((out / "results.json").read_text())
    for row in results["scores"].values():
        # A model that knows nothing is as good as a uniform guess among its 400 tokens.
        assert row["loss_per_token"] == pytest.approx(6.0, abs=0.3)
        assert row["computational_accuracy"] == 0
    assert {"translation_loss.png", "bleu.png", "computational_accuracy.png"} <= {file.name for file in out.iterdir()}
    assert "Computational accuracy" in done.stdout and "Traceback" not in done.stderr


def test_a_killed_evaluation_goes_on_where_it_stopped(folders: dict[str, Path], tmp_path: Path) -> None:
    arguments = ["--model", folders["llama"], "--languages", "python,javascript,go", "--limit", 2, "--no-execution"]
    process = subprocess.Popen(
        [sys.executable, str(EVALUATE), *map(str, arguments)],
        cwd=tmp_path,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    journal = tmp_path / "evaluations" / "llama-translation" / "translations.jsonl"
    deadline = time.monotonic() + 300
    while not journal.is_file() or not journal.read_bytes():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = journal.read_text().splitlines()

    done = evaluate(*arguments, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    after = journal.read_text().splitlines()
    assert len(after) == 12 and after[: len(before) - 1] == before[:-1]


def test_the_prompt_is_the_users_own_template(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("{source_language}\n{source}\n{target_language}\n{target}\n###")
    arguments = ["--model", folders["llama"], *PAIR, "--no-execution"]

    asked = evaluate(*arguments, "--template", "prompt.txt", "--out", "mine", cwd=tmp_path)
    default = evaluate(*arguments, "--out", "default", cwd=tmp_path)

    assert asked.returncode == default.returncode == 0, asked.stderr
    losses = [json.loads((tmp_path / out / "results.json").read_text())["scores"] for out in ("mine", "default")]
    assert losses[0] != losses[1]


def test_problems_are_completed_and_run(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "problems.jsonl").write_text(json.dumps(PROBLEM) + "\n")

    done = evaluate(
        *("--model", folders["llama"], "--suite", "passk", "--problems", "problems.jsonl", "--max-new-tokens", 16),
        *("--samples", 3, "--k", "1,3", "--temperature", 0.8, "--top-p", 0.95),
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "evaluations" / "llama-passk" / "results.json").read_text())
    assert results["scores"]["python"]["pass@3"] == {"value": 0.0, "standard_error": None, "problems": 1}
    assert sum(results["verdicts"]["python"].values()) == 3
    assert "pass@1" in done.stdout


BAD_INPUT = [
    ([], "required: model"),
    (["--model", "nowhere"], "no model at nowhere"),
    (["--model", "."], "config.json"),
    (["--model", "MODEL", "--languages", "python"], "translation needs two languages"),
    (["--model", "MODEL", "--languages", "python,jvaa"], "unknown language 'jvaa'"),
    (["--model", "MODEL", "--programs", "none.jsonl"], "no such file: none.jsonl"),
    (["--model", "MODEL", "--template", "none.txt"], "no template at none.txt"),
    (["--model", "MODEL", "--suite", "passk"], "pass@k needs problems"),
    (["--model", "MODEL", "--suite", "passk", "--k", "5", "--problems", "p"], "pass@5 needs at least 5 samples"),
    (["--model", "MODEL", "--suite", "passk", "--samples", "2", "--problems", "PROBLEMS"], "all samples are the same"),
    (["--model", "MODEL", "--suite", "passk", "--problems", "none.jsonl"], "none.jsonl"),
    (["--model", "MODEL", "--suite", "translate"], "translation"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT, ids=[" ".join(case[0]) for case in BAD_INPUT])
def test_a_mistake_is_answered_in_one_line(
    folders: dict[str, Path], tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "problems.jsonl").write_text(json.dumps(PROBLEM) + "\n")
    files = {"MODEL": folders["llama"], "PROBLEMS": "problems.jsonl"}

    done = evaluate(*[files.get(word, word) for word in arguments], cwd=tmp_path)

    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("error: ")
    assert not (tmp_path / "evaluations").exists()


def test_a_model_without_a_tokenizer_is_named(folders: dict[str, Path], tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("config.json", "model.safetensors"):
        (bare / name).write_bytes((folders["llama"] / name).read_bytes())

    done = evaluate("--model", bare, *PAIR, cwd=tmp_path)

    assert done.returncode == 2 and "tokenizer" in done.stderr and "Traceback" not in done.stderr


def test_results_of_other_options_are_not_mixed(folders: dict[str, Path], tmp_path: Path) -> None:
    arguments = ["--model", folders["llama"], *PAIR, "--no-execution", "--out", "out"]
    assert evaluate(*arguments, cwd=tmp_path).returncode == 0

    again = evaluate(*arguments, cwd=tmp_path)
    other = evaluate(*arguments, "--context", 512, cwd=tmp_path)

    assert again.returncode == 0
    assert other.returncode == 2 and "holds an evaluation with other options" in other.stderr
