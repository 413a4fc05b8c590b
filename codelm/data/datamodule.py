"""Lightning datamodules: a corpus as training rows, exactly resumable, and as validation documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import lightning
from torch.utils.data import DataLoader, Sampler

from codelm.data.batch import Batch, TrainingRows, ValidationRows, row_shape
from codelm.data.documents import DocumentForm, Form, Mix, ProgramGroup
from codelm.data.mixture import Proportions
from codelm.data.packing import RowPlan, RowPlanner
from codelm.data.sources import choose_sources
from codelm.data.store import Corpus
from codelm.errors import UserError
from codelm.languages import in_listing_order, with_text_kinds

WINDOW = 64
"""Optimiser steps between two states of the plan that are kept for saving: how far a resumed run plans anew."""


class StepSampler(Sampler[RowPlan]):
    """The rows of a run in training order, those of one rank; the order itself does not depend on the ranks.

    Parameters
    ----------
    planner
        Plans the rows, from the start of the run.
    steps
        Optimiser steps in the run.
    rows_per_step
        Rows in a step, over all ranks.
    rank, ranks
        Which process this is, of how many.
    """

    def __init__(self, planner: RowPlanner, steps: int, rows_per_step: int, rank: int, ranks: int) -> None:
        self._planner = planner
        self._steps = steps
        self._rows_per_step = rows_per_step
        self._rank, self._ranks = rank, ranks
        self._windows: dict[int, dict[str, Any]] = {0: planner.state()}
        self._first_step = 0

    def __len__(self) -> int:
        """Return the rows of the whole run for this rank, those before a resumed position included."""
        return self._steps * self._rows_per_step // self._ranks

    def __iter__(self) -> Iterator[RowPlan]:
        first_step = self._first_step
        window = self._window_of(first_step)
        self._planner.restore(self._windows[window])
        for step in range(window, self._steps):
            if step % WINDOW == 0:
                self._windows[step] = self._planner.state()
            rows = self._planner.step()
            if step >= first_step:
                yield from rows[self._rank :: self._ranks]

    def state(self, step: int) -> dict[str, Any]:
        """Return what it takes to go on at a step: the plan at the start of its window."""
        window = self._window_of(step)
        self._windows = {number: plan for number, plan in self._windows.items() if number >= window}
        return {"step": step, "window": window, "plan": self._windows[window]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on at the step of a state."""
        self._first_step = state["step"]
        self._windows = {state["window"]: state["plan"]}

    def _window_of(self, step: int) -> int:
        return max(number for number in self._windows if number <= step)


class RowLoader(DataLoader[Batch]):
    """A loader that raises a worker's UserError as it was: torch makes a traceback of it, of many lines."""

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]
        try:
            yield from super().__iter__()
        except UserError as error:
            raise UserError(str(error).strip().rpartition("UserError: ")[2]) from None


