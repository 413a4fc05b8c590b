type Fraction = readonly [numerator: bigint, denominator: bigint];

const examples = "0/7 6/14 7/3 12/4 19/20 4/17 8/11";

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

function reduce(numerator: bigint, denominator: bigint): Fraction {
  const divisor = gcd(numerator, denominator);
  return [numerator / divisor, denominator / divisor];
}

function show([numerator, denominator]: Fraction): string {
  return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
}

function unitFractions([n, d]: Fraction): Fraction[] {
  if (n === 0n) return [];
  const unit = (d + n - 1n) / n;
  return [[1n, unit], ...unitFractions(reduce(n * unit - d, d * unit))];
}

function egyptian([n, d]: Fraction): Fraction[] {
  const units = unitFractions(reduce(n % d, d));
  return n < d && n > 0n ? units : [[n / d, 1n], ...units];
}

for (const text of examples.split(" ")) {
  const [numerator, denominator] = text.split("/").map(BigInt);
  const value = reduce(numerator, denominator);
  console.log(`${show(value)} = ${egyptian(value).map(show).join(" + ")}`);
}
