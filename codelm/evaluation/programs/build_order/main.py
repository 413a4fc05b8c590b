Tasks = dict[str, set[str]]

SITE: Tasks = {"deploy": {"lint", "test", "pack"}, "pack": {"build"}, "test": {"build"}, "build": set(), "lint": set()}
FARM: Tasks = {"cake": {"egg"}, "egg": {"hen"}, "hen": {"barn", "egg"}, "barn": set()}


def find_cycle(tasks: Tasks) -> list[str]:
    """Every task here waits for another, so that a walk from need to need comes round."""
    walk = [min(tasks)]
    while (need := min(tasks[walk[-1]] & tasks.keys())) not in walk:
        walk.append(need)
    return [*walk[walk.index(need) :], need]


def build(tasks: Tasks) -> None:
    waiting = dict(tasks)
    level = 0
    while ready := sorted(task for task, needs in waiting.items() if needs.isdisjoint(waiting)):
        level += 1
        print(f"{level}. {' '.join(ready)}")
        for task in ready:
            del waiting[task]
    if waiting:
        print("cycle:", " > ".join(find_cycle(waiting)))


def main() -> None:
    for tasks in SITE, FARM:
        build(tasks)


if __name__ == "__main__":
    main()
