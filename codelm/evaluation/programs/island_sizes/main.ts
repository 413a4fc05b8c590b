class Islands {
  private readonly parent = new Map<number, number>();
  private readonly sizeOfRoot = new Map<number, number>();

  get sizes(): number[] {
    return [...this.sizeOfRoot.values()].sort((a, b) => a - b);
  }

  add(cell: number): void {
    if (this.parent.has(cell)) return;
    const joined = new Set<number>();
    for (const neighbour of [cell - 10, cell - 1, cell + 1, cell + 10]) {
      if (this.parent.has(neighbour)) joined.add(this.find(neighbour));
    }
    this.parent.set(cell, cell);
    let size = 1;
    for (const root of joined) {
      this.parent.set(root, cell);
      size += this.sizeOfRoot.get(root) ?? 0;
      this.sizeOfRoot.delete(root);
    }
    this.sizeOfRoot.set(cell, size);
  }

  private find(cell: number): number {
    const next = this.parent.get(cell) ?? cell;
    if (next === cell) return cell;
    const root = this.find(next);
    this.parent.set(cell, root);
    return root;
  }
}

const islands = new Islands();
// The first digit is the row, the second the column.
for (const cell of [11, 33, 21, 32, 14, 33, 41, 31, 13, 23, 55, 22, 44]) {
  islands.add(cell);
  console.log(`${cell}: ${islands.sizes.join(" ")}`);
}
