type Span = readonly [start: number, end: number];

const closed: readonly Span[] = [[0, 8], [18, 24]];

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last === undefined || last[1] < span[0]) {
      merged.push(span);
    } else {
      merged[merged.length - 1] = [last[0], Math.max(last[1], span[1])];
    }
  }
  return merged;
}

function gaps(busy: readonly Span[]): Span[] {
  const taken = merge([...closed, ...busy]);
  return taken.slice(1).map(([start], i) => [taken[i][1], start]);
}

function report(...spans: Span[]): void {
  const busy = merge(spans);
  const free = gaps(busy);
  const hours = free.reduce((sum, [start, end]) => sum + end - start, 0);
  const format = (part: readonly Span[]) => part.map(([start, end]) => ` ${start}-${end}`).join("");
  console.log(`busy:${format(busy)}`);
  console.log(`free ${hours}h:${format(free)}`);
}

report([10, 12], [9, 11], [12, 13], [16, 19], [5, 7]);
report();
report([11, 18], [8, 12], [9, 10]);
