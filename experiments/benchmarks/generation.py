"""Our scoring and generation against transformers, with the same weights on the same prompts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import count, parse_options, run_command
from codelm.languages import LANGUAGES

if TYPE_CHECKING:
    from codelm.model.generation import CausalModel
    from codelm.model.transformer import Transformer


@dataclass(frozen=True)
class GenerationOptions:
    """Measure greedy generation and translation losses against transformers, on random weights and tokens.

    Parameters
    ----------
    model
        Named size of the model.
    vocab_size
        Its vocabulary.
    prompts
        Prompts to continue, of 32 to 512 tokens, by 16 to 256 new tokens each.
    groups
        Programs in seven languages (300 to 700 tokens each, 464 in the mean), each translated into the six others.
    loop
        Translations, drawn at random, that transformers scores; ours scores all of them.
    rounds
        Times that the contenders take turns.
    threads
        Threads of each contender.
    """

    model: str = "mini"
    vocab_size: int = field(default=2048, metadata={"read": count})
    prompts: int = field(default=64, metadata={"read": count})
    groups: int = field(default=50, metadata={"read": count})
    loop: int = field(default=200, metadata={"read": count})
    rounds: int = field(default=5, metadata={"read": count})
    threads: int = field(default=1, metadata={"read": count})


def main() -> None:
    """Run from the command line."""
    options = parse_options(GenerationOptions)
    import torch
    import transformers

    from codelm.ladder import model_config
    from codelm.model.hf import to_hugging_face
    from codelm.model.transformer import Transformer

    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    torch.manual_seed(0)
    model = Transformer(model_config(options.model, options.vocab_size)).eval()
    theirs = to_hugging_face(model, max_position_embeddings=2048, pad_token_id=0).eval()
    console = Console()
    console.print(f"{options.model}: {model.config.parameters:,} parameters, float32, {options.threads} thread(s)")
    console.print(_generation(options, model, theirs))
    console.print(_losses(options, model, theirs))


# Generation


def _generation(options: GenerationOptions, model: Transformer, theirs: Any) -> Table:
    from codelm.model.hf import HuggingFaceModel

    random = np.random.default_rng(0)
    lengths = random.integers(32, 513, options.prompts)
    prompts = [random.integers(1, options.vocab_size, length).tolist() for length in lengths]
    limits = random.integers(16, 257, options.prompts).tolist()
    contenders: dict[str, Callable[[], list[list[int]]]] = {
        "codelm": partial(_generate, model, prompts, limits),
        "codelm, their decoder": partial(_generate, HuggingFaceModel(theirs), prompts, limits),
    }
    for batch in (options.prompts, 16, 8):
        for cache in ("dynamic", "static"):
            name = f"transformers, batch {batch}, {cache}"
            contenders[name] = partial(_generate_by_transformers, theirs, prompts, limits, batch, cache)
    outputs, seconds = _take_turns(contenders, options.rounds)
    rates = {name: sum(limits) / statistics.median(times) for name, times in seconds.items()}
    best = max(rate for name, rate in rates.items() if name.startswith("transformers"))
    table = Table(title=f"greedy, {options.prompts} prompts, {sum(limits):,} new tokens", title_justify="left")
    for heading in ("", "tokens/s", "ratio", "same tokens"):
        table.add_column(heading, justify="right" if heading else "left")
    table.caption = "ratio: to the fastest of transformers"
    for name, rate in rates.items():
        same = sum(own == reference for own, reference in zip(outputs[name], outputs["codelm"], strict=True))
        table.add_row(name, f"{rate:,.0f}", f"{rate / best:.2f}", f"{same} of {options.prompts}")
    return table


def _generate(model: CausalModel, prompts: Sequence[list[int]], limits: Sequence[int]) -> list[list[int]]:
    from codelm.model.generation import Request, generate

    requests = [Request(str(i), prompt, limit) for i, (prompt, limit) in enumerate(zip(prompts, limits, strict=True))]
    made = {g.request.name: g.completions[0][0].tokens for g in generate(model, requests, str)}
    return [made[request.name] for request in requests]


def _generate_by_transformers(
    model: Any, prompts: Sequence[list[int]], limits: Sequence[int], batch: int, cache: str
) -> list[list[int]]:
    """Batches of prompts of similar length, padded on the left; every sequence ends at its own limit."""
    import torch
    from transformers import StoppingCriteriaList

    made: list[list[int]] = [[] for _ in prompts]
    order = sorted(range(len(prompts)), key=lambda index: len(prompts[index]))
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        longest = max(len(prompts[index]) for index in chosen)
        padding = [longest - len(prompts[index]) for index in chosen]
        ids = torch.tensor([[0] * pad + prompts[index] for pad, index in zip(padding, chosen, strict=True)])
        ends = torch.tensor([longest + limits[index] for index in chosen])
        output = model.generate(
            ids,
            attention_mask=(torch.arange(longest) >= torch.tensor(padding)[:, None]).long(),
            do_sample=False,
            max_new_tokens=max(limits[index] for index in chosen),
            stopping_criteria=StoppingCriteriaList([lambda seen, scores, ends=ends, **_: seen.shape[1] >= ends]),
            cache_implementation=None if cache == "dynamic" else cache,
        )
        for index, row in zip(chosen, output, strict=True):
            made[index] = row[longest : longest + limits[index]].tolist()
    return made


# Translation losses


def _losses(options: GenerationOptions, model: Transformer, theirs: Any) -> Table:
    from codelm.model.generation import continuation_losses

    random = np.random.default_rng(0)
    programs = [
        [random.integers(0, options.vocab_size, int(300 + 401 * random.beta(2, 2.88))) for _ in LANGUAGES]
        for _ in range(options.groups)
    ]
    rounds = min(options.rounds, options.groups)
    ours: list[float] = []
    loop: list[float] = []
    difference, instances, compared = 0.0, 0, 0
    for turn in range(rounds):
        sources = [
            (source, [target for target in group if target is not source])
            for group in programs[turn::rounds]
            for source in group
        ]
        prefixes, targets = zip(*sources, strict=True)
        start = time.perf_counter()
        scored = continuation_losses(model, prefixes, targets)
        ours.append((time.perf_counter() - start) / _document_tokens(sources))
        instances += 6 * len(sources)
        pairs = [(source, target) for source in range(len(sources)) for target in range(6)]
        drawn = [pairs[i] for i in random.permutation(len(pairs))[: options.loop // rounds]]
        documents = [(prefixes[source], [targets[source][target]]) for source, target in drawn]
        start = time.perf_counter()
        expected = [_loss_by_transformers(theirs, source, target) for source, (target,) in documents]
        loop.append((time.perf_counter() - start) / _document_tokens(documents))
        for (source, target), losses in zip(drawn, expected, strict=True):
            difference = max(difference, float(np.abs(scored[source][target] - losses).max()))
        compared += len(drawn)
    table = Table(title=f"translation loss, {instances:,} translations", title_justify="left")
    for heading in ("", "scored", "documents' tokens/s"):
        table.add_column(heading, justify="right" if heading else "left")
    table.add_row("codelm", f"{instances:,}", f"{1 / statistics.median(ours):,.0f}")
    table.add_row("transformers, one by one", f"{compared:,}", f"{1 / statistics.median(loop):,.0f}")
    ratio = statistics.median(loop) / statistics.median(ours)
    table.caption = f"{ratio:.2f} times as fast; token losses differ by {difference:.1e} at most"
    return table


def _loss_by_transformers(model: Any, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    import torch

    tokens = torch.from_numpy(np.concatenate([source, target]))
    with torch.inference_mode():
        logits = model(tokens[None]).logits[0, len(source) : -1]
        losses: np.ndarray = torch.nn.functional.cross_entropy(
            logits, tokens[len(source) + 1 :], reduction="none"
        ).numpy()
    return losses


def _document_tokens(sources: Sequence[tuple[np.ndarray, Sequence[np.ndarray]]]) -> int:
    return sum(len(source) + len(target) for source, targets in sources for target in targets)


def _take_turns(
    contenders: dict[str, Callable[[], list[list[int]]]], rounds: int
) -> tuple[dict[str, list[list[int]]], dict[str, list[float]]]:
    """Last output of each contender, and the seconds of each of its turns."""
    outputs: dict[str, list[list[int]]] = {}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            outputs[name] = run()
            seconds[name].append(time.perf_counter() - start)
    return outputs, seconds


if __name__ == "__main__":
    run_command(main)
