"""Who owns what in Rust, read off the programs that are written with it."""

from __future__ import annotations

from textwrap import dedent

from motif import program_of

from data_prep.builtin.emitters.rust import RustEmitter


def rust(motif: str) -> str:
    return RustEmitter().emit(program_of(motif))


def main_of(motif: str) -> str:
    """Return the statements of main."""
    return dedent(rust(motif).split("fn main() {\n")[1].removesuffix("}\n"))


def test_literal_words_stay_str_through_calls() -> None:
    motif = """
        def longest(words: list[str]) -> str:
            best = words[0]
            for word in words:
                if len(word) > len(best):
                    best = word
            return best

        print(longest(["to", "tree"]))
    """
    assert rust(motif) == dedent(
        """\
        fn longest(words: &[&str]) -> String {
            let mut best = words[0];
            for &word in words {
                if word.len() > best.len() {
                    best = word;
                }
            }
            best.to_string()
        }

        fn main() {
            println!("{}", longest(&["to", "tree"]));
        }
        """
    )


def test_one_caller_with_new_strings_makes_all_callers_own_theirs() -> None:
    motif = """
        def shout(words: list[str]) -> list[str]:
            return [word.upper() for word in words]

        def count(words: list[str]) -> int:
            return len(words)

        print(count(shout(["to"])))
        few = ["be"]
        print(count(few))
    """
    text = rust(motif)
    assert "fn shout(words: &[&str]) -> Vec<String> {" in text
    assert "fn count(words: &[String]) -> usize {" in text
    assert 'let few = ["be".to_string()];' in text


def test_an_item_is_lent_unless_its_list_changes_later() -> None:
    motif = """
        class Item:
            name: str
            price: int

        items = [Item("fig", 3), Item("pear", 2)]
        first = items[0]
        {change}
        print(first.name)
        print(first.price)
    """
    assert "let first = &items[0];" in main_of(motif.format(change="print(len(items))"))
    assert "let first = items[0].clone();" in main_of(motif.format(change='items.append(Item("plum", 1))'))


def test_a_string_that_is_replaced_next_is_moved() -> None:
    motif = """
        previous = "a"
        current = "ab"
        for i in range(3):
            longer = current + previous
            previous = current
            current = longer
        print(current)
        print(previous)
    """
    main = main_of(motif)
    assert "previous = current;\n    current = longer;" in main
    assert "clone" not in main


def test_a_string_that_is_read_again_is_cloned() -> None:
    motif = """
        def parts(text: str) -> list[str]:
            result: list[str] = []
            current = ""
            for c in text:
                current += c
                result.append(current)
            return result

        print(" ".join(parts("abc")))
    """
    assert "result.push(current.clone());" in rust(motif)


def test_a_result_is_moved_out_and_a_borrowed_one_is_copied() -> None:
    motif = """
        def same(text: str) -> str:
            return text

        def twice(text: str) -> str:
            result = text + text
            return result

        print(same(twice("ab")))
    """
    text = rust(motif)
    assert "    text.to_string()\n" in text
    assert "    result\n" in text
    assert "same(&twice(" in text


def test_a_parameter_is_a_vec_only_where_the_function_makes_it_longer() -> None:
    motif = """
        def extend(values: list[int]) -> None:
            values.append(1)

        def reset(values: list[int]) -> None:
            values[0] = 0

        def total(values: list[int]) -> int:
            return sum(value for value in values)

        def add_two(values: list[int]) -> None:
            extend(values)

        values = [3]
        reset(values)
        add_two(values)
        print(total(values))
    """
    text = rust(motif)
    assert "fn extend(values: &mut Vec<i64>) {" in text
    assert "fn reset(values: &mut [i64]) {" in text
    assert "fn total(values: &[i64]) -> i64 {" in text
    assert "fn add_two(values: &mut Vec<i64>) {\n    extend(values);" in text


def test_what_is_lent_for_a_change_is_measured_before() -> None:
    motif = """
        def cut(values: list[int], stop: int) -> None:
            values[stop - 1] = 0

        values = [3, 4]
        cut(values, len(values))
        values[0], values[len(values) - 1] = values[len(values) - 1], values[0]
        print(values[0])
    """
    main = main_of(motif)
    assert "let stop = values.len();\ncut(&mut values, stop);" in main
    assert "let last = values.len() - 1;\nvalues.swap(0, last);" in main


def test_a_list_that_never_changes_is_an_array_unless_it_goes_elsewhere() -> None:
    motif = """
        values = [1, 2]
        rows: list[list[int]] = []
        row = [3, 4]
        rows.append(row)
        print(values[0] + rows[0][1])
    """
    assert "let values = [1, 2];" in main_of(motif)
    assert "let row = vec![3, 4];" in main_of(motif)
