LINKS = {"a": "e", "b": "ig", "c": "h", "d": "", "e": "gc", "f": "cd", "g": "a", "h": "f", "i": "bd", "j": "j"}
DONE = len(LINKS)


def strong_components(links: dict[str, str]) -> list[str]:
    """Tarjan: a component is complete once no page above its first can be reached."""
    low: dict[str, int] = {}
    stack: list[str] = []
    components: list[str] = []

    def visit(page: str) -> int:
        if page not in low:
            low[page] = number = len(low)
            depth = len(stack)
            stack.append(page)
            low[page] = min([number, *map(visit, links[page])])
            if low[page] == number:
                component = stack[depth:]
                del stack[depth:]
                low.update(dict.fromkeys(component, DONE))
                components.append("".join(component))
        return low[page]

    for page in links:
        visit(page)
    return components


def main() -> None:
    # The search completes a component after those that it leads to.
    for place, component in enumerate(reversed(strong_components(LINKS)), start=1):
        print(f"{place}. {component}")


if __name__ == "__main__":
    main()
