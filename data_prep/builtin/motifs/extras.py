"""Short ends of programs: what may be said about a variable of main, by its type; `it` is the variable."""

from data_prep.builtin import program as ir

EXTRAS: dict[ir.Type, tuple[str, ...]] = {
    ir.ListType(ir.INT): (
        'print(f"sum: {sum(v for v in it)}")',
        'print(f"largest: {max(v for v in it)}")',
        'print(f"spread: {max(v for v in it) - min(v for v in it)}")',
        'print(f"matching: {sum(1 for v in it if TEST(v))}")',
        'print(f"sum of some: {sum(CHANGE(v) for v in it if TEST(v))}")',
        'print(f"first: {it[0]}, last: {it[len(it) - 1]}")',
        'print(f"average: {sum(v for v in it) // len(it)}")',
        'print("contains" if INT(1, 20) in it else "lacks")',
        """
picked = [v for v in it if TEST(v)]
print(f"{len(picked)} picked of {len(it)}")
""",
        """
scaled = [CHANGE(v) for v in it]
print(CHOICE(" ", ", ").join([str(v) for v in scaled]))
""",
        """
if all(TEST(v) for v in it):
    print(CHOICE("all pass", "every one fits"))
else:
    print(CHOICE("some fail", "not all fit"))
""",
        """
for v in it:
    if TEST(v):
        print(f"special: {v}")
        break
""",
        """
backward = it[::-1]
print(f"backward: {' '.join([str(v) for v in backward])}")
""",
        """
ordered_copy = it[:]
ordered_copy.sort()
print(f"in the middle: {ordered_copy[len(ordered_copy) // 2]}")
""",
    ),
    ir.ListType(ir.STRING): (
        'print(f"longest: {max(len(v) for v in it)}")',
        'print(CHOICE("", "-", "+").join(it))',
        'print(f"letters: {sum(len(v) for v in it)}")',
        'print(" ".join([v.upper() for v in it]))',
        'print(f"short ones: {sum(1 for v in it if len(v) < INT(4, 6))}")',
        """
initials = [v[0] for v in it]
print(f"initials: {''.join(initials)}")
""",
        """
longer = [v for v in it if len(v) > INT(3, 5)]
print(f"longer: {len(longer)}")
""",
    ),
    ir.STRING: (
        'print(f"length: {len(it)}")',
        'print(f"backward: {it[::-1]}")',
        "print(it.upper())",
        """print(f"vowels: {sum(1 for v in it if v in 'aeiou')}")""",
        'print(f"starts with {it[0]}")',
    ),
    ir.MapType(ir.STRING, ir.INT): (
        'print(f"keys: {len(it)}")',
        'print(" ".join(sorted(it)))',
        'print("known" if WORD() in it else "unknown")',
    ),
    ir.INT: (
        'print("even" if it % 2 == 0 else "odd")',
        'print(f"squared: {it * it}")',
        'print("large" if it > INT(10, 60) else "small")',
    ),
}
