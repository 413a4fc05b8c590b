const table = `
lamp,"desk, white",20
chair,oak
"vase",,7
cup,"a ""b"" c","3"
pan,"open,12
`;

function splitRow(line) {
  const fields = [];
  let field = "";
  let quoted = false;
  let previous;
  for (const char of line) {
    if (char === '"') {
      quoted = !quoted;
      if (quoted && previous === '"') field += char;
    } else if (char === "," && !quoted) {
      fields.push(field);
      field = "";
    } else {
      field += char;
    }
    previous = char;
  }
  fields.push(field);
  if (quoted) throw new Error("unclosed quote");
  if (fields.length !== 3) throw new Error(`expected 3 fields, got ${fields.length}`);
  return fields;
}

const lines = table.trim().split("\n");
let accepted = 0;
for (const [index, line] of lines.entries()) {
  try {
    const [item, note, price] = splitRow(line);
    console.log(`${item.padEnd(6)}[${note}] ${price}`);
    accepted += 1;
  } catch (error) {
    console.log(`line ${index + 1}: ${error.message}`);
  }
}
console.log(`${accepted} rows, ${lines.length - accepted} rejected`);
