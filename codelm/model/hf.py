"""To Hugging Face and back: our decoder as one of its models, and its causal language models for our evaluation.

Needs the `hf` extra.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from codelm.config import ModelConfig
from codelm.errors import UserError
from codelm.model.cache import CachedStep, KeyValueCache
from codelm.model.hf_families import config_fields, family, from_family, read_config, to_family
from codelm.model.transformer import Transformer
from codelm.tokenizer import END, Tokenizer

if TYPE_CHECKING:
    import transformers


def hugging_face_config(config: ModelConfig, **settings: Any) -> transformers.PreTrainedConfig:
    """Return the Hugging Face configuration of the same decoder.

    Parameters
    ----------
    config
        The decoder's shape.
    **settings
        Further fields, such as ``eos_token_id`` or ``max_position_embeddings``.
    """
    exported: transformers.PreTrainedConfig = _transformers().AutoConfig.for_model(
        family(config), **{**config_fields(config), **settings}
    )
    return exported


def to_hugging_face(model: Transformer, **settings: Any) -> transformers.PreTrainedModel:
    """Return the model of `family` with the same weights, shared where they are laid out alike.

    `settings` as in `hugging_face_config`.
    """
    library = _transformers()
    exported: transformers.PreTrainedModel = library.AutoModelForCausalLM.from_config(
        hugging_face_config(model.config, **settings)
    )
    exported.load_state_dict(to_family(model.state_dict(), model.config), assign=True)
    exported.tie_weights()
    return exported


def export(model: Transformer, tokenizer: Tokenizer, folder: Path, **settings: Any) -> None:
    """Write a folder that ``AutoModelForCausalLM`` and ``AutoTokenizer`` load: safetensors, configuration, tokenizer.

    Parameters
    ----------
    model
        The model.
    tokenizer
        Its tokenizer. In the folder a special token that is spelled out in a prompt stands for itself.
    folder
        Where to write; made if it is not there.
    **settings
        Further fields of the configuration.
    """
    ends = {"eos_token_id": tokenizer.end, "pad_token_id": tokenizer.end}
    to_hugging_face(model, **{**ends, **settings}).save_pretrained(folder)
    tokenizer.save(folder / "tokenizer.json")
    _transformers().PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), eos_token=END, pad_token=END, clean_up_tokenization_spaces=False
    ).save_pretrained(folder)


class HeldModel(Transformer):
    """A model of Hugging Face's that our decoder holds as it is.

    Parameters
    ----------
    config
        Its shape.
    context
        Longest sequence that it has positions for.
    """

    def __init__(self, config: ModelConfig, context: int) -> None:
        super().__init__(config)
        self.context = context


class HuggingFaceModel:
    """Any causal language model of Hugging Face's that reads on from a key-value cache: a `CausalModel`.

    Parameters
    ----------
    model
        The model, in evaluation mode.

    Attributes
    ----------
    context
        Longest sequence that it has positions for; where some layers see a window only, the window's length.

    Raises
    ------
    UserError
        If what it reads from a cache differs from what it reads at once: it works in a way that is not known here.
    """

    def __init__(self, model: transformers.PreTrainedModel) -> None:
        self._model = model
        self.context = _context(model.config)
        try:
            self._shapes = self._cache_shapes()
            faithful = _agree(self, model)
        except Exception as error:
            raise UserError(f"{_name(model)} cannot be read token by token here: {_first_line(error)}") from None
        if not faithful:
            raise UserError(
                f"{_name(model)} cannot be read token by token here: choose a model of another architecture"
            )

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return torch.device(self._model.device)

    def empty_cache(self, rows: int, capacity: int) -> KeyValueCache:
        """Cache with room for `capacity` tokens in each row."""
        return KeyValueCache.empty(self._shapes, rows, capacity, self._model.dtype, self.device)

    def forward_cached(self, tokens: Tensor, counts: np.ndarray, cache: KeyValueCache) -> Tensor:
        """Read tokens (T,) on, `counts` (rows,) of them in each row of a cache; hidden states (T, width)."""
        # One rectangle, as these models take no other form of a batch.
        step = CachedStep(cache, counts, padding=math.inf)
        (rectangle,) = step.rectangles

        def update(layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
            held = step.write(layer, *(rectangle.pick(new.transpose(1, 2)) for new in (keys, values)))
            return held[0][:, :, : rectangle.filled], held[1][:, :, : rectangle.filled]

        output = self._model.base_model(
            input_ids=rectangle.lay(tokens),
            attention_mask=rectangle.mask(cache.layers[0][0].dtype),
            position_ids=rectangle.lay(step.positions),
            past_key_values=_cache_class()(update),
            use_cache=True,
        )
        return rectangle.pick(output.last_hidden_state)

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores (..., vocab_size) of the next token."""
        config = self._model.config
        logits: Tensor = self._model.get_output_embeddings()(hidden)
        # Of Cohere, Granite and Gemma; that no other model does something else is seen when it is loaded.
        logits = logits * getattr(config, "logit_scale", 1) / getattr(config, "logits_scaling", 1)
        cap = getattr(config, "final_logit_softcapping", None)
        return logits if cap is None else cap * torch.tanh(logits / cap)

    def _cache_shapes(self) -> list[tuple[int, int, int]]:
        shapes = {}

        def note(layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
            shapes[layer] = keys.shape[1], keys.shape[3], values.shape[3]
            return keys, values

        with torch.inference_mode():
            tokens = torch.zeros(1, 1, dtype=torch.int64, device=self.device)
            self._model.base_model(input_ids=tokens, past_key_values=_cache_class()(note), use_cache=True)
        return [shapes[layer] for layer in range(len(shapes))]


def load_held(folder: Path) -> HeldModel:
    """Load a model that our decoder holds, in float32 on the CPU; a UserError if the folder holds something else."""
    model, _ = load_hugging_face(folder, dtype=torch.float32)
    if not isinstance(model, HeldModel):
        raise UserError(
            f"{folder} holds a {_name(model)}: our decoder holds a plain Llama, a plain Qwen3, or what it exported"
        )
    return model


def load_hugging_face(
    folder: Path, device: torch.device | str = "cpu", dtype: torch.dtype | None = None
) -> tuple[HuggingFaceModel | HeldModel, transformers.PreTrainedTokenizerBase]:
    """Load a causal language model and its tokenizer from a folder; nothing is downloaded, and none of its code run.

    Parameters
    ----------
    folder
        What ``save_pretrained`` wrote: configuration, safetensors, tokenizer.
    device, dtype
        Where and in which precision it computes; by default in that of the weights.

    Returns
    -------
    model
        A `CausalModel`, whose `context` is the longest sequence that it has positions for. What our own decoder can
        hold, such as a plain Llama, it does: it is faster.
    tokenizer
        Its tokenizer.

    Raises
    ------
    UserError
        If a part of the model is missing, or it is not a causal language model that reads on from a key-value cache.
    """
    library = _transformers()
    if not (folder / "config.json").is_file():
        raise UserError(f"no model in {folder}: there is no config.json")
    if not any((folder / name).is_file() for name in _TOKENIZER_FILES):
        raise UserError(f"no tokenizer in {folder}: add the model's tokenizer.json")
    if not any(folder.glob("*.safetensors")):
        raise UserError(f"no weights in {folder}: there must be safetensors files (other formats can run code)")
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = library.AutoTokenizer.from_pretrained(folder, **local)
        model, notes = library.AutoModelForCausalLM.from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, **local
        )
        model = model.to(device=device, dtype=dtype).eval()
    except Exception as error:  # the library raises errors of many types
        raise UserError(f"{folder} cannot be loaded as a causal language model: {_first_line(error)}") from None
    missing = sorted({*notes["missing_keys"], *(str(key) for key in notes["mismatched_keys"])})
    if missing:
        raise UserError(f"{folder} does not hold a whole causal language model: {missing[0]} is missing or misshapen")
    return _as_held(model) or HuggingFaceModel(model), tokenizer


