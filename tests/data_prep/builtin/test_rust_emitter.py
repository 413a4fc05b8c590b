"""What Rust programmers write: golden examples of idioms and of the cases where the compiler is strict."""

from __future__ import annotations

from textwrap import dedent

import pytest
from motif import program_of

from data_prep.builtin.emitters.rust import RustEmitter
from data_prep.builtin.sampler import sample_program


def rust(motif: str) -> str:
    return RustEmitter().emit(program_of(motif))


def code(text: str) -> str:
    return dedent(text)


def main_of(motif: str) -> str:
    """Return the statements of main."""
    return dedent(rust(motif).split("fn main() {\n")[1].removesuffix("}\n"))


def printed(expression: str, setting: str = "") -> str:
    """Return the text of an expression that the last line of main prints."""
    last = main_of(f"{dedent(setting)}\nprint({expression})").splitlines()[-1]
    return last.removeprefix('println!("{}", ').removesuffix(");")


def test_a_program_is_its_imports_records_functions_and_main() -> None:
    motif = """
        class Item:
            "Something on the shelf."
            name: str
            price: int

        def totals(items: list[Item]) -> dict[str, int]:
            "Sum of the prices for each name."
            sums: dict[str, int] = {}
            for item in items:
                sums[item.name] = sums.get(item.name, 0) + item.price
            return sums

        items = [Item("fig", 3)]
        "in the order of the names"
        for name, total in sorted(totals(items).items()):
            print(f"{name}: {total}")
    """
    assert rust(motif) == code(
        """\
        use std::collections::BTreeMap;

        /// Something on the shelf.
        #[derive(Clone, Debug)]
        struct Item {
            name: String,
            price: i64,
        }

        /// Sum of the prices for each name.
        fn totals(items: &[Item]) -> BTreeMap<String, i64> {
            let mut sums = BTreeMap::new();
            for item in items {
                *sums.entry(item.name.clone()).or_insert(0) += item.price;
            }
            sums
        }

        fn main() {
            let items = [Item { name: "fig".to_string(), price: 3 }];
            // in the order of the names
            for (name, &total) in &totals(&items) {
                println!("{name}: {total}");
            }
        }
        """
    )


def test_a_long_list_has_a_line_for_each_item() -> None:
    motif = """
        class Item:
            name: str
            price: int

        items = [Item("fig", 3), Item("pear", 2), Item("plum", 7)]
        print(f"{items[0].name} {items[0].price}")
    """
    assert main_of(motif) == code(
        """\
        let items = [
            Item { name: "fig".to_string(), price: 3 },
            Item { name: "pear".to_string(), price: 2 },
            Item { name: "plum".to_string(), price: 7 },
        ];
        println!("{} {}", items[0].name, items[0].price);
        """
    )


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("sum(n for n in numbers)", "numbers.iter().sum::<i64>()"),
        ("sum(n * n for n in numbers if n > 2)", "numbers.iter().filter(|&&n| n > 2).map(|&n| n * n).sum::<i64>()"),
        ("max(n for n in numbers)", "*numbers.iter().max().unwrap()"),
        ("min(n * 2 for n in numbers)", "numbers.iter().map(|&n| n * 2).min().unwrap()"),
        ("sum(1 for n in numbers if n == 3)", "numbers.iter().filter(|&&n| n == 3).count()"),
        ("sum(1 for c in text if c.isdigit())", "text.chars().filter(|c| c.is_ascii_digit()).count()"),
        ("sum(i * i for i in range(1, 5))", "(1..5).map(|i| i * i).sum::<i64>()"),
        (
            "', '.join([str(n) for n in numbers])",
            'numbers.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(", ")',
        ),
        ("''.join([c.upper() for c in text])", "text.chars().map(|c| c.to_ascii_uppercase()).collect::<String>()"),
        ("text[::-1]", "text.chars().rev().collect::<String>()"),
        ("text[0]", "text.chars().next().unwrap()"),
        ("text[len(text) - 1]", "text.chars().last().unwrap()"),
        ("text[1:]", "&text[1..]"),
        ("len(text[1:3])", "text[1..3].len()"),
        ("len(text.split(' '))", "text.split(' ').count()"),
        ("-max(numbers[0], 2) * 3", "-numbers[0].max(2) * 3"),
        ("max(2, numbers[0])", "numbers[0].max(2)"),
        ("numbers[0] - (numbers[1] - 1)", "numbers[0] - (numbers[1] - 1)"),
    ],
)
def test_expressions(expression: str, text: str) -> None:
    assert printed(expression, "numbers = [3, 1, 2]\ntext = 'banana'") == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("any(n > 2 for n in numbers)", "numbers.iter().any(|&n| n > 2)"),
        ("all(c.isalpha() for c in text)", "text.chars().all(|c| c.is_alphabetic())"),
        ("not (2 in numbers)", "!numbers.contains(&2)"),
        ("'an' in text", 'text.contains("an")'),
        ("len(numbers) == 0", "numbers.is_empty()"),
        ("len(numbers) > 0", "!numbers.is_empty()"),
        ("text != ''", "!text.is_empty()"),
        ("not len(numbers) < 3", "numbers.len() >= 3"),
        ("(len(text) > 2 or len(text) < 9) and text != 'a'", '(text.len() > 2 || text.len() < 9) && text != "a"'),
    ],
)
def test_conditions(condition: str, text: str) -> None:
    main = main_of(f"numbers = [3, 1, 2]\ntext = 'banana'\nif {condition}:\n    print(len(text) + numbers[0])")
    assert f"if {text} {{" in main


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("for i in range(2, n + 1)", "for i in 2..=n"),
        ("for i in range(0, n, 3)", "for i in (0..n).step_by(3)"),
        ("for i in range(n - 1, -1, -1)", "for i in (0..n).rev()"),
        ("for i in range(n, 0, -1)", "for i in (1..=n).rev()"),
        ("for i in numbers", "for &i in &numbers"),
        ("for i in numbers[1:]", "for &i in &numbers[1..]"),
        ("for i in [5, 6]", "for i in [5, 6]"),
        ("for i in numbers[::-1]", "for &i in numbers.iter().rev()"),
    ],
)
def test_loops(head: str, text: str) -> None:
    assert f"{text} {{" in main_of(f"numbers = [3, 1, 2]\nn = 7\n{head}:\n    print(i + numbers[0])\nprint(n)")


