type Chunk = readonly [text: string, number: bigint];

function chunksOf(name: string): Chunk[] {
  const matches = name.toLowerCase().matchAll(/(\D*)(\d*)/g);
  return Array.from(matches, ([, text, digits]) => [text, BigInt(digits || -1)]);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

function compareNatural(a: string, b: string): number {
  const [left, right] = [chunksOf(a), chunksOf(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compare(left[i][0], right[i][0]) || compare(left[i][1], right[i][1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const files = "img12 img2 IMG10 img002 21 3d v1.10 v1.9.2 v1.9 V1.9.10 x5y3 x5y a0 A7b a9 a20000000000000000000";
for (const [i, name] of files.split(" ").sort(compareNatural).entries()) {
  console.log(`${String(i + 1).padStart(2)}. ${name}`);
}
