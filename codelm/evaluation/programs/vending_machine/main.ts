const COINS: readonly number[] = [50, 20, 10, 5];
const PRICE = 45;

type VendingEvent = "back" | "tea" | number;

class Machine {
  private credit = 0;

  constructor(private stock: number) {}

  handle(event: VendingEvent): string {
    if (event === "back") return this.payOut("returned");
    if (event === "tea") return this.sell();
    if (!COINS.includes(event)) return "refused";
    this.credit += event;
    return `credit ${this.credit}`;
  }

  private sell(): string {
    if (this.stock === 0) return "sold out";
    if (this.credit < PRICE) return `${PRICE - this.credit} missing`;
    this.stock--;
    this.credit -= PRICE;
    return this.payOut("served, change");
  }

  private payOut(label: string): string {
    const message: (string | number)[] = [label];
    for (const coin of COINS) {
      for (; this.credit >= coin; this.credit -= coin) message.push(coin);
    }
    return message.join(" ");
  }
}

const machine = new Machine(2);
const events: VendingEvent[] = ["tea", 50, 50, "tea", 3, 20, 20, "tea", 5, "tea", 10, "tea", "back"];
for (const event of events) {
  console.log(`${event}: ${machine.handle(event)}`);
}
