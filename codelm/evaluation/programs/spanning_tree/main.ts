type Cable = readonly [cost: number, one: number, other: number];

interface Network {
  readonly chosen: readonly Cable[];
  readonly parts: number;
}

/** Kruskal, with the parts kept as a label for each house. */
function cheapestNetwork(size: number, cables: readonly Cable[]): Network {
  let labels = Array.from({ length: size }, (_, house) => house);
  const chosen = cables.toSorted(([a], [b]) => a - b).filter(([, one, other]) => {
    const [from, to] = [labels[one], labels[other]];
    labels = labels.map((label) => (label === from ? to : label));
    return from !== to;
  });
  return { chosen, parts: new Set(labels).size };
}

function report(size: number, ...cables: Cable[]): void {
  const { chosen, parts } = cheapestNetwork(size, cables);
  for (const [cost, one, other] of chosen) {
    console.log(`${one}-${other} for ${cost}`);
  }
  const total = chosen.reduce((sum, [cost]) => sum + cost, 0);
  console.log(`total ${total}, parts ${parts}`);
}

report(5, [7, 0, 1], [3, 0, 2], [1, 1, 2], [5, 2, 3], [2, 3, 4]);
report(5, [9, 1, 2], [9, 0, 2], [9, 0, 1], [0, 3, 4]);
