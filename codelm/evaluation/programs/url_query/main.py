from collections import defaultdict
from urllib.parse import quote, unquote_plus

QUERIES = (
    "q=fish+%26+chips",
    "tag=red&id=7&tag=a%2db%7E",
    "name=caf%c3%a9&flag&&=x",
    "sum=1%2b1=2&%25",
)


def parse(query: str) -> dict[str, list[str]]:
    values = defaultdict(list)
    for part in query.split("&"):
        if part:
            key, _, value = part.partition("=")
            values[unquote_plus(key)].append(unquote_plus(value))
    return values


def build(values: dict[str, list[str]]) -> str:
    pairs = [(key, value) for key in sorted(values) for value in values[key]]
    return "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in pairs)


def main() -> None:
    for query in QUERIES:
        print(build(parse(query)))


if __name__ == "__main__":
    main()
