type Congruence = readonly [remainder: number, modulus: number];

const congruences: readonly Congruence[] = [[2, 3], [3, 5], [2, 7], [-1, 6], [4, 10], [-10, 99]];

/** Returns the gcd of a and b, and an x with a * x = gcd modulo b. */
function extendedGcd(a: number, b: number): [gcd: number, x: number] {
  let [x, next] = [1, 0];
  while (b !== 0) {
    const quotient = Math.trunc(a / b);
    [a, b] = [b, a % b];
    [x, next] = [next, x - quotient * next];
  }
  return [a, x];
}

function combine([r, m]: Congruence, [s, n]: Congruence): Congruence | undefined {
  const [gcd, x] = extendedGcd(m, n);
  const distance = s - r;
  if (distance % gcd !== 0) return undefined;
  const period = n / gcd;
  const steps = ((distance / gcd) * x) % period;
  return [r + m * (steps < 0 ? steps + period : steps), m * period];
}

let solution: Congruence = [0, 1];
for (const extra of congruences) {
  const combined = combine(solution, extra);
  solution = combined ?? solution;
  const outcome = combined ? `leaves ${combined.join(" modulo ")}` : "cannot hold";
  console.log(extra.join(" modulo "), outcome);
}
