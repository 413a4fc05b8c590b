"""Make one file of a checkpoint in shards, with the optimiser's state, to go on from on one device."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codelm.command_line import parse_options, run_command
from codelm.errors import UserError


@dataclass(frozen=True)
class ConsolidateOptions:
    """Make one file of a checkpoint that a run with --strategy fsdp left as a folder of shards.

    Parameters
    ----------
    checkpoint
        The folder, a run's checkpoints/step=N.ckpt.
    file
        Where to write. In a run's folder checkpoints, as step=N.ckpt, the run goes on from it without fsdp.
    """

    checkpoint: Path
    file: Path


def main() -> None:
    """Run from the command line."""
    options = parse_options(ConsolidateOptions, positional=("checkpoint", "file"))
    if options.file.exists():
        raise UserError(f"{options.file} is there already: choose another file")
    from codelm.checkpoint import consolidate

    options.file.parent.mkdir(parents=True, exist_ok=True)
    consolidate(options.checkpoint, options.file)
    print(f"{options.file.stat().st_size / 1e6:,.1f} MB: {options.file}")


if __name__ == "__main__":
    run_command(main)
