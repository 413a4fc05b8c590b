"""Export: a folder that transformers loads, with the same predictions; and its models, read by our evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.model.generation import Request, continuation_losses, generate
from codelm.model.hf import HeldModel, HuggingFaceModel, export, hugging_face_config, load_hugging_face
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer

transformers = pytest.importorskip("transformers")

VOCAB = 64
END = 7
SHAPE = {
    "vocab_size": VOCAB,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 128,
}
GPT2 = {"vocab_size": VOCAB, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 128}


def random_model(kind: str, **settings: Any) -> Any:
    """Model of a kind, so sharp that its most probable token stands clear of the next one."""
    shape = GPT2 if kind == "GPT2" else SHAPE
    config = getattr(transformers, f"{kind}Config")(**{**shape, "bos_token_id": 1, "eos_token_id": END, **settings})
    torch.manual_seed(0)
    model = transformers.AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.3)
    return model.eval()


def save(model: Any, folder: Path) -> Path:
    tokenizer = Tokenizer.train(["print(1)\n"] * 3, ["python"], vocab_size=300)
    tokenizer.save(folder / "corpus.json")
    library = transformers.PreTrainedTokenizerFast(tokenizer_file=str(folder / "corpus.json"), eos_token="<|end|>")
    library.save_pretrained(folder / "model")
    model.save_pretrained(folder / "model")
    return folder / "model"


def plain_greedy(model: Any, tokens: list[int], limit: int) -> list[int]:
    ids = torch.tensor([tokens])
    made = model.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=limit, pad_token_id=END
    )
    new: list[int] = made[0, len(tokens) :].tolist()
    return new[: new.index(END)] if END in new else new


def test_an_exported_folder_loads_and_predicts_the_same(tmp_path: Path) -> None:
    tokenizer = Tokenizer.train(["def main():\n    print(1 + 2)\n"] * 3, ["python", "java"], vocab_size=300)
    torch.manual_seed(0)
    model = Transformer(ModelConfig(300, layers=2, width=32, heads=4, kv_heads=2, hidden=48, rope_base=300.0))
    export(model, tokenizer, tmp_path / "out", max_position_embeddings=512)

    loaded = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    loaded_tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "out")
    program = "def main():\n    print(3)\n"
    ids = loaded_tokenizer(program, add_special_tokens=False)["input_ids"]
    assert ids == tokenizer.encode(program).tolist()
    assert loaded_tokenizer.decode(ids) == program
    assert loaded_tokenizer("<|python|>")["input_ids"] == [tokenizer.language("python")]
    assert loaded_tokenizer.eos_token_id == loaded.config.eos_token_id == tokenizer.end
    assert loaded.config.max_position_embeddings == 512
    with torch.no_grad():
        logits = model.logits(model(torch.tensor(ids), torch.tensor([0, len(ids)], dtype=torch.int32), 64))
        torch.testing.assert_close(loaded(torch.tensor([ids])).logits[0], logits, atol=1e-5, rtol=0)


def test_the_configuration_carries_the_shape() -> None:
    config = hugging_face_config(ModelConfig(300, 2, 32, 4, 2, 48, rope_base=300.0, norm_eps=1e-4), eos_token_id=7)
    assert (config.hidden_size, config.intermediate_size, config.num_hidden_layers) == (32, 48, 2)
    assert (config.num_attention_heads, config.num_key_value_heads, config.rms_norm_eps) == (4, 2, 1e-4)
    assert config.eos_token_id == 7
    assert not config.tie_word_embeddings


# Rotary positions in our decoder; scaled ones; absolute ones; a window and capped logits; experts.
@pytest.mark.parametrize(
    ("kind", "settings", "held_by"),
    [
        ("Llama", {}, HeldModel),
        ("Llama", {"tie_word_embeddings": True}, HeldModel),
        ("Llama", {"attention_bias": True}, HuggingFaceModel),
        ("Llama", {"head_dim": 12}, HuggingFaceModel),
        ("Llama", {"rope_scaling": {"rope_type": "linear", "factor": 4.0}}, HuggingFaceModel),
        ("GPT2", {}, HuggingFaceModel),
        ("Qwen2", {}, HuggingFaceModel),
        ("Gemma2", {"head_dim": 8, "sliding_window": 100, "final_logit_softcapping": 3.0}, HuggingFaceModel),
        ("Mixtral", {"num_local_experts": 4}, HuggingFaceModel),
    ],
)
def test_continuations_and_losses_are_those_of_transformers(
    tmp_path: Path, kind: str, settings: dict[str, Any], held_by: type
) -> None:
    reference = random_model(kind, **settings)
    model, _ = load_hugging_face(save(reference, tmp_path))
    assert type(model) is held_by
    random = np.random.default_rng(0)
    prompts = [random.integers(8, VOCAB, length).tolist() for length in (1, 21, 5, 40, 9)]

    requests = [Request(str(index), prompt, 6 + 5 * index) for index, prompt in enumerate(prompts)]
    # Room for about three sequences: some enter while others are under way.
    generations = list(generate(model, requests, str, (END,), max_batch_tokens=200))
    made = {generation.request.name: generation.completions[0][0].tokens for generation in generations}
    assert made == {r.name: plain_greedy(reference, list(r.prefix), r.max_new_tokens) for r in requests}

    continuations = [[prompts[index - 1], prompts[index - 2]] for index in range(len(prompts))]
    losses = continuation_losses(model, prompts, continuations)
    for prompt, own, parts in zip(prompts, continuations, losses, strict=True):
        for continuation, part in zip(own, parts, strict=True):
            whole = torch.tensor([*prompt, *continuation])
            with torch.no_grad():
                logits = reference(whole[None]).logits[0]
            expected = F.cross_entropy(logits[:-1], whole[1:], reduction="none")[len(prompt) :]
            np.testing.assert_allclose(part, expected.numpy(), atol=1e-4, rtol=1e-4)


def test_a_loaded_model_knows_its_context_and_tokenizer(tmp_path: Path) -> None:
    for kind, settings, context in (
        ("Llama", {}, 128),
        ("GPT2", {}, 128),
        ("Mistral", {"sliding_window": 48}, 48),
    ):
        folder = tmp_path / kind
        folder.mkdir()
        model, tokenizer = load_hugging_face(save(random_model(kind, **settings), folder))
        assert model.context == context
        assert tokenizer.decode(tokenizer("print(1)")["input_ids"]) == "print(1)"


def test_weights_are_loaded_in_the_precision_asked_for(tmp_path: Path) -> None:
    for kind in ("Llama", "GPT2"):
        folder = tmp_path / kind
        folder.mkdir()
        model, _ = load_hugging_face(save(random_model(kind), folder), dtype=torch.bfloat16)
        assert model.empty_cache(1, 1).layers[0][0].dtype == torch.bfloat16
        assert np.isfinite(continuation_losses(model, [[1, 2]], [[[3, 4, 5]]])[0][0]).all()


def test_what_is_missing_or_unfit_is_said_in_one_line(tmp_path: Path) -> None:
    folder = save(random_model("Llama"), tmp_path)
    weights, config = folder / "model.safetensors", folder / "config.json"

    def complaint() -> str:
        with pytest.raises(UserError) as caught:
            load_hugging_face(folder)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    whole = weights.read_bytes()
    weights.write_bytes(whole[:700])
    assert "cannot be loaded as a causal language model" in complaint()
    weights.rename(folder / "pytorch_model.bin")
    assert "no weights" in complaint()
    assert "safetensors" in complaint()
    weights.write_bytes(whole)

    settings = json.loads(config.read_text())
    for change in ({"num_hidden_layers": 3}, {"vocab_size": 65}):
        config.write_text(json.dumps({**settings, **change}))
        complaint()
    config.write_text(json.dumps({"model_type": "t5"}))
    assert "cannot be loaded as a causal language model" in complaint()
    config.write_text("{")
    complaint()
    config.unlink()
    assert "no config.json" in complaint()
    config.write_text(json.dumps(settings))
    for file in folder.glob("tokenizer*"):
        file.unlink()
    assert "no tokenizer" in complaint()


def test_a_model_that_sees_what_comes_next_is_refused(tmp_path: Path) -> None:
    bert = random_model("Bert", num_hidden_layers=2)
    with pytest.raises(UserError, match="BertLMHeadModel cannot be read token by token"):
        load_hugging_face(save(bert, tmp_path))
