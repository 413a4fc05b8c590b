"""What Java programmers write: golden examples of idioms, and of the places where Java differs from the others."""

from __future__ import annotations

from random import Random
from textwrap import dedent

import pytest

from data_prep.builtin.emitters.java import JavaEmitter
from data_prep.builtin.reader import Reader, parse
from data_prep.builtin.tree import mark_changes


def java(motif: str) -> str:
    program = mark_changes(Reader(Random(0), {}).program(parse(dedent(motif))))
    return JavaEmitter().emit(program)


def main_of(motif: str) -> str:
    """Return the statements of main, the last one of which prints something and is left out."""
    body = java(motif).split("main(String[] args) {\n")[1].removesuffix("    }\n}\n")
    return dedent(body).rsplit("System.out.println(", 1)[0].strip()


def printed(expression: str, setting: str = "") -> str:
    """Return the text of an expression that the last line of main prints."""
    return java(f"{dedent(setting)}\nprint({expression})").rsplit("System.out.println(", 1)[1].split(");\n    }")[0]


def test_a_program_is_a_class_with_static_methods_and_the_imports_it_needs() -> None:
    motif = """
        def total_of(prices: list[int]) -> int:
            "Sum of all prices."
            total = 0
            for price in prices:
                total += price
            return total

        "a basket"
        print(f"total: {total_of([3, 4])}")
    """
    assert java(motif) == dedent(
        """\
        import java.util.List;

        public class Main {
            /** Sum of all prices. */
            static int totalOf(List<Integer> prices) {
                int total = 0;
                for (int price : prices) {
                    total += price;
                }
                return total;
            }

            public static void main(String[] args) {
                // a basket
                System.out.println("total: " + totalOf(List.of(3, 4)));
            }
        }
        """
    )


def test_a_record_whose_fields_are_set_is_a_class_and_any_other_a_record() -> None:
    text = java(
        """
        class Point:
            x: int
            y: int

        class Account:
            owner: str
            balance: int

        account = Account("ada", 5)
        account.balance += 2
        point = Point(1, 2)
        print(account.balance + point.x)
        """
    )
    assert "    record Point(int x, int y) {}\n" in text
    assert (
        "    static class Account {\n        String owner;\n        int balance;\n\n        Account(String owner"
        in text
    )
    assert "account.balance += 2;" in text
    assert "account.balance + point.x()" in text


def test_tables_and_grids_of_fixed_length_are_arrays_wherever_they_go() -> None:
    text = java(
        """
        def corner(grid: list[list[int]], flags: list[bool]) -> int:
            if flags[0]:
                return grid[0][0]
            return len(grid)

        grid = [[1, 2], [3, 4]]
        flags = [True] * 3
        steps = [[0] * 4 for _ in range(2)]
        steps[1][2] += 1
        print(corner(grid, flags) + steps[1][2])
        """
    )
    assert "static int corner(int[][] grid, boolean[] flags)" in text
    assert "int[][] grid = {{1, 2}, {3, 4}};" in text
    assert "boolean[] flags = new boolean[3];\n        Arrays.fill(flags, true);" in text
    assert "int[][] steps = new int[2][4];" in text
    assert "steps[1][2]++;" in text


def test_a_table_that_grows_is_a_list_of_lists() -> None:
    motif = """
        rows = [[0] * 3 for _ in range(2)]
        rows[0].append(7)
        rows[1][0] += 2
        print(len(rows[0]))
    """
    assert main_of(motif) == dedent(
        """\
        List<List<Integer>> rows = new ArrayList<>();
        for (int row = 0; row < 2; row++) {
            rows.add(new ArrayList<>(Collections.nCopies(3, 0)));
        }
        rows.get(0).add(7);
        rows.get(1).set(0, rows.get(1).get(0) + 2);"""
    )


def test_only_a_list_that_changes_is_an_array_list() -> None:
    motif = """
        def evens(values: list[int]) -> list[int]:
            return [v for v in values if v % 2 == 0]

        def odds(values: list[int]) -> list[int]:
            return [v for v in values if v % 2 == 1]

        fixed = [1, 2]
        growing = [3]
        growing.append(4)
        kept = odds(fixed)
        chosen = evens(fixed)
        chosen.append(kept[0])
        print(len(growing))
    """
    text = java(motif)
    assert "return values.stream().filter(v -> v % 2 == 1).toList();" in text
    assert "return new ArrayList<>(values.stream().filter(v -> v % 2 == 0).toList());" in text
    assert "List<Integer> fixed = List.of(1, 2);" in text
    assert "List<Integer> growing = new ArrayList<>(List.of(3));" in text


