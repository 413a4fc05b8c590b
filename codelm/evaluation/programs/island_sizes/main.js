const parent = new Map();
const sizes = new Map();

function find(cell) {
  const next = parent.get(cell);
  if (next === cell) return cell;
  const root = find(next);
  parent.set(cell, root);
  return root;
}

// A cell is 10 * row + column.
function add(cell) {
  if (parent.has(cell)) return;
  parent.set(cell, cell);
  let size = 1;
  for (const step of [-10, -1, 1, 10]) {
    if (!parent.has(cell + step)) continue;
    const root = find(cell + step);
    if (root === cell) continue;
    parent.set(root, cell);
    size += sizes.get(root);
    sizes.delete(root);
  }
  sizes.set(cell, size);
}

for (const cell of [11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44]) {
  add(cell);
  console.log(`${cell}:`, ...[...sizes.values()].sort((a, b) => a - b));
}
