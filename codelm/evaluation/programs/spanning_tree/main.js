class Parts {
  constructor(size) {
    this.parent = Array.from({ length: size }, (_, house) => house);
  }

  root(house) {
    if (this.parent[house] !== house) {
      this.parent[house] = this.root(this.parent[house]);
    }
    return this.parent[house];
  }

  join(one, other) {
    const [from, to] = [this.root(one), this.root(other)];
    this.parent[from] = to;
    return from !== to;
  }
}

function report(size, cables) {
  const parts = new Parts(size);
  const chosen = cables.toSorted(([a], [b]) => a - b).filter(([, one, other]) => parts.join(one, other));
  let total = 0;
  for (const [cost, one, other] of chosen) {
    console.log(`${one}-${other} for ${cost}`);
    total += cost;
  }
  console.log(`total ${total}, parts ${size - chosen.length}`);
}

report(5, [[7, 0, 1], [3, 0, 2], [1, 1, 2], [5, 2, 3], [2, 3, 4]]);
report(5, [[9, 1, 2], [9, 0, 2], [9, 0, 1], [0, 3, 4]]);
