// A cell's two digits are its row and its column.
const neighbourhood = [-10, 0, 10].flatMap((row) => [row - 1, row, row + 1]);

function step(live) {
  const crowd = new Map();
  for (const cell of live) {
    for (const shift of neighbourhood) {
      crowd.set(cell + shift, (crowd.get(cell + shift) ?? 0) + 1);
    }
  }
  const survives = ([cell, count]) => count === 3 || (count === 4 && live.has(cell));
  return new Set([...crowd].filter(survives).map(([cell]) => cell));
}

function draw(live) {
  const first = Math.min(...live);
  const mark = (cell) => (live.has(cell) ? "#" : ".");
  const line = (row) => [-2, -1, 0, 1, 2].map((column) => mark(first + row + column)).join("");
  return [0, 10, 20, 30].map(line).join(" ");
}

function report(...seed) {
  const start = new Set(seed);
  let live = start;
  for (let period = 1; period < 9; period++) {
    console.log(draw(live));
    live = step(live);
    if (draw(live) === draw(start)) {
      console.log("period", period);
      return;
    }
  }
}

report(22, 23, 32, 33);
report(22, 23, 24);
report(22, 33, 41, 42, 43);
