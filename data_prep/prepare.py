"""Prepare a corpus: programs are grouped, split, paired, tokenised and written as shards."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from codelm.command_line import comma_list, count, load_class, parse_options, progress_bar, run_command
from codelm.data.store import (
    MANIFEST,
    TOKENIZER,
    CollectionSummary,
    CollectionWriter,
    Manifest,
    collection_name,
    file_digest,
    listing_key,
)
from codelm.errors import UserError
from codelm.languages import PIVOT, in_listing_order
from codelm.tokenizer import Tokenizer
from data_prep.grouping import Group, draw_documents, make_groups, split_groups
from data_prep.sources import SourceProgram, builtin_programs, read_jsonl

_BATCH = 1024
_TOKENIZER_SAMPLE = 50_000_000

Document = tuple[tuple[SourceProgram, ...], int]
"""One program, or two, and the number of their group."""


@dataclass(frozen=True)
class Preparation:
    """Prepare a corpus folder from JSONL files (`group`, `language`, `code`), or from the built-in programs.

    Parameters
    ----------
    inputs
        JSONL files (.jsonl, .jsonl.gz, .jsonl.zst), or the word `builtin`; several with commas between.
    out
        Folder of the corpus, made by this command.
    vocab_size
        Tokens of the tokenizer, special ones included.
    tokenizer
        A tokenizer.json to use instead of training one on the corpus.
    validation_groups
        Groups that are held out whole. Default: 1 in 20, at most 200.
    pairs_per_group
        Pairs that a group gives; with more than one, its Python program is repeated in each.
    groups
        Groups to sample for `builtin`.
    seed
        Seed of the built-in programs, the split and the pairing.
    skip_bad
        Leave out lines that cannot be read, and count them, instead of stopping.
    data
        Datamodule class, as my_module.KotlinDataModule, whose import makes further languages known.
    """

    inputs: tuple[str, ...] = field(metadata={"read": comma_list})
    out: Path = Path("corpus")
    vocab_size: int = field(default=4096, metadata={"read": count})
    tokenizer: Path | None = None
    validation_groups: int | None = None
    pairs_per_group: int = 1
    groups: int = field(default=5000, metadata={"read": count})
    seed: int = 0
    skip_bad: bool = False
    data: str | None = None


def prepare(preparation: Preparation, show_progress: bool = True) -> Manifest:
    """Write a corpus folder and return its manifest.

    Everything is written beside `out` first and moved there when it is complete, so that a corpus folder is whole or
    not there at all; what an interrupted preparation left is removed by the next one.

    Raises
    ------
    UserError
        If `out` exists, an input cannot be read, or there is nothing to train on.
    """
    out = preparation.out
    if out.exists():
        raise UserError(f"{out} exists already: remove it, or choose another --out")
    unfinished = out.with_name(out.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        manifest = _write_corpus(preparation, unfinished, show_progress)
        unfinished.rename(out)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return manifest


def _write_corpus(preparation: Preparation, folder: Path, show_progress: bool) -> Manifest:
    dropped: Counter[str] = Counter()
    groups = make_groups(_with_progress(_read(preparation, dropped), "reading programs", show_progress), dropped)
    if len(groups) < 2:
        raise UserError("fewer than two groups of programs: one is needed for training and one for validation")
    held_out = preparation.validation_groups
    if held_out is None:
        held_out = max(1, min(200, len(groups) // 20))
    if not 0 < held_out < len(groups):
        raise UserError(f"cannot hold out {held_out} of {len(groups)} groups: set --validation-groups lower")
    train, validation = split_groups(groups, held_out, preparation.seed)
    documents = [
        (document, number)
        for number, group in enumerate(train)
        for document in draw_documents(group, PIVOT, preparation.pairs_per_group, preparation.seed, dropped)
    ]
    singles = [
        ((program,), number)
        for number, group in enumerate(validation)
        for programs in group.programs.values()
        for program in programs
    ]
    languages = in_listing_order({language for group in groups for language in group.programs})
    folder.mkdir(parents=True)
    tokenizer = _make_tokenizer(preparation, [d for d, _ in documents], languages)
    tokenizer.save(folder / TOKENIZER)
    digest = hashlib.sha256(file_digest(folder / TOKENIZER).encode())
    total = len(documents) + len(singles)
    with progress_bar("tokenising", total, show_progress) as advance:
        train_summaries = _write_split(folder / "train", documents, tokenizer, digest, advance)
        validation_summaries = _write_split(folder / "validation", singles, tokenizer, digest, advance)
    manifest = Manifest(
        fingerprint=digest.hexdigest(),
        tokenizer_fingerprint=file_digest(folder / TOKENIZER),
        vocab_size=tokenizer.vocab_size,
        languages=languages,
        pivot=PIVOT,
        train=train_summaries,
        validation=validation_summaries,
        groups={"train": len(train), "validation": len(validation)},
        dropped=dict(sorted(dropped.items())),
        sources=tuple(sorted({program.source for group in groups for program in _programs(group)})),
        licences=dict(sorted(Counter(program.licence for group in groups for program in _programs(group)).items())),
    )
    # Last: a folder with a manifest is a whole corpus.
    manifest.save(folder / MANIFEST)
    return manifest


def _read(preparation: Preparation, dropped: Counter[str]) -> Iterator[SourceProgram]:
    for name in preparation.inputs:
        if name == "builtin":
            yield from builtin_programs(preparation.groups, preparation.seed)
        else:
            yield from read_jsonl(Path(name), dropped if preparation.skip_bad else None)


def _programs(group: Group) -> Iterator[SourceProgram]:
    for programs in group.programs.values():
        yield from programs


def _make_tokenizer(
    preparation: Preparation, documents: Sequence[tuple[SourceProgram, ...]], languages: Sequence[str]
) -> Tokenizer:
    if preparation.tokenizer is not None:
        return Tokenizer.load(preparation.tokenizer).with_languages(languages)
    return Tokenizer.train(_tokenizer_sample(documents), languages, preparation.vocab_size)


def _tokenizer_sample(documents: Iterable[tuple[SourceProgram, ...]]) -> Iterator[str]:
    """Yield training programs until there is enough text to learn merges from."""
    size = 0
    for document in documents:
        for program in document:
            yield program.code
            size += len(program.code)
        if size > _TOKENIZER_SAMPLE:
            return


def _write_split(
    folder: Path,
    documents: Sequence[Document],
    tokenizer: Tokenizer,
    digest: hashlib._Hash,
    advance: Callable[[int], None],
) -> dict[str, CollectionSummary]:
    """Tokenise and write the documents, each with its group's number; return the summary of each collection."""
    writers: dict[str, CollectionWriter] = {}
    for batch in _batches(documents):
        codes = [program.code for document, _ in batch for program in document]
        encoded = iter(tokenizer.encode_batch(codes))
        for document, number in batch:
            languages = [program.language for program in document]
            name = collection_name(languages)
            if name not in writers:
                writers[name] = CollectionWriter(folder / name, languages)
            programs = [next(encoded) for _ in document]
            text_bytes = sum(len(program.code.encode()) for program in document)
            writers[name].write(programs, number, text_bytes)
            digest.update(f"{folder.name}/{name}/{number}".encode())
            digest.update(np.concatenate(programs).tobytes())
        advance(len(batch))
    return {name: writers[name].close() for name in sorted(writers, key=listing_key)}


