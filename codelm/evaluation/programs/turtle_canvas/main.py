"""A turtle on a text canvas: F steps, R turns, 3(..) repeats, any other mark is stamped."""

from collections.abc import Iterator

WIDTH, HEIGHT = 12, 5


def expand(commands: Iterator[str]) -> str:
    plain, count = "", 1
    for command in commands:
        if command == ")":
            break
        if command.isdigit():
            count = int(command)
        else:
            plain += count * (expand(commands) if command == "(" else command)
            count = 1
    return plain


def draw(commands: str) -> list[str]:
    canvas = [["."] * WIDTH for _ in range(HEIGHT)]
    x, y, dx, dy = 0, 0, 1, 0
    for command in commands:
        match command:
            case "F":
                x, y = (x + dx) % WIDTH, (y + dy) % HEIGHT
            case "R":
                dx, dy = -dy, dx
            case mark:
                canvas[y][x] = mark
    return ["".join(row) for row in canvas]


def main() -> None:
    for program in ("2(6(-F)R3(|F)R)", "2R8(4F#RF*3R)o"):
        print(program, *draw(expand(iter(program))), sep="\n")


if __name__ == "__main__":
    main()
