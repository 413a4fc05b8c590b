from __future__ import annotations

import numpy as np
import pytest

from codelm.errors import UserError
from codelm.languages import LANGUAGES
from codelm.scaling import published
from codelm.scaling.laws import OneLanguage


@pytest.mark.parametrize("table", published.TABLES, ids=lambda table: table.title[:30])
def test_every_table_is_whole_and_says_where_it_stands(table: published.Table) -> None:
    assert table.array.shape == (len(table.rows), len(table.columns))
    assert np.isfinite(table.array).all()
    assert "section" in table.place or "eq." in table.place
    assert set(table.doubts) <= set(table.rows)


def test_the_grid_is_that_of_420_runs() -> None:
    assert len(published.SIZES) * len(published.BUDGETS) * len(LANGUAGES) == 420


def test_doubtful_figures_are_listed_with_their_reason() -> None:
    listed = list(published.doubtful())
    assert ("paired, zero-shot", "section 5") in {(doubt.row, doubt.place) for doubt in listed}
    assert all(doubt.reason for doubt in listed)
    assert not {doubt.table for doubt in listed} & {published.MULTIPL_E.title, published.ALLOCATION.title}


def test_a_floor_is_doubted_exactly_where_a_language_alone_was_measured_below_it() -> None:
    alone = np.diag(published.SYNERGY.array)
    floors = published.ONE_LANGUAGE.array[:, 2]
    below = {language for language, low in zip(LANGUAGES, alone < floors, strict=True) if low}
    doubted = {row for row, reason in published.ONE_LANGUAGE.doubts.items() if "below this floor" in reason}
    assert below == doubted


def test_the_shifts_of_the_allocation_add_up_to_nothing() -> None:
    python = published.ALLOCATION.row("python")
    others = published.ALLOCATION_SHIFTS.array.sum()
    assert python["optimised"] - python["uniform"] + others == pytest.approx(0.0, abs=1e-9)


def test_the_order_of_the_floors_is_the_one_of_the_prose() -> None:
    order = np.argsort(published.ONE_LANGUAGE.array[:, 2], kind="stable")
    assert [LANGUAGES[place] for place in order] == [
        "csharp",
        "java",
        "rust",
        "go",
        "typescript",
        "javascript",
        "python",
    ]


def test_what_is_published_of_a_law_can_be_held_in_a_fit_of_the_rest() -> None:
    assert set(published.fixed("go")) < set(OneLanguage().names)
    with pytest.raises(UserError, match="unknown row 'cobol': choose from"):
        published.fixed("cobol")


def test_what_the_paper_does_not_give_is_said() -> None:
    assert {"N_c, D_c", "gamma", "tau"} <= set(published.NOT_PUBLISHED)
