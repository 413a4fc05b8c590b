"""What is in a corpus? Tables and samples in the terminal, and one picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from codelm.command_line import parse_options, run_command
from codelm.data.store import Collection, Corpus, DroppedPrograms, Manifest, Split, listing_key
from codelm.errors import UserError
from codelm.languages import TEXT_KINDS, get_language, registered_languages, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import Console, RenderableType
    from rich.table import Table

CONTEXTS = (1024, 2048, 4096, 8192)
"""Contexts, in tokens, for which longer programs are counted."""

QUANTILES = {"5 %": 0.05, "median": 0.5, "95 %": 0.95}

SPLITS: tuple[Split, ...] = ("train", "validation")

_COUNTED = 10_000
"""Pairs of a collection whose bytes are counted by side."""

_SHARDS = 4
"""Shards that are read of a collection: each is fetched and checked whole."""

_SHOWN, _LINES = 1600, 24
"""Most characters and lines that are shown of a program."""

_SIDE_BY_SIDE = 120
"""Width of a terminal from which the two programs of a pair stand side by side."""

_ROWS = 20
"""Most rows of a table of reasons or licences, and names of a list."""

_BARS, _LABEL = 12, 48
"""Most reasons in the picture, and characters of one."""

_COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb")
_KIND_COLOURS = ("#332288", "#44aa99", "#999933", "#882255", "#ddcc77")
"""Paul Tol's bright scheme for languages, and colours of his muted one for kinds of text."""

_UNKNOWN = "#777777"
_HALVES = ("#4477aa", "#ccbb44")
"""Pairs to train on, and held out."""

_ROW = 0.36
"""Inches of a row of the picture."""

_BINS = 16
"""Bins of a histogram for each factor of ten."""

_PAIRS = "pairs: below the diagonal to train on, above it held out"


@dataclass(frozen=True)
class InspectOptions:
    """Tell what is in a corpus: tokens, lengths, compression, pairs, what was left out, and samples of it.

    Parameters
    ----------
    corpus
        Folder that prepare.py wrote, or the URL of a copy in a store.
    samples
        Documents to show of each training collection, drawn at random.
    left_out
        Examples to show of each reason for which programs were left out; a corpus keeps 3 at most.
    seed
        Seed of the samples.
    out
        Picture to draw, as corpus.png.
    """

    corpus: str
    samples: int = 2
    left_out: int = 0
    seed: int = 0
    out: Path | None = None


@dataclass(frozen=True, eq=False)
class Lengths:
    """How long the programs of a language, or other documents, are.

    Parameters
    ----------
    counts
        How many have 0, 1, 2, ... tokens (longest + 1,).
    """

    counts: np.ndarray

    @classmethod
    def of(cls, arrays: Iterable[np.ndarray]) -> Lengths:
        """Count lengths in tokens, each array (documents,); there may be very many."""
        counts = np.zeros(1, dtype=np.int64)
        for array in arrays:
            for start in range(0, len(array), 1 << 20):
                more = np.bincount(array[start : start + (1 << 20)])
                counts, fewer = (more, counts) if len(more) > len(counts) else (counts, more)
                counts[: len(fewer)] += fewer
        return cls(counts)

    def __len__(self) -> int:
        """Return how many programs there are."""
        return int(self.counts.sum())

    @property
    def tokens(self) -> int:
        """Tokens of all of them."""
        return int(self.counts @ np.arange(len(self.counts)))

    @property
    def shortest(self) -> int:
        """Tokens of the shortest; 0 if there is none."""
        return int(np.argmax(self.counts > 0))

    @property
    def longest(self) -> int:
        """Tokens of the longest."""
        return len(self.counts) - 1

    def quantile(self, share: float) -> int:
        """Return the least length that this share of the programs does not exceed."""
        return int(np.searchsorted(np.cumsum(self.counts), share * len(self)))

    def longer_than(self, context: int) -> int:
        """Return how many have more tokens than `context`."""
        return int(self.counts[context + 1 :].sum())


