const letters = "abcdefghijklmnopqrstuvwxyz";
const ALPHABET = letters.toUpperCase() + letters + "0123456789+/";

function* regroup(values, size, wanted) {
  let bits = 0;
  let held = 0;
  for (const value of values) {
    bits = (bits << size) | value;
    held += size;
    while (held >= wanted) {
      held -= wanted;
      yield (bits >> held) & ((1 << wanted) - 1);
    }
  }
}

function encode(data) {
  const padding = "=".repeat((3 - (data.length % 3)) % 3);
  const text = Array.from(regroup([...data, 0, 0], 8, 6), (value) => ALPHABET[value]).join("");
  return text.slice(0, Math.ceil((data.length * 4) / 3)) + padding;
}

function decode(text) {
  const values = [...text.replace(/=+$/, "")].map((letter) => ALPHABET.indexOf(letter));
  const data = [...regroup(values, 6, 8)];
  // Only what encode would write is good.
  return encode(data) === text ? String.fromCharCode(...data) : null;
}

for (const text of ["bWFu", "bWE=", "fn4/", "bR==", "b*E="]) {
  console.log(text, decode(text) ?? "refused");
}
