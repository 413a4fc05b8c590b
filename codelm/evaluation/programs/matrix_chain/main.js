function plan(sizes) {
  const known = new Map();

  function best(first, last) {
    if (first === last) return { cost: 0, order: String.fromCharCode(65 + first) };
    const key = `${first}-${last}`;
    if (known.has(key)) return known.get(key);
    let cheapest = { cost: Infinity };
    for (let middle = first; middle < last; middle++) {
      const left = best(first, middle);
      const right = best(middle + 1, last);
      const cost = left.cost + right.cost + sizes[first] * sizes[middle + 1] * sizes[last + 1];
      if (cost < cheapest.cost) cheapest = { cost, order: `(${left.order}${right.order})` };
    }
    known.set(key, cheapest);
    return cheapest;
  }

  return best(0, sizes.length - 2);
}

const chains = [
  [4, 7],
  [4, 7, 2],
  [40, 20, 30, 10, 30],
  [7, 7, 7, 7, 7],
  [30, 35, 15, 5, 10, 20, 25],
  [5000, 3000, 4000, 6000],
];

for (const sizes of chains) {
  const { cost, order } = plan(sizes);
  console.log(`${sizes.join(" ")}: ${order} costs ${cost}`);
}
