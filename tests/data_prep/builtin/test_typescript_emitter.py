"""What TypeScript adds to JavaScript."""

from __future__ import annotations

import re
from textwrap import dedent

from motif import program_of

from data_prep.builtin.emitters.javascript import JavaScriptEmitter
from data_prep.builtin.emitters.typescript import TypeScriptEmitter
from data_prep.builtin.sampler import sample_program


def typescript(motif: str) -> str:
    return TypeScriptEmitter().emit(program_of(motif))


def test_records_are_interfaces_and_signatures_have_types() -> None:
    motif = """
        class Item:
            "Something to sell."
            unit_price: int
            is_new: bool
            name: str

        def total(items: list[Item], wanted: dict[str, int]) -> int:
            "Price of it all."
            return sum(item.unit_price for item in items if item.name in wanted)

        def show(price: int) -> None:
            print(price)

        wanted: dict[str, int] = {}
        wanted["pen"] = 1
        pen = Item(3, True, "pen")
        items = [pen, Item(2, False, "ink")]
        show(total(items, wanted))
    """
    assert typescript(motif) == dedent(
        """\
        /** Something to sell. */
        interface Item {
          unitPrice: number;
          isNew: boolean;
          name: string;
        }

        /** Price of it all. */
        function total(items: Item[], wanted: Map<string, number>): number {
          return items.filter((item) => wanted.has(item.name)).reduce((sum, item) => sum + item.unitPrice, 0);
        }

        function show(price: number): void {
          console.log(price);
        }

        function main(): void {
          const wanted = new Map<string, number>();
          wanted.set("pen", 1);
          const pen: Item = { unitPrice: 3, isNew: true, name: "pen" };
          const items: Item[] = [pen, { unitPrice: 2, isNew: false, name: "ink" }];
          show(total(items, wanted));
        }

        main();
        """
    )


def test_an_empty_collection_says_what_it_will_hold() -> None:
    text = typescript(
        """
        names: list[str] = []
        names.append("ada")
        flags = [True] * 3
        print(len(names) + len(flags))
        """
    )
    assert "const names: string[] = [];" in text
    assert "const flags = new Array<boolean>(3).fill(true);" in text


def test_what_is_known_to_be_there_is_marked() -> None:
    text = typescript(
        """
        counts: dict[str, int] = {}
        counts["a"] += 1
        stack = [counts["a"], counts.get("b", 2)]
        top = stack.pop()
        print(top)
        """
    )
    assert 'const stack = [counts.get("a")!, counts.get("b") ?? 2];' in text
    assert "const top = stack.pop()!;" in text


def test_a_program_without_functions_and_collections_differs_from_javascript_in_one_type_only() -> None:
    motif = """
        for n in [1, 2]:
            print(f"{n} squared: {n * n}")
    """
    program = program_of(motif)
    assert typescript(motif) == JavaScriptEmitter().emit(program).replace("main() {", "main(): void {")


def test_every_sampled_function_has_a_result_type() -> None:
    for seed in range(100):
        for line in TypeScriptEmitter().emit(sample_program(seed)).splitlines():
            assert not line.startswith("function ") or re.search(r"\): [\w\[\]<>, ]+ \{$", line)
