"""The README's commands exist, with the flags that it shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(r"```\w*\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
COMMANDS = sorted({line for block in BLOCKS for line in block.splitlines() if line.startswith("python ")})
TARGETS = sorted({line for block in BLOCKS for line in block.splitlines() if line.startswith("make ")})


def test_the_two_commands_are_shown() -> None:
    assert {"make run", "make test"} <= set(TARGETS)


@pytest.mark.parametrize("command", TARGETS)
def test_every_target_is_in_the_makefile(command: str) -> None:
    assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command: str) -> None:
    script, *arguments = shlex.split(command)[1:]
    done = subprocess.run(
        [sys.executable, str(ROOT / script), *arguments, "--print_config"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
