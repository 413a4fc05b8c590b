"""The optimisers: AdamW, or Muon for the matrices of the blocks with AdamW for all else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import Tensor, nn

OptimizerName = Literal["adamw", "muon"]


def make_optimizer(
    module: nn.Module, name: OptimizerName, learning_rate: float, weight_decay: float, betas: tuple[float, float]
) -> torch.optim.Optimizer:
    """Return the optimiser of a decoder; vectors are not decayed.

    Parameters
    ----------
    module
        The decoder, or what holds it.
    name
        ``adamw``, or ``muon``, which turns the update of each of the blocks' matrices into the nearest orthogonal one
        (Jordan et al. 2024, kellerjordan.github.io/posts/muon), at the size that AdamW's updates have (Liu et al.,
        arXiv 2502.16982): learning rates and weight decay of AdamW serve for both.
    learning_rate, weight_decay, betas
        Of AdamW; Muon has the first two.
    """
    named = list(module.named_parameters())
    vectors = [parameter for _, parameter in named if parameter.dim() < 2]
    matrices = [parameter for _, parameter in named if parameter.dim() >= 2]
    blocks = {id(p) for n, p in named if p.dim() == 2 and ".layers." in n} if name == "muon" else set()
    groups = [
        {"params": [parameter for parameter in matrices if id(parameter) not in blocks], "weight_decay": weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    adamw = torch.optim.AdamW(groups, lr=learning_rate, betas=betas, fused=True)
    if name == "adamw":
        return adamw
    muon = torch.optim.Muon(
        [parameter for parameter in matrices if id(parameter) in blocks],
        lr=learning_rate,
        weight_decay=weight_decay,
        adjust_lr_fn="match_rms_adamw",
    )
    return MuonWithAdamW(muon, adamw)


class MuonWithAdamW(torch.optim.Optimizer):
    """Two optimisers for different parameters, that schedules and checkpoints take for one.

    Like a fused AdamW it leaves everything as it is where its attribute ``found_inf`` is not 0; since Muon takes no
    such order, the host waits for the device to learn of it.
    """

    found_inf: Tensor | None = None

    def __init__(self, muon: torch.optim.Muon, adamw: torch.optim.AdamW) -> None:
        self._parts = (muon, adamw)
        super().__init__([*muon.param_groups, *adamw.param_groups], {})
        self._share()

    def _share(self) -> None:
        # The same groups and the same state, so that a schedule moves them and a checkpoint holds them.
        first = 0
        for part in self._parts:
            part.param_groups = self.param_groups[first : first + len(part.param_groups)]
            part.state = self.state
            first += len(part.param_groups)

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a state."""
        super().load_state_dict(state_dict)
        self._share()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take a step, unless it is found to do harm."""
        loss = None if closure is None else torch.enable_grad()(closure)()
        if self.found_inf is None or not self.found_inf:
            for part in self._parts:
                part.step()
        return loss
