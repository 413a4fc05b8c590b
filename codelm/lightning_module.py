"""CodeLM: the decoder as a Lightning module, trained on packed rows of whole documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import lightning
import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.fsdp import FSDPModule

from codelm.config import ModelConfig
from codelm.data.batch import Batch
from codelm.model.attention import resolve_backend
from codelm.model.loss import linear_cross_entropy, token_losses
from codelm.model.sharding import shard
from codelm.model.transformer import ActivationCheckpointing, Transformer
from codelm.optimizer import OptimizerName, make_optimizer
from codelm.schedule import ScheduleName, learning_rate_factor


@dataclass(frozen=True)
class TrainingConfig:
    """How a model is trained.

    Parameters
    ----------
    steps
        Optimiser steps of the run.
    learning_rate
        Peak learning rate.
    schedule
        See `learning_rate_factor`.
    warmup_steps
        Steps that warm up; -1 for 1 in 20.
    decay_steps
        Steps that decay, for ``wsd``; -1 for 3 in 10.
    final
        Learning rate at the end, as a share of the peak.
    weight_decay
        For matrices; the norms' weights are not decayed.
    betas
        Of AdamW: averages of the gradient and of its square.
    seed
        Seed of the initial weights.
    optimizer
        See `make_optimizer`.
    """

    steps: int
    learning_rate: float
    schedule: ScheduleName = "wsd"
    warmup_steps: int = -1
    decay_steps: int = -1
    final: float = 0.0
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    seed: int = 0
    optimizer: OptimizerName = "adamw"

    def __post_init__(self) -> None:
        for name, share in (("warmup_steps", 0.05), ("decay_steps", 0.3)):
            if getattr(self, name) < 0:
                object.__setattr__(self, name, round(share * self.steps))

    def learning_rate_factor(self, step: int) -> float:
        """Return the learning rate of a step as a share of the peak."""
        return learning_rate_factor(step, self.steps, self.schedule, self.warmup_steps, self.decay_steps, self.final)


class CodeLM(lightning.LightningModule):
    """A decoder on packed documents.

    The loss of a step is the mean over all predicted tokens of its global batch, however they fall on rows, ranks and
    accumulated micro-batches.

    Parameters
    ----------
    model
        Shape of the decoder; also as the dict that a checkpoint holds.
    training
        How it is trained, likewise.
    attention
        Attention backend, or ``auto``.
    activation_checkpointing
        See `Transformer`.
    compiled
        Whether blocks are compiled for training and validation.
    weights
        Weights to start with, by the names that they have in `Transformer`; by default random ones.
    optimizer_state
        What the optimiser starts with of each parameter, by its number; by default nothing.
    """

    def __init__(
        self,
        model: ModelConfig | dict[str, Any],
        training: TrainingConfig | dict[str, Any],
        attention: str = "auto",
        activation_checkpointing: ActivationCheckpointing = "none",
        compiled: bool = False,
        weights: Mapping[str, Tensor] | None = None,
        optimizer_state: Mapping[int, Any] | None = None,
    ) -> None:
        super().__init__()
        self.model_config = model if isinstance(model, ModelConfig) else ModelConfig(**model)
        self.training_config = training if isinstance(training, TrainingConfig) else TrainingConfig(**training)
        # Plain dicts, so that checkpoints load with weights_only=True.
        self.save_hyperparameters(
            {"model": asdict(self.model_config), "training": asdict(self.training_config), "attention": attention}
        )
        self._requested_attention = attention
        self._compiled = compiled
        self._weights = weights
        self._optimizer_state = optimizer_state
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.training_config.seed)
            self.transformer = Transformer(self.model_config, activation_checkpointing=activation_checkpointing)
        if weights is not None and self.transformer.device.type != "meta":
            self.transformer.fill(weights)
        self._step_nats = torch.zeros((), device="cpu")
        self.step_loss = torch.zeros((), device="cpu")
        """Mean loss of the last optimiser step, over its global batch (a tensor: reading it waits for the device)."""

    def configure_model(self) -> None:
        """Spread the parameters over the devices, where the strategy is to do so."""
        if self.device_mesh is None or isinstance(self.transformer, FSDPModule):
            return
        dtype = torch.bfloat16 if "bf16" in str(self.trainer.precision) else torch.float32
        shard(self.transformer, self.device_mesh["data_parallel"], dtype)
        if self.transformer.device.type == "meta":
            generator = torch.Generator().manual_seed(self.training_config.seed)
            self.transformer.materialise(self.trainer.strategy.root_device, generator)
            if self._weights is not None:
                self.transformer.fill(self._weights)

    def setup(self, stage: str) -> None:
        """Choose the attention kernel for the device and precision of the run; compile the blocks."""
        dtype = torch.bfloat16 if "bf16" in str(self.trainer.precision) else torch.float32
        backend = resolve_backend(self._requested_attention, self.trainer.strategy.root_device, dtype)
        self.transformer.attention_backend = backend
        if self._compiled and stage == "fit":
            self.transformer.compile_blocks()

    def forward(self, tokens: Tensor, cu_seqlens: Tensor, max_seqlen: int) -> Tensor:
        """Return hidden states (T, width) of a row of documents, see `Transformer.forward`."""
        hidden: Tensor = self.transformer(tokens, cu_seqlens, max_seqlen)
        return hidden

    def training_step(self, batch: Batch, batch_index: int) -> dict[str, Tensor]:
        """Return this row's losses, for training and for callbacks.

        Returns
        -------
        dict
            ``loss``, the row's part of the step's mean loss, scaled for how Lightning averages over rows; and
            ``token_losses``, that of each token in nats (T,), 0 where there is no target, without a gradient.
        """
        hidden = self(batch.tokens, batch.cu_seqlens, batch.max_seqlen)
        nats, losses = linear_cross_entropy(hidden, self.transformer.lm_head.weight, batch.targets)
        share = nats / batch.step_targets
        self._step_nats = self._step_nats.to(share.device) + share.detach()
        # Accumulation divides by the number of rows, and DDP averages over ranks: undo both.
        loss = share * self.trainer.accumulate_grad_batches * self.trainer.world_size
        return {"loss": loss, "token_losses": losses}

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        """Sum the step's loss over ranks."""
        if self.trainer.world_size > 1:
            dist.all_reduce(self._step_nats)
        self.step_loss = self._step_nats
        self._step_nats = torch.zeros_like(self.step_loss)

    def validation_step(self, batch: Batch, batch_index: int) -> Tensor:
        """Return the loss (T,) of each token in nats, 0 where there is no target."""
        hidden = self(batch.tokens, batch.cu_seqlens, batch.max_seqlen)
        return token_losses(hidden, self.transformer.lm_head.weight, batch.targets)

    def configure_optimizers(self) -> Any:
        """Return the optimiser, and the schedule by step."""
        config = self.training_config
        optimizer = make_optimizer(self, config.optimizer, config.learning_rate, config.weight_decay, config.betas)
        if self._optimizer_state is not None:
            # The learning rate and all other settings stay those of this run.
            optimizer.load_state_dict({**optimizer.state_dict(), "state": dict(self._optimizer_state)})
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, config.learning_rate_factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}
