type Item = readonly [name: string, weight: number, value: number];

interface Packing {
  readonly value: number;
  readonly spare: number;
  readonly names: readonly string[];
}

const items: readonly Item[] = [
  ["tent", 9, 15],
  ["pan", 4, 7],
  ["rope", 5, 8],
  ["map", 0, 3],
  ["lamp", 2, 2],
];

/** Returns the best packing for every capacity up to the limit. */
function pack(limit: number): Packing[] {
  const empty = Array.from({ length: limit + 1 }, (_, room): Packing => ({ value: 0, spare: room, names: [] }));
  return items.reduce(
    (packings, [name, weight, value]) =>
      packings.map((without, room) => {
        if (weight > room) return without;
        const rest = packings[room - weight];
        if (rest.value + value <= without.value) return without;
        return { value: rest.value + value, spare: rest.spare, names: [name, ...rest.names] };
      }),
    empty,
  );
}

const packings = pack(30);
for (const capacity of [0, 1, 5, 8, 9, 12, 19, 30]) {
  const { value, spare, names } = packings[capacity];
  console.log(`${capacity} kg: value ${value}, spare ${spare}, ${names.join(" ")}`);
}
