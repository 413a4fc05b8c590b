type Row = readonly [item: string, note: string, price: string];
type Malformed = { readonly reason: string };

const table: readonly string[] = [
  'lamp,"desk, white",20',
  "chair,oak",
  '"vase",,7',
  'cup,"a ""b"" c","3"',
  'pan,"open,12',
];

function splitRow(line: string): Row | Malformed {
  const fields: string[] = [""];
  let quoted = false;
  const append = (char: string): void => {
    fields[fields.length - 1] += char;
  };
  [...line].forEach((char, i, chars) => {
    if (char === '"') {
      quoted = !quoted;
      if (quoted && chars[i - 1] === '"') append(char);
    } else if (char === "," && !quoted) {
      fields.push("");
    } else {
      append(char);
    }
  });
  if (quoted) return { reason: "unclosed quote" };
  if (fields.length !== 3) return { reason: `expected 3 fields, got ${fields.length}` };
  const [item, note, price] = fields;
  return [item, note, price];
}

let rejected = 0;
table.map(splitRow).forEach((result, index) => {
  if ("reason" in result) {
    console.log(`line ${index + 1}: ${result.reason}`);
    rejected++;
    return;
  }
  const [item, note, price] = result;
  console.log(`${item.padEnd(6)}[${note}] ${price}`);
});
console.log(`${table.length - rejected} rows, ${rejected} rejected`);
