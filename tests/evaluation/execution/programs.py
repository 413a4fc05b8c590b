"""Programs in all languages: good ones, broken ones, and those that attack their host."""

from __future__ import annotations

import json

from codelm.evaluation.execution.toolchains import READY

CRASH = {
    "python": 'raise ValueError("broken")',
    "java": 'throw new IllegalStateException("broken");',
    "javascript": 'throw new Error("broken");',
    "typescript": 'throw new Error("broken");',
    "csharp": 'throw new Exception("broken");',
    "go": 'panic("broken")',
    "rust": 'panic!("broken");',
}
# With what its compiler says.
NONSENSE = {
    "python": ("total = = 1", "main.py:2: SyntaxError: invalid syntax"),
    "java": ("int total = missing;", "cannot find symbol"),
    "javascript": ("const total = = 1;", "Unexpected token"),
    "typescript": ('const total: number = "one";', "not assignable to type 'number'"),
    "csharp": ("int total = missing;", "The name `missing' does not exist"),
    "go": ("total := 1", "declared and not used: total"),
    "rust": ("let total: i64 = missing;", "cannot find value `missing`"),
}
# No error to a lenient compiler; in Go, a file that gofmt would change.
CARELESS = {
    "python": "1 is 1",
    "java": "java.util.List<String> names = new java.util.ArrayList();",
    "typescript": "let total = 1;",
    "csharp": "int total = 1;",
    "go": "fmt.Println( 1 )",
    "rust": "let total = 1;",
}
ENDLESS = {
    "python": "while True:\n    pass\n",
    "java": "public class Main { public static void main(String[] a) { while (true) { } } }",
    "javascript": "while (true);",
    "typescript": "while (true);",
    "csharp": "class Program { static void Main() { while (true) { } } }",
    "go": "package main\n\nfunc main() {\n\tfor {\n\t}\n}\n",
    "rust": "fn main() { loop {} }",
}
TEN_GIGABYTES = {
    "python": "held = [bytearray(b'x') * 10**8 for _ in range(100)]",
    "java": "public class Main { public static void main(String[] a) { byte[][] held = new byte[100][]; "
    "for (int i = 0; i < 100; i++) held[i] = new byte[100_000_000]; } }",
    "javascript": "const held = []; for (let i = 0; i < 100; i++) held.push(Buffer.alloc(1e8, 1));",
    "typescript": "const held = []; for (let i = 0; i < 100; i++) held.push(new Uint8Array(1e8).fill(1));",
    "csharp": "class Program { static void Main() { var held = new byte[100][]; "
    "for (int i = 0; i < 100; i++) { held[i] = new byte[100000000]; "
    "for (int j = 0; j < held[i].Length; j += 4096) held[i][j] = 1; } } }",
    "go": "package main\n\nvar held [100][]byte\n\nfunc main() {\n\tfor i := range held {\n"
    "\t\theld[i] = make([]byte, 100000000)\n\t\tfor j := range held[i] {\n\t\t\theld[i][j] = 1\n\t\t}\n\t}\n}\n",
    "rust": "fn main() { let held: Vec<Vec<u8>> = (0..100).map(|_| vec![1; 100_000_000]).collect(); "
    'println!("{}", held.len()); }',
}
ONE_GIGABYTE_PRINTED = {
    "python": "for _ in range(10**6):\n    print('x' * 999)\n",
    "java": "public class Main { public static void main(String[] a) { "
    'for (int i = 0; i < 1_000_000; i++) System.out.println("x".repeat(999)); } }',
    # `console.log` would keep what the pipe does not take.
    "javascript": 'const fs = require("fs"); for (let i = 0; i < 1e6; i++) fs.writeSync(1, "x".repeat(1000));',
    "csharp": "class Program { static void Main() { "
    "for (int i = 0; i < 1000000; i++) System.Console.WriteLine(new string('x', 999)); } }",
    "go": 'package main\n\nimport (\n\t"fmt"\n\t"strings"\n)\n\nfunc main() {\n'
    '\tfor i := 0; i < 1000000; i++ {\n\t\tfmt.Println(strings.Repeat("x", 999))\n\t}\n}\n',
    "rust": 'fn main() { for _ in 0..1_000_000 { println!("{}", "x".repeat(999)); } }',
}


def hello_then(language: str, statement: str) -> str:
    """Return the program that prints "ready", with one more statement after it."""
    lines = READY[language].splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "ready" in line)
    indentation = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return "".join([*lines[: at + 1], f"{indentation}{statement}\n", *lines[at + 1 :]])


def connect_to(port: int) -> dict[str, str]:
    """Return programs that fail if they cannot connect to a port of this machine."""
    return {
        "python": f'import socket\n\nsocket.create_connection(("127.0.0.1", {port}))\n',
        "java": "public class Main { public static void main(String[] a) throws Exception "
        f'{{ new java.net.Socket("127.0.0.1", {port}); }} }}',
        "javascript": f'require("net").connect({port}, "127.0.0.1", () => process.exit(0));',
        "csharp": "class Program { static void Main() "
        f'{{ new System.Net.Sockets.TcpClient().Connect("127.0.0.1", {port}); }} }}',
        "go": 'package main\n\nimport "syscall"\n\nfunc main() {\n'
        "\tsocket, _ := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)\n"
        f"\taddress := &syscall.SockaddrInet4{{Port: {port}, Addr: [4]byte{{127, 0, 0, 1}}}}\n"
        "\tif err := syscall.Connect(socket, address); err != nil {\n\t\tpanic(err)\n\t}\n}\n",
        "rust": f'fn main() {{ std::net::TcpStream::connect("127.0.0.1:{port}").unwrap(); }}',
    }


def shell(script: str) -> dict[str, str]:
    """Return programs that run a shell script, and end as it ends."""
    quoted = json.dumps(script)
    # In a string within a string of C#: no interpretation of its own but of quotation marks.
    argument = json.dumps('-c "' + script.replace('"', '\\"') + '"')
    return {
        "python": f'import subprocess\nimport sys\n\nsys.exit(subprocess.call(["sh", "-c", {quoted}]))\n',
        "java": "public class Main { public static void main(String[] a) throws Exception "
        f'{{ System.exit(new ProcessBuilder("sh", "-c", {quoted}).inheritIO().start().waitFor()); }} }}',
        "javascript": 'const { spawnSync } = require("child_process");\n'
        f'process.exitCode = spawnSync("sh", ["-c", {quoted}], {{ stdio: "inherit" }}).status;\n',
        "csharp": "using System.Diagnostics;\nclass Program { static int Main() { "
        f'var start = new ProcessStartInfo("sh", {argument}) {{ UseShellExecute = false }}; '
        "var process = Process.Start(start); process.WaitForExit(); return process.ExitCode; } }",
        "go": 'package main\n\nimport (\n\t"os"\n\t"os/exec"\n)\n\nfunc main() {\n'
        f'\tcommand := exec.Command("sh", "-c", {quoted})\n'
        "\tcommand.Stdout, command.Stderr = os.Stdout, os.Stderr\n"
        "\tif err := command.Run(); err != nil {\n\t\tos.Exit(command.ProcessState.ExitCode())\n\t}\n}\n",
        "rust": 'fn main() { let mut command = std::process::Command::new("sh"); '
        f'let status = command.args(["-c", {quoted}]).status().unwrap(); '
        "std::process::exit(status.code().unwrap()); }",
    }
