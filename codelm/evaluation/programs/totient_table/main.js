const base = 10;

function factorise(number) {
  const factors = new Map();
  let rest = number;
  for (let divisor = 2; rest > 1; divisor++) {
    // No divisor up to the square root is left, so the rest is prime.
    if (divisor * divisor > rest) divisor = rest;
    for (; rest % divisor === 0; rest /= divisor) {
      factors.set(divisor, (factors.get(divisor) ?? 0) + 1);
    }
  }
  return factors;
}

function order(modulus) {
  let k = 1;
  for (let power = base % modulus; power !== 1; power = (power * base) % modulus) k++;
  return k;
}

for (const number of [7, 97, 360, 1001, 2048, 5929, 9999, 65537]) {
  const factors = factorise(number);
  const primes = [...factors.keys()];
  const totient = primes.reduce((total, prime) => (total / prime) * (prime - 1), number);
  const coprime = primes.every((prime) => base % prime !== 0);
  const columns = [number, totient, coprime ? order(number) : "-"];
  const product = Array.from(factors, ([prime, k]) => (k > 1 ? `${prime}^${k}` : prime)).join(" * ");
  const padded = columns.map((value) => String(value).padStart(6));
  console.log(`${padded.join(" ")}  ${product}`);
}
