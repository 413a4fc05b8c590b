const roads = {
  A: { B: 4, C: 1 },
  B: { D: 5, E: 10 },
  C: { B: 2, D: 9 },
  D: { A: 1, E: 3 },
  E: { G: 0 },
  F: { A: 1 },
  G: { C: 6 },
};

// The queue stays sorted: a new route goes in before the first that is longer.
function enqueue(queue, route) {
  const place = queue.findIndex(({ length }) => length > route.length);
  queue.splice(place < 0 ? queue.length : place, 0, route);
}

function shortestRoutes(start) {
  const best = new Map();
  const queue = [{ town: start, length: 0, path: start }];
  while (queue.length > 0) {
    const route = queue.shift();
    if (best.has(route.town)) continue;
    best.set(route.town, route);
    for (const [town, step] of Object.entries(roads[route.town])) {
      enqueue(queue, { town, length: route.length + step, path: route.path + town });
    }
  }
  return best;
}

const routes = shortestRoutes("A");
for (const town of Object.keys(roads)) {
  const { length = "-", path = "no road" } = routes.get(town) ?? {};
  console.log(town, String(length).padStart(2), path);
}
