"""The named sizes, and apart from them how a run of a size is trained unless the user says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from codelm.config import Block, ModelConfig
from codelm.errors import UserError, unknown_name


@dataclass(frozen=True)
class Shape:
    """A model's shape without its vocabulary; attention is multi-head, as in paper A.

    `naming_vocabulary` is the vocabulary at which a size named after a number has that many parameters, embeddings
    included: LLaMA-2's for paper A, its own for paper B.
    """

    layers: int
    width: int
    heads: int
    hidden: int
    block: Block = "sequential"
    tied: bool = False
    naming_vocabulary: int = 32_000


CPU_PARAMETERS = 20e6
"""Below this, without embeddings, a size is meant for CPUs."""

LADDER: dict[str, Shape] = {
    # For CPUs and the built-in corpus; about 1, 3 and 7 million parameters with its vocabulary.
    "nano": Shape(4, 128, 4, 352),
    "micro": Shape(5, 192, 6, 512),
    "mini": Shape(6, 256, 8, 704),
    # The ten sizes of paper A's grid and the five of its pairing study, and the 14 B of its abstract. The paper gives
    # no shapes: these keep width / layers near 80 to 120, and heads of 64 (below 0.6 B) or 128.
    "0.1B": Shape(7, 768, 12, 2048),
    "0.2B": Shape(10, 1024, 16, 2944),
    "0.4B": Shape(16, 1280, 20, 3456),
    "0.5B": Shape(21, 1280, 20, 3456),
    "0.6B": Shape(18, 1536, 12, 4096),
    "1.1B": Shape(19, 2048, 16, 5504),
    "1.3B": Shape(23, 2048, 16, 5504),
    "1.5B": Shape(27, 2048, 16, 5504),
    "1.6B": Shape(23, 2304, 18, 6144),
    "2.0B": Shape(23, 2560, 20, 6912),
    "2.4B": Shape(28, 2560, 20, 6912),
    "3B": Shape(29, 2816, 22, 7552),
    "3.1B": Shape(31, 2816, 22, 7552),
    "7B": Shape(33, 4096, 32, 11008),
    "14B": Shape(43, 5120, 40, 13824),
    # The two of paper B, which gives neither shapes nor whether the embeddings are tied. With its vocabulary and two
    # matrices there would be no room for blocks in the smaller one: they are tied, as in its authors' later models.
    "470M": Shape(16, 1024, 16, 2880, "parallel", tied=True, naming_vocabulary=256_000),
    "2.8B": Shape(27, 2560, 20, 6912, "parallel", tied=True, naming_vocabulary=256_000),
}


@dataclass(frozen=True)
class Recipe:
    """How a run of a size is trained and scored by default.

    Parameters
    ----------
    learning_rate
        Peak learning rate.
    batch_tokens
        Tokens in one optimiser step.
    context
        Longest document.
    tokens
        Budget.
    loss_groups, bleu_groups
        Groups of programs whose translation loss is scored at the end, and that are translated.
    """

    learning_rate: float
    batch_tokens: int
    context: int
    tokens: int
    loss_groups: int
    bleu_groups: int


def model_config(name: str, vocab_size: int, **changes: Any) -> ModelConfig:
    """Return the model of a named size.

    Parameters
    ----------
    name
        A key of `LADDER`.
    vocab_size
        Number of token ids.
    **changes
        Fields of `ModelConfig` that differ from the size's own.

    Raises
    ------
    UserError
        If there is no such size, or its heads cannot share `kv_heads`.
    """
    if name not in LADDER:
        raise unknown_name("model", name, LADDER)
    shape = LADDER[name]
    config = ModelConfig(
        vocab_size,
        shape.layers,
        shape.width,
        shape.heads,
        shape.heads,
        shape.hidden,
        block=shape.block,
        tied=shape.tied,
    )
    config = replace(config, **changes)
    if config.heads % config.kv_heads:
        raise UserError(f"{config.heads} heads cannot share {config.kv_heads} heads of keys: give a divisor")
    return config


def model_name(config: ModelConfig) -> str:
    """Return the name of a model's size, or ``other``; its blocks, key heads, norms and embeddings may be its own."""
    size = config.layers, config.width, config.heads, config.hidden
    names = (name for name, shape in LADDER.items() if size == (shape.layers, shape.width, shape.heads, shape.hidden))
    return next(names, "other")


def recipe(config: ModelConfig) -> Recipe:
    """Return how to train a model by default.

    Learning rate ``0.0047 (N / 108e6)^(-1/3)`` and batch ``160 * 2048 (N / 108e6)^(2/3)`` tokens, N without embeddings
    (Porian et al., arXiv 2406.19146, table 4); budget 20 tokens per parameter (Hoffmann et al., arXiv 2203.15556). That
    fit does not reach down to the CPU sizes: theirs were chosen from single runs, for minutes on two cores; their
    learning rates from a sweep over three widths (`docs/measurements.md`). Paper A is silent on all of them. Models
    with parallel blocks have paper B's batch, context and budget (arXiv 2408.10914); it is silent on the learning rate.
    """
    relative = config.block_parameters / 108e6
    batch = 160 * 2048 * relative ** (2 / 3)
    if config.block_parameters < CPU_PARAMETERS:
        return Recipe(
            learning_rate=0.0065 * (128 / config.width) ** 2,
            batch_tokens=2048,
            context=2048,
            tokens=1_800_000,
            loss_groups=20,
            bleu_groups=4,
        )
    parallel = config.block == "parallel"
    # So that rows of 16,384 tokens can be shared, large batches among eight devices too.
    multiple = 16_384 if batch < 2**20 else 8 * 16_384
    return Recipe(
        learning_rate=0.0047 * relative ** (-1 / 3),
        batch_tokens=512 * 8192 if parallel else max(16_384, round(batch / multiple) * multiple),
        context=8192 if parallel else 4096,
        tokens=200_000_000_000 if parallel else 20 * config.parameters,
        loss_groups=50,
        bleu_groups=50,
    )