class CodeDataModule(lightning.LightningDataModule):
    """Training rows by language and mix from a prepared corpus, and its validation programs.

    To add a language, register it and name it in a subclass; `programs` are JSONL files that join the corpus when
    `experiments/run.py` prepares it::

        class KotlinDataModule(ParallelDataModule):
            languages = (*ParallelDataModule.languages, "kotlin")
            programs = ("kotlin.jsonl",)

    Parameters
    ----------
    corpus
        A prepared corpus.
    tokens
        Budget: training tokens in all, special tokens included.
    context
        Longest document; a longer one is cut.
    batch_tokens
        Positions in one optimiser step, over all ranks.
    row_tokens
        Positions in one row (one micro-batch of one rank); divides `batch_tokens`. Default: `batch_tokens`.
    languages
        Languages of the run. Default: those of the class that the corpus has.
    proportions
        Shares of the training tokens by source, `uniform` or `proportional`, see `choose_sources`.
    form
        ``direct``, or ``prompt`` with an instruction between a program and its translation.
    seed
        Seed of the order.
    workers
        Processes that read ahead.
    """

    languages: ClassVar[tuple[str, ...]] = ()
    """Languages that the class brings; empty: every language of the corpus."""

    programs: ClassVar[tuple[str, ...]] = ()
    """JSONL files with programs that join the corpus."""

    mix: ClassVar[Mix] = "shuffled"

    def __init__(
        self,
        corpus: Corpus,
        tokens: int,
        context: int = 1024,
        batch_tokens: int = 16_384,
        row_tokens: int | None = None,
        languages: Sequence[str] | None = None,
        proportions: Proportions = "uniform",
        form: Form = "direct",
        seed: int = 0,
        workers: int = 0,
    ) -> None:
        super().__init__()
        self.corpus = corpus
        present = self.corpus.manifest.languages
        chosen = languages or [name for name in self.languages or present if name in present]
        self.run_languages = in_listing_order(chosen)
        tokenizer = self.corpus.tokenizer
        self.form = DocumentForm(tokenizer, form)
        self.sources, self.shares = choose_sources(
            self.corpus, self.run_languages, proportions, self.form, self.mix, seed
        )
        self.rows_per_step, rest = divmod(batch_tokens, row_tokens or batch_tokens)
        if rest:
            raise UserError(f"batch tokens ({batch_tokens}) must be a multiple of row tokens ({row_tokens})")
        if context > batch_tokens // self.rows_per_step:
            raise UserError(
                f"the context ({context}) is longer than a row ({batch_tokens // self.rows_per_step} tokens)"
            )
        if tokens < batch_tokens:
            raise UserError(f"a budget of {tokens} tokens is less than one step of {batch_tokens}")
        self.tokens = tokens
        self.steps = tokens // batch_tokens
        self.batch_tokens = batch_tokens
        self.shape = row_shape(batch_tokens // self.rows_per_step, context)
        self._workers = workers
        self._sampler: StepSampler | None = None
        self._resumed: dict[str, Any] | None = None

    @property
    def epochs(self) -> float:
        """How often the budget passes over the source that it uses up first."""
        budget = self.steps * self.batch_tokens
        return float(
            max(share * budget / source.epoch_tokens for share, source in zip(self.shares, self.sources, strict=True))
        )

    @property
    def documents_cut(self) -> int:
        """How many of the sources' documents are longer than the context."""
        return sum(source.longer_than(self.shape.context) for source in self.sources)

    def planner(self) -> RowPlanner:
        """Return a plan of the run, at its start."""
        return RowPlanner(
            self.sources,
            self.shares,
            self.shape.tokens,
            self.rows_per_step,
            self.shape.context,
            self.shape.max_documents,
        )

    def train_dataloader(self) -> DataLoader[Batch]:
        """Rows of the whole run for this rank, from the resumed position on."""
        rank, ranks = self._rank()
        if self.rows_per_step % ranks:
            raise UserError(
                f"{self.rows_per_step} rows per step cannot be shared among {ranks} processes: "
                f"set the row tokens so that batch tokens / row tokens is a multiple of {ranks}"
            )
        self._sampler = StepSampler(self.planner(), self.steps, self.rows_per_step, rank, ranks)
        if self._resumed is not None:
            self._sampler.restore(self._resumed)
        rows = TrainingRows(self.sources, self.run_languages, self.shape)
        return RowLoader(
            rows,
            batch_size=None,
            sampler=self._sampler,
            num_workers=self._workers,
            prefetch_factor=4 if self._workers else None,
        )

    def val_dataloader(self) -> DataLoader[Batch]:
        """Every validation program of the run's languages, and every text, once; this rank's share of the rows."""
        rank, ranks = self._rank()
        collections = [
            self.corpus.collection("validation", name)
            for name in with_text_kinds(self.run_languages)
            if name in self.corpus.manifest.validation
        ]
        rows = ValidationRows(collections, self.run_languages, self.form, self.shape, ranks)
        return RowLoader(rows, batch_size=None, sampler=range(rank, len(rows), ranks))

    def validation_groups(self, limit: int | None = None) -> list[ProgramGroup]:
        """Return the validation groups with at least two of the run's languages, at most `limit` of them."""
        groups: dict[int, dict[str, str]] = {}
        for name in self.run_languages:
            if name not in self.corpus.manifest.validation:
                continue
            collection = self.corpus.collection("validation", name)
            for item, group in enumerate(collection.groups.tolist()):
                # Where a group has several programs in a language, the first one stands for it.
                programs = groups.setdefault(group, {})
                if name not in programs:
                    programs[name] = self.corpus.tokenizer.decode(collection.program(item))
        whole = [ProgramGroup(str(group), groups[group]) for group in sorted(groups) if len(groups[group]) > 1]
        return whole[:limit]

    def state_dict(self) -> dict[str, Any]:
        """Return the position in the training order: optimiser steps done, and the plan there."""
        if self._sampler is None or self.trainer is None:
            return self._resumed or {}
        return {"corpus": self.corpus.manifest.fingerprint, **self._sampler.state(self.trainer.global_step)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a saved position; a UserError if it lies in another corpus."""
        if state_dict and state_dict["corpus"] != self.corpus.manifest.fingerprint:
            raise UserError("the checkpoint was made on another corpus: give the one that the run began with")
        self._resumed = state_dict or None

    def _rank(self) -> tuple[int, int]:
        return (self.trainer.global_rank, self.trainer.world_size) if self.trainer is not None else (0, 1)


class ShuffledDataModule(CodeDataModule):
    """Every program is a document of its own; the two of a pair stand far apart."""

    mix = "shuffled"


class ParallelDataModule(CodeDataModule):
    """A program and its translation are one document, either of them first."""

    mix = "parallel"
