type Town = "A" | "B" | "C" | "D" | "E" | "F" | "G";

interface Route {
  readonly town: Town;
  readonly path: string;
}

const roads: Record<Town, [to: Town, length: number][]> = {
  A: [["B", 4], ["C", 1]],
  B: [["D", 5], ["E", 10]],
  C: [["B", 2], ["D", 9]],
  D: [["A", 1], ["E", 3]],
  E: [["G", 0]],
  F: [["A", 1]],
  G: [["C", 6]],
};

/** Lengths are small whole numbers, so that a bucket for each serves as the queue. */
function shortestRoutes(start: Town): Map<string, string> {
  const best = new Map<string, string>();
  const buckets: Route[][] = [[{ town: start, path: start }]];
  for (let length = 0; length < buckets.length; length++) {
    for (const { town, path } of buckets[length] ?? []) {
      if (best.has(town)) continue;
      best.set(town, `${String(length).padStart(2)} ${path}`);
      for (const [next, step] of roads[town]) {
        (buckets[length + step] ??= []).push({ town: next, path: path + next });
      }
    }
  }
  return best;
}

const routes = shortestRoutes("A");
for (const town of Object.keys(roads)) {
  console.log(`${town} ${routes.get(town) ?? " - no road"}`);
}
