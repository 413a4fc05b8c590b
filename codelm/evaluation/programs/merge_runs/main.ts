type Run = readonly [name: string, values: readonly number[]];

/** A skew heap: melding keeps the least run on top, and swaps sides to stay shallow. */
type Heap = { readonly run: Run; readonly left?: Heap; readonly right?: Heap } | undefined;

function isBefore([name, [value]]: Run, [otherName, [otherValue]]: Run): boolean {
  return value < otherValue || (value === otherValue && name < otherName);
}

function meld(a: Heap, b: Heap): Heap {
  if (a === undefined || b === undefined) return a ?? b;
  const [top, other] = isBefore(b.run, a.run) ? [b, a] : [a, b];
  return { run: top.run, left: meld(top.right, other), right: top.left };
}

function push(heap: Heap, run: Run): Heap {
  return run[1].length > 0 ? meld(heap, { run }) : heap;
}

function* merge(runs: readonly Run[]): Generator<[value: number, name: string]> {
  let heap = runs.reduce<Heap>(push, undefined);
  while (heap !== undefined) {
    const [name, [value, ...rest]] = heap.run;
    yield [value, name];
    heap = push(meld(heap.left, heap.right), [name, rest]);
  }
}

const runs: Run[] = [
  ["A", [1, 4, 4, 9, 12]],
  ["B", []],
  ["C", [-3, 4, 9, 12]],
  ["D", [-3, 0, 1, 12, 12, 40]],
];
for (const [value, name] of merge(runs)) {
  console.log(String(value).padStart(3), name);
}