_TOKENIZER_FILES = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")


def _as_held(model: transformers.PreTrainedModel) -> HeldModel | None:
    """Return the same model in our decoder, None if that cannot hold it."""
    shape = read_config(model.config, _rope(model.config))
    weights = from_family(model.state_dict(), shape) if shape else None
    if shape is None or weights is None:
        return None
    with torch.device("meta"):
        held = HeldModel(shape, _context(model.config)).eval()
    if held.state_dict().keys() != weights.keys():
        return None
    held.load_state_dict(weights, assign=True)
    held.tie()
    return held if _agree(held, model) else None


@torch.inference_mode()
def _agree(reader: HuggingFaceModel | HeldModel, model: transformers.PreTrainedModel) -> bool:
    """Whether reading two texts on from a cache gives the logits of reading each of them at once."""
    vocabulary = model.get_output_embeddings().weight.shape[0]
    texts = [torch.tensor(text, device=reader.device) % vocabulary for text in ([1, 2, 3, 4, 5], [6, 5, 9, 2])]
    cache = reader.empty_cache(rows=2, capacity=5)
    read = []
    for starts, stops in (((0, 0), (3, 1)), ((3, 1), (5, 4))):
        parts = [text[start:stop] for text, start, stop in zip(texts, starts, stops, strict=True)]
        counts = np.array([len(part) for part in parts])
        read.append(reader.logits(reader.forward_cached(torch.cat(parts), counts, cache)).split(counts.tolist()))
    for text, own in zip(texts, zip(*read, strict=True), strict=True):
        whole = model(input_ids=text[None]).logits[0].float()
        # Rounding takes about 1e-6 of the largest logit in float32, and 1e-2 in bfloat16.
        tolerance = (1e-4 if model.dtype == torch.float32 else 5e-2) * float(whole.abs().max())
        if not torch.allclose(torch.cat(own).float(), whole, rtol=0, atol=tolerance):
            return False
    return True


