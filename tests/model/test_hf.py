"""Export: a folder that transformers loads, with the same predictions."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.model.hf import export, llama_config
from codelm.model.transformer import Transformer
from codelm.tokenizer import Tokenizer

transformers = pytest.importorskip("transformers")


def test_an_exported_folder_loads_and_predicts_the_same(tmp_path: Path) -> None:
    tokenizer = Tokenizer.train(["def main():\n    print(1 + 2)\n"] * 3, ["python", "java"], vocab_size=300)
    tokenizer.save(tmp_path / "tokenizer.json")
    torch.manual_seed(0)
    model = Transformer(ModelConfig(300, layers=2, width=32, heads=4, kv_heads=2, hidden=48, rope_base=300.0))
    export(model, tmp_path / "tokenizer.json", tmp_path / "out", max_position_embeddings=512)

    loaded = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    loaded_tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "out")
    program = "def main():\n    print(3)\n"
    ids = loaded_tokenizer(program, add_special_tokens=False)["input_ids"]
    assert ids == tokenizer.encode(program).tolist()
    assert loaded_tokenizer.decode(ids) == program
    assert loaded_tokenizer.eos_token_id == loaded.config.eos_token_id == tokenizer.end
    assert loaded.config.max_position_embeddings == 512
    with torch.no_grad():
        logits = model.logits(model(torch.tensor(ids), torch.tensor([0, len(ids)], dtype=torch.int32), 64))
        torch.testing.assert_close(loaded(torch.tensor([ids])).logits[0], logits, atol=1e-4, rtol=1e-4)


def test_the_configuration_carries_the_shape() -> None:
    config = llama_config(ModelConfig(300, 2, 32, 4, 2, 48, rope_base=300.0, norm_eps=1e-4), eos_token_id=7)
    assert (config.hidden_size, config.intermediate_size, config.num_hidden_layers) == (32, 48, 2)
    assert (config.num_attention_heads, config.num_key_value_heads, config.rms_norm_eps) == (4, 2, 1e-4)
    assert config.eos_token_id == 7
    assert not config.tie_word_embeddings


def test_a_missing_tokenizer_is_said(tmp_path: Path) -> None:
    model = Transformer(ModelConfig(8, 1, 8, 2, 2, 8))
    with pytest.raises(UserError, match=r"tokenizer\.json of the corpus"):
        export(model, tmp_path / "tokenizer.json", tmp_path / "out")
