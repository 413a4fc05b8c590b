class CycleError extends Error {}

function* levels(tasks) {
  const waiting = new Map(Object.entries(tasks));
  const nextNeed = (task) => waiting.get(task).find((need) => waiting.has(need));

  while (waiting.size > 0) {
    const left = [...waiting.keys()].sort();
    const ready = left.filter((task) => !nextNeed(task));
    if (ready.length === 0) throw new CycleError(findCycle(left[0], nextNeed).join(" > "));
    yield ready;
    ready.forEach((task) => waiting.delete(task));
  }
}

function findCycle(start, next) {
  const walk = [];
  let task = start;
  while (!walk.includes(task)) {
    walk.push(task);
    task = next(task);
  }
  return [...walk.slice(walk.indexOf(task)), task];
}

function build(tasks) {
  let number = 1;
  try {
    for (const level of levels(tasks)) {
      console.log(`${number++}. ${level.join(" ")}`);
    }
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    console.log(`cycle: ${error.message}`);
  }
}

build({
  deploy: ["lint", "test", "pack"],
  pack: ["build"],
  test: ["build"],
  build: [],
  lint: [],
});
build({ cake: ["egg"], egg: ["hen"], hen: ["barn", "egg"], barn: [] });
