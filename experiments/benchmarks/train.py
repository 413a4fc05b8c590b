"""Training beside transformers and litgpt: speed, memory of the loss, waiting for data, time to the first step.

litgpt asks for older releases of libraries than ours do, so it is no extra; it works with ours all the same:
``pip install --no-deps litgpt psutil``. Without it its lines say so.
"""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import comma_list, count, parse_options, run_command
from codelm.errors import UserError, unknown_name

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from codelm.model.transformer import Transformer
    from experiments.benchmarks.contenders import Contender, Documents

Result = TypeVar("Result")

ROOT = Path(__file__).parents[2]

WARM_UP_STEPS = {"cpu": 1, "cuda": 5}
"""Steps that are not timed; what is compiled after them was compiled anew."""

SPEED_BARS = {"transformers, padded": 2.2, "transformers, packed": 1.6, "litgpt": 1.1}
"""How many times as fast as others we are to be, in float32 on a CPU."""

LOSS_BAR, WAIT_BAR, START_BAR = 0.15, 0.02, 1.5
"""Share of the full logits; share of a step; times the import of lightning."""

LOSS_TOKENS, LOSS_VOCABULARIES, STARTS = 8192, (32_768, 262_144), 5

GROUPS = 300
"""Size of the built-in corpus that is trained on."""

GPU: dict[str, Any] = {
    "models": ("0.1B", "0.4B", "1.5B"),
    "contexts": ("2048", "8192"),
    "vocab_size": 32_768,
    "step_tokens": 32_768,
    "attention": ("flash3", "flash4", "flash2", "varlen", "sdpa"),
    "device": "cuda",
    "precision": "bf16-mixed",
}
"""What the figure gpu sets."""


@dataclass(frozen=True)
class TrainOptions:
    """Measure training: throughput, loss-memory, data-wait, start; gpu, where there is one.

    Parameters
    ----------
    figures
        What to measure, with commas between. Default: all that this machine can.
    models
        Named sizes whose throughput is measured.
    vocab_size
        Their vocabulary.
    contexts
        Longest documents, in tokens; the shortest have 32, and the logarithms of the lengths are uniform.
    step_tokens
        Tokens in one optimiser step.
    batch
        Documents in a padded batch of transformers'; 8 is its Trainer's default.
    attention
        Attention kernels of ours: names, or auto.
    device
        cpu or cuda.
    precision
        Number format, as Lightning names it: 32-true or bf16-mixed.
    rounds
        Times that the contenders take turns.
    threads
        Threads of torch.
    """

    figures: tuple[str, ...] | None = field(default=None, metadata={"read": comma_list})
    models: tuple[str, ...] = field(default=("mini",), metadata={"read": comma_list})
    vocab_size: int = field(default=2048, metadata={"read": count})
    contexts: tuple[str, ...] = field(default=("1024",), metadata={"read": comma_list})
    step_tokens: int = field(default=4096, metadata={"read": count})
    batch: int = field(default=8, metadata={"read": count})
    attention: tuple[str, ...] = field(default=("auto",), metadata={"read": comma_list})
    device: Literal["cpu", "cuda"] = "cpu"
    precision: Literal["32-true", "bf16-mixed"] = "32-true"
    rounds: int = field(default=7, metadata={"read": count})
    threads: int = field(default=2, metadata={"read": count})


def main() -> None:
    """Run from the command line."""
    options = parse_options(TrainOptions)
    import torch

    torch.set_num_threads(options.threads)
    figures = options.figures or tuple(name for name in _FIGURES if name != "gpu" or torch.cuda.is_available())
    for name in figures:
        if name not in _FIGURES:
            raise unknown_name("figure", name, _FIGURES)
    if not torch.cuda.is_available() and ("gpu" in figures or options.device == "cuda"):
        raise UserError("there is no GPU here: leave out --device cuda and the figure gpu")
    for name in figures:
        for table in _FIGURES[name](options):
            Console().print(table)


# Throughput


class Speed(NamedTuple):
    """What was measured of a contender.

    Attributes
    ----------
    loss, loss_of_one
        Mean loss in nats before training, of the documents of a step and of the first of them.
    seconds
        Of each step that was timed.
    recompiled
        Graphs that were compiled in those.
    """

    loss: float
    loss_of_one: float
    seconds: np.ndarray
    recompiled: int


def throughput(options: TrainOptions) -> Iterator[Table]:
    """Useful tokens per second of optimiser steps, by model and context."""
    for model in options.models:
        for context in map(count, options.contexts):
            if options.step_tokens % context:
                raise UserError(
                    f"litgpt reads whole blocks: --step-tokens must be a multiple of the context, {context}"
                )
            yield _throughput(options, model, context)


