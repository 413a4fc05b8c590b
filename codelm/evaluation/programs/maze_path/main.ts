const garden = `
#########
#S..#...#
#.#...#.#
#...#..G#
#########
`;

const cells = `
#####
#S#G#
#####
`;

function explore(maze: string, start: number): Map<number, number> {
  const width = maze.indexOf("\n") + 1;
  const before = new Map([[start, start]]);
  // A map is walked in the order of insertion, new entries too: it is also the queue.
  for (const here of before.keys()) {
    for (const there of [here - width, here - 1, here + 1, here + width]) {
      if (maze[there] !== "#" && !before.has(there)) before.set(there, here);
    }
  }
  return before;
}

function pathBack(before: ReadonlyMap<number, number>, start: number, goal: number): number[] | undefined {
  const path: number[] = [];
  for (let at = before.get(goal); at !== start; at = before.get(at)) {
    if (at === undefined) return undefined;
    path.push(at);
  }
  return path;
}

for (const maze of [garden, cells].map((text) => text.trimStart())) {
  const start = maze.indexOf("S");
  const path = pathBack(explore(maze, start), start, maze.indexOf("G"));
  const drawn = Array.from(maze, (tile, place) => (path?.includes(place) ? "*" : tile));
  console.log(drawn.join("") + (path ? `${path.length + 1} steps` : "no way"));
}
