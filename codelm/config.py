"""What a model is: the shape of the decoder, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Block = Literal["sequential", "parallel"]


@dataclass(frozen=True)
class ModelConfig:
    """Shape of a decoder with SwiGLU and rotary positions, without biases.

    Parameters
    ----------
    vocab_size
        Number of token ids, special and spare ones included.
    layers
        Number of transformer blocks.
    width
        Size of the residual stream.
    heads
        Attention heads for queries; `width` is divisible by it.
    kv_heads
        Heads for keys and values: `heads` for multi-head attention (paper A), fewer for grouped queries.
    hidden
        Inner size of the feed-forward layer.
    rope_base
        Base of the rotary position frequencies.
    norm_eps
        Added to the mean square in RMSNorm, or to the variance in LayerNorm.
    block
        ``sequential``, as in LLaMA-2 (paper A): the feed-forward layer reads what attention has added to, with RMSNorm.
        ``parallel`` (paper B): both read the same input, with LayerNorm.
    qk_norm
        Whether queries and keys are normalised in each head.
    tied
        Whether the output embedding is the input embedding.
    """

    vocab_size: int
    layers: int
    width: int
    heads: int
    kv_heads: int
    hidden: int
    rope_base: float = 10_000.0
    norm_eps: float = 1e-5
    block: Block = "sequential"
    qk_norm: bool = False
    tied: bool = False

    @property
    def head_size(self) -> int:
        """Size of one attention head."""
        return self.width // self.heads

    @property
    def block_parameters(self) -> int:
        """Parameters of all blocks and the last norm: everything but the embeddings."""
        attention = 2 * self.width * self.head_size * (self.heads + self.kv_heads)
        feed_forward = 3 * self.width * self.hidden
        norms = (2 if self.block == "sequential" else 1) * self.width + (2 * self.head_size if self.qk_norm else 0)
        return self.layers * (attention + feed_forward + norms) + self.width

    @property
    def parameters(self) -> int:
        """All parameters, the input and the output embedding included."""
        return self.block_parameters + (1 if self.tied else 2) * self.vocab_size * self.width

    def flops_per_token(self, context: float) -> float:
        """Floating-point operations of one training step, per token.

        Six per parameter that multiplies (forward and backward; the input embedding is a look-up),
        and causal attention over documents of `context` tokens: 6 * layers * width * context
        (PaLM, arXiv 2204.02311, appendix B, halved because a token sees only those before it).
        """
        multiplying = self.block_parameters + self.vocab_size * self.width
        return 6.0 * multiplying + 6.0 * self.layers * self.width * context
