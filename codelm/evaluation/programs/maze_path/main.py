from collections import deque

# Walls all around keep a step in any direction inside the text.
GARDEN = """\
#########
#S..#...#
#.#...#.#
#...#..G#
#########
"""
CELLS = """\
#####
#S#G#
#####
"""


def solve(maze: str) -> str:
    """The maze with a shortest path drawn in, and its length."""
    width = maze.index("\n") + 1
    start, goal = maze.index("S"), maze.index("G")
    came_from = {start: start}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in here - width, here - 1, here + 1, here + width:
            if maze[there] != "#" and there not in came_from:
                came_from[there] = here
                queue.append(there)
    if goal not in came_from:
        return maze + "no way"

    drawn = list(maze)
    steps = 1
    while (goal := came_from[goal]) != start:
        drawn[goal] = "*"
        steps += 1
    return "".join(drawn) + f"{steps} steps"


def main() -> None:
    for maze in GARDEN, CELLS:
        print(solve(maze))


if __name__ == "__main__":
    main()