def gpu(options: TrainOptions) -> Iterator[Table]:
    """Throughput of large sizes with each attention kernel."""
    yield from throughput(replace(options, **GPU))


def _throughput(options: TrainOptions, model: str, context: int) -> Table:
    import torch

    from codelm.callbacks.throughput import peak_flops
    from codelm.ladder import model_config
    from codelm.model.transformer import Transformer
    from experiments.benchmarks.contenders import draw_documents

    device, precision = torch.device(options.device), _precision(options)
    config = model_config(model, options.vocab_size)
    torch.manual_seed(0)
    weights, random = Transformer(config).to(device), np.random.default_rng(0)
    rounds = WARM_UP_STEPS[options.device] + options.rounds
    steps = [draw_documents(random, options.step_tokens, context, config.vocab_size) for _ in range(rounds)]
    speeds, absent = _speeds(options, _makers(options, weights, context), steps)
    check_losses(speeds, 1e-4 if precision == torch.float32 else 1e-2)
    lengths = np.array([len(document) for documents in steps for document in documents])
    # A token sees as many others, in the mean, as a document's square of tokens says.
    flops = config.flops_per_token(float((lengths**2).sum() / lengths.sum()))
    title = (
        f"{model}, {config.parameters:,} parameters, {options.precision}: steps of {options.step_tokens:,} tokens in "
        f"documents of {lengths.min()} to {lengths.max()}, {lengths.mean():.0f} in the mean"
    )
    return _speed_table(title, speeds, absent, options, flops / peak_flops(device, precision))


def _precision(options: TrainOptions) -> torch.dtype:
    import torch

    return torch.bfloat16 if options.precision == "bf16-mixed" else torch.float32


def _makers(options: TrainOptions, weights: Transformer, context: int) -> dict[str, Callable[[], Contender]]:
    """Return what makes each contender, by name."""
    from experiments.benchmarks import contenders

    shared = weights, _precision(options), context
    padded = partial(contenders.transformers_padded, *shared)
    return {
        **{f"codelm, {name}": partial(contenders.codelm, *shared, name) for name in options.attention},
        "transformers, padded": partial(padded, options.batch),
        "transformers, padded, by length": partial(padded, options.batch, by_length=True),
        "transformers, one by one": partial(padded, 1),
        "transformers, packed": partial(contenders.transformers_packed, *shared),
        "litgpt": partial(contenders.litgpt, *shared),
    }


def _speeds(
    options: TrainOptions, makers: dict[str, Callable[[], Contender]], steps: Sequence[Documents]
) -> tuple[dict[str, Speed], dict[str, str]]:
    """Return the contenders' speeds, and why there is none of the others."""
    import torch

    speeds: dict[str, Speed] = {}
    absent: dict[str, str] = {}
    if importlib.util.find_spec("litgpt") is None:
        del makers["litgpt"]
        absent["litgpt"] = "not installed"
    # On a GPU one after the other, for its memory; on a CPU, which other work shares, by turns.
    for group in [[name] for name in makers] if options.device == "cuda" else [list(makers)]:
        try:
            speeds |= _take_turns({name: makers[name]() for name in group}, steps, WARM_UP_STEPS[options.device])
        except torch.OutOfMemoryError:
            absent |= dict.fromkeys(group, "out of memory")
        except UserError:
            if options.device == "cpu":
                raise
            absent |= dict.fromkeys(group, "does not work here")
    return speeds, absent


def _take_turns(contenders: dict[str, Contender], steps: Sequence[Documents], warm_up: int) -> dict[str, Speed]:
    from torch._dynamo.utils import counters

    from experiments.benchmarks.contenders import count_targets

    losses = {name: (c.mean_loss(steps[0]), c.mean_loss(steps[0][:1])) for name, c in contenders.items()}
    seconds, graphs = (np.zeros((len(contenders), len(steps))) for _ in range(2))
    for number, documents in enumerate(steps):
        for row, contender in enumerate(contenders.values()):
            batches, before = contender.micro_batches(documents), counters["stats"]["unique_graphs"]
            step = partial(contender.step, batches, count_targets(documents))
            # In training a step follows one of its own kind, which left caches and free memory as it needs them.
            step()
            seconds[row, number] = _seconds(step)
            graphs[row, number] = counters["stats"]["unique_graphs"] - before
    return {
        name: Speed(*losses[name], seconds[row, warm_up:], int(graphs[row, warm_up:].sum()))
        for row, name in enumerate(contenders)
    }


def _seconds(work: Callable[[], object]) -> float:
    import torch

    start = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - start


