from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Node:
    passing: int = 0
    ending: int = 0
    children: dict[str, "Node"] = field(default_factory=dict)


def add(node: Node, word: str, copies: int) -> None:
    """Adds copies of the word; a negative number takes them out."""
    node.passing += copies
    for letter in word:
        node = node.children.setdefault(letter, Node())
        node.passing += copies
    node.ending += copies


def find(node: Node, prefix: str) -> Node:
    for letter in prefix:
        node = node.children.get(letter, Node())
    return node


def words(node: Node, prefix: str) -> Iterator[str]:
    yield from [prefix] * node.ending
    for letter, child in sorted(node.children.items()):
        yield from words(child, prefix + letter)


def main() -> None:
    root = Node()
    for word in ["ten", "tea", "in", "tent", "inn", "ten", "to"]:
        add(root, word, 1)
    for removed in ["ten", "in", "inn", "ten"]:
        add(root, removed, -1)
        for prefix in ["", "te", "in"]:
            node = find(root, prefix)
            print(f"{prefix}*", node.passing, *words(node, prefix))


if __name__ == "__main__":
    main()
