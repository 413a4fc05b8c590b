def diff(old: list[str], new: list[str]) -> list[str]:
    # common[i][j] is the longest common subsequence of old[i:] and new[j:].
    common = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            if old[i] == new[j]:
                common[i][j] = common[i + 1][j + 1] + 1
            else:
                common[i][j] = max(common[i + 1][j], common[i][j + 1])
    edits = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            edits.append(f"  {old[i]}")
            i, j = i + 1, j + 1
        elif common[i + 1][j] >= common[i][j + 1]:
            edits.append(f"- {old[i]}")
            i += 1
        else:
            edits.append(f"+ {new[j]}")
            j += 1
    return edits + [f"- {line}" for line in old[i:]] + [f"+ {line}" for line in new[j:]]


BEFORE = """\
boil
add salt
add rice
wait
eat"""

AFTER = """\
add salt
boil
add rice
stir
eat
rest"""


def main() -> None:
    old, new = BEFORE.splitlines(), AFTER.splitlines()
    print(*diff(old, new), "", *diff(new, old), "", *diff([], old[:1]), sep="\n")


if __name__ == "__main__":
    main()
