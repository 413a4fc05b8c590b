const garden = `
#########
#S..#...#
#.#...#.#
#...#..G#
#########`;

const cells = `
#####
#S#G#
#####`;

// Breadth first: the first path to reach the goal is a shortest one.
function findPath(rows) {
  const y = rows.findIndex((row) => row.includes("S"));
  const queue = [[[y, rows[y].indexOf("S")]]];
  const seen = new Set([String(queue[0][0])]);
  for (const path of queue) {
    const [y, x] = path.at(-1);
    if (rows[y][x] === "G") return path;
    for (const next of [[y - 1, x], [y, x - 1], [y, x + 1], [y + 1, x]]) {
      if (rows[next[0]][next[1]] === "#" || seen.has(String(next))) continue;
      seen.add(String(next));
      queue.push([...path, next]);
    }
  }
  return null;
}

function solve(maze) {
  const rows = maze.trim().split("\n");
  const path = findPath(rows);
  const drawn = rows.map((row) => [...row]);
  for (const [y, x] of path?.slice(1, -1) ?? []) {
    drawn[y][x] = "*";
  }
  console.log(drawn.map((row) => row.join("")).join("\n"));
  console.log(path ? `${path.length - 1} steps` : "no way");
}

solve(garden);
solve(cells);
