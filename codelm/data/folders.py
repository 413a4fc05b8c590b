"""Where a corpus lies: a folder on disk, or a store that litdata streams from, read through a cache on disk."""

from __future__ import annotations

import errno
import hashlib
import math
import os
import re
import sys
import time
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import xxhash
from filelock import FileLock, Timeout

from codelm.errors import UserError

if TYPE_CHECKING:
    from litdata.streaming.downloader import Downloader

CACHE_BYTES = 32 << 30
"""Most bytes of shards that are kept of a corpus in a store."""

PATIENCE = 600.0
"""Seconds for which a store that does not answer is asked again."""

SHARDS = "*.bin"

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

# What is wrong here, not over there: asking again does not help.
_LOCAL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT}


class Folder(Protocol):
    """A folder whose files can be had on disk, and are what they were when they were written."""

    path: Path

    def __truediv__(self, name: str) -> Folder:
        """Return the folder of that name in it."""

    def fetch(self, name: str, expected: str | None = None) -> Path:
        """Return a file of the folder on disk; a UserError if it is missing or `expected` is not its check sum."""


def checksum(file: Path) -> str:
    """Return a file's check sum (xxh3, 128 bits) as hexadecimal text: against damage, not against malice."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, xxhash.xxh3_128).hexdigest()


def is_url(place: str) -> bool:
    """Whether a corpus is named by the URL of a store, not by a path."""
    return re.match(r"[a-z][a-z0-9]*://|local:", place) is not None


def open_folder(place: Path | str, cache_bytes: int = CACHE_BYTES) -> Folder:
    """Return the folder at a path, or at a URL such as ``s3://bucket/corpus``."""
    if isinstance(place, str) and is_url(place):
        return RemoteFolder(place.rstrip("/"), cache_bytes=cache_bytes)
    return LocalFolder(Path(place))


class LocalFolder:
    """A folder on disk; what is fetched from it are its own files.

    Parameters
    ----------
    path
        Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._checked: set[str] = set()

    def __str__(self) -> str:
        return str(self.path)

    def __truediv__(self, name: str) -> LocalFolder:
        return LocalFolder(self.path / name)

    def fetch(self, name: str, expected: str | None = None) -> Path:
        """Return a file of the folder; its check sum is computed once in the life of a process."""
        file = self.path / name
        if not file.is_file():
            raise UserError(f"{file} is missing: prepare the corpus again")
        if expected is not None and name not in self._checked:
            if checksum(file) != expected:
                raise UserError(f"{file} is damaged: prepare the corpus again")
            self._checked.add(name)
        return file


class RemoteFolder:
    """A folder in a store that litdata streams from; files are kept in a cache on disk, shards within a bound.

    The processes of a machine share the cache. When the shards in it are more than the bound allows, those go that
    nobody has opened for the longest time; who has one open can read it to its end all the same. A store that does not
    answer is asked again after longer and longer pauses.

    Parameters
    ----------
    url
        Where it is: ``s3://bucket/corpus``, or what else litdata reads.
    cache
        The folder on disk that mirrors it. Default: one in `cache_folder` that is the URL's own.
    root
        The folder on disk that the bound is for. Default: `cache`.
    cache_bytes
        The bound.
    """

    def __init__(
        self, url: str, cache: Path | None = None, root: Path | None = None, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self.url = url
        self.path = cache or cache_folder() / hashlib.sha256(url.encode()).hexdigest()[:16]
        self._root = root or self.path
        self._cache_bytes = cache_bytes
        self._checked: set[str] = set()

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> RemoteFolder:
        return RemoteFolder(f"{self.url}/{name}", self.path / name, self._root, self._cache_bytes)

    def fetch(self, name: str, expected: str | None = None) -> Path:
        """Return the copy of a file, fetching it if it is not there; without a check sum it is always fetched anew."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        # One process fetches a file, the others wait for it.
        with FileLock(file.with_name(name + ".lock")):
            if not (expected is not None and file.is_file() and self._is_whole(file, expected)):
                self._fetch(file, expected)
            if file.match(SHARDS):
                os.utime(file)
                self._make_room(file)
        return file

    def _fetch(self, file: Path, expected: str | None) -> None:
        self._checked.discard(file.name)
        for _ in range(2):
            self._download(file)
            if expected is None or self._is_whole(file, expected):
                return
        # Nobody must take it for the file.
        file.unlink(missing_ok=True)
        raise UserError(f"{self.url}/{file.name} is damaged: prepare the corpus again, or copy it there again")

    def _is_whole(self, file: Path, expected: str) -> bool:
        if file.name not in self._checked and checksum(file) == expected:
            self._checked.add(file.name)
        return file.name in self._checked

    def _download(self, file: Path) -> None:
        unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
        url, pause, give_up = f"{self.url}/{file.name}", _FIRST_PAUSE, math.inf
        with ExitStack() as outage:
            while True:
                try:
                    _download(url, unfinished)
                    os.replace(unfinished, file)
                    return
                # The clients of the stores have no error in common.
                except Exception as error:
                    reason = " ".join((str(error) or type(error).__name__).split())
                    if isinstance(error, FileNotFoundError) or _http_status(error) == 404:
                        raise UserError(f"{url} is missing: prepare the corpus again, or copy it there again") from None
                    if not _may_pass(error):
                        raise UserError(f"cannot read {url}: {reason}") from None
                    give_up = min(give_up, time.monotonic() + PATIENCE)
                    if time.monotonic() + pause > give_up:
                        raise UserError(
                            f"{url} could not be read for {PATIENCE / 60:.0f} minutes ({reason}): "
                            "go on when the store is back, a run with --resume"
                        ) from None
                    self._say_once(outage, f"{url} cannot be read ({reason}): trying again")
                finally:
                    unfinished.unlink(missing_ok=True)
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _say_once(self, outage: ExitStack, message: str) -> None:
        """Tell of an outage unless another process does; the lock is held until it is over."""
        with suppress(Timeout):
            outage.enter_context(FileLock(self._root / "outage.lock", blocking=False))
            print(message, file=sys.stderr, flush=True)

    def _make_room(self, newest: Path) -> None:
        with FileLock(self._root / "room.lock"):
            shards = []
            for file in self._root.rglob(SHARDS):
                with suppress(FileNotFoundError):
                    status = file.stat()
                    shards.append((status.st_mtime_ns, file, status.st_size))
            excess = sum(size for _, _, size in shards) - self._cache_bytes
            for _, file, size in sorted(shards):
                if excess <= 0:
                    return
                if file != newest:
                    file.unlink(missing_ok=True)
                    excess -= size


