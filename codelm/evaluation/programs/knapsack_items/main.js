const items = [
  { name: "tent", weight: 9, value: 15 },
  { name: "pan", weight: 4, value: 7 },
  { name: "rope", weight: 5, value: 8 },
  { name: "map", weight: 0, value: 3 },
  { name: "lamp", weight: 2, value: 2 },
];

function bestValues(limit) {
  const table = [Array(limit + 1).fill(0)];
  for (const { weight, value } of items) {
    const above = table.at(-1);
    const row = above.map((without, room) =>
      room < weight ? without : Math.max(without, above[room - weight] + value),
    );
    table.push(row);
  }
  return table;
}

const table = bestValues(30);

for (const capacity of [0, 1, 5, 8, 9, 12, 19, 30]) {
  let room = capacity;
  const chosen = [];
  for (let n = items.length; n > 0; n--) {
    if (table[n][room] === table[n - 1][room]) continue;
    const { name, weight } = items[n - 1];
    chosen.push(name);
    room -= weight;
  }
  console.log(`${capacity} kg: value ${table.at(-1)[capacity]}, spare ${room},`, ...chosen);
}
