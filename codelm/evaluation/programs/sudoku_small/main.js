const SIDE = 4;
const place = (index) => ({ row: Math.floor(index / SIDE), column: index % SIDE });
const box = ({ row, column }) => 2 * (row >> 1) + (column >> 1);

function clash(a, b) {
  const [p, q] = [place(a), place(b)];
  return p.row === q.row || p.column === q.column || box(p) === box(q);
}

function* solve(cells) {
  const hole = cells.indexOf(".");
  if (hole < 0) {
    yield cells;
    return;
  }
  const taken = new Set([...cells].filter((_, index) => clash(index, hole)));
  for (const digit of "1234") {
    if (!taken.has(digit)) {
      yield* solve(cells.replace(".", digit));
    }
  }
}

for (const cells of ["1....2....3....4", "123....4........", "..1.4......2.3..", ".".repeat(16)]) {
  const solutions = [...solve(cells)];
  console.log(`${cells} has ${solutions.length} solutions`);
  const [first = ""] = solutions;
  for (let start = 0; start < first.length; start += SIDE) {
    console.log(first.slice(start, start + SIDE));
  }
}
