// Each data bit with its parity bits.
const generator: readonly number[] = [0x0f, 0x33, 0x55, 0x96];

function select(values: Iterable<number>, mask: number): number[] {
  return [...values].filter((_, i) => (mask >> i) & 1);
}

function xor(values: readonly number[]): number {
  return values.reduce((a, b) => a ^ b, 0);
}

function decode(code: number): number | "double error" {
  const ones = select(Array(8).keys(), code);
  const error = xor(ones);
  if (ones.length % 2 === 1) {
    code ^= 1 << error;
  } else if (error !== 0) {
    return "double error";
  }
  return ((code >> 4) & 14) | ((code >> 3) & 1);
}

let corrected = 0;
let detected = 0;
for (let nibble = 0; nibble < 16; nibble++) {
  const code = xor(select(generator, nibble));
  console.log(`${code.toString(2).padStart(8, "0")} ${decode(code)}`);
  for (let a = 0; a < 8; a++) {
    const received = code ^ (1 << a);
    corrected += Number(decode(received) === nibble);
    for (let b = 0; b < a; b++) {
      detected += Number(decode(received ^ (1 << b)) === "double error");
    }
  }
}
console.log(`corrected ${corrected}, detected ${detected}`);