def _context(config: transformers.PreTrainedConfig) -> int:
    """Longest sequence in which every token sees all before it, at positions that do not depend on the length."""
    rope = _rope(config)
    lengths = [getattr(config, name, None) for name in ("max_position_embeddings", "sliding_window")]
    lengths.append(getattr(config, "attention_chunk_size", None))
    if rope.get("rope_type", rope.get("type")) == "longrope":
        lengths.append(rope.get("original_max_position_embeddings"))
    known = [length for length in lengths if length]
    if not known:
        raise UserError(f"a model of type {config.model_type} does not say how long a text it reads: choose another")
    return int(min(known))


def _rope(config: transformers.PreTrainedConfig) -> dict[str, Any]:
    parameters = getattr(config, "rope_parameters", None)
    if parameters is not None:
        return dict(parameters)
    # Before transformers 5.
    scaling = getattr(config, "rope_scaling", None) or {}
    return {"rope_theta": getattr(config, "rope_theta", None), **scaling}


@functools.cache
def _cache_class() -> type:
    """Return the class of a cache that leaves it to a function (layer, keys, values) to keep and return them."""

    class ForwardedCache(_transformers().Cache):  # type: ignore[misc]
        def __init__(self, update: Callable[[int, Tensor, Tensor], tuple[Tensor, Tensor]]) -> None:
            # The base class's own constructor differs between versions, and makes what is not needed here.
            self.layers: list[Any] = []
            self._update = update

        def get_seq_length(self, layer_idx: int = 0) -> int:
            # Positions and masks are given: nothing is to be worked out from it.
            return 0

        def update(
            self, key_states: Tensor, value_states: Tensor, layer_idx: int, *rest: Any, **settings: Any
        ) -> tuple[Tensor, Tensor]:
            return self._update(layer_idx, key_states, value_states)

    return ForwardedCache


def _name(model: transformers.PreTrainedModel | HuggingFaceModel) -> str:
    return type(model._model if isinstance(model, HuggingFaceModel) else model).__name__


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _transformers() -> Any:
    try:
        import transformers
    except ModuleNotFoundError as error:
        raise UserError("this needs transformers: pip install 'codelm[hf]'") from error
    # Bars for every file that it reads or writes, in between those of our own tools.
    transformers.utils.logging.disable_progress_bar()
    return transformers
