"""Ways to train the same decoder on the same documents, for `experiments.benchmarks.train` to compare."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from lightning.fabric.utilities import move_data_to_device
from torch import Tensor, nn

from codelm.data.batch import Batch, make_batch, row_shape
from codelm.data.packing import pack
from codelm.model.attention import resolve_backend
from codelm.model.hf import to_hugging_face
from codelm.model.loss import IGNORED, linear_cross_entropy
from codelm.model.transformer import Transformer

Documents = Sequence[np.ndarray]
"""Token ids of the documents of one optimiser step."""

SHORTEST = 32
"""Tokens of the shortest document."""


class Contender:
    """One way to train; AdamW and gradient clipping are the same for all.

    Parameters
    ----------
    model
        The decoder, on its device.
    precision
        In which it computes: float32, or bfloat16 by autocast.
    lay
        From documents to the micro-batches that the model reads.
    loss
        From a micro-batch, and the targets in the whole step, to its share of the step's mean loss.
    """

    def __init__(
        self,
        model: nn.Module,
        precision: torch.dtype,
        lay: Callable[[Documents], Sequence[Any]],
        loss: Callable[[Any, int], Tensor],
    ) -> None:
        self._model, self._lay, self._loss = model, lay, loss
        self._device = next(model.parameters()).device
        self._autocast = torch.autocast(self._device.type, torch.bfloat16, enabled=precision == torch.bfloat16)
        self._optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), fused=True)

    def micro_batches(self, documents: Documents) -> list[Any]:
        """Return the documents as the model reads them, on its device."""
        return [move_data_to_device(batch, self._device) for batch in self._lay(documents)]

    def step(self, batches: Sequence[Any], targets: int) -> None:
        """Do the work of one optimiser step."""
        for batch in batches:
            with self._autocast:
                loss = self._loss(batch, targets)
            loss.backward()
        nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()

    @torch.no_grad()
    def mean_loss(self, documents: Documents) -> float:
        """Return the mean loss of the documents' targets, in nats."""
        targets = count_targets(documents)
        with self._autocast:
            return sum(float(self._loss(batch, targets)) for batch in self.micro_batches(documents))


