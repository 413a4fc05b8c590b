const stock = [
  ["hook", 250, 2000],
  ["a long rope", 12, 23940],
  ["returned", -3, -5],
];

const pad = (text, width, column) => (column === 0 ? text.padEnd(width) : text.padStart(width));

function table(stock) {
  const total = ["total", 0, 0];
  for (const [, count, price] of stock) {
    total[1] += count;
    total[2] += price;
  }
  const rows = [["item", "count", "price"], ...stock, total].map((row) => row.map(String));
  const widths = total.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const lines = rows.map((row) => row.map((cell, i) => pad(cell, widths[i], i)).join("  "));
  const rule = "-".repeat(lines[0].length);
  return [lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1)].join("\n");
}

console.log(table(stock));
console.log(table([]));
