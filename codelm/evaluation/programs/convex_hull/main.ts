interface Point {
  readonly x: number;
  readonly y: number;
}

const ORIGIN: Point = { x: 0, y: 0 };

function compare(a: Point, b: Point): number {
  return a.x - b.x || a.y - b.y;
}

function cross(o: Point, a: Point, b: Point): number {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

function halfHull(points: readonly Point[]): Point[] {
  const chain: Point[] = [];
  for (const point of points) {
    while (chain.length > 1 && cross(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) {
      chain.pop();
    }
    chain.push(point);
  }
  return chain;
}

function report(size: number): void {
  const points = Array.from({ length: size }, (_, i): Point => ({ x: ((i * i) % 11) - 5, y: (i * 3) % 7 }))
    .sort(compare)
    .filter((point, i, all) => i === 0 || compare(point, all[i - 1]) !== 0);
  const ring = [...halfHull(points), ...halfHull(points.toReversed()).slice(1)];

  let area = 0;
  for (let i = 1; i < ring.length; i++) {
    area += cross(ORIGIN, ring[i - 1], ring[i]);
  }
  const corners = ring.map(({ x, y }) => `(${x},${y})`).join(" ");
  console.log(`${points.length} points, doubled area ${area}: ${corners}`);
}

for (const size of [1, 2, 3, 9, 40]) {
  report(size);
}
