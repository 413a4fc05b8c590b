"""What C# programmers write: golden examples of idioms, and of the places where C# differs from the others."""

from __future__ import annotations

from random import Random
from textwrap import dedent

import pytest

from data_prep.builtin.emitters.csharp import CSharpEmitter
from data_prep.builtin.reader import Reader, parse
from data_prep.builtin.tree import mark_changes


def csharp(motif: str) -> str:
    program = mark_changes(Reader(Random(0), {}).program(parse(dedent(motif))))
    return CSharpEmitter().emit(program)


def main_of(motif: str) -> list[str]:
    """Return the lines of main."""
    body = csharp(motif).split("static void Main()\n    {\n")[1].removesuffix("    }\n}\n")
    return dedent(body).splitlines()


def printed(expression: str, setting: str = "") -> str:
    """Return the text of an expression that the last line of main prints."""
    return main_of(f"{dedent(setting)}\nprint({expression})")[-1].removeprefix("Console.WriteLine(").removesuffix(");")


def test_a_program_is_a_class_with_braces_on_their_own_lines() -> None:
    motif = """
        def sign_of(number: int) -> str:
            "Word for a number < 0, > 0 or 0."
            if number > 0:
                return "plus"
            elif number < 0:
                return "minus"
            else:
                return "zero"

        "one & only"
        print(f"sign: {sign_of(-3)}")
    """
    assert csharp(motif) == dedent(
        """\
        using System;

        class Program
        {
            /// <summary>Word for a number &lt; 0, > 0 or 0.</summary>
            static string SignOf(int number)
            {
                if (number > 0)
                {
                    return "plus";
                }
                else if (number < 0)
                {
                    return "minus";
                }
                else
                {
                    return "zero";
                }
            }

            static void Main()
            {
                // one & only
                Console.WriteLine($"sign: {SignOf(-3)}");
            }
        }
        """
    )


def test_a_record_is_a_class_whose_properties_can_be_set_only_if_they_are() -> None:
    text = csharp(
        """
        class Point:
            x: int

        class Account:
            balance: int

        account = Account(5)
        account.balance += 2
        print(account.balance + Point(3).x)
        """
    )
    assert (
        "class Point\n{\n    public int X { get; }\n\n    public Point(int x)\n    {\n        X = x;\n    }\n}\n"
        in text
    )
    assert "public int Balance { get; set; }" in text
    assert "account.Balance += 2;" in text


def test_tables_and_grids_of_fixed_length_are_arrays_wherever_they_go() -> None:
    text = csharp(
        """
        def corner(grid: list[list[int]], flags: list[bool]) -> int:
            if flags[0]:
                return grid[0][0]
            return len(grid)

        grid = [[1, 2], [3, 4]]
        flags = [True] * 3
        steps = [[0] * 4 for _ in range(2)]
        print(corner(grid, flags) + steps[1][2])
        """
    )
    assert "static int Corner(int[][] grid, bool[] flags)" in text
    assert "return grid.Length;" in text
    assert "var grid = new[] { new[] { 1, 2 }, new[] { 3, 4 } };" in text
    assert "var flags = Enumerable.Repeat(true, 3).ToArray();" in text
    assert "var steps = Enumerable.Range(0, 2).Select(_ => new int[4]).ToArray();" in text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(x for x in values)", "values.Sum()"),
        ("sum(x * x for x in values if x > 2)", "values.Where(x => x > 2).Sum(x => x * x)"),
        ("sum(i * i for i in range(1, n + 1))", "Enumerable.Range(1, n).Sum(i => i * i)"),
        ("sum(i for i in range(m, n))", "Enumerable.Range(m, n - m).Sum()"),
        ("sum(1 for c in word if c.isdigit())", "word.Count(char.IsDigit)"),
        ("max(len(w) for w in names)", "names.Max(w => w.Length)"),
        ("1 if all(x > n for x in values) else 0", "values.All(x => x > n) ? 1 : 0"),
        ("', '.join([str(x) for x in values])", 'string.Join(", ", values)'),
        ("''.join([c for c in word if c != b' '])", "string.Concat(word.Where(c => c != ' '))"),
        ("len([x for x in values if x > 1])", "values.Where(x => x > 1).ToList().Count"),
    ],
)
def test_comprehensions_and_aggregates_are_queries(expression: str, expected: str) -> None:
    assert printed(expression, 'values = [1, 2]\nnames = ["a"]\nword = "a b"\nn = 3\nm = 1') == expected


def test_a_key_that_may_be_missing_is_looked_for_first() -> None:
    setting = 'counts: dict[str, int] = {}\ncounts["a"] += 2'
    assert main_of(f"{setting}\nprint(1)")[1] == 'counts["a"] = counts.ContainsKey("a") ? counts["a"] + 2 : 2;'
    assert printed("counts.get('b', 0) + 1", setting) == '(counts.ContainsKey("b") ? counts["b"] : 0) + 1'