def check_losses(speeds: dict[str, Speed], tolerance: float) -> None:
    """Make sure that all do the same work on one document, and those that keep documents apart on many."""
    first = next(iter(speeds.values()))
    for name, speed in speeds.items():
        many = name == "litgpt" or math.isclose(speed.loss, first.loss, rel_tol=tolerance)
        if not (many and math.isclose(speed.loss_of_one, first.loss_of_one, rel_tol=tolerance)):
            raise RuntimeError(f"{name} does other work: its losses are {speed[:2]}, not {first[:2]}")


def _speed_table(
    title: str, speeds: dict[str, Speed], absent: dict[str, str], options: TrainOptions, flops_share: float
) -> Table:
    """Make the table; `flops_share` is the share of the device's peak that one useful token per second takes."""
    table = _table(title, "", "loss", "tokens/s", "MFU", "codelm is", "asked", "recompiled")
    ours = next(iter(speeds.values()))
    for name, speed in speeds.items():
        rate = options.step_tokens / float(np.median(speed.seconds))
        times = float(np.median(speed.seconds / ours.seconds))
        asked = f">= {SPEED_BARS[name]:g}" if name in SPEED_BARS and options.device == "cpu" else ""
        values = f"{speed.loss:.5f}", f"{rate:,.0f}", f"{100 * rate * flops_share:.1f} %", f"{times:.2f} x"
        table.add_row(name, *values, asked, str(speed.recompiled))
    for name, reason in absent.items():
        table.add_row(name, "", reason)
    table.caption = (
        f"tokens without padding; medians; padded: {options.batch} documents a batch; "
        f"recompiled: graphs after step {WARM_UP_STEPS[options.device]}"
    )
    return table


# Memory of the loss


