const cross = ([ox, oy], [ax, ay], [bx, by]) => (ax - ox) * (by - oy) - (ay - oy) * (bx - ox);

function halfHull(points) {
  const chain = [];
  for (const point of points) {
    while (chain.length > 1 && cross(chain.at(-2), chain.at(-1), point) <= 0) {
      chain.pop();
    }
    chain.push(point);
  }
  return chain;
}

function report(size) {
  const points = Array.from({ length: size }, (_, i) => [((i * i) % 11) - 5, (i * 3) % 7])
    .sort(([ax, ay], [bx, by]) => ax - bx || ay - by)
    .filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);
  const [, ...upper] = halfHull(points.toReversed());
  const ring = [...halfHull(points), ...upper];
  const area = ring.slice(1).reduce((sum, point, i) => sum + cross([0, 0], ring[i], point), 0);
  const corners = ring.map((point) => `(${point})`).join(" ");
  console.log(`${points.length} points, doubled area ${area}: ${corners}`);
}

[1, 2, 3, 9, 40].forEach(report);
