type Grid<T> = readonly (readonly T[])[];
type Cell = readonly [row: number, column: number];

function* spiral(rows: number, columns: number): Generator<Cell> {
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

function fill(rows: number, columns: number): Grid<number> {
  const grid = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  let number = 0;
  for (const [row, column] of spiral(rows, columns)) {
    number += 1;
    grid[row][column] = number;
  }
  return grid;
}

function turn<T>(grid: Grid<T>): Grid<T> {
  return grid[0].map((_, column) => grid.map((line) => line[column]).reverse());
}

function read<T>(grid: Grid<T>): T[] {
  return Array.from(spiral(grid.length, grid[0].length), ([row, column]) => grid[row][column]);
}

function show(rows: number, columns: number): void {
  const grid = fill(rows, columns);
  for (const line of grid) {
    console.log(line.map((number) => `${number}`.padStart(3)).join(""));
  }
  console.log("turned:", read(turn(grid)).join(" "));
}

show(3, 4);
show(4, 2);
show(1, 3);
