type Board = readonly number[];

function* solutions(size: number, board: Board = []): Generator<Board> {
  const row = board.length;
  if (row === size) {
    yield board;
    return;
  }
  for (let column = 0; column < size; column++) {
    if (board.every((c, r) => c !== column && Math.abs(c - column) !== row - r)) {
      yield* solutions(size, [...board, column]);
    }
  }
}

function compare(a: Board, b: Board): number {
  const row = a.findIndex((column, r) => column !== b[r]);
  return row < 0 ? 0 : a[row] - b[row];
}

function* images(board: Board): Generator<Board> {
  for (let turn = 0; turn < 4; turn++) {
    const mirrored = board.toReversed();
    yield mirrored;
    board = board.map((_, row) => mirrored.indexOf(row));
    yield board;
  }
}

function isDistinct(board: Board): boolean {
  return [...images(board)].every((image) => compare(board, image) <= 0);
}

for (let size = 1; size <= 8; size++) {
  const boards = [...solutions(size)];
  console.log(`${size}: ${boards.length} solutions, ${boards.filter(isDistinct).length} distinct`);
}

for (const column of [...solutions(6)][0]) {
  console.log("Q".padStart(column + 1, ".").padEnd(6, "."));
}
