interface Ride {
  readonly start: number;
  readonly goal: number;
}

type Direction = 1 | -1;

function serve(rides: readonly Ride[]): number {
  let waiting = rides;
  let aboard: readonly Ride[] = [];
  let direction: Direction = 1;
  let floor = 5;
  let travelled = 0;
  while (waiting.length + aboard.length > 0) {
    const calls = [...waiting.map((ride) => ride.start), ...aboard.map((ride) => ride.goal)];
    const ahead = calls.map((call) => (call - floor) * direction).filter((way) => way >= 0);
    if (ahead.length === 0) {
      direction = direction === 1 ? -1 : 1;
      continue;
    }
    const way = Math.min(...ahead);
    travelled += way;
    floor += way * direction;

    const staying = aboard.filter((ride) => ride.goal !== floor);
    const entering = waiting.filter((ride) => ride.start === floor);
    console.log(`floor ${floor}: ${aboard.length - staying.length} out, ${entering.length} in`);
    aboard = [...staying, ...entering];
    waiting = waiting.filter((ride) => ride.start !== floor);
  }
  return travelled;
}

const rides: readonly Ride[] = [1, 2, 3, 4, 5].map((i) => ({ start: (i * 4) % 11, goal: (i * 9) % 11 }));
for (const count of [0, 1, 5]) {
  console.log(`${count} rides, ${serve(rides.slice(0, count))} floors travelled`);
}
