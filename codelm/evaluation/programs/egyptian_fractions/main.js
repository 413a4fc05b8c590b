const examples = [[0, 7], [6, 14], [7, 3], [12, 4], [19, 20], [4, 17], [8, 11]];

const gcd = (a, b) => (b === 0 ? a : gcd(b, a % b));

class Fraction {
  constructor(numerator, denominator) {
    const divisor = gcd(numerator, denominator);
    this.numerator = numerator / divisor;
    this.denominator = denominator / divisor;
  }

  *egyptianTerms() {
    const { numerator, denominator } = this;
    const whole = Math.floor(numerator / denominator);
    let rest = new Fraction(numerator % denominator, denominator);
    if (whole > 0 || rest.numerator === 0) yield new Fraction(whole, 1);
    while (rest.numerator > 0) {
      const { numerator: n, denominator: d } = rest;
      const unit = Math.ceil(d / n);
      yield new Fraction(1, unit);
      rest = new Fraction(n * unit - d, d * unit);
    }
  }

  toString() {
    return this.denominator === 1 ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }
}

for (const pair of examples) {
  const value = new Fraction(...pair);
  console.log(`${value} = ${[...value.egyptianTerms()].join(" + ")}`);
}
