class Lift {
  floor = 5;
  step = 1;
  travelled = 0;
  aboard = [];

  constructor(rides) {
    this.waiting = rides;
  }

  get calls() {
    return [...this.waiting.map(({ start }) => start), ...this.aboard.map(({ goal }) => goal)];
  }

  run() {
    while (this.calls.length > 0) {
      const ahead = this.calls.map((call) => (call - this.floor) * this.step).filter((way) => way >= 0);
      if (ahead.length > 0) {
        this.stopAfter(Math.min(...ahead));
      } else {
        this.step = -this.step;
      }
    }
    return this.travelled;
  }

  stopAfter(way) {
    this.travelled += way;
    this.floor += way * this.step;
    const staying = this.aboard.filter(({ goal }) => goal !== this.floor);
    const entering = this.waiting.filter(({ start }) => start === this.floor);
    console.log(`floor ${this.floor}: ${this.aboard.length - staying.length} out, ${entering.length} in`);
    this.aboard = [...staying, ...entering];
    this.waiting = this.waiting.filter(({ start }) => start !== this.floor);
  }
}

const rides = [1, 2, 3, 4, 5].map((i) => ({ start: (i * 4) % 11, goal: (i * 9) % 11 }));
for (const count of [0, 1, 5]) {
  const travelled = new Lift(rides.slice(0, count)).run();
  console.log(`${count} rides, ${travelled} floors travelled`);
}
