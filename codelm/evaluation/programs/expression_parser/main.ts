const variables: ReadonlyMap<string, number> = new Map([["x", 7], ["y", 2]]);

class Parser {
  private position = 0;

  constructor(private readonly text: string) {}

  sumUpTo(end: string): number {
    let value = this.product();
    for (;;) {
      if (this.take("+")) value += this.product();
      else if (this.take("-")) value -= this.product();
      else if (this.take(end)) return value;
      else throw this.error();
    }
  }

  private take(wanted: string): boolean {
    const found = this.text.charAt(this.position) === wanted;
    if (found) this.position++;
    return found;
  }

  private error(): SyntaxError {
    return new SyntaxError(`error at ${this.position}`);
  }

  private product(): number {
    let value = this.factor();
    while (this.take("*")) value *= this.factor();
    return value;
  }

  private factor(): number {
    if (this.take("-")) return -this.factor();
    if (this.take("(")) return this.sumUpTo(")");
    const symbol = this.text.charAt(this.position);
    const value = variables.get(symbol) ?? parseInt(symbol, 10);
    if (Number.isNaN(value)) throw this.error();
    this.position++;
    return value;
  }
}

for (const text of ["9-3*2-1", "-(x-9)*--y", "(1+2", "2*+3", "4)", ""]) {
  try {
    console.log(`[${text}] = ${new Parser(text).sumUpTo("")}`);
  } catch (error) {
    console.log(`[${text}] ${(error as SyntaxError).message}`);
  }
}
