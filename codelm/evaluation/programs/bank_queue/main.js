function simulate(clerks) {
  const events = [];
  const schedule = (time, customer) => {
    events.push({ time, customer });
    // Leaving, which has no customer, goes before arriving at the same minute.
    events.sort((a, b) => a.time - b.time || Boolean(a.customer) - Boolean(b.customer));
  };
  for (let i = 0; i < 9; i++) {
    const arrival = Math.floor((i * 3) / 2);
    schedule(arrival, { arrival, service: 1 + ((i * 5) % 7) });
  }

  const line = [];
  const waits = [];
  let longest = 0;
  let now = 0;
  while (events.length > 0) {
    const { time, customer } = events.shift();
    now = time;
    if (customer) {
      line.push(customer);
    } else {
      clerks++;
    }
    if (clerks > 0 && line.length > 0) {
      clerks--;
      const { arrival, service } = line.shift();
      waits.push(now - arrival);
      schedule(now + service);
    }
    longest = Math.max(longest, line.length);
  }
  console.log(`waits ${waits.join(" ")}\nlongest line ${longest}, closed at ${now}`);
}

[1, 2, 3, 4].forEach(simulate);