def test_a_key_that_is_computed_is_computed_once() -> None:
    assert main_of("n = 7\nbins: dict[int, int] = {}\nbins[n // 2] += 1\nprint(len(bins))")[2:-1] == [
        "var key = n / 2;",
        "bins[key] = bins.ContainsKey(key) ? bins[key] + 1 : 1;",
    ]


def test_only_a_map_that_is_visited_is_sorted() -> None:
    visited = """
        names: dict[str, int] = {}
        names["a"] = 1
        for name, number in sorted(names.items()):
            print(f"{name}: {number}, {number + 1}")
    """
    assert (
        main_of(visited)
        == dedent(
            """\
        var names = new SortedDictionary<string, int>(StringComparer.Ordinal);
        names["a"] = 1;
        foreach (var entry in names)
        {
            var number = entry.Value;
            Console.WriteLine($"{entry.Key}: {number}, {number + 1}");
        }
        """
        ).splitlines()
    )
    assert "var names = new Dictionary<string, int>();" in csharp("names: dict[str, int] = {}\nprint(len(names))")


def test_a_list_that_is_only_visited_is_an_array() -> None:
    assert "foreach (var number in new[] { 3, 4 })" in csharp("for number in [3, 4]:\n    print(number)")


def test_texts_are_ordered_by_their_codes_and_ties_keep_their_order() -> None:
    motif = """
        names = ["b", "a"]
        names.sort()
        names.sort(reverse=True)
        names.sort(key=lambda name: len(name), reverse=True)
        names.sort(key=lambda name: name.lower())
        print(names[0])
    """
    assert main_of(motif)[1:-1] == [
        "names.Sort(StringComparer.Ordinal);",
        "names.Sort((a, b) => string.CompareOrdinal(b, a));",
        "names = names.OrderByDescending(name => name.Length).ToList();",
        "names = names.OrderBy(name => name.ToLower(), StringComparer.Ordinal).ToList();",
    ]


def test_removing_the_last_item_takes_two_statements() -> None:
    motif = """
        stack = [1, 2]
        top = stack.pop()
        top = stack.pop()
        print(top)
    """
    assert main_of(motif)[1:-1] == [
        "var top = stack[stack.Count - 1];",
        "stack.RemoveAt(stack.Count - 1);",
        "top = stack[stack.Count - 1];",
        "stack.RemoveAt(stack.Count - 1);",
    ]


def test_items_are_exchanged_through_a_variable_with_a_new_name() -> None:
    motif = """
        temp = 1
        values = [3, 4]
        values[0], values[temp] = values[temp], values[0]
        print(values[0])
    """
    assert main_of(motif)[2:-1] == ["var temp2 = values[0];", "values[0] = values[temp];", "values[temp] = temp2;"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("f'{n} of {{n}} \"q\": {n + 1}'", '$"{n} of {{n}} \\"q\\": {n + 1}"'),
        ("f'{1 if n > 2 else 0}'", '$"{(n > 2 ? 1 : 0)}"'),
        ("c + c + word", "c.ToString() + c + word"),
        ("chr(ord('a') + n % 26)", "(char)('a' + n % 26)"),
        ("word[1:n] + word[2:]", "word.Substring(1, n - 1) + word.Substring(2)"),
        ("word[n:n + 3]", "word.Substring(n, 3)"),
        ("word[::-1]", "new string(word.Reverse().ToArray())"),
        ("len(values[:2])", "values.Take(2).ToList().Count"),
        ("len(values[1:3])", "values.GetRange(1, 2).Count"),
        ("len(values[::-1])", "Enumerable.Reverse(values).ToList().Count"),
        ("'+'.join(word.split(','))", "string.Join(\"+\", word.Split(','))"),
        ("int(word) + len(str(n))", "int.Parse(word) + n.ToString().Length"),
        ("1 if b'a' in word and not ('bc' in word) else 0", "word.Contains('a') && !word.Contains(\"bc\") ? 1 : 0"),
    ],
)
def test_texts_and_slices(expression: str, expected: str) -> None:
    assert printed(expression, 'n = 1\nc = b"x"\nword = "kayak"\nvalues = [1, 2, 3]') == expected


def test_a_long_list_of_records_has_one_on_each_line() -> None:
    motif = """
        class Item:
            name: str

        items = [Item("mountains"), Item("valleys"), Item("rivers"), Item("villages"), Item("forests")]
        print(items[0].name)
    """
    assert main_of(motif)[:4] == [
        "var items = new List<Item>",
        "{",
        '    new Item("mountains"),',
        '    new Item("valleys"),',
    ]
    assert main_of(motif)[7] == "};"


def test_a_file_uses_only_the_namespaces_it_needs() -> None:
    assert csharp("print(1)").startswith("using System;\n\nclass")
    assert "using System.Linq;" in csharp('print(1 if b"a" in "abc" else 0)')
    assert "using System.Collections.Generic;" not in csharp("flags = [0] * 3\nprint(flags[0])")