@dataclass(frozen=True, eq=False)
class Contents:
    """What is in a corpus, beside what its manifest says.

    Parameters
    ----------
    manifest
        The manifest.
    train, validation
        Lengths of each split's programs by language or kind of text, in listing order; both sides of a pair count.
    pairs
        Lengths of training pairs, both sides together.
    held_out_pairs
        Groups that are held out in both of two languages.
    bytes_per_token
        Of the training programs, by language or kind of text.
    estimated
        Whether that follows from a part of the pairs.
    """

    manifest: Manifest
    train: Mapping[str, Lengths]
    validation: Mapping[str, Lengths]
    pairs: Lengths
    held_out_pairs: Mapping[tuple[str, str], int]
    bytes_per_token: Mapping[str, float]
    estimated: bool

    @classmethod
    def of(cls, corpus: Corpus) -> Contents:
        """Read the lengths of all programs, and tokens of some."""
        collections = {
            split: [corpus.collection(split, name) for name in sorted(corpus.summaries(split), key=listing_key)]
            for split in SPLITS
        }
        train = collections["train"]
        pairs = [collection for collection in train if len(collection.languages) == 2]
        return cls(
            corpus.manifest,
            _lengths_by_language(train),
            _lengths_by_language(collections["validation"]),
            Lengths.of(np.sum(collection.lengths, axis=1) for collection in pairs),
            _held_out_pairs(collections["validation"]),
            _bytes_per_token(corpus, train),
            any(len(pair.shard_starts) > _SHARDS + 1 or len(pair) > _COUNTED for pair in pairs),
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages and kinds of text in either split, in listing order."""
        return tuple(sorted({*self.train, *self.validation}, key=listing_key))

    @property
    def paired(self) -> tuple[str, ...]:
        """Languages that are in pairs, to train on or held out."""
        pairs = [*self.held_out_pairs, *self.train_pairs]
        return tuple(sorted({language for pair in pairs for language in pair}, key=listing_key))

    @property
    def train_pairs(self) -> dict[tuple[str, ...], int]:
        """Pairs to train on, by their languages in listing order; each serves both directions."""
        summaries = [summary for summary in self.manifest.train.values() if len(summary.languages) == 2]
        return {tuple(sorted(summary.languages, key=listing_key)): summary.documents for summary in summaries}

    def share(self, language: str) -> float:
        """Return a language's share of the training tokens."""
        return self.train[language].tokens / max(sum(lengths.tokens for lengths in self.train.values()), 1)


def _lengths_by_language(collections: Sequence[Collection]) -> dict[str, Lengths]:
    arrays: dict[str, list[np.ndarray]] = defaultdict(list)
    for collection in collections:
        for side, language in enumerate(collection.languages):
            arrays[language].append(collection.lengths[:, side])
    return {language: Lengths.of(arrays[language]) for language in sorted(arrays, key=listing_key)}


def _held_out_pairs(collections: Sequence[Collection]) -> dict[tuple[str, str], int]:
    groups = {c.name: np.unique(c.groups) for c in collections if c.name not in TEXT_KINDS}
    common = {(a, b): len(np.intersect1d(groups[a], groups[b], assume_unique=True)) for a, b in combinations(groups, 2)}
    return {pair: number for pair, number in common.items() if number}


def _bytes_per_token(corpus: Corpus, collections: Sequence[Collection]) -> dict[str, float]:
    sizes: dict[str, float] = defaultdict(float)
    tokens: Counter[str] = Counter()
    for collection in collections:
        totals = collection.lengths.sum(axis=0, dtype=np.int64)
        # The manifest has the bytes of both sides together.
        weights = totals * _ratios(collection, corpus.tokenizer.byte_lengths)
        shares = weights / max(float(weights.sum()), 1e-9)
        for language, share, number in zip(collection.languages, shares, totals, strict=True):
            sizes[language] += float(share) * corpus.manifest.train[collection.name].bytes
            tokens[language] += int(number)
    return {language: sizes[language] / tokens[language] for language in sizes if tokens[language]}


def _ratios(collection: Collection, byte_lengths: np.ndarray) -> np.ndarray:
    """Return bytes per token of each side (sides,), from some of the pairs; 1 for single documents."""
    sides = range(len(collection.languages))
    if len(sides) == 1:
        return np.ones(1)
    items = draw_items(collection, _COUNTED, np.random.default_rng(0))
    sizes = [sum(int(byte_lengths[collection.program(item, side)].sum()) for item in items) for side in sides]
    tokens = np.maximum(collection.lengths[items].sum(axis=0, dtype=np.int64), 1)
    ratios: np.ndarray = np.array(sizes) / tokens
    return ratios


def draw_items(collection: Collection, count: int, random: np.random.Generator) -> np.ndarray:
    """Return the numbers of some documents, at random from a few shards; of all, if there are not so many."""
    starts = collection.shard_starts
    shards = random.permutation(len(starts) - 1)[:_SHARDS]
    items = [np.arange(starts[shard], starts[shard + 1]) for shard in shards]
    return np.sort(random.permutation(np.concatenate([np.arange(0), *items]))[:count])


# --- in the terminal


def print_contents(contents: Contents, console: Console) -> None:
    """Print the tables."""
    manifest = contents.manifest
    console.print(
        f"{manifest.groups['train']:,} groups to train on, {manifest.groups['validation']:,} held out; "
        f"pivot: {title_of(manifest.pivot)}; vocabulary: {manifest.vocab_size:,}; "
        f"fingerprint: {manifest.fingerprint[:12]}",
    )
    tables = [_collections_table(manifest), _languages_table(contents), _lengths_table(contents)]
    if contents.paired:
        tables.append(_pairs_table(contents))
    if manifest.dropped:
        tables.append(_left_out_table(manifest.dropped))
    if manifest.licences:
        tables.append(_licences_table(manifest.licences))
    for table in tables:
        console.print()
        console.print(table)
    if manifest.sources:
        console.print(f"\nsources: {_some(manifest.sources)}")


def print_samples(corpus: Corpus, console: Console, count: int, seed: int) -> None:
    """Print documents of each training collection, drawn at random, in colours."""
    for number, name in enumerate(_listed(corpus.manifest.train)):
        collection = corpus.collection("train", name)
        for item in draw_items(collection, count, np.random.default_rng([seed, number])).tolist():
            programs = [collection.program(item, side) for side in range(len(collection.languages))]
            texts = []
            for language, ids in zip(collection.languages, programs, strict=True):
                # A character is four tokens at most.
                text = corpus.tokenizer.decode(ids[: 4 * _SHOWN])
                texts.append(_excerpt(f"{title_of(language)}, {len(ids):,} tokens", text, language))
            _print_beside(f"{name}, document {item:,}", texts, console)


def print_left_out(dropped: Sequence[DroppedPrograms], console: Console, count: int) -> None:
    """Print examples of what was left out, for each step and reason."""
    ordered = sorted(dropped, key=lambda row: (row.step, row.reason, row.language))
    for (step, reason), rows in groupby(ordered, lambda row: (row.step, row.reason)):
        examples = [(row.language, *example) for row in rows for example in row.examples]
        for language, place, text in examples[:count]:
            heading = ", ".join(filter(None, (title_of(language), place)))
            _print_beside(f"left out by {step}: {reason}", [_excerpt(heading, text, language)], console)


def _collections_table(manifest: Manifest) -> Table:
    table = _table("Collections", ("split", "collection", "documents", "tokens", "bytes"), left=2)
    for split in SPLITS:
        summaries = manifest.train if split == "train" else manifest.validation
        for name in _listed(summaries):
            summary = summaries[name]
            table.add_row(split, name, *_figures(summary.documents, summary.tokens), _figure(summary.bytes, "MGT"))
        totals = [sum(getattr(s, field) for s in summaries.values()) for field in ("documents", "tokens", "bytes")]
        table.add_row(split, "all", *_figures(*totals[:2]), _figure(totals[2], "MGT"), style="bold", end_section=True)
    return table


def _languages_table(contents: Contents) -> Table:
    heads = ("language", "programs", "tokens", "share", "bytes\nper token", "held-out\nprograms", "held-out\ntokens")
    table = _table("Languages to train on, both sides of pairs counted", heads, left=1)
    for language in contents.languages:
        train, held_out = contents.train.get(language), contents.validation.get(language)
        row = ["·"] * 4
        if train is not None:
            ratio = f"{contents.bytes_per_token.get(language, np.nan):.2f}"
            row = [*_figures(len(train), train.tokens), f"{100 * contents.share(language):.1f} %", ratio]
        table.add_row(title_of(language), *row, *(_figures(len(held_out), held_out.tokens) if held_out else "··"))
    if contents.estimated:
        table.caption = "bytes per token: of pairs estimated from some in each collection"
    return table


def _lengths_table(contents: Contents) -> Table:
    heads = ("language", *QUANTILES, "longest", *(f"> {_in_k(context)}" for context in CONTEXTS))
    table = _table("Lengths to train on in tokens, and how many are longer than a context", heads, left=1)
    rows = {title_of(language): lengths for language, lengths in contents.train.items()}
    if len(contents.pairs):
        rows["pairs"] = contents.pairs
    for title, lengths in rows.items():
        quantiles = [lengths.quantile(share) for share in QUANTILES.values()]
        table.add_row(title, *_figures(*quantiles, lengths.longest, *(lengths.longer_than(c) for c in CONTEXTS)))
    return table


def _pairs_table(contents: Contents) -> Table:
    """Return the pairs by their two languages: to train on below the diagonal, held out above it."""
    titles = [title_of(language) for language in contents.paired]
    table = _table(_PAIRS.capitalize(), ("", *titles), left=1)
    for row, title in enumerate(titles):
        table.add_row(title, *(_cell(contents, row, column) for column in range(len(titles))))
    return table


def _cell(contents: Contents, row: int, column: int) -> str:
    number = _pair_count(contents, row, column)
    return "—" if row == column else _figure(number) if number else "·"


def _pair_count(contents: Contents, row: int, column: int) -> int:
    """Return the pairs of two of the paired languages: to train on below the diagonal, held out above it."""
    first, second = (contents.paired[place] for place in sorted((row, column)))
    return (contents.train_pairs if row > column else contents.held_out_pairs).get((first, second), 0)


def _left_out_table(dropped: Sequence[DroppedPrograms]) -> Table:
    table = _table("Left out", ("step", "reason", "programs"), left=2)
    table.add_column("languages", ratio=1)
    reasons = left_out_by_reason(dropped)
    for (step, reason), languages in reasons[:_ROWS]:
        by_language = _some(
            [f"{title_of(name)} {_figure(languages[name])}" for name in sorted(languages, key=listing_key)]
        )
        table.add_row(step, _visible(reason), _figure(languages.total()), by_language)
    if len(reasons) > _ROWS:
        rest = sum(languages.total() for _, languages in reasons[_ROWS:])
        table.add_row("", f"{len(reasons) - _ROWS} other reasons", _figure(rest), "")
    return table


def left_out_by_reason(dropped: Sequence[DroppedPrograms]) -> list[tuple[tuple[str, str], Counter[str]]]:
    """Return the programs that were left out by language, for each step and reason, the most first."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in dropped:
        counts[row.step, row.reason][row.language] += row.programs
    return sorted(counts.items(), key=lambda entry: (-entry[1].total(), entry[0]))


def _licences_table(licences: Mapping[str, int]) -> Table:
    table = _table("Licences", ("licence", "programs", "share"), left=1)
    ordered = sorted(licences.items(), key=lambda entry: (-entry[1], entry[0]))
    if len(ordered) > _ROWS:
        rest = sum(number for _, number in ordered[_ROWS:])
        ordered[_ROWS:] = [(f"{len(ordered) - _ROWS} others", rest)]
    total = max(sum(licences.values()), 1)
    for licence, number in ordered:
        table.add_row(_visible(licence), _figure(number), f"{100 * number / total:.1f} %")
    return table


def _table(title: str, heads: Iterable[str], left: int) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
    )
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number < left else "right")
    return table


def _listed(collections: Iterable[str]) -> list[str]:
    """Return the names of collections in the order in which they are shown: languages, pairs, kinds of text."""
    return sorted(
        collections,
        key=lambda name: (name in TEXT_KINDS, name.count("-"), [listing_key(language) for language in name.split("-")]),
    )


def _figure(number: float, units: str = "MBT") -> str:
    """Write a number in full below ten million, else to three digits: 12.3 M, 1.23 B (or G, of bytes), 4.56 T."""
    if number < 1e7:
        return f"{number:,.0f}"
    power = min(int(np.log10(number * 1.0005)) // 3, 4)
    scaled = number / 1000**power
    return f"{scaled:.{max(0, 2 - int(np.log10(scaled * 1.0005)))}f} {units[power - 2]}"


def _in_k(context: int) -> str:
    return f"{context // 1024}k"


def _figures(*numbers: float) -> list[str]:
    return [_figure(number) for number in numbers]


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _ROWS:,} more" if len(names) > _ROWS else ""
    return _visible(", ".join(names[:_ROWS])) + more


def _excerpt(heading: str, text: str, language: str) -> RenderableType:
    from rich.console import Group
    from rich.syntax import Syntax
    from rich.text import Text

    lines = _visible(text.strip("\n")).splitlines()
    shown = "\n".join(lines[:_LINES])[:_SHOWN]
    lexer = get_language(language).lexer if language in registered_languages() else "text"
    code = Syntax(shown, lexer, theme="ansi_dark", background_color="default", word_wrap=True)
    more = [Text("…", style="dim")] if len(shown) < len("\n".join(lines)) else []
    return Group(Text(_visible(heading), style="dim"), code, *more)


def _visible(text: str) -> str:
    """Return a text whose control characters can be seen: a terminal would obey them."""
    pictures = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
    return text.replace("\r\n", "\n").translate(
        pictures | {0x7F: 0x2421} | {code: 0xFFFD for code in range(0x80, 0xA0)}
    )


def _print_beside(heading: str, texts: Sequence[RenderableType], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print()
    console.print(Text(_visible(heading), style="bold"))
    if len(texts) == 1 or console.width < _SIDE_BY_SIDE:
        console.print(*texts, sep="\n")
        return
    grid = Table.grid("", "", padding=(0, 2), expand=True)
    for column in grid.columns:
        column.ratio = 1
    grid.add_row(*texts)
    console.print(grid)


# --- the picture


def save_picture(corpus: Corpus, file: Path) -> None:
    """Draw what is in a corpus.

    Parameters
    ----------
    corpus
        The corpus.
    file
        Where to write; the suffix says in which format.
    """
    _draw(Contents.of(corpus), file)


def _draw(contents: Contents, file: Path) -> None:
    from matplotlib.figure import Figure

    languages = [language for language, lengths in contents.train.items() if len(lengths)]
    reasons = left_out_by_reason(contents.manifest.dropped)[:_BARS]
    below = [name for name, there in (("pairs", contents.paired), ("left out", reasons)) if there]
    heights = [_ROW * len(languages) + 0.9]
    if below:
        heights.append(max(_ROW * len(contents.paired) + 1.2, 0.7 * _ROW * len(reasons) + 0.7))
    figure = Figure(figsize=(12, sum(heights)), dpi=200, layout="constrained")
    parts = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False, hspace=0.04)[:, 0]
    tokens, lengths, compression = parts[0].subplots(1, 3, width_ratios=(1, 1.2, 0.7))
    _draw_tokens(tokens, contents, languages)
    _draw_lengths(lengths, contents, languages)
    _draw_compression(compression, contents, languages)
    if below:
        axes = dict(zip(below, parts[1].subplots(1, len(below), squeeze=False)[0], strict=True))
        if "pairs" in axes:
            _draw_pairs(axes["pairs"], contents)
        if "left out" in axes:
            _draw_left_out(axes["left out"], reasons)
    try:
        figure.savefig(file)
    except ValueError as error:  # of a suffix that is no format
        raise UserError(f"cannot draw {file}: {error}") from None


def _draw_tokens(ax: Axes, contents: Contents, languages: Sequence[str]) -> None:
    tokens = [contents.train[language].tokens for language in languages]
    labels = [
        f"{_figure(number)}  ({100 * contents.share(name):.1f} %)"
        for name, number in zip(languages, tokens, strict=True)
    ]
    _draw_bars(ax, languages, tokens, labels)
    _name_rows(ax, [title_of(language) for language in languages])
    ax.set_title("training tokens", fontsize=10, pad=14)


def _draw_compression(ax: Axes, contents: Contents, languages: Sequence[str]) -> None:
    ratios = [contents.bytes_per_token.get(language, 0.0) for language in languages]
    _draw_bars(ax, languages, ratios, [f"{ratio:.2f}" for ratio in ratios])
    _name_rows(ax, [""] * len(languages))
    ax.set_title("bytes per token", fontsize=10, pad=14)


def _draw_bars(ax: Axes, languages: Sequence[str], values: Sequence[float], labels: Sequence[str]) -> None:
    bars = ax.barh(range(len(languages)), values, 0.62, color=[_colour(language) for language in languages])
    ax.bar_label(bars, labels, padding=3, fontsize=8)
    ax.margins(x=0.32)
    ax.set_xticks([])
    ax.spines[["top", "right", "bottom"]].set_visible(False)


def _draw_lengths(ax: Axes, contents: Contents, languages: Sequence[str]) -> None:
    """Draw a histogram for each language, all of one height, with a line at the median."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    shortest = max(1, min(contents.train[language].shortest for language in languages))
    longest = max(contents.train[language].longest for language in languages)
    # Lengths are whole: where bins would be narrower than 1, they are 1 wide.
    bins = max(8, round(_BINS * np.log10((longest + 1) / shortest)))
    edges = np.unique(np.geomspace(shortest, longest + 1, bins + 1).round())
    for row, language in enumerate(languages):
        lengths = contents.train[language]
        found = np.flatnonzero(lengths.counts)
        counts, _ = np.histogram(np.maximum(found, shortest), edges, weights=lengths.counts[found])
        heights = counts / np.diff(np.log(edges))
        base = row + 0.4
        ax.stairs(base - 0.85 * heights / heights.max(), edges, baseline=base, fill=True, color=_colour(language))
        ax.vlines(max(lengths.quantile(0.5), 1), row - 0.45, base, color="black", linewidth=1)
    for context in CONTEXTS:
        if shortest < context <= longest:
            ax.axvline(context, color="0.75", linewidth=0.8, zorder=0)
            ax.text(context, -0.62, _in_k(context), ha="center", va="bottom", fontsize=7, color="0.4")
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if longest < 200 * shortest else (1,)))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.spines[["top", "right", "left"]].set_visible(False)
    _name_rows(ax, [""] * len(languages))
    ax.set_title("tokens of a training program; black: median", fontsize=10, pad=14)


