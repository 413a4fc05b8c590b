/** The two digits of a number are the row and the column of a cell. */
type World = ReadonlySet<number>;

const AROUND = [-11, -10, -9, -1, 0, 1, 9, 10, 11];

function step(live: World): World {
  const crowd = new Map<number, number>();
  for (const cell of live) {
    for (const neighbour of AROUND.map((shift) => cell + shift)) {
      crowd.set(neighbour, (crowd.get(neighbour) ?? 0) + 1);
    }
  }
  const next = new Set<number>();
  for (const [cell, count] of crowd) {
    if (count === 3 || (count === 4 && live.has(cell))) next.add(cell);
  }
  return next;
}

function draw(live: World): string {
  const first = Math.min(...live);
  let picture = "";
  for (const row of [0, 10, 20, 30]) {
    for (let column = -2; column <= 2; column++) {
      picture += live.has(first + row + column) ? "#" : ".";
    }
    picture += " ";
  }
  return picture.trimEnd();
}

const seeds: readonly World[] = [
  new Set([22, 23, 32, 33]),
  new Set([22, 23, 24]),
  new Set([22, 33, 41, 42, 43]),
];
for (const seed of seeds) {
  let live = seed;
  let period = 0;
  do {
    console.log(draw(live));
    live = step(live);
    period++;
  } while (period < 8 && draw(live) !== draw(seed));
  console.log("period", period);
}
