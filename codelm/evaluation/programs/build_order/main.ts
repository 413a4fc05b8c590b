type Tasks = Readonly<Record<string, readonly string[]>>;

function build(tasks: Tasks): void {
  let waiting = Object.keys(tasks).sort();
  const nextNeed = (task: string) => tasks[task].find((need) => waiting.includes(need));

  for (let level = 1; waiting.length > 0; level++) {
    const ready = waiting.filter((task) => nextNeed(task) === undefined);
    if (ready.length === 0) {
      console.log(`cycle: ${findCycle(waiting[0], nextNeed).join(" > ")}`);
      return;
    }
    console.log(`${level}. ${ready.join(" ")}`);
    waiting = waiting.filter((task) => !ready.includes(task));
  }
}

function findCycle(start: string, next: (task: string) => string | undefined): string[] {
  const walk: string[] = [];
  for (let task: string | undefined = start; task !== undefined; task = next(task)) {
    const seen = walk.indexOf(task);
    walk.push(task);
    if (seen >= 0) return walk.slice(seen);
  }
  throw new Error("no task waits for another");
}

build({
  deploy: ["lint", "test", "pack"],
  pack: ["build"],
  test: ["build"],
  build: [],
  lint: [],
});
build({ cake: ["egg"], egg: ["hen"], hen: ["barn", "egg"], barn: [] });