def test_a_loop_variable_that_is_not_used_has_no_name() -> None:
    assert "for _ in 0..3 {" in main_of('for i in range(3):\n    print("again")')


def test_a_variable_says_its_type_where_an_iterator_is_collected() -> None:
    main = main_of(
        """
        numbers = [3, 1, 2]
        total = sum(n for n in numbers)
        even = [n for n in numbers if n % 2 == 0]
        words = "to be".split(" ")
        print(total + even[0])
        print(words[0])
        """
    )
    assert "let total: i64 = numbers.iter().sum();" in main
    assert "let even: Vec<i64> = numbers.iter().filter(|&&n| n % 2 == 0).copied().collect();" in main
    assert "let words: Vec<&str> = \"to be\".split(' ').collect();" in main


def test_a_new_list_says_its_type_unless_an_item_comes_first() -> None:
    motif = """
        def fill(numbers: list[int]) -> None:
            numbers.append(4)

        first: list[int] = []
        first.append(3)
        second: list[int] = []
        fill(second)
        print(first[0] + second[0])
    """
    main = main_of(motif)
    assert "let mut first = Vec::new();" in main
    assert "let mut second: Vec<i64> = Vec::new();" in main


def test_a_number_under_an_absolute_value_says_its_type() -> None:
    assert "let low: i64 = 3;" in main_of("low = 3\nprint(abs(low - 5))")


def test_characters_of_a_string_are_collected_once_to_be_read_by_position() -> None:
    motif = """
        def same(first: str, second: str, place: int) -> bool:
            return first[place] == second[place]

        if same("tea", "ten", 1):
            print("same")
    """
    assert code(
        """\
        fn same(first: &str, second: &str, place: usize) -> bool {
            let first_chars: Vec<char> = first.chars().collect();
            let second_chars: Vec<char> = second.chars().collect();
            first_chars[place] == second_chars[place]
        }
        """
    ) in rust(motif)


def test_strings_grow_in_place_and_are_joined_by_a_format() -> None:
    main = main_of(
        """
        name = "fig"
        text = ""
        for c in name:
            text += c
            text += "-"
            text = text + name
        print("<" + text + ">")
        both = name + "{" + text
        print(both)
        """
    )
    assert "let mut text = String::new();" in main
    assert "text.push(c);\n    text.push('-');\n    text.push_str(name);" in main
    assert 'println!("<{text}>");' in main
    assert 'let both = format!("{name}{{{text}");' in main


def test_a_variable_that_changes_by_a_value_is_updated() -> None:
    main = main_of("rest = 90\nwhile rest > 9:\n    rest = rest // 10\n    rest = rest - 1\nprint(rest)")
    assert "    rest /= 10;\n    rest -= 1;" in main


