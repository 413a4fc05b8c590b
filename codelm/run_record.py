"""What one run leaves for the laws: a plain record, written as ``record.json``."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from codelm.errors import UserError
from codelm.languages import Direction

SCHEMA = 2
FILE = "record.json"


@dataclass(frozen=True)
class RunRecord:
    """What was asked of a run, what it really got, and how it scored. Scores are by language or ``source->target``.

    Parameters
    ----------
    config
        The run's options, resolved.
    config_fingerprint
        Digest of the options that bear on the result, see `fingerprint`.
    corpus_fingerprint
        Digest of the corpus.
    git_revision
        Commit of the code, with ``+`` where files were changed; None outside a checkout.
    versions
        Versions of Python and of the packages that bear on the result.
    device, precision, attention_backend
        Where and how it was computed.
    broken_attention
        Attention kernels that are installed and did not work there, with what they said.
    parameters, block_parameters
        Parameters with embeddings, and without them.
    tokens_asked, tokens_seen
        Budget, and positions that were really trained on.
    proportions_asked, proportions_seen
        Shares of the training tokens by source.
    language_shares
        Share of the training tokens that each language received.
    epochs
        Passes over the source that was used up first.
    documents_cut
        Documents that were longer than the context.
    train_loss
        Mean loss of the last step, nats per token.
    validation_nats_per_token, validation_bits_per_byte
        Loss by language.
    translation
        Per set of programs (``programs``, the evaluation set; ``validation``, what the corpus holds out) and direction:
        ``loss_per_token``, ``loss_per_sequence``, ``bits_per_byte``, ``bleu``, ``bleu_copy`` (of copying the source),
        ``bleu_13a``, ``exact_match``, ``skipped``; None where a direction has no program.
    seen_means, zero_shot_means
        Per set the means of those over the seen and the zero-shot directions.
    translation_history
        Mean losses on the sets in training: ``step``, ``set``, ``seen_loss``, ``zero_shot_loss``.
    bleu_signature
        How BLEU was computed.
    tokens_per_second, mfu, peak_flops
        Speed in training; share of `peak_flops` (per second and device) that the model's arithmetic made use of.
    wall_seconds
        Seconds by part: ``train``, ``validation``, ``translation_loss``, ``bleu``, ``translation_in_training``.
    peak_memory_bytes
        Most memory in use: of the device, or of the process on CPU.
    skipped_steps
        Steps that were not taken, see `codelm.callbacks.SkippedSteps`.
    schema
        Version of this layout.
    """

    config: dict[str, Any]
    config_fingerprint: str
    corpus_fingerprint: str
    git_revision: str | None
    versions: dict[str, str]
    device: str
    precision: str
    attention_backend: str
    parameters: int
    block_parameters: int
    tokens_asked: int
    tokens_seen: int
    proportions_asked: dict[str, float]
    proportions_seen: dict[str, float]
    language_shares: dict[str, float]
    epochs: float
    documents_cut: int
    train_loss: float
    validation_nats_per_token: dict[str, float]
    validation_bits_per_byte: dict[str, float]
    translation: Mapping[str, Mapping[str, Mapping[str, float | None]]] = field(default_factory=dict)
    seen_means: dict[str, dict[str, float | None]] = field(default_factory=dict)
    zero_shot_means: dict[str, dict[str, float | None]] = field(default_factory=dict)
    translation_history: list[dict[str, Any]] = field(default_factory=list)
    bleu_signature: str = ""
    tokens_per_second: float = math.nan
    mfu: float = math.nan
    peak_flops: float = math.nan
    wall_seconds: dict[str, float] = field(default_factory=dict)
    peak_memory_bytes: int = 0
    skipped_steps: int = 0
    broken_attention: dict[str, str] = field(default_factory=dict)
    schema: int = SCHEMA

    def save(self, folder: Path) -> None:
        """Write ``record.json``; numbers that are not finite become null."""
        (folder / FILE).write_text(json.dumps(_finite(asdict(self)), indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path) -> RunRecord:
        """Read ``record.json``; a UserError tells of another version or a damaged file."""
        file = folder / FILE
        try:
            content = json.loads(file.read_text())
            if content.get("schema") != SCHEMA:
                raise UserError(f"{file} has schema {content.get('schema')}, this version reads {SCHEMA}")
            return cls(**content)
        except FileNotFoundError:
            raise UserError(f"no run record at {file}") from None
        except (ValueError, TypeError, AttributeError) as error:
            raise UserError(f"{file} is damaged: {error}") from None


def mean_over_directions(
    scores: Mapping[str, Mapping[str, float]], chosen: Callable[[Direction], bool]
) -> dict[str, float | None]:
    """Return the mean of every score over the chosen directions; those without programs do not count."""
    rows = [row for name, row in scores.items() if chosen(parse_direction(name))]
    means = {}
    for score in rows[0] if rows else {}:
        values = [row[score] for row in rows if math.isfinite(row[score])]
        means[score] = sum(values) / len(values) if values else None
    return means


def parse_direction(name: str) -> Direction:
    """Read ``source->target``."""
    source, _, target = name.partition("->")
    return Direction(source, target)


def fingerprint(config: dict[str, Any]) -> str:
    """Return a digest (16 hexadecimal digits) that is equal for equal options."""
    return hashlib.sha256(json.dumps(config, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
