"""Which process of a job this is, known before anything heavy is imported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from codelm.errors import UserError


@dataclass(frozen=True)
class Launch:
    """How torchrun or SLURM started this job.

    Parameters
    ----------
    by
        Which of them.
    rank
        Number of this process among all.
    devices
        Processes on each machine.
    nodes
        Machines.
    """

    by: str
    rank: int
    devices: int
    nodes: int


def find_launch(environment: Mapping[str, str] = os.environ) -> Launch | None:
    """Return how this process was started by torchrun or by SLURM's srun; None if by neither.

    Raises
    ------
    UserError
        If SLURM put different numbers of processes on its machines.
    """
    if "TORCHELASTIC_RUN_ID" in environment:
        rank, devices, nodes = (int(environment[name]) for name in ("RANK", "LOCAL_WORLD_SIZE", "GROUP_WORLD_SIZE"))
        return Launch("torchrun", rank, devices, nodes)
    # An interactive job is one process that may start others, as Lightning sees it too.
    if "SLURM_NTASKS" in environment and environment.get("SLURM_JOB_NAME") not in ("bash", "interactive"):
        tasks, nodes = int(environment["SLURM_NTASKS"]), int(environment.get("SLURM_NNODES", "1"))
        if tasks % nodes:
            raise UserError(f"SLURM has {tasks} tasks on {nodes} nodes: give as many to each by --ntasks-per-node")
        return Launch("SLURM", int(environment.get("SLURM_PROCID", "0")), tasks // nodes, nodes)
    return None


def process_rank(environment: Mapping[str, str] = os.environ) -> int:
    """Return the number of this process among all; 0 if it is alone."""
    launch = find_launch(environment)
    # Lightning numbers the processes that it starts itself, all of them on one machine, by LOCAL_RANK.
    return launch.rank if launch else int(environment.get("LOCAL_RANK", "0"))


def devices_and_nodes(
    devices: int | None, nodes: int | None, environment: Mapping[str, str] = os.environ
) -> tuple[int, int]:
    """Return processes on a machine, and machines: what was started, else what is asked for, else one.

    Raises
    ------
    UserError
        If more or fewer were started than are asked for.
    """
    launch = find_launch(environment)
    if launch is None:
        if nodes not in (None, 1):
            raise UserError("several machines need torchrun or srun to start a process on each")
        return devices or 1, 1
    for name, asked, started in (("devices", devices, launch.devices), ("nodes", nodes, launch.nodes)):
        if asked not in (None, started):
            raise UserError(f"{launch.by} started {started} {name}, --{name} asks for {asked}: leave it out")
    return launch.devices, launch.nodes
