"""What Go programmers write: golden examples of idioms, of gofmt's spaces, and of what Go has no expression for."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from motif import program_of

from data_prep.builtin.emitters.go import GoEmitter
from data_prep.builtin.sampler import sample_program


def go(motif: str) -> str:
    return GoEmitter().emit(program_of(motif))


def code(text: str) -> str:
    """Return Go code written here with spaces as Go has it, with tabs."""
    return re.sub(r"^(?: {4})+", lambda match: "\t" * (len(match[0]) // 4), dedent(text), flags=re.MULTILINE)


def functions_of(motif: str) -> str:
    """Return what stands between the imports and main."""
    return go(motif).split("\nfunc main() {\n")[0].split('"\n')[-1].removeprefix(")\n").strip("\n") + "\n"


def main_of(motif: str) -> str:
    """Return the statements of main."""
    body = go(motif).split("func main() {\n")[1].removesuffix("}\n")
    return re.sub(r"^\t", "", body, flags=re.MULTILINE)


def printed(expression: str, setting: str = "") -> str:
    """Return the text of an expression that the last line of main prints."""
    last = main_of(f"{dedent(setting)}\nprint({expression})").splitlines()[-1]
    return last.removeprefix("fmt.Println(").removesuffix(")")


def test_a_program_is_a_package_with_the_imports_that_it_uses() -> None:
    motif = """
        def is_long(word: str, limit: int) -> bool:
            "Whether a word is longer than the limit."
            return len(word) > limit

        "one line"
        for word in "to be".split(" "):
            if is_long(word, 1):
                print(f"long: {word}")
    """
    assert go(motif) == code(
        """\
        package main

        import (
            "fmt"
            "strings"
        )

        // isLong reports whether a word is longer than the limit.
        func isLong(word string, limit int) bool {
            return len(word) > limit
        }

        func main() {
            // one line
            for _, word := range strings.Split("to be", " ") {
                if isLong(word, 1) {
                    fmt.Printf("long: %s\\n", word)
                }
            }
        }
        """
    )


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("a * b + a", "a*b + a"),
        ("(a + b) * a % b", "(a + b) * a % b"),
        ("a - (b - 1)", "a - (b - 1)"),
        ("max(a + b, a // b * 2)", "max(a+b, a/b*2)"),
        ("numbers[a - 1] + b", "numbers[a-1] + b"),
        ("len(text[a:a + b])", "len(text[a : a+b])"),
        ("max(len(text[a:a + b]), b)", "max(len(text[a:a+b]), b)"),
        ("numbers[len(numbers) - 1 - a]", "numbers[len(numbers)-1-a]"),
        ("-(a + b) * 2", "-(a + b) * 2"),
    ],
)
def test_operators_are_spaced_as_gofmt_does(expression: str, text: str) -> None:
    assert printed(expression, "a = 1\nb = 2\nnumbers = [1, 2, 3]\ntext = 'banana'") == text


def test_a_comparison_keeps_its_spaces_and_its_sides_lose_theirs() -> None:
    main = main_of("a = 5\nb = 3\nif a % b == 0 or a + 1 < b * b and a != b:\n    print(a)")
    assert "if a%b == 0 || a+1 < b*b && a != b {" in main


def test_a_comprehension_is_a_loop_that_appends() -> None:
    motif = """
        def squares(numbers: list[int]) -> list[int]:
            return [n * n for n in numbers if n % 2 == 0]

        print(", ".join([str(n) for n in squares([1, 2, 4])]))
    """
    assert functions_of(motif) == code(
        """\
        func squares(numbers []int) []int {
            var result []int
            for _, n := range numbers {
                if n%2 == 0 {
                    result = append(result, n*n)
                }
            }
            return result
        }
        """
    )
    assert main_of(motif) == code(
        """\
        var parts []string
        for _, n := range squares([]int{1, 2, 4}) {
            parts = append(parts, strconv.Itoa(n))
        }
        fmt.Println(strings.Join(parts, ", "))
        """
    )


def test_an_aggregate_is_a_loop_that_returns_as_soon_as_it_knows() -> None:
    motif = """
        def is_prime(n: int) -> bool:
            return n > 1 and all(n % d != 0 for d in range(2, n))

        print(1 if is_prime(7) else 0)
    """
    assert functions_of(motif) == code(
        """\
        func isPrime(n int) bool {
            if n <= 1 {
                return false
            }
            for d := 2; d < n; d++ {
                if n%d == 0 {
                    return false
                }
            }
            return true
        }
        """
    )


def test_a_conditional_is_a_default_and_a_branch() -> None:
    motif = """
        def mean(values: list[int], total: int) -> int:
            result = 0 if len(values) == 0 else total // len(values)
            best = total
            best = result if result > best else best
            return result + best

        for n in [1, 2]:
            print(f"{n} {'odd' if n % 2 == 1 else 'even'} {mean([n], n)}")
    """
    assert functions_of(motif) == code(
        """\
        func mean(values []int, total int) int {
            result := 0
            if len(values) != 0 {
                result = total / len(values)
            }
            best := total
            if result > best {
                best = result
            }
            return result + best
        }
        """
    )
    assert main_of(motif) == code(
        """\
        for _, n := range []int{1, 2} {
            label := "even"
            if n%2 == 1 {
                label = "odd"
            }
            fmt.Printf("%d %s %d\\n", n, label, mean([]int{n}, n))
        }
        """
    )


def test_a_map_is_asked_with_ok() -> None:
    motif = """
        counts: dict[str, int] = {}
        for word in "b a b".split(" "):
            counts[word] += 1
        if "a" in counts and counts["a"] > 0:
            print(counts["a"])
        price = counts.get("z", -1)
        print(price + counts.get("b", 0))
        while "b" in counts:
            break
        for word, count in sorted(counts.items()):
            print(f"{word}: {count}")
    """
    assert main_of(motif) == code(
        """\
        counts := make(map[string]int)
        for _, word := range strings.Split("b a b", " ") {
            counts[word]++
        }
        if _, ok := counts["a"]; ok && counts["a"] > 0 {
            fmt.Println(counts["a"])
        }
        price, ok := counts["z"]
        if !ok {
            price = -1
        }
        fmt.Println(price + counts["b"])
        for {
            if _, ok := counts["b"]; !ok {
                break
            }
            break
        }
        for _, word := range slices.Sorted(maps.Keys(counts)) {
            count := counts[word]
            fmt.Printf("%s: %d\\n", word, count)
        }
        """
    )


def test_a_list_that_a_function_grows_and_a_record_that_it_changes_are_pointers() -> None:
    motif = """
        class Account:
            "Money of one person."
            owner: str
            balance: int

        def deposit(account: Account, amount: int) -> None:
            account.balance += amount

        def push_twice(stack: list[int], account: Account) -> None:
            stack.append(account.balance)
            stack.append(stack[0] + len(stack))
            deposit(account, 1)

        def clear(values: list[int]) -> None:
            values[0] = 0

        ada = Account("ada", 5)
        stack = [1]
        push_twice(stack, ada)
        clear(stack)
        print(ada.balance + len(ada.owner))
    """
    assert functions_of(motif) == code(
        """\
        // Money of one person.
        type Account struct {
            owner   string
            balance int
        }

        func deposit(account *Account, amount int) {
            account.balance += amount
        }

        func pushTwice(stack *[]int, account *Account) {
            *stack = append(*stack, account.balance)
            *stack = append(*stack, (*stack)[0]+len(*stack))
            deposit(account, 1)
        }

        func clear(values []int) {
            values[0] = 0
        }
        """
    )
    assert main_of(motif).splitlines()[:4] == [
        'ada := Account{owner: "ada", balance: 5}',
        "stack := []int{1}",
        "pushTwice(&stack, &ada)",
        "clear(stack)",
    ]


def test_a_slice_is_cloned_only_where_memory_would_be_shared() -> None:
    motif = """
        def total_from(values: list[int], start: int) -> int:
            rest = values[start:]
            changed = values[:start]
            changed[0] = 7
            queue = values[:]
            queue = queue[1:]
            return len(rest) + len(changed) + len(queue)

        print(total_from([1, 2, 3], 1))
    """
    assert functions_of(motif).splitlines()[1:6] == [
        "\trest := values[start:]",
        "\tchanged := slices.Clone(values[:start])",
        "\tchanged[0] = 7",
        "\tqueue := slices.Clone(values)",
        "\tqueue = queue[1:]",
    ]


@pytest.mark.parametrize(
    ("loop", "header"),
    [
        ("for i in range(n)", "for i := range n {"),
        ("for i in range(len(items))", "for i := range items {"),
        ("for i in range(1, n + 1)", "for i := 1; i <= n; i++ {"),
        ("for i in range(0, n, 3)", "for i := 0; i < n; i += 3 {"),
        ("for i in range(n, 0, -1)", "for i := n; i >= 1; i-- {"),
        ("for i in items", "for _, i := range items {"),
        ("for i in items[::-1]", "for _, i := range slices.Backward(items) {"),
        ("for i, other in enumerate(items)", "for i := range items {"),
        ("for other in range(n)", "for range n {"),
        ("while i < n", "for i < n {"),
    ],
)
def test_loops_name_only_what_they_use(loop: str, header: str) -> None:
    setting = "n = 4\nitems = [n, 1]\n" + ("i = 0\n" if "i " not in loop.split(" in ")[0] or "while" in loop else "")
    assert header in main_of(f"{setting}{loop}:\n    print(i)\n    break").splitlines()


def test_a_character_is_a_rune_and_a_byte_only_where_bytes_meet() -> None:
    motif = """
        text = "aba"
        first = text[0]
        if text[0] == text[2] and text[1] != b"a" and text[1] != first:
            print(ord(text[1]) - ord("a"))
        for c in text:
            if c.isdigit() or c in "xyz":
                print(chr(ord("a") + (ord(c) - ord("a") + 1) % 26))
        text += first
        print(text[1:] + text[0])
    """
    assert main_of(motif) == code(
        """\
        text := "aba"
        first := rune(text[0])
        if text[0] == text[2] && text[1] != 'a' && rune(text[1]) != first {
            fmt.Println(int(text[1]) - 'a')
        }
        for _, c := range text {
            if unicode.IsDigit(c) || strings.ContainsRune("xyz", c) {
                fmt.Println(string(rune('a' + (int(c-'a')+1)%26)))
            }
        }
        text += string(first)
        fmt.Println(text[1:] + string(text[0]))
        """
    )


def test_statements_stand_in_for_what_go_can_only_do_step_by_step() -> None:
    motif = """
        stack = [int(part) for part in "4,5".split(",")]
        top = stack.pop()
        backward = stack[::-1]
        grid = [[0] * 3 for _ in range(2)]
        print("abc"[::-1])
        print(abs(top) + backward[0] + len(grid))
    """
    assert main_of(motif) == code(
        """\
        var stack []int
        for _, part := range strings.Split("4,5", ",") {
            number, _ := strconv.Atoi(part)
            stack = append(stack, number)
        }
        top := stack[len(stack)-1]
        stack = stack[:len(stack)-1]
        backward := slices.Clone(stack)
        slices.Reverse(backward)
        grid := make([][]int, 2)
        for i := range grid {
            grid[i] = make([]int, 3)
        }
        runes := []rune("abc")
        slices.Reverse(runes)
        fmt.Println(string(runes))
        fmt.Println(abs(top) + backward[0] + len(grid))
        """
    )
    assert "func abs(n int) int {" in go(motif)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("words.sort()", "slices.Sort(words)\n"),
        (
            "words.sort(reverse=True)",
            """\
            slices.SortFunc(words, func(a, b string) int {
                return cmp.Compare(b, a)
            })
            """,
        ),
        (
            "words.sort(key=lambda word: len(word))",
            """\
            slices.SortStableFunc(words, func(a, b string) int {
                return cmp.Compare(len(a), len(b))
            })
            """,
        ),
        (
            "words.sort(key=lambda word: sum(1 for c in word if c == b'a'))",
            """\
            key := func(word string) int {
                count := 0
                for _, c := range word {
                    if c == 'a' {
                        count++
                    }
                }
                return count
            }
            slices.SortStableFunc(words, func(a, b string) int {
                return cmp.Compare(key(a), key(b))
            })
            """,
        ),
    ],
)
def test_sorting(statement: str, text: str) -> None:
    main = main_of(f"words = 'b a'.split(' ')\n{statement}\nprint(words[0])")
    assert main == code('words := strings.Split("b a", " ")\n') + code(text) + code("fmt.Println(words[0])\n")


def test_every_sampled_program_uses_what_it_imports() -> None:
    for seed in range(100):
        text = GoEmitter().emit(sample_program(seed))
        imported = re.findall(r'^(?:\t|import )"(\w+)"$', text, flags=re.MULTILINE)
        assert set(imported) == set(re.findall(r"\b(cmp|fmt|maps|slices|strconv|strings|unicode)\.[A-Z]", text))