def _download(url: str, file: Path) -> None:
    from litdata.streaming.downloader import Downloader

    downloader = _downloader("/".join(url.split("/")[:3]))
    if type(downloader).download_fileobj is Downloader.download_fileobj:
        downloader.download_file(url, str(file))
        return
    # Not download_file: for S3 that asks obstore, which tries for minutes without a word, does not survive a fork, and
    # knows https alone.
    with file.open("wb") as content:
        downloader.download_fileobj(url, content)


@cache
def _downloader(place: str) -> Downloader:
    """Return litdata's downloader for a bucket; making its client takes the better part of a second."""
    from litdata.streaming.downloader import LocalDownloader, get_downloader

    options: dict[str, Any] = {}
    if place.startswith("s3://"):
        from botocore.config import Config

        # litdata's own choice is 1000 attempts: here it is we who try again, and say so.
        options["config"] = Config(
            retries={"total_max_attempts": 2, "mode": "standard"}, connect_timeout=10, read_timeout=60
        )
    downloader = get_downloader(place, "", [], options)
    if type(downloader) is LocalDownloader:
        raise ValueError("give a folder, or a URL of s3, gs, azure or hf")
    return downloader


def cache_folder() -> Path:
    """Return where corpora from stores are kept: in ``$XDG_CACHE_HOME/codelm``, by default ``~/.cache/codelm``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "codelm" / "corpora"


def _may_pass(error: Exception) -> bool:
    """Whether asking a store again may help: it may not after an answer that means no, nor if the fault is here."""
    from botocore.exceptions import BotoCoreError, ConnectionError, HTTPClientError, IncompleteReadError

    if isinstance(error, BotoCoreError):
        return isinstance(error, (ConnectionError, HTTPClientError, IncompleteReadError))
    if isinstance(error, (ImportError, TypeError, ValueError, UserError)):
        return False
    if isinstance(error, OSError) and error.errno in _LOCAL_ERRORS:
        return False
    status = _http_status(error)
    return status is None or not 400 <= status < 500 or status in (408, 429)


def _http_status(error: Exception) -> int | None:
    """Return the status of a store's answer, where each client's errors keep it."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # boto3
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:  # Hugging Face, Azure, Google
        places = ((response, "status_code"), (error, "status_code"), (error, "code"))
        status = next((getattr(place, name) for place, name in places if hasattr(place, name)), None)
    return status if isinstance(status, int) else None
