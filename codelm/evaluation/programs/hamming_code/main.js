// Each data bit with its parity bits.
const GENERATOR = [0x0f, 0x33, 0x55, 0x96];

const placesOfOnes = (code) => [0, 1, 2, 3, 4, 5, 6, 7].filter((place) => (code >> place) & 1);

const encode = (nibble) => placesOfOnes(nibble).reduce((code, place) => code ^ GENERATOR[place], 0);

// Answers null for a double error.
function decode(code) {
  const ones = placesOfOnes(code);
  const error = ones.reduce((a, b) => a ^ b, 0);
  if (ones.length % 2 === 1) {
    code ^= 1 << error;
  } else if (error !== 0) {
    return null;
  }
  return ((code >> 4) & 14) | ((code >> 3) & 1);
}

let corrected = 0;
let detected = 0;
for (let nibble = 0; nibble < 16; nibble++) {
  const code = encode(nibble);
  console.log(code.toString(2).padStart(8, "0"), decode(code));
  for (let a = 0; a < 8; a++) {
    if (decode(code ^ (1 << a)) === nibble) corrected++;
    for (let b = 0; b < a; b++) {
      if (decode(code ^ (1 << a) ^ (1 << b)) === null) detected++;
    }
  }
}
console.log(`corrected ${corrected}, detected ${detected}`);
