"""What a person sees of a finished run: tables in the terminal, heat maps, all from its record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from codelm.evaluation.tables import DirectionTable, print_table, save_heat_map
from codelm.languages import in_listing_order, title_of
from codelm.run_record import RunRecord, parse_direction

Scores = Mapping[str, Mapping[str, float | None]]
"""Scores by name, for each ``source->target``."""

SETS = {"programs": "the evaluation programs", "validation": "held-out programs of the corpus"}
"""What the sets of programs in a record are, in words."""

_SCORES = {
    "loss_per_token": ("Translation loss", "nats per token", True),
    "loss_per_sequence": ("Translation loss", "nats per program", True),
    "bits_per_byte": ("Translation loss", "bits per byte", True),
    "bleu": ("BLEU", "BLEU", False),
    "bleu_copy": ("BLEU of copying the source", "BLEU", False),
    "bleu_13a": ("BLEU, sacrebleu's 13a tokens", "BLEU", False),
    "exact_match": ("Exact match", "%", False),
    "computational_accuracy": ("Computational accuracy", "%", False),
}


def direction_table(scores: Scores, score: str, of: str = "") -> DirectionTable:
    """Return one of the scores (``loss_per_token``, ``bleu``, ``bleu_copy``, ...) as a table.

    Parameters
    ----------
    of
        Which programs it is about, for the title.
    """
    title, unit, lower_is_better = _SCORES[score]
    values = {parse_direction(name): value for name, row in scores.items() if (value := row[score]) is not None}
    languages = in_listing_order({language for name in scores for language in parse_direction(name)})
    return DirectionTable.from_directions(
        f"{title}, {of}" if of else title, values, languages, lower_is_better=lower_is_better, unit=unit
    )


def print_report(record: RunRecord, console: Console) -> None:
    """Print the losses by language, the direction tables, and what was asked and got."""
    console.print(_language_table(record))
    for _, table, beside in _translation_tables(record):
        console.print()
        print_table(table, beside, console=console)
    console.print()
    console.print(
        f"{record.parameters / 1e6:.2f} M parameters, {record.tokens_seen:,} tokens ({record.epochs:.2f} epochs), "
        f"{record.tokens_per_second or 0:,.0f} tokens/s, {_percent(record.mfu)} of peak, "
        f"{record.peak_memory_bytes / 2**30:.1f} GiB, attention: {record.attention_backend}"
        + (f", steps skipped: {record.skipped_steps}" if record.skipped_steps else ""),
        highlight=False,
        soft_wrap=True,
    )


def save_heat_maps(record: RunRecord, folder: Path) -> None:
    """Draw ``translation_loss.png`` and ``bleu.png`` of each set of programs, its name in front."""
    for name, table, beside in _translation_tables(record):
        save_heat_map(folder / f"{name}.png", table, beside)


def _translation_tables(record: RunRecord) -> Iterator[tuple[str, DirectionTable, DirectionTable | None]]:
    """Yield what was scored of each set: a name, the table, and the one to show beside it."""
    for name, scores in record.translation.items():
        loss, bleu = (direction_table(scores, score, SETS[name]) for score in ("loss_per_token", "bleu"))
        if not loss.is_empty:
            yield f"{name}_translation_loss", loss, None
        if not bleu.is_empty:
            yield f"{name}_bleu", bleu, direction_table(scores, "bleu_copy")


def _language_table(record: RunRecord) -> Table:
    table = Table(
        title="Validation loss by language", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    table.add_column("language")
    for heading in ("nats per token", "bits per byte", "share of training tokens"):
        table.add_column(heading, justify="right")
    for language, nats in record.validation_nats_per_token.items():
        bits, share = record.validation_bits_per_byte[language], record.language_shares.get(language, 0.0)
        table.add_row(title_of(language), _number(nats), _number(bits), _percent(share))
    return table


def _number(value: float | None) -> str:
    return "·" if value is None or value != value else f"{value:.4f}"


def _percent(share: float | None) -> str:
    return "·" if share is None or share != share else f"{100 * share:.1f} %"
