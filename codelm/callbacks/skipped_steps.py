"""Steps whose gradient is not finite, or far larger than any lately, are not taken."""

from __future__ import annotations

from typing import Any

import lightning
import torch
from torch import Tensor
from torch.distributed.tensor import DTensor, Replicate

from codelm.errors import UserError

WINDOW = 128
"""Steps whose gradient norms a norm is compared with."""

DEVIATIONS = 6.0
"""Standard deviations above their mean from which on it is an outlier.

Both numbers are those of the optimisers that skip steps in github.com/allenai/OLMo-core.
"""

MOST_IN_A_ROW = 20
"""So many skipped steps in a row are no accident."""


class SkippedSteps(lightning.Callback):
    """Leaves weights and optimiser as they are where a step's gradient would do harm, and counts such steps.

    The decision stays on the device: nothing waits for it. It needs an optimiser with a fused kernel, which takes the
    order to skip as a tensor.

    Parameters
    ----------
    every
        Steps between looks at how many were skipped in a row; a look waits for the device.

    Raises
    ------
    UserError
        In training, when `MOST_IN_A_ROW` steps in a row were skipped.
    """

    state_key = "SkippedSteps"

    def __init__(self, every: int = 1) -> None:
        self._every = every
        self._norms = torch.full((WINDOW,), torch.nan, dtype=torch.float64)
        self._seen = torch.zeros((), dtype=torch.int64)
        self._in_a_row = torch.zeros((), dtype=torch.int64)
        self._skipped = torch.zeros((), dtype=torch.int64)

    @property
    def skipped(self) -> int:
        """Steps that were skipped so far."""
        return int(self._skipped)

    def on_before_optimizer_step(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, optimizer: torch.optim.Optimizer
    ) -> None:
        gradients = [parameter.grad for parameter in pl_module.parameters() if parameter.grad is not None]
        total = torch.nn.utils.get_total_norm(gradients)
        norm = (total.full_tensor() if isinstance(total, DTensor) else total).double()
        self._to(norm.device)
        skip = self._is_harmful(norm)
        order = skip.float()
        if isinstance(total, DTensor):
            # The kernel of an optimiser whose parameters are spread takes no other kind.
            order = DTensor.from_local(order, total.device_mesh, [Replicate()] * total.device_mesh.ndim)
        optimizer.found_inf = order  # type: ignore[attr-defined]
        self._in_a_row = torch.where(skip, self._in_a_row + 1, 0)
        self._skipped = self._skipped + skip
        # An outlier joins the norms that the next ones are compared with: what stays large is let through in the end.
        finite = norm.isfinite()
        # Not by an index, which the host would wait for.
        here = torch.arange(WINDOW, device=norm.device) == self._seen % WINDOW
        self._norms = torch.where(here & finite, norm, self._norms)
        self._seen = self._seen + finite

    def _is_harmful(self, norm: Tensor) -> Tensor:
        # Before there is a whole window of norms the comparison is with NaN, and false.
        limit = self._norms.mean() + DEVIATIONS * self._norms.std()
        return ~norm.isfinite() | (norm > limit)

    def on_train_batch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any) -> None:
        if trainer.global_step % self._every == 0 and self._in_a_row >= MOST_IN_A_ROW:
            raise UserError(
                f"{int(self._in_a_row)} steps in a row up to step {trainer.global_step} had a gradient that is not"
                " finite, or far larger than before, and were skipped: start again with a lower --learning-rate"
            )

    def _to(self, device: torch.device) -> None:
        if self._norms.device != device:
            self.load_state_dict({name: tensor.to(device) for name, tensor in self.state_dict().items()})

    def state_dict(self) -> dict[str, Any]:
        return {
            "norms": self._norms,
            "seen": self._seen,
            "in_a_row": self._in_a_row,
            "skipped": self._skipped,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self._norms, self._seen = state_dict["norms"], state_dict["seen"]
        self._in_a_row, self._skipped = state_dict["in_a_row"], state_dict["skipped"]