def loss_memory(options: TrainOptions) -> Iterator[Table]:
    """Memory of the loss beyond hidden states, weight, targets, and the gradients of the first two."""
    table = _table(
        f"loss of {LOSS_TOKENS:,} tokens, forward and backward", "vocabulary", "extra", "of all logits", "asked", "time"
    )
    for vocabulary in LOSS_VOCABULARIES:
        extra = in_new_process(loss_extra, LOSS_TOKENS, vocabulary, options.device)
        share = f"{100 * extra / (4 * LOSS_TOKENS * vocabulary):.1f} %"
        # As many tokens as all the logits of fit into memory several times, and are computed in seconds.
        time_share = loss_time(min(LOSS_TOKENS, 2**27 // vocabulary), vocabulary, options.device)
        table.add_row(
            f"{vocabulary:,}", f"{extra / 1e6:,.0f} MB", share, f"< {100 * LOSS_BAR:g} %", f"{time_share:.2f}"
        )
    table.caption = "extra: beyond inputs and their gradients; of all logits: in float32; time: of that with all logits"
    yield table


def in_new_process(work: Callable[..., Result], *arguments: object) -> Result:
    """Call a function in a process of its own, where nothing that was freed before is still resident."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def loss_extra(tokens: int, vocabulary: int, device: str = "cpu") -> int:
    """Return the bytes that the loss takes beyond its inputs and their gradients, if nothing else was done before."""
    from codelm.model.loss import linear_cross_entropy

    hidden, weight, targets = _loss_inputs(tokens, vocabulary, device)
    # What libraries keep from their first call on is not the loss's.
    linear_cross_entropy(hidden[:1], weight[:2], targets[:1] % 2)[0].backward()
    hidden.grad = weight.grad = None
    before = _memory(device)["VmRSS"]
    linear_cross_entropy(hidden, weight, targets)[0].backward()
    return _memory(device)["VmHWM"] - before - hidden.nbytes - weight.nbytes


def loss_time(tokens: int, vocabulary: int, device: str = "cpu", rounds: int = 3) -> float:
    """Return the time of the loss, forward and backward, as a share of that by way of all the logits."""
    import torch.nn.functional as F

    from codelm.model.loss import linear_cross_entropy

    hidden, weight, targets = _loss_inputs(tokens, vocabulary, device)
    times = [
        [
            _seconds(lambda: linear_cross_entropy(hidden, weight, targets)[0].backward()),
            _seconds(lambda: F.cross_entropy(hidden @ weight.T, targets, reduction="sum").backward()),
        ]
        for _ in range(rounds)
    ]
    return float(np.median([ours / full for ours, full in times]))


def _loss_inputs(tokens: int, vocabulary: int, device: str, width: int = 256) -> tuple[Tensor, Tensor, Tensor]:
    import torch

    hidden, weight = (torch.randn(size, width, device=device, requires_grad=True) for size in (tokens, vocabulary))
    return hidden, weight, torch.randint(vocabulary, (tokens,), device=device)


def _memory(device: str) -> dict[str, int]:
    """Return the bytes that are in use now, and the most that ever were, by Linux's names."""
    import torch

    if device == "cuda":
        return {"VmRSS": torch.cuda.memory_allocated(), "VmHWM": torch.cuda.max_memory_allocated()}
    # The peak of getrusage would begin with what the parent process held.
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {name: 1024 * int(lines[name].split()[0]) for name in ("VmRSS", "VmHWM")}


# Waiting for data


def data_wait(options: TrainOptions) -> Iterator[Table]:
    """Share of a step in which training waits for its data."""
    from data_prep.builtin_corpus import builtin_corpus

    table = _table("nano on the built-in corpus", "workers", "step", "wait", "share", "asked")
    for workers in (0, 1):
        step, wait = waiting(builtin_corpus(GROUPS), steps=50, workers=workers)
        share = f"{100 * wait / step:.3f} %"
        table.add_row(str(workers), f"{1e3 * step:.0f} ms", f"{1e3 * wait:.2f} ms", share, f"< {100 * WAIT_BAR:g} %")
    yield table


def waiting(corpus: Path, steps: int, workers: int, batch_tokens: int = 2048) -> tuple[float, float]:
    """Train as run.py does; return the mean seconds of a step, and those in which it waits for its data."""
    import lightning
    from lightning.pytorch.profilers import SimpleProfiler

    from codelm.callbacks import SkippedSteps, Throughput, TrainingLanguageLoss, TrainingMetrics
    from codelm.data.datamodule import ParallelDataModule
    from codelm.data.store import Corpus
    from codelm.ladder import model_config
    from codelm.lightning_module import CodeLM, TrainingConfig

    data = ParallelDataModule(Corpus(corpus), steps * batch_tokens, 1024, batch_tokens, workers=workers)
    model = CodeLM(model_config("nano", data.corpus.tokenizer.vocab_size), TrainingConfig(steps, 1e-3))
    watched = (Throughput(), SkippedSteps(), TrainingLanguageLoss(data.run_languages, data.corpus.tokenizer))
    with tempfile.TemporaryDirectory() as folder:
        # With a folder it does not print its report.
        profiler = SimpleProfiler(folder, "profile")
        trainer = lightning.Trainer(
            accelerator="cpu",
            max_steps=steps,
            gradient_clip_val=1.0,
            use_distributed_sampler=False,
            limit_val_batches=0,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            profiler=profiler,
            callbacks=[*watched, TrainingMetrics(Path(folder), batch_tokens, *watched)],
        )
        trainer.fit(model, data)
    waits, works = (
        np.mean(profiler.recorded_durations[action][WARM_UP_STEPS["cuda"] :])
        for action in ("[_TrainingEpochLoop].train_dataloader_next", "run_training_batch")
    )
    return float(waits + works), float(waits)


# Start


def start(options: TrainOptions) -> Iterator[Table]:
    """Seconds from the start of run.py to the end of its first step, beside the import of lightning alone."""
    from data_prep.builtin_corpus import builtin_corpus

    corpus = builtin_corpus(GROUPS)
    # The first of each finds nothing in the system's cache of files.
    times = np.array([(first_step(corpus), import_lightning()) for _ in range(STARTS + 1)])[1:]
    ours, imported, ratio = np.median(np.column_stack((times, times[:, 0] / times[:, 1])), axis=0)
    table = _table(f"start, medians of {STARTS}", "run.py to its first step", "import lightning", "ratio", "asked")
    table.add_row(f"{ours:.2f} s", f"{imported:.2f} s", f"{ratio:.2f}", f"< {START_BAR:g}")
    yield table


def first_step(corpus: Path) -> float:
    """Return the seconds in which a run of its own process finishes its first step."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        begun = time.perf_counter()
        command: list[str | Path] = [sys.executable, ROOT / "experiments" / "run.py", "--corpus", corpus, "--out", out]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            while not _has_trained(out):
                if process.poll() is not None:
                    raise RuntimeError(f"the run ended before its first step: {process.communicate()[1]}")
                time.sleep(0.01)
            seconds = time.perf_counter() - begun
            process.kill()
    return seconds


def _has_trained(out: Path) -> bool:
    metrics = out / "metrics.csv"
    # The first line has the columns' names.
    return metrics.is_file() and metrics.read_text().count("\n") > 1


def import_lightning() -> float:
    """Return the seconds of a process that imports lightning and does nothing else."""
    return _seconds(partial(subprocess.run, [sys.executable, "-c", "import lightning"], check=True))


_FIGURES: dict[str, Callable[[TrainOptions], Iterator[Table]]] = {
    "throughput": throughput,
    "loss-memory": loss_memory,
    "data-wait": data_wait,
    "start": start,
    "gpu": gpu,
}


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="right" if heading else "left")
    return table


if __name__ == "__main__":
    run_command(main)