def test_characters_and_their_codes() -> None:
    motif = """
        def shift(text: str, by: int) -> str:
            result = ""
            for c in text:
                result += chr(ord("a") + (ord(c) - ord("a") + by) % 26)
            return result

        print(shift("abc", 2))
    """
    assert "result.push((b'a' + ((c as i64 - 'a' as i64 + by) % 26) as u8) as char);" in rust(motif)


def test_a_character_code_is_a_position_by_bytes() -> None:
    motif = """
        counts = [0] * 26
        for c in "banana":
            counts[ord(c) - ord("a")] += 1
        print(counts[0])
    """
    assert "counts[(c as u8 - b'a') as usize] += 1;" in main_of(motif)


def test_the_last_return_is_an_expression_also_in_branches() -> None:
    motif = """
        def sign(number: int) -> int:
            if number > 100:
                return 2
            if number > 0:
                return 1
            elif number < 0:
                return -1
            else:
                return 0

        print(sign(3))
    """
    assert code(
        """\
        fn sign(number: i64) -> i64 {
            if number > 100 {
                return 2;
            }
            if number > 0 {
                1
            } else if number < 0 {
                -1
            } else {
                0
            }
        }
        """
    ) in rust(motif)


def test_sorting_by_a_key() -> None:
    motif = """
        class Item:
            name: str
            price: int

        items = [Item("fig", 3), Item("pear", 2)]
        items.sort(key=lambda item: item.price)
        items.sort(key=lambda item: item.price, reverse=True)
        items.sort(key=lambda item: item.name)
        words = ["b", "a"]
        words.sort()
        words.sort(reverse=True)
        words.sort(key=lambda word: len(word))
        print(items[0].name + words[0])
    """
    main = main_of(motif)
    assert rust(motif).startswith("use std::cmp::Reverse;\n")
    assert "items.sort_by_key(|item| item.price);" in main
    assert "items.sort_by_key(|item| Reverse(item.price));" in main
    assert "items.sort_by(|a, b| a.name.cmp(&b.name));" in main
    assert "words.sort();\nwords.sort_by(|a, b| b.cmp(a));\nwords.sort_by_key(|word| word.len());" in main


def test_maps_are_asked_by_reference_and_own_their_keys() -> None:
    main = main_of(
        """
        colors: dict[str, str] = {}
        colors["red"] = "rojo"
        ages: dict[int, int] = {}
        ages[3] = ages.get(4, 0) + 1
        ages[3] = ages.get(3, 0) + 2
        name = colors["red"]
        if "red" in colors and 3 in ages:
            print(colors.get("blue", name))
        for key in sorted(colors):
            print(key)
        """
    )
    assert 'colors.insert("red".to_string(), "rojo".to_string());' in main
    assert "ages.insert(3, ages.get(&4).copied().unwrap_or(0) + 1);" in main
    assert "*ages.entry(3).or_insert(0) += 2;" in main
    assert 'let name = &colors["red"];' in main
    assert 'colors.contains_key("red") && ages.contains_key(&3)' in main
    assert 'colors.get("blue").map_or(name.as_str(), String::as_str)' in main
    assert "for key in colors.keys() {" in main


def test_a_line_that_is_too_long_is_broken_as_rustfmt_does() -> None:
    motif = """
        def sorted_readings(readings: list[int]) -> list[int]:
            return [reading * reading + 1 for reading in readings if reading % 2 == 0 and reading > 100]

        print(", ".join([str(reading) for reading in sorted_readings([102, 104, 106, 108])]))
    """
    assert rust(motif) == code(
        """\
        fn sorted_readings(readings: &[i64]) -> Vec<i64> {
            readings
                .iter()
                .filter(|&&reading| reading % 2 == 0 && reading > 100)
                .map(|&reading| reading * reading + 1)
                .collect()
        }

        fn main() {
            println!(
                "{}",
                sorted_readings(&[102, 104, 106, 108])
                    .into_iter()
                    .map(|reading| reading.to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        """
    )


def test_most_sampled_programs_have_no_line_beyond_the_limit() -> None:
    texts = [RustEmitter().emit(sample_program(seed)) for seed in range(200)]
    assert sum(max(map(len, text.splitlines())) > 100 for text in texts) <= 10


def test_no_sampled_program_casts_twice_or_dereferences_a_reference_to_it() -> None:
    for seed in range(200):
        text = RustEmitter().emit(sample_program(seed))
        assert "as i64 as i64" not in text
        assert "as usize as usize" not in text
        assert "*&" not in text
