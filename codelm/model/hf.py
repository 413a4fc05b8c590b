"""Export to Hugging Face: the parameters have its names already. Needs the `hf` extra."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.model.transformer import Transformer, initial_std
from codelm.tokenizer import END

if TYPE_CHECKING:
    import transformers


def llama_config(config: ModelConfig, **settings: Any) -> transformers.LlamaConfig:
    """Return the Hugging Face configuration of the same decoder.

    Parameters
    ----------
    config
        The decoder's shape.
    **settings
        Further fields of ``LlamaConfig``, such as ``eos_token_id`` or ``max_position_embeddings``.
    """
    exported: transformers.LlamaConfig = _transformers().LlamaConfig(
        **{
            "vocab_size": config.vocab_size,
            "num_hidden_layers": config.layers,
            "hidden_size": config.width,
            "num_attention_heads": config.heads,
            "num_key_value_heads": config.kv_heads,
            "head_dim": config.head_size,
            "intermediate_size": config.hidden,
            "rope_theta": config.rope_base,
            "rms_norm_eps": config.norm_eps,
            "initializer_range": initial_std(config),
            "tie_word_embeddings": False,
            "bos_token_id": None,
            "eos_token_id": None,
            **settings,
        }
    )
    return exported


def to_hugging_face(model: Transformer, **settings: Any) -> transformers.LlamaForCausalLM:
    """Return a ``LlamaForCausalLM`` that shares the model's weights; `settings` as in `llama_config`."""
    exported: transformers.LlamaForCausalLM = _transformers().LlamaForCausalLM(llama_config(model.config, **settings))
    exported.load_state_dict(model.state_dict(), assign=True)
    return exported


def export(model: Transformer, tokenizer_file: Path, folder: Path, **settings: Any) -> None:
    """Write a folder that ``AutoModelForCausalLM`` and ``AutoTokenizer`` load: safetensors, configuration, tokenizer.

    Parameters
    ----------
    model
        The model.
    tokenizer_file
        The corpus' ``tokenizer.json``.
    folder
        Where to write; made if it is not there.
    **settings
        Further fields of ``LlamaConfig``.
    """
    if not tokenizer_file.is_file():
        raise UserError(f"no tokenizer at {tokenizer_file}: name the tokenizer.json of the corpus")
    tokenizer = _transformers().PreTrainedTokenizerFast(
        tokenizer_file=str(tokenizer_file), eos_token=END, pad_token=END, clean_up_tokenization_spaces=False
    )
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    to_hugging_face(model, **{**ends, **settings}).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _transformers() -> Any:
    try:
        import transformers
    except ModuleNotFoundError as error:
        raise UserError("export needs transformers: pip install 'codelm[hf]'") from error
    return transformers
