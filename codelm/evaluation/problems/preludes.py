"""Parts of programs, in their own languages, that stand in for what runs the tests of the problem sets elsewhere."""

import re

# `console.assert` only prints.
JAVASCRIPT_ASSERT = """\
console.assert = (condition, ...message) => {
  if (!condition) throw new Error(["assertion failed", ...message].join(" "));
};
"""

# Assertions are switched on for classes that are loaded later.
JAVA_MAIN = """
class Main {
    public static void main(String[] arguments) throws Exception {
        Main.class.getClassLoader().setDefaultAssertionStatus(true);
        Problem.main(arguments);
    }
}
"""

_JAVA_TUPLE = """
abstract class Tuple implements Iterable<Object>, Comparable<Tuple> {
    private final java.util.List<Object> values;

    Tuple(Object... values) {
        this.values = java.util.Collections.unmodifiableList(java.util.Arrays.asList(values));
    }

    public int getSize() {
        return values.size();
    }

    public Object getValue(int position) {
        return values.get(position);
    }

    public boolean contains(Object value) {
        return values.contains(value);
    }

    public java.util.List<Object> toList() {
        return values;
    }

    public Object[] toArray() {
        return values.toArray();
    }

    @Override
    public java.util.Iterator<Object> iterator() {
        return values.iterator();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tuple && values.equals(((Tuple) other).values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    @Override
    @SuppressWarnings("unchecked")
    public int compareTo(Tuple other) {
        for (int i = 0; i < Math.min(getSize(), other.getSize()); i++) {
            int order = ((Comparable<Object>) values.get(i)).compareTo(other.values.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(getSize(), other.getSize());
    }
}
"""

_JAVA_TUPLE_SIZES = {
    name: size
    for size, name in enumerate(
        ("Unit", "Pair", "Triplet", "Quartet", "Quintet", "Sextet", "Septet", "Octet", "Ennead", "Decade"), 1
    )
}


def java_tuples(text: str) -> str:
    """Return those classes of the library javatuples, version 1.2, that a program names."""
    named = (name for name in _JAVA_TUPLE_SIZES if re.search(rf"\b{name}\b", text))
    return _JAVA_TUPLE + "".join(_java_tuple(name, _JAVA_TUPLE_SIZES[name]) for name in named)


def _java_tuple(name: str, size: int) -> str:
    types = ", ".join(f"T{i}" for i in range(size))
    parameters = ", ".join(f"T{i} value{i}" for i in range(size))
    values = [f"value{i}" for i in range(size)]
    arguments = ", ".join(values)
    members = [
        f"{name}({parameters}) {{ super({arguments}); {' '.join(f'this.{value} = {value};' for value in values)} }}",
        f"public static <{types}> {name}<{types}> with({parameters}) {{ return new {name}<>({arguments}); }}",
    ]
    for i, value in enumerate(values):
        changed = ", ".join([*values[:i], "value", *values[i + 1 :]])
        types_of_changed = ", ".join("X" if j == i else f"T{j}" for j in range(size))
        members += [
            f"private final T{i} {value};",
            f"public T{i} getValue{i}() {{ return {value}; }}",
            f"public <X> {name}<{types_of_changed}> setAt{i}(X value) {{ return new {name}<>({changed}); }}",
        ]
    return f"\nclass {name}<{types}> extends Tuple {{\n" + "".join(f"    {member}\n" for member in members) + "}\n"


# A class of the program goes before the imported one, whose assertions are only compiled with a flag. Lists compare
# their elements here, so do dictionaries, and tuples of them. The prompts import System.Linq.
CSHARP_DEBUG = """
static class Debug
{
    public static void Assert(bool condition, string message = "")
    {
        if (!condition) throw new System.Exception("assertion failed " + message);
    }

    public static void WriteLine(object value) { }

    public static void AssertEqual(object left, object right)
    {
        Assert(new ByElements().Equals(left, right));
    }

    class ByElements : System.Collections.Generic.EqualityComparer<object>
    {
        public override bool Equals(object left, object right)
        {
            if (left is System.Collections.IDictionary one && right is System.Collections.IDictionary other)
            {
                return one.Count == other.Count
                    && one.Keys.Cast<object>().All(key => other.Contains(key) && Equals(one[key], other[key]));
            }
            if (left is System.Collections.IEnumerable && !(left is string) && right is System.Collections.IEnumerable)
            {
                var rights = ((System.Collections.IEnumerable)right).Cast<object>();
                return ((System.Collections.IEnumerable)left).Cast<object>().SequenceEqual(rights, this);
            }
            var tuple = left as System.Collections.IStructuralEquatable;
            return tuple == null ? object.Equals(left, right) : tuple.Equals(right, this);
        }

        public override int GetHashCode(object value) { return 0; }
    }
}
"""

# What HumanEval-X takes from the testify library.
GO_ASSERT = """
type assertions struct{ t *testing.T }

var assert assertions

func (assertions) New(t *testing.T) assertions { return assertions{t} }

func (a assertions) Equal(expected, actual interface{}, message ...interface{}) bool {
	equal := reflect.DeepEqual(expected, actual)
	if !equal {
		a.t.Errorf("expected %#v, got %#v", expected, actual)
	}
	return equal
}
"""


def go_main(tests: list[str]) -> str:
    """Return a `main` that runs test functions as `go test` would."""
    listed = "".join(f'\t\t{{Name: "{test}", F: {test}}},\n' for test in tests)
    return (
        "\nfunc main() {\n\ttests := []testing.InternalTest{\n"
        + listed
        + "\t}\n\tany := func(pattern, name string) (bool, error) { return true, nil }\n"
        + "\ttesting.Main(any, tests, nil, nil)\n}\n"
    )


def rust_main(tests: list[str]) -> str:
    """Return a `main` that runs the test functions of the module `tests`."""
    return "\nfn main() {\n" + "".join(f"    tests::{test}();\n" for test in tests) + "}\n"
