// JavaScript's remainder keeps the sign of the dividend.
const mod = (value, modulus) => ((value % modulus) + modulus) % modulus;

const show = ([remainder, modulus]) => `${remainder} modulo ${modulus}`;

function extendedGcd(a, b) {
  if (b === 0) return { gcd: a, x: 1, y: 0 };
  const { gcd, x, y } = extendedGcd(b, a % b);
  return { gcd, x: y, y: x - Math.floor(a / b) * y };
}

function combine([remainder, modulus], [otherRemainder, otherModulus]) {
  const { gcd, x } = extendedGcd(modulus, otherModulus);
  const distance = otherRemainder - remainder;
  if (distance % gcd !== 0) return null;
  const period = otherModulus / gcd;
  const steps = mod((distance / gcd) * x, period);
  return [remainder + modulus * steps, modulus * period];
}

let solution = [0, 1];
for (const extra of [[2, 3], [3, 5], [2, 7], [-1, 6], [4, 10], [-10, 99]]) {
  const combined = combine(solution, extra);
  if (combined) {
    solution = combined;
    console.log(`${show(extra)} leaves ${show(solution)}`);
  } else {
    console.log(`${show(extra)} cannot hold`);
  }
}
