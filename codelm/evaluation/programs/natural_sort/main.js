const files = "img12 img2 IMG10 img002 21 3d v1.10 v1.9.2 v1.9 V1.9.10 x5y3 x5y a0 A7b a9 a20000000000000000000";

// BigInt, since a run of digits may be longer than a number can hold.
const naturalKey = (name) =>
  [...name.toLowerCase().matchAll(/(\D*)(\d*)/g)].flatMap(([, text, digits]) => [text, BigInt(digits || -1)]);

function compareNatural(a, b) {
  const right = naturalKey(b);
  for (const [i, part] of naturalKey(a).entries()) {
    if (i === right.length || part > right[i]) return 1;
    if (part < right[i]) return -1;
  }
  return 0;
}

for (const [i, name] of files.split(" ").sort(compareNatural).entries()) {
  console.log(`${String(i + 1).padStart(2)}. ${name}`);
}
