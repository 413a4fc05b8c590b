const LEAVING = -1;

type BankEvent = readonly [time: number, customer: number];

const arrival = (customer: number): number => Math.trunc((customer * 3) / 2);

function simulate(clerks: number): void {
  const agenda: BankEvent[] = [];
  const schedule = (...event: BankEvent): void => {
    agenda.push(event);
    agenda.sort(([a, first], [b, second]) => a - b || first - second);
  };
  for (let customer = 0; customer < 9; customer++) schedule(arrival(customer), customer);

  const line: number[] = [];
  const waits: number[] = [];
  let longest = 0;
  let now = 0;
  for (let event = agenda.shift(); event; event = agenda.shift()) {
    const [time, customer] = event;
    now = time;
    if (customer === LEAVING) clerks++;
    else line.push(customer);

    const served = clerks > 0 ? line.shift() : undefined;
    if (served !== undefined) {
      clerks--;
      waits.push(now - arrival(served));
      schedule(now + 1 + ((served * 5) % 7), LEAVING);
    }
    longest = Math.max(longest, line.length);
  }
  console.log(`waits ${waits.join(" ")}\nlongest line ${longest}, closed at ${now}`);
}

for (const clerks of [1, 2, 3, 4]) simulate(clerks);
