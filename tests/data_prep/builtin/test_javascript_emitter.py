"""What JavaScript programmers write: golden examples of idioms, and of the places where JavaScript differs."""

from __future__ import annotations

from textwrap import dedent

import pytest
from motif import program_of

from data_prep.builtin.emitters.javascript import JavaScriptEmitter
from data_prep.builtin.sampler import sample_program


def javascript(motif: str) -> str:
    return JavaScriptEmitter().emit(program_of(motif))


def main_of(motif: str) -> str:
    """Return the statements of main."""
    return dedent(javascript(motif).split("function main() {\n")[1].removesuffix("}\n\nmain();\n"))


def printed(expression: str, setting: str = "") -> str:
    """Return the text of an expression that the last line of main prints."""
    last = main_of(f"{dedent(setting)}\nprint({expression})").splitlines()[-1]
    return last.removeprefix("console.log(").removesuffix(");")


def test_a_program_is_functions_and_a_call_of_main() -> None:
    motif = """
        def sign_of(number: int) -> str:
            "Word for the sign."
            if number > 0:
                return "plus"
            elif number < 0:
                return "minus"
            else:
                return "zero"

        "one line"
        print(f"sign: {sign_of(-3)}")
    """
    assert javascript(motif) == dedent(
        """\
        /** Word for the sign. */
        function signOf(number) {
          if (number > 0) {
            return "plus";
          } else if (number < 0) {
            return "minus";
          } else {
            return "zero";
          }
        }

        function main() {
          // one line
          console.log(`sign: ${signOf(-3)}`);
        }

        main();
        """
    )


def test_only_a_variable_that_is_assigned_again_is_declared_with_let() -> None:
    main = main_of("total = 1\nitems = [total]\nitems.append(2)\ntotal += 3\ntotal += 1\nprint(total + len(items))")
    assert main.splitlines()[:5] == [
        "let total = 1;",
        "const items = [total];",
        "items.push(2);",
        "total += 3;",
        "total++;",
    ]


NUMBERS = "numbers = [3, 1, 2]\nlimit = 2\nwords = 'b a'.split(' ')"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("sum(n for n in numbers)", "numbers.reduce((sum, n) => sum + n, 0)"),
        (
            "sum(n * n for n in numbers if n > limit)",
            "numbers.filter((n) => n > limit).reduce((sum, n) => sum + n * n, 0)",
        ),
        ("sum(1 for n in numbers if n > 1)", "numbers.filter((n) => n > 1).length"),
        ("max(n for n in numbers)", "Math.max(...numbers)"),
        ("min(len(word) for word in words)", "Math.min(...words.map((word) => word.length))"),
        ("1 if any(n == 3 for n in numbers) else 0", "numbers.some((n) => n === 3) ? 1 : 0"),
        ("1 if all(n < 4 for n in numbers) else 0", "numbers.every((n) => n < 4) ? 1 : 0"),
        ("', '.join([str(n) for n in numbers])", 'numbers.join(", ")'),
        ("' '.join([word.upper() for word in words])", 'words.map((word) => word.toUpperCase()).join(" ")'),
        ("'-'.join([str(i * i) for i in range(4)])", 'Array.from({ length: 4 }, (_, i) => i * i).join("-")'),
        (
            "'-'.join([str(limit * i) for i in range(1, 4)])",
            'Array.from({ length: 3 }, (_, i) => limit * (i + 1)).join("-")',
        ),
        ("len([int(word) for word in words])", "words.map(Number).length"),
    ],
)
def test_comprehensions_and_aggregates_are_array_methods(expression: str, text: str) -> None:
    assert printed(expression, NUMBERS) == text


def test_what_counts_through_a_range_is_a_loop() -> None:
    motif = """
        def is_prime(n: int) -> bool:
            return n > 1 and all(n % d != 0 for d in range(2, n))

        def divisors(n: int) -> list[int]:
            return [d for d in range(1, n + 1) if n % d == 0]

        print(1 if is_prime(7) else len(divisors(4)))
    """
    assert javascript(motif).split("\nfunction main")[0] == dedent(
        """\
        function isPrime(n) {
          if (n <= 1) {
            return false;
          }
          for (let d = 2; d < n; d++) {
            if (n % d === 0) {
              return false;
            }
          }
          return true;
        }

        function divisors(n) {
          const result = [];
          for (let d = 1; d <= n; d++) {
            if (n % d === 0) {
              result.push(d);
            }
          }
          return result;
        }
        """
    )


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("(a + b) * a % b", "((a + b) * a) % b"),
        ("a - (b - 1)", "a - (b - 1)"),
        ("a // b + 1", "Math.floor(a / b) + 1"),
        ("a * b // 2", "Math.floor((a * b) / 2)"),
        ("1 if a > 1 and b > 1 or a == b else 0", "(a > 1 && b > 1) || a === b ? 1 : 0"),
        ("1 if not (a > 1 or b > 1) else 0", "!(a > 1 || b > 1) ? 1 : 0"),
        ("max(a, b) - abs(a - b)", "Math.max(a, b) - Math.abs(a - b)"),
    ],
)
def test_operators_have_the_parentheses_that_prettier_gives_them(expression: str, text: str) -> None:
    assert printed(expression, "a = 5\nb = 3") == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("text[::-1]", '[...text].reverse().join("")'),
        ("text[0].upper() + text[1:]", "text[0].toUpperCase() + text.slice(1)"),
        ("ord(text[1]) - ord('a')", 'text.charCodeAt(1) - "a".charCodeAt(0)'),
        ("chr(ord('a') + 2)", 'String.fromCharCode("a".charCodeAt(0) + 2)'),
        ("1 if text[0].isdigit() else 0", "/[0-9]/.test(text[0]) ? 1 : 0"),
        ("1 if b'a' in text else 0", 'text.includes("a") ? 1 : 0'),
        ("f'{len(text)} `$ {text}'", "`${text.length} \\`$ ${text}`"),
        ("sum(1 for c in text if c == b'a')", '[...text].filter((c) => c === "a").length'),
    ],
)
def test_text_is_handled_as_strings_and_characters_as_short_strings(expression: str, text: str) -> None:
    assert printed(expression, "text = 'banana'") == text


