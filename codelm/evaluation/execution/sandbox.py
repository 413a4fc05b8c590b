"""Runs a command that is not trusted: in a sandbox (bubblewrap), within limits, with nothing left of it afterwards."""

from __future__ import annotations

import itertools
import math
import os
import re
import selectors
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from codelm.errors import UserError

MIB = 2**20
GIB = 2**30

FOLDER = Path("/program")
"""Where a command finds its folder inside the sandbox."""

_SCRATCH = Path("/tmp")

# What compilers and interpreters need of the system; all else (homes, data, secrets) is not there inside the sandbox.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store")
_SETTINGS = ("alternatives", "java*", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mono")

_OWN_MEMORY = re.compile(r"^(?:RssAnon|RssShmem|VmSwap):\s*(\d+) kB", re.MULTILINE)

_TICK = 0.05
_MOMENT = 0.002
_PATIENCE = 5.0
_READ = 2**16

_numbers = itertools.count()


@dataclass(frozen=True)
class Limits:
    """What one program may use before it is stopped.

    Parameters
    ----------
    cpu_seconds
        Processor time of all its processes together.
    wall_seconds
        Time from its start to its end.
    compile_seconds
        Time to compile one program, or to check a handful of them together.
    memory_bytes
        Memory of its own that one process may ask for, and that all its processes may fill together.
        A compiler may take 2 GiB.
    processes
        Processes and threads at a time.
    output_bytes
        What it may print, on standard output and standard error each.
    scratch_bytes
        Size of its folder for files, and of one file in it.
    """

    cpu_seconds: float = 10.0
    wall_seconds: float = 30.0
    compile_seconds: float = 60.0
    memory_bytes: int = GIB
    processes: int = 128
    output_bytes: int = MIB
    scratch_bytes: int = 64 * MIB


@dataclass(frozen=True)
class Exceeded:
    """A limit that a command was stopped at: in words, and whether it is one of time."""

    message: str
    timed_out: bool = False


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Parameters
    ----------
    code
        Its exit code; 128 + n if signal n ended it, as a shell counts.
    output, errors
        What it printed, cut at the limit.
    seconds
        Time from its start to its end.
    exceeded
        The limit that it was stopped at; None if it ended by itself.
    """

    code: int
    output: bytes
    errors: bytes
    seconds: float
    exceeded: Exceeded | None = None


class Sandbox:
    """A place without network, without homes, and with one folder to write to, where commands run within limits.

    Parameters
    ----------
    readable
        Folders that commands may read, beside those of the system.
    environment
        Environment variables, the only ones but for ``HOME`` and ``TMPDIR``.
    unsafe
        Run commands with the rights of this process, within the same limits.

    Raises
    ------
    UserError
        If there is no working bubblewrap.
    """

    def __init__(
        self, readable: Sequence[Path] = (), environment: Mapping[str, str] | None = None, *, unsafe: bool = False
    ) -> None:
        self._environment = dict(environment or {})
        self._stopping = threading.Event()
        self._bubblewrap = None if unsafe else _Bubblewrap.find(readable)
        if not shutil.which("prlimit"):
            raise UserError("prlimit is not installed: install what Debian calls util-linux")
        if self._bubblewrap is not None:
            ended = self.run(("true",), Limits())
            if ended.code != 0:
                complaint = " ".join(ended.errors.decode(errors="replace").split())
                raise _no_sandbox(f"bubblewrap does not work here ({complaint})")

    def run(
        self, command: Sequence[str], limits: Limits, folder: Path | None = None, *, writable: bool = False
    ) -> Ended:
        """Run a command and wait for its end, and that of all that it has started.

        Parameters
        ----------
        command
            Program and arguments; ``{folder}`` stands for the folder in each.
        limits
            What it may use.
        folder
            A folder that it may read.
        writable
            Whether it may write there too; that is then its working directory, else an empty scratch folder is.
        """
        with self._process(command, limits, folder, writable) as process:
            return _Supervision(process, limits, self._stopping).follow()

    def stop(self) -> None:
        """End every command that is running, from another thread; those to come end at once, until `resume`."""
        self._stopping.set()

    def resume(self) -> None:
        """Let commands run again after `stop`."""
        self._stopping.clear()

    @contextmanager
    def _process(
        self, command: Sequence[str], limits: Limits, folder: Path | None, writable: bool
    ) -> Iterator[subprocess.Popen[bytes]]:
        if self._bubblewrap is not None:
            wrapped = self._bubblewrap.wrap(command, limits, folder, writable)
            with _popen(wrapped, None, self._environment | _homes(_SCRATCH)) as process:
                yield process
            return
        with tempfile.TemporaryDirectory(prefix="codelm-", ignore_cleanup_errors=True) as scratch:
            wrapped = [*_limited(limits, _own_threads()), *_placed(command, folder)]
            directory = folder if folder is not None and writable else Path(scratch)
            with _popen(wrapped, directory, self._environment | _homes(Path(scratch))) as process:
                yield process


@dataclass(frozen=True)
class _Bubblewrap:
    """The arguments that make the sandbox.

    Parameters
    ----------
    start
        Arguments that come first.
    binds
        Arguments that show the files that commands may read.
    sizes
        Whether this version (0.7 or newer) can limit the size of a scratch folder.
    drops
        Whether commands are given a user of their own. Root must do so, since the kernel does not count the
        processes of root; others get a user namespace instead.
    counts
        Whether the kernel counts processes per user namespace (5.14 or newer).
    """

    start: tuple[str, ...]
    binds: tuple[str, ...]
    sizes: bool
    drops: bool
    counts: bool = field(default_factory=lambda: _kernel() >= (5, 14))

    @classmethod
    def find(cls, readable: Sequence[Path]) -> _Bubblewrap:
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise _no_sandbox("bubblewrap is not installed")
        known = subprocess.run((bwrap, "--help"), capture_output=True, text=True, stdin=subprocess.DEVNULL)
        options = known.stdout + known.stderr
        drops = _is_root()
        start = [bwrap, "--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"]
        if drops:
            start += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
            start += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            start += ["--unshare-all"]
            if "--disable-userns" in options and not os.stat(bwrap).st_mode & stat.S_ISUID:
                start += ["--unshare-user", "--disable-userns"]
        binds: list[str] = []
        for path in _visible(readable):
            binds += [*(_parents(path) if drops else ()), "--ro-bind", str(path), str(path)]
        return cls(tuple(start), tuple(binds), "--size" in options, drops)

    def wrap(self, command: Sequence[str], limits: Limits, folder: Path | None, writable: bool) -> list[str]:
        # Scratch folders come first: what commands may read can be below them.
        arguments = [*self.start, *self._scratch(_SCRATCH, limits), *self._scratch(Path("/dev/shm"), limits)]
        arguments += self.binds
        if folder is not None:
            arguments += ["--bind" if writable else "--ro-bind", str(folder), str(FOLDER)]
        arguments += ["--remount-ro", "/dev", "--remount-ro", "/"]
        arguments += ["--chdir", str(FOLDER if writable else _SCRATCH)]
        if self.drops:
            # One that no other process has, so that the kernel counts the processes of this command alone.
            user = 2**31 + os.getpid() % 2**22 * 2**8 + next(_numbers) % 2**8
            arguments += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        arguments += _limited(limits, 0 if self.drops or self.counts else _own_threads())
        return [*arguments, *_placed(command, None if folder is None else FOLDER)]

    def _scratch(self, path: Path, limits: Limits) -> list[str]:
        permissions = ["--perms", "1777"] if self.drops else []
        size = ["--size", str(limits.scratch_bytes)] if self.sizes else []
        return [*permissions, *size, "--tmpfs", str(path)]


class _Supervision:
    """Follows a process to its end, and stops it at a limit."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits, stopping: threading.Event) -> None:
        assert process.stdout is not None and process.stderr is not None
        self._process = process
        self._limits = limits
        self._stopping = stopping
        self._start = time.monotonic()
        self._printed = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
        self._selector = selectors.DefaultSelector()
        for pipe in self._printed:
            self._selector.register(pipe, selectors.EVENT_READ)

    def follow(self) -> Ended:
        """Return how the process ended; nothing of it runs any more."""
        exceeded: Exceeded | None = None
        look = self._start + _TICK
        try:
            while exceeded is None and not self._has_ended():
                self._read(_TICK)
                if any(len(text) > self._limits.output_bytes for text in self._printed.values()):
                    exceeded = Exceeded(f"printed more than {_size(self._limits.output_bytes)}")
                elif time.monotonic() >= look:
                    exceeded = self._overrun()
                    look = time.monotonic() + _TICK
        finally:
            self._end()
        output, errors = (bytes(text[: self._limits.output_bytes]) for text in self._printed.values())
        code = self._process.returncode
        return Ended(code if code >= 0 else 128 - code, output, errors, time.monotonic() - self._start, exceeded)

    def _overrun(self) -> Exceeded | None:
        """Return the limit that the process is beyond, if it is."""
        limits = self._limits
        usage = _usage(self._process.pid)
        if self._stopping.is_set():
            return Exceeded("was stopped")
        if time.monotonic() - self._start > limits.wall_seconds:
            return Exceeded(f"did not end within {limits.wall_seconds:g} seconds", timed_out=True)
        if usage.processor_seconds > limits.cpu_seconds:
            return Exceeded(f"used more than {limits.cpu_seconds:g} seconds of processor time", timed_out=True)
        if usage.memory_bytes > limits.memory_bytes:
            return Exceeded(f"used more than {_size(limits.memory_bytes)} of memory")
        # bubblewrap itself is two processes.
        if usage.threads > limits.processes + 2:
            return Exceeded(f"started more than {limits.processes} processes and threads")
        return None

    def _has_ended(self) -> bool:
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _read(self, timeout: float) -> None:
        """Wait for output, and take what there is."""
        if not self._selector.get_map():
            time.sleep(_MOMENT)
            return
        for key, _ in self._selector.select(timeout):
            text = os.read(key.fd, _READ)
            if not text:
                self._selector.unregister(key.fd)
            if len(self._printed[key.fd]) <= self._limits.output_bytes:
                self._printed[key.fd] += text

    def _end(self) -> None:
        """Kill what is left, and take the last output.

        The sandbox dies with bubblewrap, which waits here to be reaped: its number cannot be another's yet.
        """
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        # The pipes close when the last process that holds them is gone.
        deadline = time.monotonic() + _PATIENCE
        while self._selector.get_map() and time.monotonic() < deadline:
            self._read(_TICK)
        self._selector.close()


def _popen(command: Sequence[str], directory: Path | None, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a command in a session, and so a process group, of its own."""
    try:
        return subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            umask=0o022,  # what a compiler writes is read by other users of the sandbox
        )
    except FileNotFoundError:
        raise _no_sandbox(f"{command[0]} is gone") from None


def _limited(limits: Limits, threads: int) -> list[str]:
    """Arguments that set the kernel's limits for the rest of a command, where `threads` of its user run already."""
    # Address space is not limited: Java, Go and Node.js reserve far more of it than they ever fill.
    # Of processor time the sum over all processes is watched; the kernel's limit, on each, is for when nobody watches.
    bounds = {
        "core": 0,
        "cpu": math.ceil(limits.cpu_seconds) + 5,
        "data": limits.memory_bytes,
        "fsize": limits.scratch_bytes,
        "nproc": threads + limits.processes,
    }
    return ["prlimit", *(f"--{name}={bound}" for name, bound in bounds.items())]


def _placed(command: Sequence[str], folder: Path | None) -> list[str]:
    return [part.replace("{folder}", str(folder)) for part in command]


def _homes(scratch: Path) -> dict[str, str]:
    return {"HOME": str(scratch), "TMPDIR": str(scratch)}


def _visible(readable: Sequence[Path]) -> list[Path]:
    """Paths to show in the sandbox: those of the system, then others that are not below them."""
    settings = [path for pattern in _SETTINGS for path in sorted(Path("/etc").glob(pattern))]
    visible = [path for path in (*map(Path, _SYSTEM), *settings) if path.exists()]
    for path in sorted(set(readable)):
        if not any(path.is_relative_to(other) for other in visible):
            visible.append(path)
    return visible


def _parents(path: Path) -> list[str]:
    """Arguments that make the folders above a path such that anyone may pass through them."""
    above = [str(parent) for parent in reversed(path.parents) if parent != Path("/")]
    return [part for parent in above for part in ("--perms", "0755", "--dir", parent)]


@dataclass
class _Usage:
    """What a process and all those below it use; memory of their own, processor time with that of those that ended."""

    threads: int = 0
    memory_bytes: int = 0
    processor_seconds: float = 0.0


def _usage(pid: int) -> _Usage:
    usage = _Usage()
    waiting = [pid]
    while waiting:
        process = f"/proc/{waiting.pop()}"
        try:
            memory = _OWN_MEMORY.findall(_read_file(f"{process}/status"))
            # Its second field, the name, may have any character in it.
            ticks = _read_file(f"{process}/stat").rpartition(")")[2].split()[11:15]
            threads = os.listdir(f"{process}/task")
            below = [_read_file(f"{process}/task/{thread}/children") for thread in threads]
        except OSError:
            continue  # it has ended meanwhile
        usage.threads += len(threads)
        usage.memory_bytes += 1024 * sum(map(int, memory))
        usage.processor_seconds += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        waiting += [int(child) for children in below for child in children.split()]
    return usage


def _read_file(path: str) -> str:
    with open(path, errors="replace") as file:
        return file.read()


def _own_threads() -> int:
    """Number of threads that this user runs on the whole machine, which older kernels count against the limit."""
    return sum(_threads_of(process, os.getuid()) for process in Path("/proc").glob("[0-9]*"))


def _threads_of(process: Path, user: int) -> int:
    try:
        return len(os.listdir(process / "task")) if process.stat().st_uid == user else 0
    except OSError:
        return 0  # it has ended meanwhile


def _is_root() -> bool:
    """Whether this is the machine's own root, not that of a container with users of its own."""
    return os.geteuid() == 0 and Path("/proc/self/uid_map").read_text().split() == ["0", "0", str(2**32 - 1)]


def _kernel() -> tuple[int, ...]:
    return tuple(int(number) for number in os.uname().release.split("-")[0].split(".")[:2])


def _size(count: int) -> str:
    return f"{count / GIB:g} GiB" if count >= GIB else f"{count / MIB:g} MiB"


def _no_sandbox(problem: str) -> UserError:
    return UserError(
        f"{problem}: install what Debian calls bubblewrap, or pass --unsafe-execution to run programs with your rights"
    )
