interface Factor {
  readonly prime: number;
  readonly exponent: number;
}

function* factorise(number: number): Generator<Factor> {
  let rest = number;
  for (let prime = 2; prime * prime <= rest; prime++) {
    let exponent = 0;
    for (; rest % prime === 0; rest /= prime) exponent++;
    if (exponent > 0) yield { prime, exponent };
  }
  if (rest > 1) yield { prime: rest, exponent: 1 };
}

function order(base: number, modulus: number): number {
  let power = base % modulus;
  let k = 1;
  while (power !== 1) {
    power = (power * base) % modulus;
    k++;
  }
  return k;
}

function describe(number: number, base = 10): string {
  const factors = [...factorise(number)];
  const totient = factors.reduce((total, { prime }) => total - total / prime, number);
  const coprime = factors.every(({ prime }) => base % prime !== 0);
  const period = coprime ? `${order(base, number)}` : "-";
  const product = factors
    .map(({ prime, exponent }) => (exponent > 1 ? `${prime}^${exponent}` : `${prime}`))
    .join(" * ");
  const columns = [`${number}`, `${totient}`, period].map((text) => text.padStart(6));
  return `${columns.join(" ")}  ${product}`;
}

for (const number of [7, 97, 360, 1001, 2048, 5929, 9999, 65537]) {
  console.log(describe(number));
}
