const runs = {
  A: [1, 4, 4, 9, 12],
  B: [],
  C: [-3, 4, 9, 12],
  D: [-3, 0, 1, 12, 12, 40],
};

const compare = (a, b) => a.values[a.place] - b.values[b.place] || (a.name < b.name ? -1 : 1);

function siftDown(heap, parent = 0) {
  let least = parent;
  for (const child of [2 * parent + 1, 2 * parent + 2]) {
    if (child < heap.length && compare(heap[child], heap[least]) < 0) least = child;
  }
  if (least !== parent) {
    [heap[parent], heap[least]] = [heap[least], heap[parent]];
    siftDown(heap, least);
  }
}

function* merge(runs) {
  const heap = Object.entries(runs)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => ({ name, values, place: 0 }))
    .sort(compare); // a sorted array is already a heap

  while (heap.length > 0) {
    const least = heap[0];
    yield [least.values[least.place++], least.name];
    if (least.place === least.values.length) {
      const last = heap.pop();
      if (last !== least) heap[0] = last;
    }
    siftDown(heap);
  }
}

for (const [value, name] of merge(runs)) {
  console.log(String(value).padStart(3), name);
}
