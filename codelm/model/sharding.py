"""A decoder whose parameters are spread over devices, block by block (FSDP2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard

from codelm.model.transformer import Transformer


def shard(transformer: Transformer, mesh: DeviceMesh, dtype: torch.dtype) -> None:
    """Spread the parameters over the devices of a mesh; each block gathers its own while it computes.

    Parameters
    ----------
    transformer
        The decoder, with or without storage.
    mesh
        One dimension.
    dtype
        Precision in which parameters are gathered; gradients are summed in float32.
    """
    policy = MixedPrecisionPolicy(param_dtype=dtype, reduce_dtype=torch.float32)
    for block in transformer.model.layers:
        fully_shard(block, mesh=mesh, mp_policy=policy)
    fully_shard(transformer, mesh=mesh, mp_policy=policy)


@contextmanager
def gathered(module: nn.Module) -> Iterator[None]:
    """Keep all parameters whole meanwhile, so that no device waits for another; nothing where none are spread."""
    spread = [part for part in module.modules() if isinstance(part, FSDPModule)]
    for part in spread:
        part.set_reshard_after_forward(False, recurse=False)
        part.unshard()
    yield
    for part in spread:
        part.reshard()
        # The outermost part keeps its own in training too: the loss reads the output embedding.
        part.set_reshard_after_forward(part is not spread[0], recurse=False)
