"""What a person sees of a finished run: tables in the terminal, heat maps, all from its record."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from codelm.evaluation.tables import DirectionTable, print_table, save_heat_map
from codelm.languages import get_language, in_listing_order
from codelm.run_record import RunRecord, parse_direction


def direction_table(record: RunRecord, score: str) -> DirectionTable:
    """Return one of a record's scores (``loss_per_token``, ``bleu``, ``bleu_copy``, ...) as a table."""
    title, unit, lower_is_better = {
        "loss_per_token": ("Translation loss", "nats per token", True),
        "loss_per_sequence": ("Translation loss", "nats per program", True),
        "bits_per_byte": ("Translation loss", "bits per byte", True),
        "bleu": ("BLEU", "BLEU", False),
        "bleu_copy": ("BLEU of copying the source", "BLEU", False),
        "bleu_13a": ("BLEU, sacrebleu's 13a tokens", "BLEU", False),
    }[score]
    scores = {
        parse_direction(name): value for name, row in record.translation.items() if (value := row[score]) is not None
    }
    languages = in_listing_order({language for name in record.translation for language in parse_direction(name)})
    return DirectionTable.from_directions(title, scores, languages, lower_is_better=lower_is_better, unit=unit)


def print_report(record: RunRecord, console: Console) -> None:
    """Print the losses by language, the direction tables, and what was asked and got."""
    console.print(_language_table(record))
    if record.translation:
        console.print()
        print_table(direction_table(record, "loss_per_token"), console=console)
        console.print()
        print_table(direction_table(record, "bleu"), direction_table(record, "bleu_copy"), console=console)
    console.print()
    console.print(
        f"{record.parameters / 1e6:.2f} M parameters, {record.tokens_seen:,} tokens ({record.epochs:.2f} epochs), "
        f"{record.tokens_per_second or 0:,.0f} tokens/s, {_percent(record.mfu)} of peak, "
        f"{record.peak_memory_bytes / 2**30:.1f} GiB, attention: {record.attention_backend}",
        highlight=False,
        soft_wrap=True,
    )


def save_heat_maps(record: RunRecord, folder: Path) -> None:
    """Draw ``translation_loss.png`` and ``bleu.png``."""
    if record.translation:
        save_heat_map(folder / "translation_loss.png", direction_table(record, "loss_per_token"))
        save_heat_map(folder / "bleu.png", direction_table(record, "bleu"), direction_table(record, "bleu_copy"))


def _language_table(record: RunRecord) -> Table:
    table = Table(
        title="Validation loss by language", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    table.add_column("language")
    for heading in ("nats per token", "bits per byte", "share of training tokens"):
        table.add_column(heading, justify="right")
    for language, nats in record.validation_nats_per_token.items():
        bits, share = record.validation_bits_per_byte[language], record.language_shares.get(language, 0.0)
        table.add_row(get_language(language).title, _number(nats), _number(bits), _percent(share))
    return table


def _number(value: float | None) -> str:
    return "·" if value is None or value != value else f"{value:.4f}"


def _percent(share: float | None) -> str:
    return "·" if share is None or share != share else f"{100 * share:.1f} %"