def _batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    return (documents[start : start + _BATCH] for start in range(0, len(documents), _BATCH))


def _with_progress(programs: Iterable[SourceProgram], label: str, show: bool) -> Iterator[SourceProgram]:
    with progress_bar(label, None, show) as advance:
        for program in programs:
            yield program
            advance(1)


def report(manifest: Manifest) -> None:
    """Print what a corpus holds."""
    table = Table(title="corpus", title_justify="left")
    for heading in ("split", "collection", "documents", "tokens", "bytes per token"):
        table.add_column(heading, justify="left" if heading in ("split", "collection") else "right")
    for split, summaries in (("train", manifest.train), ("validation", manifest.validation)):
        for name, summary in summaries.items():
            ratio = summary.bytes / max(summary.tokens, 1)
            table.add_row(split, name, f"{summary.documents:,}", f"{summary.tokens:,}", f"{ratio:.2f}")
    console = Console()
    console.print(table)
    console.print(f"groups: {manifest.groups['train']:,} for training, {manifest.groups['validation']:,} held out")
    for reason, number in manifest.dropped.items():
        console.print(f"left out: {number:,} programs ({reason})")


def main(argv: Sequence[str] | None = None) -> None:
    """Prepare a corpus from the command line."""
    preparation = parse_options(Preparation, positional=("inputs",), argv=argv)
    if preparation.data is not None:
        load_class(preparation.data)
    report(prepare(preparation))


if __name__ == "__main__":
    run_command(main)
