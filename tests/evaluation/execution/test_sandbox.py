"""Programs attack their host, in interpreted and compiled languages: they are contained every time."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from codelm.errors import UserError
from codelm.evaluation.execution import Execution, Executor, Limits, Program, Verdict
from codelm.evaluation.execution.toolchains import READY
from tests.evaluation.execution import programs


def attack(executor: Executor, texts: Mapping[str, str], expected: str = "host reached") -> dict[str, Execution]:
    """Run an attack in each language, and after it a good program, which must not notice."""
    languages = [language for language in texts if language in executor.toolchains]
    executions = executor.run([Program(language, texts[language], expected) for language in languages])
    after = executor.run([Program(language, READY[language], "ready") for language in languages])
    assert [execution.verdict for execution in after] == [Verdict.PASSED] * len(languages), after
    return dict(zip(languages, executions, strict=True))


def verdicts(executions: Mapping[str, Execution]) -> set[Verdict]:
    return {execution.verdict for execution in executions.values()}


def is_running(marker: str) -> bool:
    """Whether any process of this machine has a word in its command line."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if marker.encode() in file.read_bytes():
                return True
        except OSError:
            continue
    return False


def ends_soon(marker: str) -> bool:
    deadline = time.monotonic() + 5
    while is_running(marker) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(marker)


def test_an_endless_loop_is_a_time_out(executor: Executor) -> None:
    executions = attack(executor, programs.ENDLESS)
    assert verdicts(executions) == {Verdict.TIMEOUT}, executions
    assert {execution.message for execution in executions.values()} == {"used more than 1 seconds of processor time"}


def test_a_fork_bomb_ends_when_it_has_all_the_processes_that_it_may_have(executor: Executor) -> None:
    before = len(os.listdir("/proc"))
    executions = attack(executor, programs.shell("bomb() { bomb & bomb; }; bomb"))
    assert verdicts(executions) <= {Verdict.RUNTIME_ERROR, Verdict.TIMEOUT}, executions
    # Two at a time, and whatever else the machine does.
    assert len(os.listdir("/proc")) < before + 100


def test_ten_gigabytes_of_memory_are_a_run_time_error(executor: Executor) -> None:
    executions = attack(executor, programs.TEN_GIGABYTES)
    assert verdicts(executions) == {Verdict.RUNTIME_ERROR}, executions
    for execution in executions.values():
        assert "memory" in execution.message.lower() or "allocation failed" in execution.message, execution


def test_memory_that_many_processes_share_among_them_is_watched(executor: Executor) -> None:
    text = (
        "import os\nimport time\n\nfor _ in range(20):\n    if os.fork() == 0:\n"
        "        held = bytearray(b'x') * (100 * 2**20)\n        time.sleep(60)\nos.wait()\n"
    )
    (execution,) = executor.run([Program("python", text)])
    assert (execution.verdict, execution.message) == (Verdict.RUNTIME_ERROR, "used more than 512 MiB of memory")


def test_a_gigabyte_of_output_is_cut_and_is_a_run_time_error(executor: Executor) -> None:
    executions = attack(executor, programs.ONE_GIGABYTE_PRINTED)
    assert verdicts(executions) == {Verdict.RUNTIME_ERROR}, executions
    for execution in executions.values():
        assert (len(execution.output), execution.message) == (2**20, "printed more than 1 MiB")


def test_a_program_writes_nowhere_but_to_its_scratch_folder(executor: Executor, tmp_path: Path) -> None:
    files = [tmp_path / "x", "/program/x", "/usr/x", "/etc/x", "/dev/x", "/x", Path.home() / "x", "$TMPDIR/x"]
    script = "; ".join(f"(echo x > {file}) 2> /dev/null && echo {file}" for file in files)
    executions = attack(executor, programs.shell(script), expected=str(Path("/tmp") / "x"))
    assert verdicts(executions) == {Verdict.PASSED}, executions
    assert not list(tmp_path.iterdir())


def test_the_scratch_folder_is_small_and_every_program_finds_it_empty(executor: Executor) -> None:
    text = (
        "import os\n\nprint(os.listdir('.'))\ntry:\n    for number in range(100):\n"
        "        open(f'{number}', 'wb').write(bytes(10**7))\nexcept OSError as error:\n    print(error.strerror)\n"
    )
    executions = executor.run([Program("python", text, "[]\nNo space left on device")] * 2)
    assert [execution.verdict for execution in executions] == [Verdict.PASSED] * 2, executions


