"""Which process of a job this is, as torchrun, SLURM and Lightning tell it."""

from __future__ import annotations

import pytest

from codelm.cluster import Launch, devices_and_nodes, find_launch, process_rank
from codelm.errors import UserError

TORCHRUN = {
    "TORCHELASTIC_RUN_ID": "a",
    "RANK": "11",
    "LOCAL_RANK": "3",
    "LOCAL_WORLD_SIZE": "8",
    "GROUP_WORLD_SIZE": "2",
}
SLURM = {
    "SLURM_NTASKS": "16",
    "SLURM_NNODES": "2",
    "SLURM_PROCID": "9",
    "SLURM_LOCALID": "1",
    "SLURM_JOB_NAME": "train",
}
ALONE: dict[str, str] = {}


def test_torchrun_and_slurm_say_how_many_processes_there_are_and_which_this_is() -> None:
    assert find_launch(TORCHRUN) == Launch("torchrun", rank=11, devices=8, nodes=2)
    assert find_launch(SLURM) == Launch("SLURM", rank=9, devices=8, nodes=2)
    assert find_launch(ALONE) is None
    assert process_rank(TORCHRUN) == 11
    assert process_rank(SLURM) == 9


def test_torchrun_in_a_slurm_job_is_what_counts() -> None:
    assert find_launch(SLURM | TORCHRUN) == find_launch(TORCHRUN)


@pytest.mark.parametrize("name", ["bash", "interactive"])
def test_an_interactive_job_is_one_process(name: str) -> None:
    assert find_launch(SLURM | {"SLURM_JOB_NAME": name}) is None


def test_a_process_that_lightning_started_has_its_local_rank() -> None:
    assert process_rank({"LOCAL_RANK": "1"}) == 1
    assert process_rank(ALONE) == 0


def test_devices_are_those_that_were_started_or_asked_for_or_one() -> None:
    assert devices_and_nodes(None, None, ALONE) == (1, 1)
    assert devices_and_nodes(4, 1, ALONE) == (4, 1)
    assert devices_and_nodes(None, None, SLURM) == (8, 2)
    assert devices_and_nodes(8, 2, TORCHRUN) == (8, 2)


def test_other_numbers_than_were_started_are_a_mistake() -> None:
    with pytest.raises(UserError, match="torchrun started 8 devices, --devices asks for 4: leave it out"):
        devices_and_nodes(4, None, TORCHRUN)
    with pytest.raises(UserError, match="several machines need torchrun or srun"):
        devices_and_nodes(None, 2, ALONE)
    with pytest.raises(UserError, match="SLURM has 15 tasks on 2 nodes"):
        find_launch(SLURM | {"SLURM_NTASKS": "15"})
