"""Which integers are `usize`, read off the programs that are written with them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from motif import program_of

from data_prep.builtin.emitters.rust import RustEmitter


def head_of(motif: str) -> str:
    """Return the first line of the first function."""
    return RustEmitter().emit(program_of(motif)).splitlines()[0]


def rust(motif: str) -> str:
    return RustEmitter().emit(program_of(motif))


def main_of(motif: str) -> str:
    """Return the statements of main."""
    return dedent(rust(motif).split("fn main() {\n")[1].removesuffix("}\n"))


def test_a_number_that_is_no_position_is_i64() -> None:
    motif = """
        def double(number: int) -> int:
            return number * 2

        print(double(4))
    """
    assert head_of(motif) == "fn double(number: i64) -> i64 {"


def test_a_position_is_usize_wherever_it_comes_from() -> None:
    motif = """
        def item_at(values: list[int], place: int) -> int:
            return values[place]

        values = [1, 2, 3]
        place = 2
        print(item_at(values, place))
    """
    assert head_of(motif) == "fn item_at(values: &[i64], place: usize) -> i64 {"
    assert "item_at(&values, place)" in main_of(motif)


def test_a_position_that_may_become_negative_is_i64_and_cast_where_it_is_used() -> None:
    motif = """
        def find(values: list[int], wanted: int) -> int:
            i = len(values) - 1
            while i >= 0 and values[i] != wanted:
                i -= 1
            return i

        print(find([1, 2], 1))
    """
    text = rust(motif)
    assert "-> i64 {" in text
    assert "let mut i = values.len() as i64 - 1;" in text
    assert "while i >= 0 && values[i as usize] != wanted {" in text


def test_a_condition_proves_that_a_difference_is_not_negative() -> None:
    motif = """
        def is_palindrome(text: str) -> bool:
            left = 0
            right = len(text) - 1
            while left < right:
                if text[left] != text[right]:
                    return False
                left += 1
                right -= 1
            return True

        if is_palindrome("noon"):
            print("yes")
    """
    assert " as " not in rust(motif)


def test_a_loop_bound_proves_that_a_difference_is_not_negative() -> None:
    motif = """
        def sort_up(values: list[int]) -> None:
            n = len(values)
            for i in range(n):
                for j in range(n - 1 - i):
                    if values[j] > values[j + 1]:
                        values[j], values[j + 1] = values[j + 1], values[j]

        values = [3, 1, 2]
        sort_up(values)
        print(values[0])
    """
    assert "for j in 0..n - 1 - i {" in rust(motif)


def test_an_early_return_proves_what_holds_after_it() -> None:
    motif = """
        def last(values: list[int]) -> int:
            if len(values) == 0:
                return 0
            end = len(values) - 1
            return values[end]

        empty: list[int] = []
        print(last(empty))
    """
    assert "let end = values.len() - 1;" in rust(motif)


def test_a_fact_is_forgotten_when_its_variable_changes() -> None:
    motif = """
        def count(values: list[int], steps: int) -> int:
            i = len(values)
            total = 0
            while i > 0:
                i -= 1
                i -= steps
                total += 1
            return total + i

        print(count([1, 2, 3], 2))
    """
    assert "let mut i = values.len() as i64;" in rust(motif)


def test_the_calls_of_a_function_say_how_short_a_list_can_be() -> None:
    motif = """
        def rises(values: list[int]) -> int:
            total = 0
            for i in range(len(values) - 1):
                if values[i] < values[i + 1]:
                    total += 1
            return total

        print(rises([1, 2]))
        {more}
    """
    assert "for i in 0..values.len() - 1 {" in rust(motif.format(more=""))
    nothing = "nothing: list[int] = []\n        print(rises(nothing))"
    assert "for i in 0..values.len().saturating_sub(1) {" in rust(motif.format(more=nothing))


def test_a_cast_is_spent_where_it_is_needed_least() -> None:
    motif = """
        values = [4, 5, 6]
        total = 0
        for i in range(len(values)):
            total += i * values[i]
        print(total)
    """
    assert "for i in 0..values.len() {" in main_of(motif)
    assert "total += i as i64 * values[i];" in main_of(motif)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("max(i - 2, 0)", "i.saturating_sub(2)"),
        ("max(0, i - j)", "i.saturating_sub(j)"),
        ("abs(i - j)", "i.abs_diff(j)"),
        ("i - j", "i as i64 - j as i64"),
        ("i + j", "i + j"),
        ("(i + 1) * values[i]", "(i + 1) as i64 * values[i]"),
    ],
)
def test_differences_of_positions(expression: str, text: str) -> None:
    motif = f"""
        values = [4, 5, 6]
        for i, value in enumerate(values):
            for j, other in enumerate(values):
                print(value + other + values[i] + values[j])
                print({expression})
    """
    assert f'println!("{{}}", {text});' in main_of(motif)


def test_a_cast_before_a_smaller_sign_is_in_parentheses() -> None:
    motif = """
        def fits(text: str, limit: int) -> bool:
            return len(text) < limit

        if fits("to be", -1):
            print("fits")
    """
    assert "(text.len() as i64) < limit" in rust(motif)
