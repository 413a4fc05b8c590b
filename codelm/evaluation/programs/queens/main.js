// Each board is an array: the index is a row, the value the column of its queen.
function* solutions(size, board = []) {
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

function images(board) {
  const found = [];
  for (let turn = 0; turn < 4; turn++) {
    const mirrored = board.toReversed();
    board = mirrored.map((_, row) => mirrored.indexOf(row));
    found.push(mirrored.join(""), board.join(""));
  }
  return found;
}

const isDistinct = (board) => board.join("") === images(board).sort()[0];

for (let size = 1; size <= 8; size++) {
  const boards = [...solutions(size)];
  console.log(`${size}: ${boards.length} solutions, ${boards.filter(isDistinct).length} distinct`);
}

const [first] = solutions(6);
for (const column of first) {
  console.log(".".repeat(column) + "Q" + ".".repeat(5 - column));
}
