const closed = [[0, 8], [18, 24]];

function merge(spans) {
  const merged = [];
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && start <= last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      merged.push([start, end]);
    }
  }
  return merged;
}

function gaps(busy) {
  const taken = merge([...closed, ...busy]);
  return taken.slice(1).map(([start], i) => [taken[i][1], start]);
}

const format = (spans) => spans.map(([start, end]) => ` ${start}-${end}`).join("");

const calendars = [
  [[10, 12], [9, 11], [12, 13], [16, 19], [5, 7]],
  [],
  [[11, 18], [8, 12], [9, 10]],
];

for (const spans of calendars) {
  const busy = merge(spans);
  const free = gaps(busy);
  const hours = free.reduce((sum, [start, end]) => sum + end - start, 0);
  console.log(`busy:${format(busy)}`);
  console.log(`free ${hours}h:${format(free)}`);
}
