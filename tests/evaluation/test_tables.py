from __future__ import annotations

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from codelm.evaluation.tables import DirectionTable, print_table, save_heat_map
from codelm.languages import LANGUAGES, PIVOT, Direction, directions


def table(
    scores: dict[Direction, float], title: str = "BLEU", languages: tuple[str, ...] = LANGUAGES
) -> DirectionTable:
    return DirectionTable.from_directions(title, scores, languages, lower_is_better=False, unit="points")


def constant(value: float) -> dict[Direction, float]:
    return dict.fromkeys(directions(), value)


def printed(scores: DirectionTable, beside: DirectionTable | None = None) -> str:
    file = io.StringIO()
    print_table(scores, beside, console=Console(file=file, width=80))
    return file.getvalue()


def test_rows_are_sources_and_columns_are_targets() -> None:
    values = table({Direction("python", "java"): 1.0, Direction("java", "python"): 2.0}).values

    assert (values[0, 1], values[1, 0]) == (1.0, 2.0)
    assert np.isnan(values).sum() == 49 - 2


@given(st.dictionaries(st.sampled_from(directions()), st.floats(0, 100) | st.just(math.nan)))
def test_the_means_are_those_of_the_directions_that_have_a_score(scores: dict[Direction, float]) -> None:
    seen = [score for direction, score in scores.items() if PIVOT in direction and not math.isnan(score)]
    zero_shot = [score for direction, score in scores.items() if PIVOT not in direction and not math.isnan(score)]

    for mean, expected in ((table(scores).seen_mean(), seen), (table(scores).zero_shot_mean(), zero_shot)):
        assert mean == pytest.approx(np.mean(expected)) if expected else math.isnan(mean)


@given(st.dictionaries(st.sampled_from(directions()), st.floats(0, 100) | st.just(math.nan)))
def test_empty_cells_are_null_in_json(scores: dict[Direction, float]) -> None:
    read = json.loads(json.dumps(table(scores).to_json(), allow_nan=False))

    assert read["languages"] == list(LANGUAGES)
    np.testing.assert_array_equal(np.array(read["values"], dtype=np.float64), table(scores).values)


def test_seven_languages_fit_80_columns_with_the_scores_of_copying_beside() -> None:
    lines = printed(table(constant(100.0)), table(constant(100.0))).splitlines()

    assert max(len(line.rstrip()) for line in lines) <= 80
    assert sum(line.count(" 100.0") for line in lines) == 42 + 2
    assert sum(line.count("(100.0)") for line in lines) == 42 + 2


def test_a_printed_table_marks_seen_empty_and_diagonal_cells_without_colour() -> None:
    scores = constant(0.25)
    del scores[Direction("go", "rust")]
    text = printed(table(scores, "Translation loss"))

    assert "\x1b" not in text
    assert text.count("Python*") == 2
    assert "* seen directions: the row and the column of Python" in text
    assert text.count("—") == 7
    assert text.count("·") == 1
    assert "C#" in text and "csharp" not in text


def test_a_printed_table_ends_with_both_means() -> None:
    scores = {direction: 10.0 if direction.is_seen() else 40.0 for direction in directions()}
    text = printed(table(scores), table(constant(30.0), "BLEU of copying the source"))

    assert "mean of the seen directions       10.0 (30.0)" in text
    assert "mean of the zero-shot directions  40.0 (30.0)" in text
    assert "(in parentheses) BLEU of copying the source" in text


def test_without_the_pivot_nothing_is_called_seen() -> None:
    text = printed(table({Direction("go", "rust"): 1.0}, languages=("go", "rust")))

    assert "*" not in text
    assert "mean of the seen directions       ·" in text


def test_a_heat_map_is_a_picture_with_one_panel_per_table(tmp_path: Path) -> None:
    scores = constant(0.5) | {Direction("go", "rust"): math.nan, Direction("java", "go"): 0.1}
    save_heat_map(tmp_path / "one.png", table(scores))
    save_heat_map(tmp_path / "two.png", table(scores), table(constant(0.2)))

    (height, width), (height_of_two, width_of_two) = (png_size(tmp_path / name) for name in ("one.png", "two.png"))
    assert height_of_two == pytest.approx(height, rel=0.1)
    assert width_of_two > 1.5 * width


def test_a_heat_map_of_an_empty_table_can_be_drawn(tmp_path: Path) -> None:
    save_heat_map(tmp_path / "empty.png", table({}))

    assert png_size(tmp_path / "empty.png") > (100, 100)


def png_size(file: Path) -> tuple[int, int]:
    from matplotlib.image import imread

    height, width, _ = imread(file).shape
    return height, width