def draw_documents(random: np.random.Generator, tokens: int, longest: int, vocab_size: int) -> list[np.ndarray]:
    """Draw documents of random tokens, `tokens` together: their lengths are log-uniform, from `SHORTEST` to `longest`.

    The last one is cut so that the sum is exact.
    """
    left = 0
    while left < SHORTEST:
        exponents = random.uniform(np.log(SHORTEST), np.log(longest + 1), tokens // SHORTEST + 1)
        ends = np.exp(exponents).astype(np.int64).cumsum()
        ends = ends[: np.searchsorted(ends, tokens)]
        left = tokens - int(ends.max(initial=0))
    return np.split(random.integers(0, vocab_size, tokens), ends)


def count_targets(documents: Documents) -> int:
    """Return how many tokens are predicted: all but each document's first."""
    return sum(len(document) - 1 for document in documents)


def codelm(weights: Transformer, precision: torch.dtype, longest: int, attention: str = "auto") -> Contender:
    """Our own way: all documents in one row, and attention within each of them."""
    model = copy.deepcopy(weights)
    model.attention_backend = resolve_backend(attention, model.device, precision)

    def lay(documents: Documents) -> list[Batch]:
        tokens = sum(map(len, documents))
        return [make_batch(documents, [np.zeros_like(ids) for ids in documents], row_shape(tokens, longest))]

    def loss(batch: Batch, targets: int) -> Tensor:
        hidden = model(batch.tokens, batch.cu_seqlens, batch.max_seqlen)
        return linear_cross_entropy(hidden, model.lm_head.weight, batch.targets)[0] / targets

    return Contender(model, precision, lay, loss)


def transformers_padded(
    weights: Transformer, precision: torch.dtype, longest: int, batch: int, by_length: bool = False
) -> Contender:
    """``LlamaForCausalLM`` on batches of documents, each padded to the batch's longest.

    Parameters
    ----------
    batch
        Documents in a micro-batch.
    by_length
        Whether neighbours in length share a micro-batch; else they come in random order.
    """

    def lay(documents: Documents) -> list[dict[str, Tensor]]:
        ordered = sorted(documents, key=len) if by_length else documents
        return [_padded(ordered[start : start + batch]) for start in range(0, len(ordered), batch)]

    return _transformers(weights, precision, longest, lay)


def transformers_packed(weights: Transformer, precision: torch.dtype, longest: int) -> Contender:
    """``LlamaForCausalLM`` on rows of `longest` tokens; it masks other documents where positions start anew."""

    def lay(documents: Documents) -> list[dict[str, Tensor]]:
        lengths = np.array([len(document) for document in documents])
        rows = [[documents[index] for index in row] for row in pack(lengths, longest, len(documents))]
        return [_stacked([_packed(row, longest) for row in rows])]

    return _transformers(weights, precision, longest, lay)


def litgpt(weights: Transformer, precision: torch.dtype, longest: int) -> Contender:
    """litgpt on blocks of `longest` tokens, cut from all documents joined: its tokens see other documents."""
    from litgpt.config import Config
    from litgpt.model import GPT
    from litgpt.scripts.convert_hf_checkpoint import copy_weights_hf_llama
    from litgpt.utils import chunked_cross_entropy

    shape = weights.config
    config = Config(
        block_size=longest,
        vocab_size=shape.vocab_size,
        padded_vocab_size=shape.vocab_size,
        n_layer=shape.layers,
        n_embd=shape.width,
        n_head=shape.heads,
        n_query_groups=shape.kv_heads,
        intermediate_size=shape.hidden,
        rope_base=shape.rope_base,
        norm_eps=shape.norm_eps,
        rotary_percentage=1.0,
        norm_class_name="RMSNorm",
        mlp_class_name="LLaMAMLP",
        parallel_residual=False,
        bias=False,
    )
    model = GPT(config).to(weights.device)
    converted: dict[str, Tensor] = {}
    copy_weights_hf_llama(config, {}, converted, weights.state_dict())
    model.load_state_dict(converted)

    def lay(documents: Documents) -> list[tuple[Tensor, Tensor]]:
        tokens = torch.from_numpy(np.concatenate(documents))
        targets = torch.cat((tokens[1:], torch.tensor([IGNORED])))
        block = min(longest, len(tokens))
        return [(tokens.view(-1, block), targets.view(-1, block))]

    def loss(batch: tuple[Tensor, Tensor], targets: int) -> Tensor:
        mean: Tensor = chunked_cross_entropy(model(batch[0]), batch[1])
        return mean

    return Contender(model, precision, lay, loss)


def _transformers(
    weights: Transformer, precision: torch.dtype, longest: int, lay: Callable[[Documents], list[dict[str, Tensor]]]
) -> Contender:
    model = to_hugging_face(
        copy.deepcopy(weights), max_position_embeddings=longest, use_cache=False, attn_implementation="sdpa"
    ).train()

    def loss(batch: dict[str, Tensor], targets: int) -> Tensor:
        share: Tensor = model(**batch, num_items_in_batch=targets).loss
        return share

    return Contender(model, precision, lay, loss)


def _padded(documents: Documents) -> dict[str, Tensor]:
    longest = max(map(len, documents))
    rows = []
    for document in documents:
        ids = torch.from_numpy(document)
        room = (0, longest - len(ids))
        mask = nn.functional.pad(torch.ones_like(ids), room)
        labels = nn.functional.pad(ids, room, value=IGNORED)
        rows.append({"input_ids": nn.functional.pad(ids, room), "attention_mask": mask, "labels": labels})
    return _stacked(rows)


def _packed(documents: Documents, row_tokens: int) -> dict[str, Tensor]:
    """A row of documents; its unused tail stands as one more document, without labels."""
    lengths = [len(document) for document in documents]
    tail = row_tokens - sum(lengths)
    ids = torch.from_numpy(np.concatenate([*documents, np.zeros(tail, np.int64)]))
    positions = torch.cat([torch.arange(length) for length in (*lengths, tail)])
    labels = ids.clone()
    labels[row_tokens - tail :] = IGNORED
    # The model shifts labels: what a document's last token would predict is the next one's first.
    labels[positions == 0] = IGNORED
    return {"input_ids": ids, "position_ids": positions, "labels": labels}


def _stacked(rows: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([row[name] for row in rows]) for name in rows[0]}
