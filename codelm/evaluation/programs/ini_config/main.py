SOURCE = """\
max = 5
[web]
port = 8080  ; not 80
just words
[job
[job]
port = eighty
"""


def parse(source: str) -> dict[str, str]:
    settings = {}
    section = "main"
    for number, raw in enumerate(source.splitlines(), start=1):
        line = raw.partition(";")[0].strip()
        key, equals, value = line.partition("=")
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif equals:
            settings[f"{section}.{key.strip()}"] = value.strip()
        elif line:
            print(f"line {number}: cannot read <{line}>")
    return settings


def integer(settings: dict[str, str], name: str, default: int) -> int:
    text = settings.get(name, str(default))
    if not text.isdecimal():
        raise ValueError(f"<{text}> is not an integer")
    return int(text)


def main() -> None:
    settings = parse(SOURCE)
    for name in ("main.max", "web.port", "web.size", "job.port"):
        try:
            print(name, "+ 1 is", integer(settings, name, 3) + 1)
        except ValueError as error:
            print(f"{name}: {error}")


if __name__ == "__main__":
    main()
