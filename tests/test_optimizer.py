"""The optimisers: which parameters go where, one state for two parts, steps that are not taken."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch

from codelm.config import ModelConfig
from codelm.model.transformer import Transformer
from codelm.optimizer import MuonWithAdamW, make_optimizer

CONFIG = ModelConfig(vocab_size=40, layers=2, width=16, heads=2, kv_heads=2, hidden=24)


class Holder(torch.nn.Module):
    """Holds a decoder, as the Lightning module does."""

    def __init__(self, config: ModelConfig = CONFIG) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.transformer = Transformer(config)


def optimizer_of(module: Holder, name: Any = "muon") -> torch.optim.Optimizer:
    return make_optimizer(module, name, learning_rate=0.01, weight_decay=0.1, betas=(0.9, 0.95))


def step(module: Holder, optimizer: torch.optim.Optimizer, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for parameter in module.parameters():
        parameter.grad = torch.randn(parameter.shape, generator=generator)
    optimizer.step()


def weights(module: Holder) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in module.state_dict().items()}


def test_vectors_are_not_decayed() -> None:
    module = Holder()
    for name in ("adamw", "muon"):
        groups = optimizer_of(module, name).param_groups
        decays = {id(p): group["weight_decay"] for group in groups for p in group["params"]}
        assert len(decays) == len(list(module.parameters()))
        assert all(decays[id(p)] == (0.1 if p.dim() == 2 else 0.0) for p in module.parameters())


@pytest.mark.parametrize("tied", [False, True])
def test_muon_takes_the_matrices_of_the_blocks_and_adamw_all_else(tied: bool) -> None:
    module = Holder(ModelConfig(40, 2, 16, 2, 2, 24, tied=tied))
    optimizer = optimizer_of(module)
    step(module, optimizer, seed=1)
    for name, parameter in module.named_parameters():
        by_muon = parameter.dim() == 2 and "layers" in name
        assert set(optimizer.state[parameter]) == (
            {"momentum_buffer"} if by_muon else {"step", "exp_avg", "exp_avg_sq"}
        )


def test_muon_s_update_is_nearly_orthogonal_and_as_large_as_adamw_s() -> None:
    module = Holder()
    before = weights(module)
    step(module, optimizer_of(module), seed=1)
    name = "transformer.model.layers.0.self_attn.q_proj.weight"
    update = (weights(module)[name] - (1 - 0.01 * 0.1) * before[name]) / 0.01
    singular = torch.linalg.svdvals(update)
    assert singular.max() < 2 * singular.min()
    assert update.square().mean().sqrt() == pytest.approx(0.2, rel=0.25), "arXiv 2502.16982: .2, as AdamW's"


def test_a_schedule_moves_both_learning_rates() -> None:
    module = Holder()
    optimizer = optimizer_of(module)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.0)
    before = weights(module)
    step(module, optimizer, seed=1)
    assert all(torch.equal(before[name], tensor) for name, tensor in weights(module).items())


@pytest.mark.parametrize("name", ["adamw", "muon"])
def test_going_on_from_a_saved_state_is_not_to_have_stopped(name: str) -> None:
    module = Holder()
    optimizer = optimizer_of(module, name)
    step(module, optimizer, seed=1)
    again = Holder()
    again.load_state_dict(weights(module))
    resumed = optimizer_of(again, name)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    for seed in (2, 3):
        step(module, optimizer, seed)
        step(again, resumed, seed)
    assert all(torch.equal(weights(again)[key], tensor) for key, tensor in weights(module).items())


@pytest.mark.parametrize("name", ["adamw", "muon"])
def test_a_step_that_is_found_to_do_harm_changes_nothing(name: str) -> None:
    module = Holder()
    optimizer = optimizer_of(module, name)
    step(module, optimizer, seed=1)
    before, state = weights(module), [t.clone() for s in optimizer.state.values() for t in s.values()]
    for found, changes in ((1.0, False), (0.0, True)):
        optimizer.found_inf = torch.tensor(found)  # type: ignore[attr-defined]
        step(module, optimizer, seed=2)
        after = [t for s in optimizer.state.values() for t in s.values()]
        assert all(map(torch.equal, state, after)) is not changes
        assert all(torch.equal(before[key], tensor) for key, tensor in weights(module).items()) is not changes


def test_adamw_alone_is_torch_s_own() -> None:
    assert type(optimizer_of(Holder(), "adamw")) is torch.optim.AdamW
    assert type(optimizer_of(Holder(), "muon")) is MuonWithAdamW