def test_a_map_is_a_map_and_is_visited_by_its_sorted_keys() -> None:
    motif = """
        counts: dict[int, int] = {}
        for n in [2, 1, 2]:
            counts[n] += 1
        counts[7] = counts.get(8, 5)
        if 7 in counts:
            print(counts[7])
        for key, value in sorted(counts.items()):
            print(f"{key}: {value}")
    """
    assert main_of(motif) == dedent(
        """\
        const counts = new Map();
        for (const n of [2, 1, 2]) {
          counts.set(n, (counts.get(n) ?? 0) + 1);
        }
        counts.set(7, counts.get(8) ?? 5);
        if (counts.has(7)) {
          console.log(counts.get(7));
        }
        for (const key of [...counts.keys()].sort((a, b) => a - b)) {
          const value = counts.get(key);
          console.log(`${key}: ${value}`);
        }
        """
    )


def test_a_map_that_a_call_makes_is_made_once() -> None:
    motif = """
        def tally() -> dict[str, int]:
            counts: dict[str, int] = {}
            counts["a"] += 1
            return counts

        for key, value in sorted(tally().items()):
            print(f"{key}: {value}")
    """
    assert main_of(motif).startswith("const table = tally();\nfor (const key of [...table.keys()].sort()) {\n")


def test_a_record_is_an_object_literal() -> None:
    motif = """
        class Item:
            unit_price: int
            name: str

        name = "pen"
        item = Item(3, name)
        item.unit_price += 2
        print(item.unit_price + len(item.name))
    """
    assert main_of(motif).splitlines()[1:3] == ["const item = { unitPrice: 3, name };", "item.unitPrice += 2;"]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("numbers.sort()", "numbers.sort((a, b) => a - b);"),
        ("numbers.sort(reverse=True)", "numbers.sort((a, b) => b - a);"),
        ("words.sort()", "words.sort();"),
        ("words.sort(reverse=True)", "words.sort().reverse();"),
        ("words.sort(key=lambda word: len(word))", "words.sort((a, b) => a.length - b.length);"),
        (
            "words.sort(key=lambda word: word.upper())",
            "words.sort((a, b) => a.toUpperCase().localeCompare(b.toUpperCase()));",
        ),
    ],
)
def test_sorting_says_how_to_compare(statement: str, text: str) -> None:
    motif = f"{NUMBERS}\n{statement}\nprint(len(numbers) + len(words) + limit)"
    assert main_of(motif).splitlines()[3] == text


def test_the_two_items_of_a_comparison_never_take_a_name_that_the_key_mentions() -> None:
    main = main_of("a = 2\nnumbers = [3, 1]\nnumbers.sort(key=lambda n: n % a)\nprint(numbers[0])")
    assert "numbers.sort((left, right) => (left % a) - (right % a));" in main


@pytest.mark.parametrize(
    ("loop", "header"),
    [
        ("for i in range(n)", "for (let i = 0; i < n; i++) {"),
        ("for i in range(1, n + 1)", "for (let i = 1; i <= n; i++) {"),
        ("for i in range(0, n, 3)", "for (let i = 0; i < n; i += 3) {"),
        ("for i in range(n, 0, -1)", "for (let i = n; i >= 1; i--) {"),
        ("for i in items", "for (const i of items) {"),
        ("for k, i in enumerate(items)", "for (const [k, i] of items.entries()) {"),
        ("for k, i in enumerate('ab')", 'for (const [k, i] of [..."ab"].entries()) {'),
        ("while len(items) < n", "while (items.length < n) {"),
    ],
)
def test_loops(loop: str, header: str) -> None:
    assert header in main_of(f"n = 4\nitems = [n]\n{loop}:\n    items.append(n)\n    print(len(items))").splitlines()


def test_tables_swaps_and_stacks() -> None:
    motif = """
        grid = [[0] * 3 for _ in range(2)]
        grid[1][2] = 5
        stack = grid[1][:]
        stack[0], stack[2] = stack[2], stack[0]
        top = stack.pop()
        print(top + len(stack[::-1]) + grid[0][0])
    """
    assert main_of(motif) == dedent(
        """\
        const grid = Array.from({ length: 2 }, () => new Array(3).fill(0));
        grid[1][2] = 5;
        const stack = [...grid[1]];
        [stack[0], stack[2]] = [stack[2], stack[0]];
        const top = stack.pop();
        console.log(top + [...stack].reverse().length + grid[0][0]);
        """
    )


def test_every_sampled_program_can_be_written() -> None:
    for seed in range(100):
        assert JavaScriptEmitter().emit(sample_program(seed)).endswith("\nmain();\n")