def _draw_pairs(ax: Axes, contents: Contents) -> None:
    from matplotlib.patches import Rectangle

    count = len(contents.paired)
    most = [max([1, *pairs.values()]) for pairs in (contents.train_pairs, contents.held_out_pairs)]
    for row in range(count):
        for column in range(count):
            number, held_out = _pair_count(contents, row, column), row < column
            if number:
                shade = 0.2 + 0.6 * number / most[held_out]
                corner = (column - 0.5, row - 0.5)
                ax.add_patch(Rectangle(corner, 1, 1, facecolor=_HALVES[held_out], alpha=shade, edgecolor="white"))
            ax.text(column, row, _cell(contents, row, column), ha="center", va="center", fontsize=8)
    titles = [title_of(language) for language in contents.paired]
    ax.set(xlim=(-0.5, count - 0.5), ylim=(count - 0.5, -0.5))
    ax.set_xticks(range(count), titles, rotation=30, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(count), titles)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_title(_PAIRS, fontsize=10)


def _draw_left_out(ax: Axes, reasons: Sequence[tuple[tuple[str, str], Counter[str]]]) -> None:
    """Draw a bar for each reason, the languages in their colours one after another."""
    for row, (_, languages) in enumerate(reasons):
        start = 0
        for language in sorted(languages, key=listing_key):
            ax.barh(row, languages[language], 0.62, left=start, color=_colour(language))
            start += languages[language]
        ax.annotate(_figure(start), (start, row), (3, 0), textcoords="offset points", va="center", fontsize=8)
    ax.margins(x=0.12)
    ax.set_xticks([])
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    labels = [f"{step}: {reason}" for (step, reason), _ in reasons]
    _name_rows(ax, [label if len(label) <= _LABEL else f"{label[:_LABEL]}…" for label in labels], 6)
    ax.set_title("programs left out", fontsize=10)


