from __future__ import annotations

import json
import logging
import os
import pickle
import shutil
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import lightning
import numpy as np
import pytest
import torch

from codelm.data import folders
from codelm.data.batch import Batch
from codelm.data.datamodule import ParallelDataModule
from codelm.data.folders import RemoteFolder, checksum, is_url, open_folder
from codelm.data.order import WINDOW
from codelm.data.store import MANIFEST, CollectionWriter, Corpus
from codelm.errors import UserError

CORPUS = "s3://corpora/small"


class Store:
    """An S3-compatible store on this machine, whose content outlives its server."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    def start(self) -> None:
        server = pytest.importorskip("moto.server", reason="moto is not installed (CI has it)")
        self._server = server.ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()
        _, self.port = self._server.get_host_and_port()

    def clear(self) -> None:
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/moto-api/reset", data=b"").close()

    def stop(self) -> None:
        self._server.stop()

    def upload(self, folder: Path, url: str) -> None:
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        self.client.create_bucket(Bucket=bucket)
        for file in folder.rglob("*"):
            if file.is_file():
                self.client.upload_file(str(file), bucket, f"{prefix}/{file.relative_to(folder)}")

    @property
    def client(self) -> Any:
        import boto3

        return boto3.client("s3")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store, and an empty cache; the pauses between attempts are short."""
    if os.environ.get("CI"):
        import moto.server  # noqa: F401
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = Store()
    store.clear()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store.port}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(folders, "_FIRST_PAUSE", 0.05)
    folders._downloader.cache_clear()
    yield store
    store.stop()
    folders._downloader.cache_clear()


@pytest.fixture
def remote(store: Store, small_corpus: Corpus) -> str:
    """URL of the small corpus in the store."""
    store.upload(small_corpus.folder, CORPUS)
    return CORPUS


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """URLs that are read from the store, in order."""
    urls: list[str] = []

    def download(url: str, file: Path, download: Any = folders._download) -> None:
        urls.append(url)
        download(url, file)

    monkeypatch.setattr(folders, "_download", download)
    return urls