def test_a_program_cannot_read_what_is_in_the_home(executor: Executor, tmp_path: Path) -> None:
    with tempfile.NamedTemporaryFile("w", dir=Path.home()) as file:
        for secret in (Path(file.name), tmp_path / "secret"):
            secret.write_text("launch codes")
        script = f"cat {file.name} {tmp_path}/secret /etc/shadow; ls -A {Path.home()} {tmp_path.parent}"
        executions = attack(executor, programs.shell(script))
        for execution in executions.values():
            assert "launch codes" not in execution.output
            assert Path(file.name).name not in execution.output


def test_a_program_is_told_nothing_of_the_environment(executor: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    (execution,) = executor.run([Program("python", "import os\nprint(sorted(os.environ))\n")])
    assert "PATH" in execution.output and "HF_TOKEN" not in execution.output


def test_a_program_cannot_connect_to_this_machine(executor: Executor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        executions = attack(executor, programs.connect_to(server.getsockname()[1]))
        assert verdicts(executions) == {Verdict.RUNTIME_ERROR}, executions
        server.settimeout(0.0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_child_does_not_outlive_its_program(executor: Executor) -> None:
    script = "setsid sleep 86397 > /dev/null 2>&1 < /dev/null & echo started"
    executions = attack(executor, programs.shell(script), expected="started")
    assert verdicts(executions) == {Verdict.PASSED}, executions
    assert ends_soon("86397")


def test_a_child_does_not_outlive_a_program_that_is_stopped(executor: Executor) -> None:
    script = "setsid sleep 86396 > /dev/null 2>&1 < /dev/null & while true; do true; done"
    texts = programs.shell(script)
    executions = attack(executor, {language: texts[language] for language in ("python", "go")})
    assert verdicts(executions) == {Verdict.TIMEOUT}, executions
    assert ends_soon("86396")


def test_a_program_can_signal_itself_and_its_own_children_only(executor: Executor) -> None:
    parent = subprocess.Popen(["sleep", "60"])
    script = f"(kill -9 1; kill -9 {parent.pid}; kill -9 {os.getpid()}; kill -9 -1) 2> /dev/null; true"
    executions = attack(executor, programs.shell(script))
    assert verdicts(executions) == {Verdict.RUNTIME_ERROR}, executions
    assert {execution.message for execution in executions.values()} == {"ended by signal SIGKILL"}
    assert parent.poll() is None
    parent.kill()
    parent.wait()


def test_a_program_that_only_waits_is_a_time_out(executor: Executor) -> None:
    with Executor(["python"], limits=Limits(wall_seconds=0.5)) as hasty:
        (execution,) = hasty.run([Program("python", "import time\ntime.sleep(60)\n")])
    assert (execution.verdict, execution.message) == (Verdict.TIMEOUT, "did not end within 0.5 seconds")


def test_without_a_sandbox_the_limits_hold() -> None:
    limits = Limits(cpu_seconds=0.5, wall_seconds=5, memory_bytes=256 * 2**20)
    with Executor(["python"], limits=limits, unsafe=True) as executor:
        loop, memory, output, child, ready = executor.run(
            [
                Program("python", programs.ENDLESS["python"]),
                Program("python", programs.TEN_GIGABYTES["python"]),
                Program("python", programs.ONE_GIGABYTE_PRINTED["python"]),
                Program("python", programs.shell("sleep 86395 > /dev/null 2>&1 & echo started")["python"], "started"),
                Program("python", READY["python"], "ready"),
            ]
        )
    assert loop.verdict == Verdict.TIMEOUT
    assert memory.message.endswith("MemoryError")
    assert (len(output.output), output.verdict) == (2**20, Verdict.RUNTIME_ERROR)
    assert (child.verdict, ready.verdict) == (Verdict.PASSED, Verdict.PASSED)
    assert ends_soon("86395")


def test_without_bubblewrap_nothing_is_run_unless_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "prlimit").symlink_to(str(shutil.which("prlimit", path=os.defpath)))
    with pytest.raises(UserError, match=r"bubblewrap is not installed: install .* or pass --unsafe-execution"):
        Executor(["python"])
    assert Executor(["python"], unsafe=True).toolchains.keys() == {"python"}


def test_a_bubblewrap_that_does_not_work_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(UserError, match=r"uid map: Permission denied.*--unsafe-execution"):
        Executor(["python"])