def _colour(language: str) -> str:
    if language in TEXT_KINDS:
        return _KIND_COLOURS[TEXT_KINDS.index(language)]
    if language not in registered_languages():
        return _UNKNOWN
    return _COLOURS[registered_languages().index(language) % len(_COLOURS)]


def _name_rows(ax: Axes, names: Sequence[str], at_least: int = 1) -> None:
    # A "$" in a reason is no formula.
    ax.set_yticks(range(len(names)), names, parse_math=False)
    ax.set_ylim(max(len(names), at_least) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)


def main(argv: Sequence[str] | None = None) -> None:
    """Tell what is in a corpus from the command line."""
    options = parse_options(InspectOptions, positional=("corpus",), argv=argv)
    if min(options.samples, options.left_out) < 0:
        raise UserError("--samples and --left-out have to be at least 0")
    from rich.console import Console

    corpus = Corpus(options.corpus)
    contents = Contents.of(corpus)
    # What stands in a corpus is no markup.
    console = Console(markup=False, emoji=False, highlight=False)
    print_contents(contents, console)
    print_samples(corpus, console, options.samples, options.seed)
    print_left_out(corpus.manifest.dropped, console, options.left_out)
    if options.out is not None:
        _draw(contents, options.out)
        console.print(f"\ndrawn: {options.out}")


if __name__ == "__main__":
    run_command(main)