@pytest.fixture(scope="session")
def many_shards(small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The small corpus with 480 pairs in about fifty shards of 4 KB."""
    folder = tmp_path_factory.mktemp("many") / "corpus"
    shutil.copytree(small_corpus.folder, folder)
    shutil.rmtree(folder / "train" / "python-java")
    random = np.random.default_rng(0)
    writer = CollectionWriter(folder / "train" / "python-java", ("python", "java"), "4KB")
    for number in range(480):
        writer.write([random.integers(0, 500, size, dtype=np.int32) for size in random.integers(20, 80, 2)], number, 0)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["train"]["python-java"] = asdict(writer.close())
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return Corpus(folder)


def read_all(corpus: Corpus, name: str = "python-java") -> list[list[int]]:
    collection = corpus.collection("train", name)
    return [collection.program(item, side).tolist() for item in range(len(collection)) for side in (0, 1)]


def rows(corpus: Corpus, workers: int = 0) -> list[Batch]:
    data = ParallelDataModule(corpus, tokens=20_000, context=256, batch_tokens=2048, workers=workers)
    return [*data.train_dataloader(), *data.val_dataloader()]


def equal(one: list[Batch], other: list[Batch]) -> bool:
    return len(one) == len(other) and all(
        torch.equal(torch.as_tensor(a), torch.as_tensor(b))
        for first, second in zip(one, other, strict=True)
        for a, b in zip(first, second, strict=True)
    )


# --- folders on disk


def test_a_url_is_told_from_a_path() -> None:
    assert all(map(is_url, ["s3://bucket/corpus", "gs://bucket", "hf://datasets/a/b", "azure://c/d", "local:/mnt/c"]))
    assert not any(map(is_url, ["corpus", "/data/corpus", "./s3/corpus", "C:\\corpora"]))


def test_a_file_on_disk_is_checked_when_it_is_fetched(tmp_path: Path) -> None:
    file = tmp_path / "train" / "file"
    file.parent.mkdir()
    file.write_bytes(b"tokens")
    folder = open_folder(tmp_path) / "train"
    assert folder.fetch("file", checksum(file)) == file
    file.write_bytes(b"takens")
    with pytest.raises(UserError, match=f"{file} is damaged: prepare the corpus again"):
        (open_folder(tmp_path) / "train").fetch("file", checksum_of(b"tokens", tmp_path))
    with pytest.raises(UserError, match="absent is missing: prepare the corpus again"):
        folder.fetch("absent")


def checksum_of(content: bytes, folder: Path) -> str:
    (folder / "other").write_bytes(content)
    return checksum(folder / "other")


def test_a_store_that_litdata_does_not_know_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(UserError, match=r"cannot read ftp://host/corpus/manifest\.json: give a folder, or a URL of s3"):
        Corpus("ftp://host/corpus")


def test_a_mounted_folder_can_be_read_through_the_cache(
    small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    corpus = Corpus(f"local:{small_corpus.folder}")
    assert read_all(corpus) == read_all(small_corpus)
    assert list(tmp_path.rglob("*.bin"))


# --- folders in a store


@pytest.mark.parametrize("workers", [0, 2])
def test_a_corpus_in_a_store_gives_the_same_rows_as_on_disk(remote: str, small_corpus: Corpus, workers: int) -> None:
    assert equal(rows(Corpus(remote), workers), rows(small_corpus))


def test_files_are_fetched_when_they_are_needed_and_then_kept(remote: str, downloads: list[str]) -> None:
    corpus = Corpus(remote)
    assert downloads == [f"{remote}/manifest.json", f"{remote}/tokenizer.json"]
    collection = corpus.collection("train", "python-go")
    collection.program(0)
    expected = [f"{remote}/train/python-go/{name}" for name in ("index.json", "chunk-0-0.bin", "lengths.npy")]
    assert sorted(downloads[2:]) == sorted(expected)
    for _ in range(2):
        Corpus(remote).collection("train", "python-go").program(1)
    assert [url for url in downloads if "python-go" in url] == downloads[2:5]


def test_the_cache_holds_no_more_shards_than_it_may(store: Store, many_shards: Corpus, downloads: list[str]) -> None:
    store.upload(many_shards.folder, CORPUS)
    corpus = Corpus(CORPUS, cache_bytes=30_000)
    assert read_all(corpus) == read_all(many_shards)
    kept = [file.stat().st_size for file in corpus.folder.rglob("*.bin")]
    assert 20_000 < sum(kept) <= 30_000
    assert downloads.count(f"{CORPUS}/train/python-java/lengths.npy") == 1
    assert read_all(corpus) == read_all(many_shards), "those that went are fetched again"


def test_training_fetches_every_shard_once_in_an_epoch(store: Store, many_shards: Corpus, downloads: list[str]) -> None:
    store.upload(many_shards.folder, CORPUS)
    # Documents that are considered for the end of a row reach over two windows of such small shards.
    corpus = Corpus(CORPUS, cache_bytes=2 * WINDOW * 4_096 + 20_000)
    data = ParallelDataModule(corpus, 40_000, 256, 2048, languages=("python", "java"))
    assert 0.7 < data.epochs < 0.9
    for _ in data.train_dataloader():
        pass
    shards = [url for url in downloads if url.endswith(".bin")]
    assert len(shards) == len(set(shards)) > 40


def test_a_remote_folder_goes_to_another_process(remote: str) -> None:
    folder = RemoteFolder(remote)
    folder.fetch(MANIFEST)
    assert pickle.loads(pickle.dumps(folder)).fetch(MANIFEST).is_file()


def test_a_damaged_copy_in_the_cache_is_fetched_again(remote: str, small_corpus: Corpus, downloads: list[str]) -> None:
    first = Corpus(remote)
    read_all(first)
    file = first.folder / "train" / "python-java" / "chunk-0-0.bin"
    file.write_bytes(file.read_bytes()[:-4])
    assert read_all(Corpus(remote)) == read_all(small_corpus)
    assert downloads.count(f"{remote}/train/python-java/chunk-0-0.bin") == 2


def test_a_damaged_file_in_the_store_is_an_error_that_names_it(store: Store, remote: str) -> None:
    store.client.put_object(Bucket="corpora", Key="small/train/python-java/chunk-0-0.bin", Body=b"garbage")
    corpus = Corpus(remote)
    with pytest.raises(UserError, match=f"{remote}/train/python-java/chunk-0-0.bin is damaged: prepare the corpus "):
        read_all(corpus)
    assert not list(corpus.folder.rglob("*.bin"))


def test_a_file_that_is_not_in_the_store_is_an_error_at_once(store: Store, remote: str) -> None:
    store.client.delete_object(Bucket="corpora", Key="small/train/python-java/lengths.npy")
    with pytest.raises(UserError, match=f"{remote}/train/python-java/lengths.npy is missing: "):
        read_all(Corpus(remote))
    for absent in ("s3://corpora/other", "s3://no-bucket/small"):
        with pytest.raises(UserError, match=f"{absent}/manifest.json is missing: "):
            Corpus(absent)


def test_a_store_that_wants_other_credentials_is_an_error_at_once(
    remote: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("HOME", str(tmp_path))
    folders._downloader.cache_clear()
    with pytest.raises(UserError, match=r"cannot read s3://.*manifest\.json: Unable to locate credentials$"):
        Corpus(remote)


# --- a store that goes away


def test_a_store_that_comes_back_is_waited_for_and_said_to_be_away_once(
    store: Store, remote: str, small_corpus: Corpus, capfd: pytest.CaptureFixture[str]
) -> None:
    corpus = Corpus(remote)
    store.stop()
    back = threading.Timer(1.0, store.start)
    back.start()
    start = time.monotonic()
    assert read_all(corpus) == read_all(small_corpus)
    assert time.monotonic() - start > 1.0
    back.join()
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(f"{remote}/train/python-java/") and line.endswith("trying again")


@pytest.mark.parametrize("workers", [0, 2])
def test_a_store_that_stays_away_is_an_error_of_one_line(
    store: Store, remote: str, workers: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    corpus = Corpus(remote)
    data = ParallelDataModule(corpus, tokens=20_000, context=256, batch_tokens=2048, workers=workers)
    monkeypatch.setattr(folders, "PATIENCE", 0.3)
    store.stop()
    with pytest.raises(UserError) as raised:
        list(data.train_dataloader())
    message = str(raised.value)
    assert message.startswith(f"{remote}/train/python-") and "\n" not in message
    assert message.endswith("go on when the store is back, a run with --resume")
    said = capfd.readouterr().err.splitlines()
    assert 1 <= len(said) <= max(1, workers) and all(line.endswith("trying again") for line in said)
    store.start()


class Listener(lightning.LightningModule):
    """Learns nothing, remembers the batches, and stops the store at a step."""

    def __init__(self, store: Store | None = None, stop_at: int | None = None) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.seen: list[Batch] = []
        self._store, self._stop_at = store, stop_at

    def training_step(self, batch: Batch, batch_index: int) -> torch.Tensor:
        if self._store is not None and self.global_step == self._stop_at:
            self._store.stop()
        self.seen.append(batch)
        return self.weight * 0.0

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


def fit(corpus: Corpus, module: Listener, folder: Path, checkpoint: Path | None = None) -> None:
    data = ParallelDataModule(corpus, 45 * 1024, 256, 1024, languages=("python", "java"))
    saving = lightning.pytorch.callbacks.ModelCheckpoint(folder, "{step}", every_n_train_steps=10, save_top_k=-1)
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_steps=data.steps,
        limit_val_batches=0,
        use_distributed_sampler=False,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[saving],
    )
    trainer.fit(module, data, ckpt_path=checkpoint, weights_only=True)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_run_that_lost_its_store_resumes_exactly(
    store: Store, many_shards: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = Listener()
    fit(many_shards, undisturbed, tmp_path / "undisturbed")
    store.upload(many_shards.folder, CORPUS)
    monkeypatch.setattr(folders, "PATIENCE", 0.3)
    with pytest.raises(UserError, match=r"could not be read for .* go on when the store is back"):
        fit(Corpus(CORPUS), Listener(store, stop_at=25), tmp_path / "run")
    store.start()
    last = max((tmp_path / "run").glob("*.ckpt"), key=lambda file: int(file.stem.partition("=")[2]))
    step = int(last.stem.partition("=")[2])
    assert 20 <= step < 45
    resumed = Listener()
    fit(Corpus(CORPUS), resumed, tmp_path / "run", last)
    assert equal(resumed.seen, undisturbed.seen[step:])