def test_boxed_numbers_are_compared_by_value() -> None:
    setting = "values = [1000, 1000]\ncounts: dict[str, int] = {}\nn = 5"
    assert printed("1 if values[0] == values[1] else 0", setting) == "values.get(0).equals(values.get(1)) ? 1 : 0"
    assert printed('1 if counts["a"] != values[0] else 0', setting).startswith('!counts.get("a").equals(values.get(0))')
    assert printed("1 if values[0] == n else 0", setting).startswith("values.get(0) == n")
    assert printed("sum(1 for v in values if v == values[0])", setting) == (
        "values.stream().filter(v -> v.equals(values.get(0))).count()"
    )


def test_texts_are_compared_by_value_and_tested_for_emptiness() -> None:
    setting = 'text = "abc"\nother = "b"\nitems = [1]'
    assert printed("1 if text != other else 0", setting) == "!text.equals(other) ? 1 : 0"
    assert printed('1 if text == "" else 0', setting) == "text.isEmpty() ? 1 : 0"
    assert printed("1 if len(items) > 0 else 0", setting) == "!items.isEmpty() ? 1 : 0"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(x for x in values)", "values.stream().mapToInt(Integer::intValue).sum()"),
        ("sum(x * x for x in values if x > 2)", "values.stream().filter(x -> x > 2).mapToInt(x -> x * x).sum()"),
        ("sum(i * i for i in range(1, n + 1))", "IntStream.rangeClosed(1, n).map(i -> i * i).sum()"),
        ("max(x for x in values)", "Collections.max(values)"),
        ("min(len(w) for w in names)", "names.stream().mapToInt(String::length).min().getAsInt()"),
        ("sum(1 for w in names if w != word)", "names.stream().filter(w -> !w.equals(word)).count()"),
        ("1 if any(x > n for x in values) else 0", "values.stream().anyMatch(x -> x > n) ? 1 : 0"),
        ("1 if not any(x > n for x in values) else 0", "values.stream().noneMatch(x -> x > n) ? 1 : 0"),
        ("', '.join(names)", 'String.join(", ", names)'),
        ("' '.join([str(x) for x in values])", 'values.stream().map(String::valueOf).collect(Collectors.joining(" "))'),
        ("len([i for i in range(n)])", "IntStream.range(0, n).boxed().toList().size()"),
    ],
)
def test_comprehensions_and_aggregates_are_streams(expression: str, expected: str) -> None:
    assert printed(expression, 'values = [1, 2]\nnames = ["a", "b"]\nword = "a"\nn = 3') == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(1 for c in word if c.isdigit())", "word.chars().filter(Character::isDigit).count()"),
        ("sum(1 for c in word if c in 'aeiou')", 'word.chars().filter(c -> "aeiou".indexOf(c) >= 0).count()'),
        (
            "sum(1 for c in word if c.lower() == b'a')",
            "word.chars().filter(c -> Character.toLowerCase(c) == 'a').count()",
        ),
        ("sum(ord(c) - ord('a') for c in word)", "word.chars().map(c -> c - 'a').sum()"),
        ("sum(counts.get(c, 0) for c in word)", "word.chars().map(c -> counts.getOrDefault((char) c, 0)).sum()"),
        ("len([c for c in word])", "word.chars().mapToObj(c -> (char) c).toList().size()"),
    ],
)
def test_the_code_of_a_character_is_made_a_character_only_where_it_must_be(expression: str, expected: str) -> None:
    assert printed(expression, 'word = "kayak"\ncounts: dict[char, int] = {}\ncounts[b"a"] = 1') == expected


def test_a_count_is_cast_where_an_int_is_needed() -> None:
    setting = "values = [1, 2]"
    assert "int many = (int) values.stream().filter(x -> x > 1).count();" in java(
        f"{setting}\nmany = sum(1 for x in values if x > 1)\nprint(many)"
    )
    assert printed("f'{sum(1 for x in values if x > 1)} of 2'", setting) == (
        'values.stream().filter(x -> x > 1).count() + " of 2"'
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("f'{n}, {n + m}'", 'n + ", " + (n + m)'),
        ("f'{n}{m}!'", '"" + n + m + "!"'),
        ("f'{n * m} {-n}'", 'n * m + " " + -n'),
        ("f'n: {1 if n > m else 2}'", '"n: " + (n > m ? 1 : 2)'),
        ("c + c", "String.valueOf(c) + c"),
        ("text + c + c", "text + c + c"),
        ("-(n - m) * (n - (m - 1))", "-(n - m) * (n - (m - 1))"),
        ("n - -2", "n - -2"),
    ],
)
def test_what_is_joined_or_computed_has_the_parentheses_it_needs(expression: str, expected: str) -> None:
    assert printed(expression, 'n = 1\nm = 2\nc = b"x"\ntext = "t"') == expected


