function* spiral(rows, columns) {
  let [row, column] = [0, -1];
  let [down, right] = [0, 1];
  let [ahead, aside] = [columns, rows];
  while (ahead > 0) {
    for (let step = 0; step < ahead; step++) {
      row += down;
      column += right;
      yield [row, column];
    }
    [ahead, aside] = [aside - 1, ahead];
    [down, right] = [right, -down];
  }
}

function fill(rows, columns) {
  const grid = Array.from({ length: rows }, () => Array(columns).fill(0));
  let number = 0;
  for (const [row, column] of spiral(rows, columns)) grid[row][column] = ++number;
  return grid;
}

const turn = (grid) => grid[0].map((_, column) => grid.map((line) => line[column]).reverse());

function read(grid) {
  const cells = [...spiral(grid.length, grid[0].length)];
  return cells.map(([row, column]) => grid[row][column]);
}

for (const [rows, columns] of [[3, 4], [4, 2], [1, 3]]) {
  const grid = fill(rows, columns);
  for (const line of grid) {
    console.log(line.map((number) => String(number).padStart(3)).join(""));
  }
  console.log("turned:", read(turn(grid)).join(" "));
}
