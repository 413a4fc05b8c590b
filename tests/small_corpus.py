"""Sixty tiny groups of programs in all seven languages: hand-written shapes, each with ten names and numbers."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template

SHAPES: tuple[dict[str, str], ...] = (
    {
        "python": "def $name(a, b):\n    return a + b * $number\n\n\nprint($name(3, 4))\n",
        "java": (
            "public class Main {\n    static int $name(int a, int b) {\n        return a + b * $number;\n    }\n\n"
            "    public static void main(String[] args) {\n        System.out.println($name(3, 4));\n    }\n}\n"
        ),
        "javascript": "function $name(a, b) {\n    return a + b * $number;\n}\n\nconsole.log($name(3, 4));\n",
        "typescript": (
            "function $name(a: number, b: number): number {\n    return a + b * $number;\n}\n\n"
            "console.log($name(3, 4));\n"
        ),
        "csharp": (
            "using System;\n\nclass Program\n{\n    static int $name(int a, int b) => a + b * $number;\n\n"
            "    static void Main() => Console.WriteLine($name(3, 4));\n}\n"
        ),
        "go": (
            'package main\n\nimport "fmt"\n\nfunc $name(a, b int) int {\n\treturn a + b*$number\n}\n\n'
            "func main() {\n\tfmt.Println($name(3, 4))\n}\n"
        ),
        "rust": (
            "fn $name(a: i32, b: i32) -> i32 {\n    a + b * $number\n}\n\n"
            'fn main() {\n    println!("{}", $name(3, 4));\n}\n'
        ),
    },
    {
        "python": "$name = 0\nfor i in range($number):\n    $name += i * i\nprint($name)\n",
        "java": (
            "public class Main {\n    public static void main(String[] args) {\n        int $name = 0;\n"
            "        for (int i = 0; i < $number; i++) {\n            $name += i * i;\n        }\n"
            "        System.out.println($name);\n    }\n}\n"
        ),
        "javascript": (
            "let $name = 0;\nfor (let i = 0; i < $number; i++) {\n    $name += i * i;\n}\nconsole.log($name);\n"
        ),
        "typescript": (
            "let $name: number = 0;\nfor (let i = 0; i < $number; i++) {\n    $name += i * i;\n}\nconsole.log($name);\n"
        ),
        "csharp": (
            "var $name = 0;\nfor (var i = 0; i < $number; i++)\n{\n    $name += i * i;\n}\nConsole.WriteLine($name);\n"
        ),
        "go": (
            'package main\n\nimport "fmt"\n\nfunc main() {\n\t$name := 0\n\tfor i := 0; i < $number; i++ {\n'
            "\t\t$name += i * i\n\t}\n\tfmt.Println($name)\n}\n"
        ),
        "rust": (
            "fn main() {\n    let mut $name = 0;\n    for i in 0..$number {\n        $name += i * i;\n    }\n"
            '    println!("{}", $name);\n}\n'
        ),
    },
    {
        "python": '$name = $number\nif $name % 2 == 0:\n    print("even")\nelse:\n    print("odd")\n',
        "java": (
            "public class Main {\n    public static void main(String[] args) {\n        int $name = $number;\n"
            '        System.out.println($name % 2 == 0 ? "even" : "odd");\n    }\n}\n'
        ),
        "javascript": 'const $name = $number;\nconsole.log($name % 2 === 0 ? "even" : "odd");\n',
        "typescript": 'const $name: number = $number;\nconsole.log($name % 2 === 0 ? "even" : "odd");\n',
        "csharp": 'var $name = $number;\nConsole.WriteLine($name % 2 == 0 ? "even" : "odd");\n',
        "go": (
            'package main\n\nimport "fmt"\n\nfunc main() {\n\t$name := $number\n\tif $name%2 == 0 {\n'
            '\t\tfmt.Println("even")\n\t} else {\n\t\tfmt.Println("odd")\n\t}\n}\n'
        ),
        "rust": (
            "fn main() {\n    let $name = $number;\n    if $name % 2 == 0 {\n"
            '        println!("even");\n    } else {\n        println!("odd");\n    }\n}\n'
        ),
    },
    {
        "python": '$name = ["ab", "cd"] * $number\nprint(", ".join($name))\n',
        "java": (
            "import java.util.*;\n\npublic class Main {\n    public static void main(String[] args) {\n"
            "        List<String> $name = new ArrayList<>();\n        for (int i = 0; i < $number; i++) {\n"
            '            $name.addAll(List.of("ab", "cd"));\n        }\n'
            '        System.out.println(String.join(", ", $name));\n    }\n}\n'
        ),
        "javascript": 'const $name = Array($number).fill(["ab", "cd"]).flat();\nconsole.log($name.join(", "));\n',
        "typescript": (
            'const $name: string[] = Array($number).fill(["ab", "cd"]).flat();\nconsole.log($name.join(", "));\n'
        ),
        "csharp": (
            'var $name = Enumerable.Repeat(new[] { "ab", "cd" }, $number).SelectMany(pair => pair);\n'
            'Console.WriteLine(string.Join(", ", $name));\n'
        ),
        "go": (
            'package main\n\nimport (\n\t"fmt"\n\t"strings"\n)\n\nfunc main() {\n\tvar $name []string\n'
            '\tfor i := 0; i < $number; i++ {\n\t\t$name = append($name, "ab", "cd")\n\t}\n'
            '\tfmt.Println(strings.Join($name, ", "))\n}\n'
        ),
        "rust": (
            'fn main() {\n    let $name = vec!["ab", "cd"].repeat($number);\n    println!("{}", $name.join(", "));\n}\n'
        ),
    },
    {
        "python": "def $name(n):\n    return 1 if n < 2 else n * $name(n - 1)\n\n\nprint($name($number))\n",
        "java": (
            "public class Main {\n    static long $name(int n) {\n        return n < 2 ? 1 : n * $name(n - 1);\n    }\n"
            "\n    public static void main(String[] args) {\n        System.out.println($name($number));\n    }\n}\n"
        ),
        "javascript": "const $name = (n) => (n < 2 ? 1 : n * $name(n - 1));\nconsole.log($name($number));\n",
        "typescript": (
            "const $name = (n: number): number => (n < 2 ? 1 : n * $name(n - 1));\nconsole.log($name($number));\n"
        ),
        "csharp": "long $name(int n) => n < 2 ? 1 : n * $name(n - 1);\nConsole.WriteLine($name($number));\n",
        "go": (
            'package main\n\nimport "fmt"\n\nfunc $name(n int) int {\n\tif n < 2 {\n\t\treturn 1\n\t}\n'
            "\treturn n * $name(n-1)\n}\n\nfunc main() {\n\tfmt.Println($name($number))\n}\n"
        ),
        "rust": (
            "fn $name(n: u64) -> u64 {\n    if n < 2 { 1 } else { n * $name(n - 1) }\n}\n\n"
            'fn main() {\n    println!("{}", $name($number));\n}\n'
        ),
    },
    {
        "python": "$name = [3, 1, $number, 7]\nprint(max($name) - min($name))\n",
        "java": (
            "import java.util.stream.IntStream;\n\npublic class Main {\n    public static void main(String[] args) {\n"
            "        int[] $name = {3, 1, $number, 7};\n        int most = IntStream.of($name).max().getAsInt();\n"
            "        System.out.println(most - IntStream.of($name).min().getAsInt());\n    }\n}\n"
        ),
        "javascript": "const $name = [3, 1, $number, 7];\nconsole.log(Math.max(...$name) - Math.min(...$name));\n",
        "typescript": (
            "const $name: number[] = [3, 1, $number, 7];\nconsole.log(Math.max(...$name) - Math.min(...$name));\n"
        ),
        "csharp": "var $name = new[] { 3, 1, $number, 7 };\nConsole.WriteLine($name.Max() - $name.Min());\n",
        "go": (
            'package main\n\nimport (\n\t"fmt"\n\t"slices"\n)\n\nfunc main() {\n\t$name := []int{3, 1, $number, 7}\n'
            "\tfmt.Println(slices.Max($name) - slices.Min($name))\n}\n"
        ),
        "rust": (
            "fn main() {\n    let $name = [3, 1, $number, 7];\n"
            '    println!("{}", $name.iter().max().unwrap() - $name.iter().min().unwrap());\n}\n'
        ),
    },
)

NAMES = ("total", "price", "cells", "weight", "score", "depth", "orders", "result", "width", "steps")


def small_groups() -> dict[str, dict[str, str]]:
    """Return the code of every group by language."""
    return {
        f"shape-{shape}/{name}": {
            language: Template(code).substitute(name=name, number=str(shape + 2 * number + 2))
            for language, code in codes.items()
        }
        for shape, codes in enumerate(SHAPES)
        for number, name in enumerate(NAMES)
    }


def write_jsonl(file: Path, groups: dict[str, dict[str, str]]) -> Path:
    """Write groups as `data_prep.sources` reads them."""
    rows = [
        {"group": group, "language": language, "code": code, "source": "by hand", "licence": "Apache-2.0"}
        for group, programs in groups.items()
        for language, code in programs.items()
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file
