"""The named sizes, and apart from them how a run of a size is trained unless the user says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from codelm.config import ModelConfig
from codelm.errors import unknown_name


@dataclass(frozen=True)
class Shape:
    """A model's shape without its vocabulary; attention is multi-head, as in paper A."""

    layers: int
    width: int
    heads: int
    hidden: int


NAMING_VOCABULARY = 32_000
"""Vocabulary (LLaMA-2's) at which a size named after a number has that many parameters, embeddings included."""

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
}


@dataclass(frozen=True)
class Recipe:
    """How a run of a size is trained and scored by default.

    Parameters
    ----------
    learning_rate
        Peak learning rate of AdamW.
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


def model_config(name: str, vocab_size: int) -> ModelConfig:
    """Return the model of a named size; a UserError names the nearest sizes."""
    if name not in LADDER:
        raise unknown_name("model", name, LADDER)
    shape = LADDER[name]
    return ModelConfig(vocab_size, shape.layers, shape.width, shape.heads, shape.heads, shape.hidden)


def model_name(config: ModelConfig) -> str:
    """Return the name of a model's shape, or ``other``."""
    return next((name for name in LADDER if model_config(name, config.vocab_size) == config), "other")


def recipe(config: ModelConfig) -> Recipe:
    """Return how to train a model by default.

    Learning rate ``0.0047 (N / 108e6)^(-1/3)`` and batch ``160 * 2048 (N / 108e6)^(2/3)`` tokens, N without embeddings
    (Porian et al., arXiv 2406.19146, table 4); budget 20 tokens per parameter (Hoffmann et al., arXiv 2203.15556). That
    fit does not reach down to the CPU sizes: theirs were chosen from a few single runs
    (`docs/measurements.md`), for minutes on two cores. Paper A is silent on all of them.
    """
    relative = config.block_parameters / 108e6
    batch = 160 * 2048 * relative ** (2 / 3)
    if config.block_parameters < CPU_PARAMETERS:
        return Recipe(
            learning_rate=0.0065, batch_tokens=2048, context=2048, tokens=1_800_000, loss_groups=20, bleu_groups=4
        )
    return Recipe(
        learning_rate=0.0047 * relative ** (-1 / 3),
        batch_tokens=max(16_384, round(batch / 16_384) * 16_384),
        context=4096,
        tokens=20 * config.parameters,
        loss_groups=50,
        bleu_groups=50,
    )