def test_sorting_uses_comparators() -> None:
    motif = """
        class Item:
            label: str
            price: int

        items = [Item("pen", 3)]
        items.sort(key=lambda item: item.price)
        items.sort(key=lambda item: item.label, reverse=True)
        items.sort(key=lambda item: item.price % 10, reverse=True)
        numbers = [2, 1]
        numbers.sort()
        numbers.sort(reverse=True)
        print(numbers[0])
    """
    assert main_of(motif).splitlines()[1:4] == [
        "items.sort(Comparator.comparingInt(Item::price));",
        "items.sort(Comparator.comparing(Item::label).reversed());",
        "items.sort(Comparator.comparingInt((Item item) -> item.price() % 10).reversed());",
    ]
    assert main_of(motif).splitlines()[5:] == ["Collections.sort(numbers);", "numbers.sort(Comparator.reverseOrder());"]


def test_an_entry_of_a_map_is_taken_apart_only_for_what_is_used_twice() -> None:
    motif = """
        counts: dict[str, int] = {}
        counts["a"] += 2
        for key, value in sorted(counts.items()):
            if value > 1:
                print(f"{key}: {value}")
        print(len(counts))
    """
    assert main_of(motif) == dedent(
        """\
        Map<String, Integer> counts = new TreeMap<>();
        counts.merge("a", 2, Integer::sum);
        for (var entry : counts.entrySet()) {
            int value = entry.getValue();
            if (value > 1) {
                System.out.println(entry.getKey() + ": " + value);
            }
        }"""
    )


def test_only_a_map_that_is_visited_is_sorted() -> None:
    setting = "names: dict[int, str] = {}"
    assert "Map<Integer, String> names = new HashMap<>();" in java(f"{setting}\nprint(len(names))")
    assert "Map<Integer, String> names = new TreeMap<>();" in java(f"{setting}\nfor n in sorted(names):\n    print(n)")


def test_a_list_is_reversed_in_place_and_a_view_of_a_part_is_copied_if_it_is_kept() -> None:
    motif = """
        def first(values: list[int]) -> int:
            return values[0]

        values = [1, 2, 3]
        turned = values[::-1]
        part = values[1:]
        print(first(values[:2]) + turned[0] + part[0])
    """
    assert main_of(motif).splitlines()[1:] == [
        "List<Integer> turned = new ArrayList<>(values);",
        "Collections.reverse(turned);",
        "List<Integer> part = new ArrayList<>(values.subList(1, values.size()));",
    ]
    assert "println(first(values.subList(0, 2)) + turned.get(0) + part.get(0))" in java(motif)


def test_the_end_of_a_loop_is_kept_if_the_body_moves_it() -> None:
    motif = """
        queue = [1]
        for i in range(len(queue)):
            queue.append(i)
        for i in range(len(queue)):
            queue[i] += 1
        for i in range(3, 0, -1):
            print(i)
        for i in range(1, 11):
            print(i)
        print(0)
    """
    loops = [line for line in main_of(motif).splitlines() if line.startswith(("for", "int end"))]
    assert loops == [
        "int end = queue.size();",
        "for (int i = 0; i < end; i++) {",
        "for (int i = 0; i < queue.size(); i++) {",
        "for (int i = 3; i >= 1; i--) {",
        "for (int i = 1; i <= 10; i++) {",
    ]


def test_the_separator_of_a_split_is_no_pattern() -> None:
    assert printed("len('a.b'.split('.'))") == 'List.of("a.b".split("\\\\.")).size()'


def test_an_array_is_tested_for_emptiness_by_its_length() -> None:
    text = java('parts = "a b".split(" ")\nif len(parts) > 0:\n    print(parts[0])')
    assert 'String[] parts = "a b".split(" ");\n        if (parts.length > 0) {' in text


def test_a_long_stream_is_broken_at_its_stages() -> None:
    condition = " and ".join(f"x != {number}" for number in range(10, 16))
    text = java(f"values = [1]\nprint(' '.join([str(x) for x in values if {condition}]))")
    assert (
        "        System.out.println(values.stream()\n"
        "            .filter(x -> x != 10 && x != 11 && x != 12 && x != 13 && x != 14 && x != 15)\n"
        "            .map(String::valueOf)\n"
        '            .collect(Collectors.joining(" ")));\n'
    ) in text
