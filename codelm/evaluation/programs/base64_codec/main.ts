const letters = "abcdefghijklmnopqrstuvwxyz";
const alphabet = letters.toUpperCase() + letters + "0123456789+/";

type Width = 6 | 8;

function regroup(values: readonly number[], from: Width, to: Width): number[] {
  const groups: number[] = [];
  let bits = 0;
  let held = 0;
  for (const value of values) {
    bits = (bits << from) | value;
    held += from;
    while (held >= to) {
      held -= to;
      groups.push((bits >> held) & ((1 << to) - 1));
    }
  }
  return groups;
}

function encode(data: readonly number[]): string {
  const length = Math.ceil((data.length * 4) / 3);
  const values = regroup([...data, 0, 0], 8, 6).slice(0, length);
  return values.map((value) => alphabet[value]).join("") + "=".repeat(-length & 3);
}

function decode(text: string): string | undefined {
  const values = [...text.replaceAll("=", "")].map((letter) => alphabet.indexOf(letter));
  const data = regroup(values, 6, 8);
  // Only what encode would write is good.
  return encode(data) === text ? String.fromCharCode(...data) : undefined;
}

for (const text of ["bWFu", "bWE=", "fn4/", "bR==", "b*E="]) {
  console.log(`${text} ${decode(text) ?? "refused"}`);
}
